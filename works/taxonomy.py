"""arXiv's subject taxonomy as data: groups, archives and categories, with the archives folded into others.

Codes and names are those of arXiv's own `ListSets` answer and of the categories found on records. Active are
8 groups, 20 archives and 155 categories; 18 archives of the 1990s live on as categories of others, and three
archives stopped taking papers without a sub-category.
"""

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Group:
    """One of the eight top-level groups (`physics`, `math`, …)."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive; `subsumed_into` is the category that took over a closed one, None for an active one."""

    code: str
    name: str
    group: str
    subsumed_into: str | None = None

    @property
    def active(self) -> bool:
        return self.subsumed_into is None


@dataclass(frozen=True, slots=True)
class Category:
    """A category as it stands on records; `alias_of` is its twin under another archive, if there is one."""

    code: str
    name: str
    archive: str
    group: str
    active: bool
    alias_of: str | None = None
    subsumed_into: str | None = None


_GROUP_NAMES = {
    "physics": "Physics",
    "math": "Mathematics",
    "cs": "Computer Science",
    "q-bio": "Quantitative Biology",
    "q-fin": "Quantitative Finance",
    "stat": "Statistics",
    "eess": "Electrical Engineering and Systems Science",
    "econ": "Economics",
}

# archive code → (group, name)
_ACTIVE_ARCHIVES = {
    "astro-ph": ("physics", "Astrophysics"),
    "cond-mat": ("physics", "Condensed Matter"),
    "cs": ("cs", "Computer Science"),
    "econ": ("econ", "Economics"),
    "eess": ("eess", "Electrical Engineering and Systems Science"),
    "gr-qc": ("physics", "General Relativity and Quantum Cosmology"),
    "hep-ex": ("physics", "High Energy Physics - Experiment"),
    "hep-lat": ("physics", "High Energy Physics - Lattice"),
    "hep-ph": ("physics", "High Energy Physics - Phenomenology"),
    "hep-th": ("physics", "High Energy Physics - Theory"),
    "math": ("math", "Mathematics"),
    "math-ph": ("physics", "Mathematical Physics"),
    "nlin": ("physics", "Nonlinear Sciences"),
    "nucl-ex": ("physics", "Nuclear Experiment"),
    "nucl-th": ("physics", "Nuclear Theory"),
    "physics": ("physics", "Physics"),
    "q-bio": ("q-bio", "Quantitative Biology"),
    "q-fin": ("q-fin", "Quantitative Finance"),
    "quant-ph": ("physics", "Quantum Physics"),
    "stat": ("stat", "Statistics"),
}

