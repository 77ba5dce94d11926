"""Telling collaborations from persons in author lines, and parting "A. Uno for the X Collaboration"."""

import re

# Words that by themselves make a name a collaboration's; nobody is called so.
_STRONG = r"(?:proto-?)?collaborations?|consorti(?:um|a)|teams?"
_WEAK = (
    r"(?:working |study |research )?groups?|projects?|surveys?|networks?|observatory|experiments?|alliance|initiative"
    r"|society|committee|partnership|task force|programme|community|members"
)
_LAST_WORD = re.compile(rf"(?:^|[\s-])(?:{_STRONG}|{_WEAK})\W*$", re.IGNORECASE)
_LAST_WORD_STRONG = re.compile(rf"(?:^|[\s-])(?:{_STRONG})\W*$", re.IGNORECASE)
_ANY_WORD = re.compile(rf"\b(?:{_STRONG})\b", re.IGNORECASE)
_PLURAL = re.compile(r"\s+(collaboration|team|group|experiment|project|survey)s\W*$", re.IGNORECASE)
_BEHALF = r"(?:for|on behalf of|representing|in collaboration with|collaborating with|within)"
_LEAD = re.compile(rf"^(?:and\s+)?(?:(?:{_BEHALF}|with|from)\s+)?(?=\S)", re.IGNORECASE)
_SPEAKS_FOR = re.compile(rf"^(?:and\s+)?{_BEHALF}\s", re.IGNORECASE)
_ARTICLE = re.compile(r"^the\s+", re.IGNORECASE)
_LOWER_ARTICLE = re.compile(r"^(?:and )?the\s")
_BETWEEN = re.compile(rf"\s+(?:{_BEHALF}|with|from|of the)\s+", re.IGNORECASE)
_NOTE = re.compile(
    r"(?:the\s+)?(?:eds?|editors?|deceased|guest editors?|corresponding authors?|author|authors|ph\.? ?d|m\.? ?d|esq"
    r"|translators?|speaker|presenter|student|retired)\.?|with an appendix by .*|appendix by .*",
    re.IGNORECASE | re.DOTALL,
)
_CONTRIBUTION = re.compile(
    r"^(?:(?:with|and)\s+)?(?:an\s+|the\s+)?(?:appendix|appendices|contributions?|assistance|editors?)\s*"
    r"(?:by|from|of|:)\s+|^(?:with|edited by|appendix by)\s+",
    re.IGNORECASE,
)


def is_collaboration(text: str) -> bool:
    """Whether a name in an author line is that of a collaboration, team or similar group."""
    return bool(
        _LAST_WORD.search(text)
        or _LOWER_ARTICLE.match(text)
        or _SPEAKS_FOR.match(text)
        or (_ARTICLE.match(text) and _ANY_WORD.search(text))
    )


def is_bracketed_collaboration(text: str) -> bool:
    """The same for text in parentheses, where "group" and "project" are as likely parts of an affiliation."""
    return bool(_LAST_WORD_STRONG.search(text) or (_SPEAKS_FOR.match(text) and _ANY_WORD.search(text)))


def split_collaboration(text: str) -> tuple[str, list[str]]:
    """Part "P. Gasik for the ALICE TPC collaboration" into the person and the collaborations' names as printed."""
    if not is_collaboration(text):
        return text, []
    between = None if _SPEAKS_FOR.match(text) else _BETWEEN.search(text)
    if between is not None and " " in text[: between.start()].strip() and not _ANY_WORD.search(text[: between.start()]):
        return text[: between.start()].strip(), _names(text[between.end() :])
    return "", _names(text)


def joins_next(text: str, following: str) -> bool:
    """Whether "for the RBC" and "UKQCD Collaborations" are one phrase that an "and" has parted."""
    if _PLURAL.search(following) is None or _ANY_WORD.search(text):
        return False
    tail = _BETWEEN.split(text)[-1]
    is_short = " " not in tail and sum(letter.isupper() or letter.isdigit() for letter in tail) > 1
    return bool(is_short or _SPEAKS_FOR.match(text) or _ARTICLE.match(tail) or len(_BETWEEN.split(text)) > 1)


def without_article(name: str) -> str:
    """The name under which a collaboration is filed: "The ATLAS Collaboration" goes with the others of ATLAS."""
    return _ARTICLE.sub("", name) or name


def strip_contribution(text: str) -> str:
    """ "with an appendix by Ehud Meir" names a contributor: leave the name."""
    return _CONTRIBUTION.sub("", text)


def is_note(text: str) -> bool:
    """Whether text says something about authors instead of naming one ("Eds.", "deceased")."""
    return _NOTE.fullmatch(text.strip()) is not None


def _names(text: str) -> list[str]:
    name = _LEAD.sub("", text).strip()
    plural = _PLURAL.search(name)
    members = re.split(r"\s*(?:,|/|&|\band\b)\s*", name[: plural.start()]) if plural else []
    if plural is None or len(members) < 2:
        return [name] if name else []
    return [f"{member} {plural[1]}" for member in members if member]
