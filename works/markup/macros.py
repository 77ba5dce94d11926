r"""Commands that authors use in abstracts and that no TeX format defines.

Measured on 88,748 arXiv records (`bench/math.py` lists what is still missed). Listed is what has one usual
meaning, or whose candidates all show the same letter. Left out, and so shown by name, is what means different
things to different authors (`\la` is ≲ to an astronomer, λ or ⟨ to others; `\g`, `\m`, `\s`, `\D`, `\G`).
No body uses its argument twice: nested, that would double the output at every level.
"""

from string import ascii_letters, ascii_uppercase
from typing import Final

_GREEK: Final = {
    "al": "alpha", "be": "beta", "ga": "gamma", "gam": "gamma", "de": "delta", "del": "delta", "eps": "varepsilon",
    "ep": "epsilon", "ve": "varepsilon", "vep": "varepsilon", "veps": "varepsilon", "lam": "lambda",
    "om": "omega", "sig": "sigma", "sg": "sigma", "vphi": "varphi", "vp": "varphi", "vt": "vartheta",
    "Ga": "Gamma", "Gam": "Gamma", "De": "Delta", "Del": "Delta", "La": "Lambda", "Lam": "Lambda", "Om": "Omega",
    "Si": "Sigma", "Sig": "Sigma", "vare": "varepsilon", "epsi": "epsilon", "ka": "kappa",
    "a": "alpha", "b": "beta", "vth": "vartheta", "VE": "varepsilon",
}  # fmt: skip

_OPERATORS: Final = (
    "Ad", "ad", "Alt", "Ann", "Area", "area", "Ass", "Att", "Aut", "aut", "Bl", "Br", "Cat", "Char", "Cl", "Coker",
    "coker", "Cone", "const", "conv", "Cov", "cov", "depth", "Der", "dist", "Diff", "diag", "diam", "Div", "End",
    "Ext", "Fix", "Fr", "Frob", "Gal", "GL", "Gr", "grad", "Hess", "height", "Hilb", "Hol", "Hom", "Id", "id", "Ima",
    "im", "Ind", "ind", "Inf", "Inn", "Int", "Iso", "Isom", "Jac", "Ker", "Lie", "Lip", "Log", "Map", "Mat", "mes",
    "Mod", "Mor", "mult", "nnz", "Ob", "ord", "Out", "pd", "perm", "PGL", "Pic", "poly", "polylog", "Proj",
    "proj", "prox", "PSL", "Quot", "Ra", "rank", "Rank", "reg", "Rep", "Res", "res", "Rey", "rk", "rot", "sgn",
    "sign", "SL", "SO", "Sp", "Span", "Spec", "spec", "Stab", "SU", "supp", "Sym", "Symp", "Tor", "Tr", "tr", "trace",
    "tsr", "Var", "Vol", "vol", "WF", "Zar", "polyloglog", "negl", "cut", "opt", "OPT",
    "BMO", "curl", "codim", "CAT", "PSPACE", "NP", "lcm", "FP", "GNP", "HYP", "KS",
    "MMD", "NA", "RH", "Wi", "dR", "mad", "Lin", "lin", "Prob", "Pf", "Rad", "soc", "Soc", "gr",
)  # fmt: skip

