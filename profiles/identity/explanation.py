"""Why a mention is where it is, in terms that a page can put into words."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from profiles.identity.corpus import NO_YEAR, Corpus, Indices
from profiles.identity.names_compat import Agreement, compare

_TERMS_SHOWN = 5
_COAUTHORS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a mention shares with the other mentions of its cluster.

    `coauthors` are printed names, with the number of the other works that they are on, most first; `terms` are words of
    title and abstract, most telling first; `name` is how the name agrees with the best agreeing other, None if it
    agrees with none (then a decision holds them together) or if there is none; `years_apart` to the nearest.
    """

    others: int
    coauthors: tuple[tuple[str, int], ...]
    terms: tuple[str, ...]
    name: Agreement | None
    years_apart: int | None
    same_affiliation: bool


def explain(corpus: Corpus, mention: int, others: Indices) -> Explanation:
    """Collect what a mention shares with others of the corpus (their numbers)."""
    return Explanation(
        others=len(others),
        coauthors=_joint_coauthors(corpus, mention, others),
        terms=_shared_terms(corpus, mention, others),
        name=_name_agreement(corpus, mention, others),
        years_apart=_years_apart(corpus, mention, others),
        same_affiliation=bool((corpus.affiliations[others] @ corpus.affiliations[[mention]].T).sum() > 0),
    )


def _joint_coauthors(corpus: Corpus, mention: int, others: Indices) -> tuple[tuple[str, int], ...]:
    own = set(corpus.coauthors[[mention]].indices.tolist())
    joint = Counter(name for name in corpus.coauthors[others].indices.tolist() if name in own)
    ranked = sorted(joint.items(), key=lambda pair: (-pair[1], corpus.names[pair[0]]))
    return tuple((corpus.names[name], works) for name, works in ranked[:_COAUTHORS_SHOWN])


def _shared_terms(corpus: Corpus, mention: int, others: Indices) -> tuple[str, ...]:
    own = corpus.texts[[corpus.work[mention]]]
    weight = np.asarray(own.multiply(corpus.texts[corpus.work[others]].sum(axis=0)[None, :]).todense()).ravel()
    best = np.argsort(-weight, kind="stable")[:_TERMS_SHOWN]
    return tuple(corpus.terms[term] for term in best.tolist() if weight[term] > 0)


def _name_agreement(corpus: Corpus, mention: int, others: Indices) -> Agreement | None:
    form = corpus.forms[corpus.form[mention]]
    forms = {int(other): corpus.forms[other] for other in np.unique(corpus.form[others])}
    agreed = [
        found
        for other in forms.values()
        if other.surname == form.surname and (found := compare(form, other)) is not None
    ]
    return min(agreed, key=lambda agreement: (agreement.first, agreement.middle), default=None)


def _years_apart(corpus: Corpus, mention: int, others: Indices) -> int | None:
    own, years = int(corpus.year[corpus.work[mention]]), corpus.year[corpus.work[others]]
    known = years[years != NO_YEAR]
    return None if own == NO_YEAR or not len(known) else int(np.abs(known - own).min())
