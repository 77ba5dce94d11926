"""Identifiers as they are pasted."""

import pytest
from hypothesis import given, strategies as st

from search.identifiers import Identifier, IdentifierKind, read_identifier

ARXIV, DOI, ORCID, ROR = IdentifierKind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("arXiv:2011.14522", Identifier(ARXIV, "2011.14522")),
        ("2011.14522v3", Identifier(ARXIV, "2011.14522")),
        (" arxiv: 0704.0001 ", Identifier(ARXIV, "0704.0001")),
        ("https://arxiv.org/abs/2011.14522v1", Identifier(ARXIV, "2011.14522")),
        ("http://www.arxiv.org/pdf/2011.14522v1.pdf", Identifier(ARXIV, "2011.14522")),
        ("export.arxiv.org/abs/hep-th/9901001", Identifier(ARXIV, "hep-th/9901001")),
        ("MATH.ag/0309136V2", Identifier(ARXIV, "math.AG/0309136")),
        ("https://doi.org/10.48550/arXiv.2011.14522", Identifier(ARXIV, "2011.14522")),
        ("10.1103/PhysRevLett.1.2", Identifier(DOI, "10.1103/physrevlett.1.2")),
        ("doi:10.1/x", None),
        ("https://dx.doi.org/10.1000/a%3Cb", Identifier(DOI, "10.1000/a<b")),
        ("doi: 10.1000/182.", Identifier(DOI, "10.1000/182")),
        ("0000-0002-1825-0097", Identifier(ORCID, "0000-0002-1825-0097")),
        ("https://orcid.org/000000021694233X", Identifier(ORCID, "0000-0002-1694-233X")),
        ("0000-0002-1825-0098", None),
        ("https://ror.org/03vek6s52", Identifier(ROR, "03vek6s52")),
        ("ROR:03VEK6S52", Identifier(ROR, "03vek6s52")),
        ("arXiv 2011.14522", Identifier(ARXIV, "2011.14522")),
        ("arXiv:2011.14522v2 [cs.LG] 29 Nov 2020", Identifier(ARXIV, "2011.14522")),
        ("https://arxiv.org/abs/2011.14522?context=cs#refs", Identifier(ARXIV, "2011.14522")),
        ("oai:arXiv.org:hep-th/9901001", Identifier(ARXIV, "hep-th/9901001")),
        ("(arXiv:2011.14522).", Identifier(ARXIV, "2011.14522")),
        ("DOI 10.1000/182", Identifier(DOI, "10.1000/182")),
        ("<https://doi.org/10.1016/0370-2693(91)>", Identifier(DOI, "10.1016/0370-2693(91)")),
        ("10.1016/0370-2693(91)", Identifier(DOI, "10.1016/0370-2693(91)")),
        ("https://orcid.org/0000-0002-1825-0097?lang=en", Identifier(ORCID, "0000-0002-1825-0097")),
        ("“https://ror.org/03vek6s52”", Identifier(ROR, "03vek6s52")),
        ("(Greg Yang)", None),
        ("Greg Yang", None),
        ("2011.14522 and more", None),
        ("2011", None),
        ("", None),
    ],
)
def test_what_is_read(text: str, expected: Identifier | None) -> None:
    assert read_identifier(text) == expected


@given(st.text())
def test_nothing_fails(text: str) -> None:
    read_identifier(text)
