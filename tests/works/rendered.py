"""Reading rendered mark-up back with the standard library's parser: elements, text, and whether it is well built."""

from html.parser import HTMLParser

MATH = frozenset(
    """math semantics annotation merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms
    mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover menclose""".split()
)
INLINE = frozenset("em strong code span sub sup".split())
ATTRIBUTES = frozenset(
    """accent accentunder class columnspan depth display displaystyle encoding fence form height largeop linethickness
    lspace mathvariant maxsize minsize movablelimits notation rowspan rspace scriptlevel separator stretchy symmetric
    voffset width""".split()
)
CLASSES = frozenset("formula-source held small-caps underline unknown-command".split())


class Reader(HTMLParser):
    """Collects what a page would be made of; `text` leaves out the annotations, which nobody sees."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.shown: list[str] = []
        self.annotations: list[str] = []
        self.open: list[str] = []
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a" and "a" in self.open:
            self.problems.append("a link in a link")
        self.tags.append(tag)
        self.open.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        (self.annotations if self.open[-1:] == ["annotation"] else self.shown).append(data)

    def handle_comment(self, data: str) -> None:
        self.problems.append(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        self.problems.append(f"a declaration: {decl}")

    def handle_pi(self, data: str) -> None:
        self.problems.append(f"an instruction: {data}")

    @property
    def text(self) -> str:
        return "".join(self.shown)


def read(html: str) -> Reader:
    """Read one rendered text."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    reader.problems += [f"<{tag}> is not closed" for tag in reader.open]
    return reader


def violations(html: str, *, is_title: bool = False) -> list[str]:
    """List whatever is beyond the allow-list in one rendered text."""
    reader = read(html)
    allowed = MATH | INLINE | (set() if is_title else {"p", "a"})
    wrong = [f"<{tag}>" for tag in reader.tags if tag not in allowed]
    for tag, name, value in reader.attributes:
        if tag == "a":
            is_allowed = (name, value) == ("rel", "nofollow noopener") or (
                name == "href" and value.lower().startswith(("http://", "https://"))
            )
        else:
            is_allowed = name in ATTRIBUTES and (name != "class" or value in CLASSES)
        if not is_allowed:
            wrong.append(f"<{tag} {name}={value!r}>")
    return wrong + reader.problems
