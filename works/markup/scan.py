"""One pass over a paragraph: from characters to a flat list of nodes.

Every search for a closing delimiter looks a bounded distance ahead, so the time taken is linear in the text.
"""

import re
from collections import deque
from typing import Final

from works.markup.accents import ACCENT, accented
from works.markup.links import FoundLink, as_link, find_links
from works.markup.nodes import Code, Command, Formula, Mark, Node, Text

_LOOK_AHEAD: Final = 4_000

_SPECIAL: Final = re.compile(
    rf"""
    (?P<accent>{ACCENT})
    | (?P<environment>\\begin\s?
        \{{(?P<environment_name>(?:equation|align|eqnarray|gather|multline|displaymath|math)\*?)\}})
    | (?P<citation>\\(?P<citation_name>[Cc]ite[a-z]{{0,12}}|(?:eq|auto|page|c|C)?ref|label|bibitem)\*?\s?
        (?:\[(?P<citation_note>[^\[\]{{}}]{{0,100}})\]\s?){{0,2}}\{{(?P<citation_key>[^{{}}]{{0,500}})\}})
    | (?P<address>\\(?P<address_kind>url|href|path)\s?\{{(?P<address_url>(?:[^{{}}\s]|\{{\}}){{1,500}})\}})
    | (?P<bracket>\\[(\[])
    | (?P<command>\\(?P<command_name>[A-Za-z]+\*?)(?P<command_space>\s*))
    | (?P<escape>\\(?P<escaped>[\s\S]))
    | (?P<dollar>\${{1,2}})
    | (?P<mark>[{{}}]|\*{{1,2}})
    | (?P<code>(?<!`)`(?P<code_text>[^`'$\\]{{1,200}})`(?!`))
    | (?P<quote>``|''|`|'|")
    | (?P<dash>(?<![-<])-{{2,3}}(?![->]))
    | (?P<tie>~)
    """,
    re.VERBOSE,
)
_UNESCAPED_DOLLAR: Final = re.compile(r"(?<!(?<!\\)\\)\$")
# Two plain words in a row and no sign of TeX: what stands between these dollars is prose.
_PROSE: Final = re.compile(r"(?:\A|[\s.,;:)])[A-Za-z]{2,}[,.]?\s+[A-Za-z]{2,}(?=[\s.,;:)]|\Z)")
_TEX: Final = re.compile(r"[\\^_{}=<>]")
_AMOUNT: Final = re.compile(r"\s?\d[\d.,]*(?:[kKMB]\b)?[\s,;]")
_OPTION: Final = re.compile(r"--[a-z]+[-=][a-z]")
_CLOSERS: Final = {r"\(": r"\)", r"\[": r"\]"}
_ESCAPES: Final = {
    " ": " ", "\n": " ", "\t": " ", "\\": " ", ",": "\u202f", ";": " ", ":": " ", "!": "", "-": "", "/": "", "@": "",
    ">": " ", "|": "‖", ")": ")", "]": "]",
}  # fmt: skip