_SYMBOLS: Final = {
    # quantities of high-energy physics and astronomy
    "gev": r"\,\mathrm{GeV}", "mev": r"\,\mathrm{MeV}", "tev": r"\,\mathrm{TeV}", "kev": r"\,\mathrm{keV}",
    "GeV": r"\,\mathrm{GeV}", "MeV": r"\,\mathrm{MeV}", "TeV": r"\,\mathrm{TeV}", "keV": r"\,\mathrm{keV}",
    "eV": r"\,\mathrm{eV}", "epem": r"e^{+}e^{-}",
    "pb": r"\,\mathrm{pb}", "fb": r"\,\mathrm{fb}", "invfb": r"\,\mathrm{fb}^{-1}", "kms": r"\,\mathrm{km\,s}^{-1}",
    "msun": r"M_{\odot}", "Msun": r"M_{\odot}", "msol": r"M_{\odot}", "Msol": r"M_{\odot}", "lsun": r"L_{\odot}",
    "Lsun": r"L_{\odot}", "Zsun": r"Z_{\odot}", "Rsun": r"R_{\odot}", "rsun": r"R_{\odot}", "alphas": r"\alpha_s",
    "ttbar": r"t\bar{t}", "bbbar": r"b\bar{b}", "ppbar": r"p\bar{p}", "qqbar": r"q\bar{q}",
    "pt": r"p_{T}", "met": r"E_{T}^{\mathrm{miss}}", "jpsi": r"J/\psi", "Jpsi": r"J/\psi", "micron": r"\mu\mathrm{m}",
    "arcsec": r"''", "arcmin": r"'", "sun": r"\odot", "pc": r"\,\mathrm{pc}", "kpc": r"\,\mathrm{kpc}",
    "ohm": r"\Omega", "degr": r"^{\circ}", "degs": r"^{\circ}", "celsius": r"^{\circ}\mathrm{C}",
    # relations, arrows, signs
    "lsim": r"\lesssim", "gsim": r"\gtrsim", "simlt": r"\lesssim", "simgt": r"\gtrsim", "ltsim": r"\lesssim",
    "gtsim": r"\gtrsim", "lesim": r"\lesssim", "alt": r"\lesssim", "agt": r"\gtrsim", "lapprox": r"\lesssim",
    "ra": r"\rightarrow", "rta": r"\rightarrow", "rra": r"\rightrightarrows", "lra": r"\longrightarrow",
    "rarrow": r"\rightarrow", "ti": r"\times", "tens": r"\otimes", "ot": r"\otimes",
    "isom": r"\cong", "iso": r"\cong", "thicksim": r"\sim", "thickapprox": r"\approx", "hdots": r"\ldots",
    "dotsc": r"\ldots", "dotsb": r"\cdots", "dotsm": r"\cdots", "dotso": r"\ldots", "slash": "/",
    "up": r"\uparrow", "dn": r"\downarrow", "down": r"\downarrow", "es": r"\emptyset",
    "deq": r"\stackrel{d}{=}", "onehalf": r"\tfrac{1}{2}",
    "half": r"\tfrac{1}{2}", "indep": r"\perp", "scri": r"\mathscr{I}", "dbar": r"\bar{\partial}",
    "dd": r"\mathrm{d}", "rd": r"\mathrm{d}", "pa": r"\partial", "part": r"\partial", "ii": r"\mathrm{i}",
    "e": r"\mathrm{e}", "d": r"\mathrm{d}", "Oh": r"O", "bigO": r"O", "inv": r"^{-1}", "trans": r"^{\top}",
    "pr": r"\mathrm{pr}", "prob": r"\Pr", "Pro": r"\Pr",
    "Real": r"\mathbb{R}", "naturals": r"\mathbb{N}", "integers": r"\mathbb{Z}", "complexes": r"\mathbb{C}",
    "rationals": r"\mathbb{Q}", "Rational": r"\mathbb{Q}", "proba": r"\mathbb{P}",
    "rat": r"\mathbb{Q}", "C": r"\mathbb{C}", "Q": r"\mathbb{Q}", "F": r"\mathbb{F}",
    "T": r"\mathbb{T}", "E": r"\mathbb{E}", "K": r"\mathbb{K}", "CP": r"\mathbb{CP}", "ID": r"\mathbb{D}",
    "fraksl": r"\mathfrak{sl}", "gl": r"\mathfrak{gl}",
    "Sn": r"\mathbb{S}^n", "Rn": r"\mathbb{R}^n", "Rd": r"\mathbb{R}^d", "Zp": r"\mathbb{Z}_p", "Fq": r"\mathbb{F}_q",
    "smax": r"s_{\max}", "vmax": r"v_{\max}", "pmax": r"p_{\max}", "eslt": r"E_{T}^{\mathrm{miss}}",
    "ar": r"\rightarrow", "alphahat": r"\hat{\alpha}", "betahat": r"\hat{\beta}", "thetahat": r"\hat{\theta}",
    "Pom": r"\mathbb{P}",
    "eqno": r"\quad", "hh": r"\mathbb{H}", "textmu": r"\mu", "mum": r"\,\mu\mathrm{m}", "muup": r"\mu",
    # text-mode letters that authors define anew for mathematics
    "O": r"\mathcal{O}", "aa": r"\mathfrak{a}", "AA": r"\text{Å}", "P": r"\mathbb{P}", "H": r"\mathbb{H}",
    "L": r"\mathcal{L}", "l": r"\lambda", "u": r"\mathbf{u}", "v": r"\mathbf{v}", "i": r"\mathrm{i}", "small": "",
    "textgreater": ">", "textless": "<", "scriptsize": "", "tiny": "", "large": "", "footnotesize": "",
}  # fmt: skip