# archive → {last part of the code: name}. An archive missing here is itself a category (`hep-th`).
_SUBCATEGORIES = {
    "astro-ph": {
        "CO": "Cosmology and Nongalactic Astrophysics",
        "EP": "Earth and Planetary Astrophysics",
        "GA": "Astrophysics of Galaxies",
        "HE": "High Energy Astrophysical Phenomena",
        "IM": "Instrumentation and Methods for Astrophysics",
        "SR": "Solar and Stellar Astrophysics",
    },
    "cond-mat": {
        "dis-nn": "Disordered Systems and Neural Networks",
        "mes-hall": "Mesoscale and Nanoscale Physics",
        "mtrl-sci": "Materials Science",
        "other": "Other Condensed Matter",
        "quant-gas": "Quantum Gases",
        "soft": "Soft Condensed Matter",
        "stat-mech": "Statistical Mechanics",
        "str-el": "Strongly Correlated Electrons",
        "supr-con": "Superconductivity",
    },
    "cs": {
        "AI": "Artificial Intelligence",
        "AR": "Hardware Architecture",
        "CC": "Computational Complexity",
        "CE": "Computational Engineering, Finance, and Science",
        "CG": "Computational Geometry",
        "CL": "Computation and Language",
        "CR": "Cryptography and Security",
        "CV": "Computer Vision and Pattern Recognition",
        "CY": "Computers and Society",
        "DB": "Databases",
        "DC": "Distributed, Parallel, and Cluster Computing",
        "DL": "Digital Libraries",
        "DM": "Discrete Mathematics",
        "DS": "Data Structures and Algorithms",
        "ET": "Emerging Technologies",
        "FL": "Formal Languages and Automata Theory",
        "GL": "General Literature",
        "GR": "Graphics",
        "GT": "Computer Science and Game Theory",
        "HC": "Human-Computer Interaction",
        "IR": "Information Retrieval",
        "IT": "Information Theory",
        "LG": "Machine Learning",
        "LO": "Logic in Computer Science",
        "MA": "Multiagent Systems",
        "MM": "Multimedia",
        "MS": "Mathematical Software",
        "NA": "Numerical Analysis",
        "NE": "Neural and Evolutionary Computing",
        "NI": "Networking and Internet Architecture",
        "OH": "Other Computer Science",
        "OS": "Operating Systems",
        "PF": "Performance",
        "PL": "Programming Languages",
        "RO": "Robotics",
        "SC": "Symbolic Computation",
        "SD": "Sound",
        "SE": "Software Engineering",
        "SI": "Social and Information Networks",
        "SY": "Systems and Control",
    },
    "econ": {
        "EM": "Econometrics",
        "GN": "General Economics",
        "TH": "Theoretical Economics",
    },
    "eess": {
        "AS": "Audio and Speech Processing",
        "IV": "Image and Video Processing",
        "SP": "Signal Processing",
        "SY": "Systems and Control",
    },
    "math": {
        "AC": "Commutative Algebra",
        "AG": "Algebraic Geometry",
        "AP": "Analysis of PDEs",
        "AT": "Algebraic Topology",
        "CA": "Classical Analysis and ODEs",
        "CO": "Combinatorics",
        "CT": "Category Theory",
        "CV": "Complex Variables",
        "DG": "Differential Geometry",
        "DS": "Dynamical Systems",
        "FA": "Functional Analysis",
        "GM": "General Mathematics",
        "GN": "General Topology",
        "GR": "Group Theory",
        "GT": "Geometric Topology",
        "HO": "History and Overview",
        "IT": "Information Theory",
        "KT": "K-Theory and Homology",
        "LO": "Logic",
        "MG": "Metric Geometry",
        "MP": "Mathematical Physics",
        "NA": "Numerical Analysis",
        "NT": "Number Theory",
        "OA": "Operator Algebras",
        "OC": "Optimization and Control",
        "PR": "Probability",
        "QA": "Quantum Algebra",
        "RA": "Rings and Algebras",
        "RT": "Representation Theory",
        "SG": "Symplectic Geometry",
        "SP": "Spectral Theory",
        "ST": "Statistics Theory",
    },
    "nlin": {
        "AO": "Adaptation and Self-Organizing Systems",
        "CD": "Chaotic Dynamics",
        "CG": "Cellular Automata and Lattice Gases",
        "PS": "Pattern Formation and Solitons",
        "SI": "Exactly Solvable and Integrable Systems",
    },
    "physics": {
        "acc-ph": "Accelerator Physics",
        "ao-ph": "Atmospheric and Oceanic Physics",
        "app-ph": "Applied Physics",
        "atm-clus": "Atomic and Molecular Clusters",
        "atom-ph": "Atomic Physics",
        "bio-ph": "Biological Physics",
        "chem-ph": "Chemical Physics",
        "class-ph": "Classical Physics",
        "comp-ph": "Computational Physics",
        "data-an": "Data Analysis, Statistics and Probability",
        "ed-ph": "Physics Education",
        "flu-dyn": "Fluid Dynamics",
        "gen-ph": "General Physics",
        "geo-ph": "Geophysics",
        "hist-ph": "History and Philosophy of Physics",
        "ins-det": "Instrumentation and Detectors",
        "med-ph": "Medical Physics",
        "optics": "Optics",
        "plasm-ph": "Plasma Physics",
        "pop-ph": "Popular Physics",
        "soc-ph": "Physics and Society",
        "space-ph": "Space Physics",
    },
    "q-bio": {
        "BM": "Biomolecules",
        "CB": "Cell Behavior",
        "GN": "Genomics",
        "MN": "Molecular Networks",
        "NC": "Neurons and Cognition",
        "OT": "Other Quantitative Biology",
        "PE": "Populations and Evolution",
        "QM": "Quantitative Methods",
        "SC": "Subcellular Processes",
        "TO": "Tissues and Organs",
    },
    "q-fin": {
        "CP": "Computational Finance",
        "EC": "Economics",
        "GN": "General Finance",
        "MF": "Mathematical Finance",
        "PM": "Portfolio Management",
        "PR": "Pricing of Securities",
        "RM": "Risk Management",
        "ST": "Statistical Finance",
        "TR": "Trading and Market Microstructure",
    },
    "stat": {
        "AP": "Applications",
        "CO": "Computation",
        "ME": "Methodology",
        "ML": "Machine Learning",
        "OT": "Other Statistics",
        "TH": "Statistics Theory",
    },
}

