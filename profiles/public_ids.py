"""Public ids: the short, stable part of a profile's address.

An id is the researcher's primary key, scrambled by a fixed bijection and written in Crockford's
base 32. It is stored nowhere, so it can neither drift nor collide; primary keys are never reused,
so neither are ids.
"""

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u
LENGTH = 7
SPACE = 32**LENGTH  # 34 billion
# Any odd multiplier permutes the numbers below a power of two; this one spreads neighbours apart.
MULTIPLIER = 0x5_A5C3_9D2B
INVERSE = pow(MULTIPLIER, -1, SPACE)
LOOK_ALIKES = str.maketrans("oil", "011")


def encode_public_id(primary_key: int) -> str:
    """Write a primary key (1 to 32⁷ − 1) as its public id; raise `ValueError` outside that range."""
    if not 0 < primary_key < SPACE:
        raise ValueError(f"No public id for primary key {primary_key}.")
    number = primary_key * MULTIPLIER % SPACE
    return "".join(ALPHABET[number >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5))


def decode_public_id(public_id: str) -> int:
    """Read a primary key from its public id, forgiving capitals and o, i, l; raise `ValueError` for anything else."""
    text = public_id.lower().translate(LOOK_ALIKES)
    if len(text) != LENGTH or not set(text) <= set(ALPHABET):
        raise ValueError(f"{public_id!r} is not a public id.")
    number = 0
    for character in text:
        number = number * 32 + ALPHABET.index(character)
    return int(number * INVERSE % SPACE)
