"""Organisations' names and printed affiliations as words for comparison: folded, abbreviations written out.

Words for the same kind of house in several languages become one word, and words that only join are left out, so
that `Univ. Wien`, `Universität Wien` and `University of Wien` read alike.
"""

import re

from works.names import fold

_WORD = re.compile(r"[^\W_]+")
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.\s?){2,}")
_JOINING = frozenset(
    "of the for and in at a an de la le les du des del della dello delle di da do dos das e et y und fur der die das "
    "den zu van het voor og i w na o l d dell degli dei s".split()
)
_ONE_WORD_FOR = """
university: univ universitat universitaet universita universite universidad universidade universitas uniwersytet
    univerzita univerzitet universitet universiteit universitatea universitetet universitetas univerza egyetem unversity
    univesity universtity universty universiti univ's
institute: inst institut instituto istituto instytut institutt institutet institutul instituts insitute institue
department: dept dep dpt depart departement departamento dipartimento departament deptartment
faculty: fac fak fakultat faculte facultad facolta faculdade wydzial
laboratory: lab labs laboratories laboratoire laboratorio laboratorium laboratori
national: natl nat nazionale nacional nationale nationales nazionali
center: centre ctr cent cntr centro centrum zentrum
technology: tech technol technologies tecnologia technologie
technical: tecnica techn technische technische technischen tecnico tekniska politechnical
polytechnic: polytech polytechnique politecnico politecnica politechnika polytechnical
science: sci sciences scis scientific ciencias scienze wissenschaften
academy: acad academia accademia akademie akademia academie
engineering: eng engg engrg
college: coll
school: sch
research: res recherche recherches ricerca ricerche
international: int intl internat internazionale
medicine: med
hospital: hosp hopital hospitals
physics: phys fisica physique physik
mathematics: math maths matematica mathematical mathematik
chemistry: chem
state: st
astronomy: astron
observatory: obs osservatorio observatoire observatorio
foundation: fdn
society: soc
corporation: corp
company: co
division: div
computer: comput comp
group: grp
"""
_CANONICAL = {
    variant: word
    for word, variants in (
        line.split(":") for line in _ONE_WORD_FOR.replace("\n    ", " ").strip().splitlines() if ":" in line
    )
    for variant in variants.split()
}


def canonical(word: str) -> str:
    """The word that a folded word stands for."""
    return _CANONICAL.get(word, word)


def name_words(text: str) -> tuple[str, ...]:
    """The words of a name by which it is found."""
    words = _WORD.findall(fold(join_initials(text)).replace("'", " "))
    return tuple(canonical(word) for word in words if word not in _JOINING)


def join_initials(text: str) -> str:
    """Text with initials run together: `K. U. Leuven` as `KU Leuven`, `U.S.A.` as `USA`."""
    return _INITIALS.sub(lambda found: re.sub(r"[.\s]", "", found[0]) + " ", text)


def is_joining(word: str) -> bool:
    """Whether a folded word only joins others."""
    return word in _JOINING