# closed archive → (group, category that took it over, name)
_SUBSUMED_ARCHIVES = {
    "acc-phys": ("physics", "physics.acc-ph", "Accelerator Physics"),
    "adap-org": ("physics", "nlin.AO", "Adaptation, Noise, and Self-Organizing Systems"),
    "alg-geom": ("math", "math.AG", "Algebraic Geometry"),
    "ao-sci": ("physics", "physics.ao-ph", "Atmospheric-Oceanic Sciences"),
    "atom-ph": ("physics", "physics.atom-ph", "Atomic, Molecular and Optical Physics"),
    "bayes-an": ("physics", "physics.data-an", "Bayesian Analysis"),
    "chao-dyn": ("physics", "nlin.CD", "Chaotic Dynamics"),
    "chem-ph": ("physics", "physics.chem-ph", "Chemical Physics"),
    "cmp-lg": ("cs", "cs.CL", "Computation and Language"),
    "comp-gas": ("physics", "nlin.CG", "Cellular Automata and Lattice Gases"),
    "dg-ga": ("math", "math.DG", "Differential Geometry"),
    "funct-an": ("math", "math.FA", "Functional Analysis"),
    "mtrl-th": ("physics", "cond-mat.mtrl-sci", "Materials Theory"),
    "patt-sol": ("physics", "nlin.PS", "Pattern Formation and Solitons"),
    "plasm-ph": ("physics", "physics.plasm-ph", "Plasma Physics"),
    "q-alg": ("math", "math.QA", "Quantum Algebra and Topology"),
    "solv-int": ("physics", "nlin.SI", "Exactly Solvable and Integrable Systems"),
    "supr-con": ("physics", "cond-mat.supr-con", "Superconductivity"),
}

# Archives that once took papers without a sub-category; old records still carry the bare code.
_BARE_ARCHIVES = ("astro-ph", "cond-mat", "q-bio")

# other name → the name arXiv files it under
_ALIASES = {
    "math.MP": "math-ph",
    "stat.TH": "math.ST",
    "math.IT": "cs.IT",
    "cs.NA": "math.NA",
    "eess.SY": "cs.SY",
    "q-fin.EC": "econ.GN",
}
_TWINS = _ALIASES | {canonical: alias for alias, canonical in _ALIASES.items()}


def _active_categories() -> list[Category]:
    categories = []
    for archive, (group, archive_name) in _ACTIVE_ARCHIVES.items():
        names = _SUBCATEGORIES.get(archive)
        if names is None:
            names_by_code = {archive: archive_name}
        else:
            names_by_code = {f"{archive}.{part}": name for part, name in names.items()}
        for code, name in names_by_code.items():
            categories.append(Category(code, name, archive, group, active=True, alias_of=_TWINS.get(code)))
    return categories


def _closed_categories() -> list[Category]:
    bare = [
        Category(code, _ACTIVE_ARCHIVES[code][1], code, _ACTIVE_ARCHIVES[code][0], active=False)
        for code in _BARE_ARCHIVES
    ]
    subsumed = [
        Category(code, name, code, group, active=False, subsumed_into=into)
        for code, (group, into, name) in _SUBSUMED_ARCHIVES.items()
    ]
    return bare + subsumed


GROUPS = MappingProxyType({code: Group(code, name) for code, name in _GROUP_NAMES.items()})
ARCHIVES = MappingProxyType(
    {code: Archive(code, name, group) for code, (group, name) in _ACTIVE_ARCHIVES.items()}
    | {code: Archive(code, name, group, into) for code, (group, into, name) in _SUBSUMED_ARCHIVES.items()}
)
CATEGORIES = MappingProxyType({category.code: category for category in [*_active_categories(), *_closed_categories()]})


def canonical_code(code: str) -> str:
    """The code under which one subject is counted: aliases and closed archives lead to the one now in use.

    An unknown code is answered unchanged, so that a category newer than this table is not lost.
    """
    category = CATEGORIES.get(code)
    if category is not None and category.subsumed_into is not None:
        code = category.subsumed_into
    return _ALIASES.get(code, code)
