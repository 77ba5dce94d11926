"""Marking in a page what was searched for. Imported text is escaped before a mark is set, never after."""

import re
from collections.abc import Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from works.names import fold

_TAGS = re.compile(r"(<math\b.*?</math>|<[^>]*>|&(?:#\w+|\w+);)", re.DOTALL)
_WORDS = re.compile(r"\w+")
_ENDINGS = re.compile(r"(?:ations?|ments?|ings?|ness|ies|ed|es|s|ly|al|y|e)$")
SNIPPET = 220  # characters
BEFORE_MATCH = 60


def stems(text: str) -> frozenset[str]:
    """The words of a search without their endings: much like the index has them, for marking is good enough."""
    return frozenset(stem(word) for word in _WORDS.findall(text))


def stem(word: str) -> str:
    """A folded word without its ending; short words are left alone."""
    folded = fold(word)
    return _ENDINGS.sub("", folded) if len(folded) > 4 else folded


def mark_html(html: SafeString, wanted: frozenset[str]) -> SafeString:
    """Mark the words in HTML that is safe already; tags, character references and formulas stay as they are."""
    parts = _TAGS.split(html)
    parts[::2] = [mark_words(part, wanted) for part in parts[::2]]
    return mark_safe("".join(parts))  # noqa: S308 - the input was safe, and only <mark> was added to its text


def mark_words(text: str, wanted: frozenset[str]) -> str:
    """Put the words of escaped text that are wanted between <mark> and </mark>."""
    return _WORDS.sub(lambda word: f"<mark>{word[0]}</mark>" if stem(word[0]) in wanted else word[0], text)


def mark_text(text: str, wanted: frozenset[str]) -> SafeString:
    """Escape plain text and mark the words in it."""
    return mark_html(escape(text), wanted)


def mark_name(name: str, asked: Iterable[str]) -> SafeString:
    """Escape a name and mark the words that begin as one of the folded words does."""
    beginnings = tuple(asked)
    parts = _TAGS.split(escape(name))
    parts[::2] = [_WORDS.sub(lambda word: mark_beginning(word[0], beginnings), part) for part in parts[::2]]
    return mark_safe("".join(parts))  # noqa: S308 - escaped above


def mark_beginning(word: str, beginnings: tuple[str, ...]) -> str:
    """Mark a whole word if it begins as wanted."""
    return f"<mark>{word}</mark>" if beginnings and fold(word).startswith(beginnings) else word


def snippet(text: str, wanted: frozenset[str]) -> SafeString:
    """Cut from plain text what stands around the first wanted word, escaped and marked."""
    first = next((found.start() for found in _WORDS.finditer(text) if stem(found[0]) in wanted), 0)
    start = text.rfind(" ", 0, max(first - BEFORE_MATCH, 0)) + 1
    end = text.find(" ", start + SNIPPET)
    cut = text[start:] if end < 0 else text[start:end]
    return mark_text(f"{'… ' if start else ''}{cut}{'' if end < 0 else ' …'}", wanted)
