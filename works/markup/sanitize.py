"""The last gate: whatever the other modules made of an imported text, only this leaves the package."""

from typing import Final

import nh3
from django.utils.safestring import SafeString, mark_safe

_MATH_ELEMENTS: Final = {
    "math", "semantics", "annotation", "merror", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded",
    "mphantom", "mprescripts", "mroot", "mrow", "ms", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup",
    "mtable", "mtd", "mtext", "mtr", "munder", "munderover", "menclose",
}  # fmt: skip
_INLINE_ELEMENTS: Final = {"em", "strong", "code", "span", "sub", "sup"}
_ATTRIBUTES: Final = {
    "mi": {"mathvariant"},
    "mo": {
        "form", "fence", "separator", "stretchy", "symmetric", "largeop", "movablelimits",
        "lspace", "rspace", "minsize", "maxsize", "accent",
    },
    "mspace": {"width", "height", "depth"},
    "mpadded": {"width", "height", "depth", "lspace", "voffset"},
    "mfrac": {"linethickness"},
    "mover": {"accent"},
    "munder": {"accentunder"},
    "munderover": {"accent", "accentunder"},
    "mstyle": {"displaystyle", "scriptlevel"},
    "mtable": {"displaystyle", "scriptlevel"},
    "mtd": {"columnspan", "rowspan"},
    "menclose": {"notation"},
}  # fmt: skip
_ATTRIBUTE_VALUES: Final = {
    "math": {"display": {"block", "inline"}},
    "annotation": {"encoding": {"application/x-tex"}},
}
_CLASSES: Final = {
    "code": {"formula-source"},
    "span": {"held", "small-caps", "underline"},
    "merror": {"unknown-command"},
}


def _gate(elements: set[str], attributes: dict[str, set[str]]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=elements,
        attributes={**_ATTRIBUTES, **attributes},
        tag_attribute_values=_ATTRIBUTE_VALUES,
        allowed_classes=_CLASSES,
        link_rel="nofollow noopener" if "a" in elements else None,
        url_schemes={"http", "https"},
        url_relative="deny",
    )


_title_gate: Final = _gate(_MATH_ELEMENTS | _INLINE_ELEMENTS, {})
_abstract_gate: Final = _gate(_MATH_ELEMENTS | _INLINE_ELEMENTS | {"p", "a"}, {"a": {"href"}})


def clean_title(html: str) -> SafeString:
    """Let through inline elements and MathML only: a title is itself a link, so it holds none."""
    return mark_safe(_title_gate.clean(html))  # noqa: S308 - made safe by the line itself


def clean_abstract(html: str) -> SafeString:
    """Let through paragraphs, links over http(s), inline elements and MathML only."""
    return mark_safe(_abstract_gate.clean(html))  # noqa: S308 - made safe by the line itself