_WITH_ARGUMENT: Final = {
    "abs": r"\left|#1\right|", "norm": r"\left\|#1\right\|",
    "ceil": r"\left\lceil#1\right\rceil", "floor": r"\left\lfloor#1\right\rfloor", "of": r"\left(#1\right)",
    "paren": r"\left(#1\right)", "vev": r"\langle #1\rangle",
    "expect": r"\langle #1\rangle", "avg": r"\langle #1\rangle",
    "mean": r"\langle #1\rangle", "ip": r"\langle #1\rangle", "lrbrace": r"\left\{#1\right\}",
    "exactcolor": r"#1",
    "mbox": r"\text{#1}", "hbox": r"\text{#1}", "textup": r"\text{#1}", "textsl": r"\textit{#1}",
    "textnormal": r"\text{#1}", "makebox": r"\text{#1}", "vbox": r"\text{#1}",
    "Cal": r"\mathcal{#1}", "goth": r"\mathfrak{#1}", "pazocal": r"\mathcal{#1}", "mathcaligr": r"\mathcal{#1}",
    "mathpzc": r"\mathcal{#1}", "EuScript": r"\mathcal{#1}", "mc": r"\mathcal{#1}", "mcal": r"\mathcal{#1}",
    "euscr": r"\mathscr{#1}", "scr": r"\mathscr{#1}", "eufm": r"\mathfrak{#1}", "germ": r"\mathfrak{#1}",
    "mathds": r"\mathbb{#1}", "mathbbm": r"\mathbb{#1}", "mbb": r"\mathbb{#1}", "bb": r"\mathbb{#1}",
    "mathbbmss": r"\mathbb{#1}", "bbold": r"\mathbb{#1}", "mb": r"\mathbf{#1}", "bbf": r"\mathbf{#1}",
    "mbf": r"\mathbf{#1}", "pmb": r"\boldsymbol{#1}",
    "bolds": r"\boldsymbol{#1}", "bs": r"\boldsymbol{#1}", "boldmath": r"\boldsymbol{#1}",
    "mbs": r"\boldsymbol{#1}", "vect": r"\mathbf{#1}", "mat": r"\mathbf{#1}",
    "ov": r"\overline{#1}", "ol": r"\overline{#1}", "wt": r"\widetilde{#1}", "wh": r"\widehat{#1}",
    "ul": r"\underline{#1}", "td": r"\tilde{#1}",
    "uppercase": r"#1", "ensuremath": r"#1", "substack": r"\begin{matrix}#1\end{matrix}",
    "mathmit": r"#1", "textcal": r"\mathcal{#1}",
    "scalebox": r"#2", "resizebox": r"#3", "href": r"#2", "url": r"\text{#1}",
    "QTR": r"#2", "QATOP": r"{#1 \atop #2}", "xspace": "", "unit": r"\,\mathrm{#1}",
}  # fmt: skip


# Each family that occurs: an alphabet and the prefixes by which authors name its letters (`\\cA`, `\\bbR`, `\\fp`).
_CAPITALS: Final = {"mathcal": ("c", "cal", "mc", "C", ""), "mathbb": ("bb", "I", "B"), "mathscr": ("s",)}
_CAPITALS_AND_SMALL: Final = {"mathfrak": ("f", "frak"), "mathbf": ("b", "bf", "mat")}
# The bold f is a font switch; of the single capitals, Γ and Δ compete for two, and some are known to math-core.
_NOT_OF_A_FAMILY: Final = frozenset({"bf", "bm", *"CDEFGHKNOPQRSTZ"})


def _families() -> dict[str, str]:
    """Spell out the letters of each family, and the doubled ones (`\\RR`) that are blackboard bold."""
    families = {letter * 2: rf"\mathbb{{{letter}}}" for letter in ascii_uppercase}
    for letters, alphabets in ((ascii_uppercase, _CAPITALS), (ascii_letters, _CAPITALS_AND_SMALL)):
        for alphabet, prefixes in alphabets.items():
            families |= {prefix + letter: rf"\{alphabet}{{{letter}}}" for prefix in prefixes for letter in letters}
    families |= {f"{letter}cal": rf"\mathcal{{{letter}}}" for letter in ascii_uppercase}
    return {name: body for name, body in families.items() if name not in _NOT_OF_A_FAMILY}


MACROS: Final[dict[str, str]] = (
    _families()
    | {short: rf"\{name}" for short, name in _GREEK.items()}
    | {name: rf"\operatorname{{{name}}}" for name in _OPERATORS}
    | _SYMBOLS
    | _WITH_ARGUMENT
)
