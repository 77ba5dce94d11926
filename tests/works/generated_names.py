"""Names for property tests: plausible ones, and any text."""

from hypothesis import strategies as st

from works.names import is_suffix, split_particle

# What names are made of, and what breaks them: letters of many scripts, marks, particles, punctuation.

FRAGMENTS = st.sampled_from(
    [
        *(
            "van",
            "Van",
            "der",
            "de",
            "d'",
            "'t",
            "y",
            "Jr.",
            "III",
            "Dr.",
            "St.",
            "Ó",
            "ß",
            "ﬁ",
            "İ",
            "ǅ",
            "李",
        ),
        *(
            "欧阳",
            "김",
            "Nguyen",
            "J.",
            "J.-M.",
            "JM",
            "-",
            ",",
            ".",
            "(",
            ")",
            '"',
            "\u0301",
            "\u200d",
            "\u00ad",
        ),
        *("O'Brien", "SMITH", "Smith-Jr.", "\u202e", "\x00", " "),
    ]
)

NAMES = st.one_of(
    st.text(max_size=60),
    st.lists(FRAGMENTS, max_size=8).map(" ".join),
    st.lists(FRAGMENTS, max_size=8).map("".join),
)

WORDS = st.from_regex(r"[A-Z][a-z]{2,10}", fullmatch=True).filter(
    lambda word: not is_suffix(word) and split_particle(f"{word} X") == ("", f"{word} X")
)

LATIN_NAMES = st.builds(
    lambda given, letter, family: f"{given} {letter}. {family}", WORDS, st.sampled_from("ABCDEFGHJKLM"), WORDS
)