def scan(text: str) -> list[Node]:
    """Cut one paragraph into nodes; braces and asterisks stay `Mark`s, to be matched by `works.markup.tree`."""
    return _Scanner(text).run()


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.nodes: list[Node] = []
        self.links: deque[FoundLink] = deque(find_links(text))
        self.open_quotes: list[str] = []
        self.dollars_pair = len(_UNESCAPED_DOLLAR.findall(text)) % 2 == 0

    def run(self) -> list[Node]:
        while match := _SPECIAL.search(self.text, self.position):
            if self._take_link_before(match.start()):
                continue
            self._add_text(self.text[self.position : match.start()])
            self.position = match.end()
            getattr(self, f"_on_{self._kind(match)}")(match)
        while self._take_link_before(len(self.text)):
            pass
        self._add_text(self.text[self.position :])
        return self.nodes

    @staticmethod
    def _kind(match: re.Match[str]) -> str:
        # lastgroup names the outer group, for it is the last one to close
        return match.lastgroup or ""

    def _add_text(self, value: str) -> None:
        if value:
            self.nodes.append(Text(value))

    def _take_link_before(self, position: int) -> bool:
        """Emit the next link if it starts at or before a position; links inside what is already read are dropped."""
        while self.links and self.links[0].start < self.position:
            self.links.popleft()
        if not self.links or self.links[0].start > position:
            return False
        found = self.links.popleft()
        self._add_text(self.text[self.position : found.start])
        self.nodes.append(found.link)
        self.position = found.end
        return True

    # Formulas

    def _add_formula(self, start: int, inner_end: int, end: int, *, display: bool) -> None:
        source = self.text[self.position : inner_end]
        self.nodes.append(Formula(source, self.text[start:end], display))
        self.position = end

    def _close_with(self, match: re.Match[str], closer: str, *, display: bool) -> None:
        end = self.text.find(closer, self.position, self.position + _LOOK_AHEAD)
        if end > self.position:
            self._add_formula(match.start(), end, end + len(closer), display=display)
        else:
            self._add_text(match[0])

    def _on_bracket(self, match: re.Match[str]) -> None:
        self._close_with(match, _CLOSERS[match[0]], display=match[0] == r"\[")

    def _on_environment(self, match: re.Match[str]) -> None:
        name = match["environment_name"]
        closer = f"\\end{{{name}}}"
        end = self.text.find(closer, self.position, self.position + _LOOK_AHEAD)
        if end < 0:
            self._add_text(match[0])
            return
        if not name.startswith(("equation", "displaymath", "math")):
            # these say how their lines are aligned, so math-core must see them
            whole = self.text[match.start() : end + len(closer)]
            self.nodes.append(Formula(whole, whole, display=True))
            self.position = end + len(closer)
        else:
            self._add_formula(match.start(), end, end + len(closer), display=name != "math")

    def _on_dollar(self, match: re.Match[str]) -> None:
        if match[0] == "$$":
            self._close_with(match, "$$", display=True)
            return
        closing = _UNESCAPED_DOLLAR.search(self.text, self.position, self.position + _LOOK_AHEAD)
        if closing and self._is_formula(self.position, closing.start()):
            self._add_formula(match.start(), closing.start(), closing.end(), display=False)
        else:
            self._add_text("$")

    def _is_formula(self, start: int, end: int) -> bool:
        """Decide whether what stands between two single dollars is a formula.

        Where the dollars of a paragraph pair up, nearly everything is one, white space at its ends included
        (1,000 of 99,000 begin with it): only prose and amounts of money are not. Where one is left over, the
        stricter rule applies that the dollars must touch the formula.
        """
        content = self.text[start:end]
        if not content.strip():
            return False
        following = self.text[end + 1 : end + 2]
        is_amount = bool(_AMOUNT.match(content))
        if is_amount and following.isdigit() and content[-1].isspace():
            return False
        if _PROSE.search(content) and (is_amount or not self.dollars_pair or not _TEX.search(content)):
            return False
        return self.dollars_pair or not (content[0].isspace() or content[-1].isspace() or following.isdigit())

    # Text

    def _on_accent(self, match: re.Match[str]) -> None:
        self._add_text(accented(match[0]))

    def _on_citation(self, match: re.Match[str]) -> None:
        key, note, name = match["citation_key"].strip(), match["citation_note"], match["citation_name"]
        if name == "label":
            return
        if name.lower().startswith("cite") or name == "bibitem":
            key = f"[{key}, {note}]" if note else f"[{key}]"
        self._add_text(f"({key})" if name == "eqref" else key)

    def _on_address(self, match: re.Match[str]) -> None:
        address = match["address_url"]
        label = ""
        if match["address_kind"] == "href":
            words = re.compile(r"\s?\{([^{}$\\]{1,300})\}").match(self.text, self.position)
            if words:
                label, self.position = words[1], words.end()
        link = as_link(address, label)
        if link:
            self.nodes.append(link)
        else:
            self._add_text(label or address)

    def _on_command(self, match: re.Match[str]) -> None:
        self.nodes.append(Command(match["command_name"], match["command_space"]))

    def _on_escape(self, match: re.Match[str]) -> None:
        self._add_text(_ESCAPES.get(match["escaped"], match["escaped"]))

    def _on_mark(self, match: re.Match[str]) -> None:
        self.nodes.append(Mark(match[0]) if match[0] in "{}" else self._asterisks(match))

    def _asterisks(self, match: re.Match[str]) -> Node:
        """Tell asterisks that can open or close emphasis from those of `C*-algebra` and `a * b`."""
        before = self.text[match.start() - 1 : match.start()] if match.start() else " "
        after = self.text[match.end() : match.end() + 1] or " "
        opens = not (before.isalnum() or before in "_^*)]}$\\") and not (after.isspace() or after in "*-,.;:)]}=")
        closes = not before.isspace() and not (after.isalnum() or after in "*_^({[$\\")
        if opens == closes:
            return Text(match[0])
        return Mark(match[0] + ("<" if opens else ">"))

    def _on_code(self, match: re.Match[str]) -> None:
        self.nodes.append(Code(match["code_text"]))

    def _on_quote(self, match: re.Match[str]) -> None:
        sign = match[0]
        after = self.text[match.end() : match.end() + 1]
        before = self.text[match.start() - 1 : match.start()] if match.start() else " "
        if sign in {"``", "`"} and not (sign == "``" and not before.isspace() and before not in "([{-~"):
            self.open_quotes.append(sign)
            self._add_text("“" if sign == "``" else "‘")
        elif sign != "'" and self.open_quotes[-1:] == ["``"]:
            self.open_quotes.pop()
            self._add_text("”")
        elif sign == "'" and self.open_quotes[-1:] == ["`"] and not after.isalnum():
            self.open_quotes.pop()
            self._add_text("’")
        else:
            self._add_text("”" if sign == "``" else sign)

    def _on_dash(self, match: re.Match[str]) -> None:
        before = self.text[match.start() - 1 : match.start()] or " "
        if before.isspace() and _OPTION.match(self.text, match.start()):
            self._add_text(match[0])
        else:
            self._add_text("—" if len(match[0]) == len("---") else "–")

    def _on_tie(self, _match: re.Match[str]) -> None:
        self._add_text("\u00a0")
