"""Find whom mentions may mean: records of names that may be theirs, and what those records hold already."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import connection

from profiles.identity.decisions import find_survivors
from profiles.identity.name_forms import NameForm
from profiles.identity.names_compat import compare
from profiles.identity.nicknames import list_relatives
from profiles.identity.people import Mention
from profiles.resemblance import split_key

# What a record prints on a few works tells whose it is; so a long record costs no more than a short one.
WORKS_PER_RECORD = 8
# A name that fits more records is met with those of the same full name first, then with the oldest.
RECORDS_PER_NAME = 40

# Of each surname: records that begin with one of the letters, or with an initial and then one of them.
RECORDS = """
SELECT wanted.name_key, r.id, r.name_key
FROM unnest(%s::text[], %s::text[], %s::text[]) AS wanted (name_key, surname, pattern)
JOIN profiles_researcher r ON r.name_key ~>=~ (wanted.surname || '|') AND r.name_key ~<~ (wanted.surname || '}')
    AND substr(r.name_key, length(wanted.surname) + 2) ~ wanted.pattern
ORDER BY wanted.name_key, r.name_key <> wanted.name_key, r.id
"""

# Suppressed ones as well: a person who was removed must not come back as a new record with the next import.
HELD = f"""
SELECT a.id, a.work_id, a.printed_name, a.name_key, a.researcher_id
FROM unnest(%s::bigint[]) AS wanted (id)
JOIN profiles_researcher r ON r.id = wanted.id AND r.state <> 'merged'
CROSS JOIN LATERAL (
    SELECT * FROM works_authorship
    WHERE researcher_id = r.id AND attribution IN ('automatic', 'confirmed')
    ORDER BY work_id DESC LIMIT {WORKS_PER_RECORD}
) a
"""  # noqa: S608 - composed of a constant


# What the clustering was unsure of is judged anew with whatever comes in of that name; what people decided is not. A
# record that would be left with nothing keeps it: whether it goes up in another is for those who resolve whole names.
DOUBTFUL = """
SELECT a.id, a.work_id, a.printed_name, a.name_key, a.researcher_id
FROM unnest(%s::bigint[]) AS wanted (id)
JOIN profiles_researcher r ON r.id = wanted.id AND r.state = 'unclaimed'
JOIN works_authorship a ON a.researcher_id = r.id AND a.attribution = 'unconfirmed'
JOIN profiles_doubt d ON d.authorship_id = a.id
WHERE EXISTS (SELECT FROM works_authorship sure WHERE sure.researcher_id = r.id AND sure.attribution <> 'unconfirmed')
ORDER BY a.id
"""


def find_records_for(loose: Sequence[Mention]) -> list[int]:
    """Return the ids of the records whom the mentions may mean, or who hold them now."""
    holders = {mention.researcher_id for mention in loose if mention.researcher_id is not None}
    return sorted(holders | find_records({mention.name_key for mention in loose}))


def list_standing(record_ids: Sequence[int], loose: Sequence[Mention]) -> list[Mention]:
    """Return what the records hold for sure, besides the loose mentions; of each so many works."""
    return _read(HELD, record_ids, loose)


def list_doubtful(record_ids: Sequence[int], loose: Sequence[Mention]) -> list[Mention]:
    """Return what the records hold in doubt, besides the loose mentions."""
    return _read(DOUBTFUL, record_ids, loose)


def _read(query: str, record_ids: Sequence[int], loose: Sequence[Mention]) -> list[Mention]:
    moving = {mention.authorship_id for mention in loose}
    with connection.cursor() as cursor:
        cursor.execute(query, [list(record_ids)])
        return [mention for row in cursor if (mention := Mention(*row)).authorship_id not in moving]


def find_records(name_keys: Iterable[str]) -> set[int]:
    """Return the ids of the records whose names agree with one of these, so many for each name.

    Merged ones are found by the names that they had, and stand for those that they went up in.
    """
    keys = sorted(name_keys)
    forms = {key: form_of(key) for key in keys}
    found: dict[str, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        patterns = [pattern_of(form) for form in forms.values()]
        cursor.execute(RECORDS, [keys, [form.surname for form in forms.values()], patterns])
        for key, researcher_id, other in cursor:
            if len(found[key]) < RECORDS_PER_NAME and (key == other or compare(forms[key], form_of(other))):
                found[key].add(researcher_id)
    return set(find_survivors(set().union(*found.values())).values())


def form_of(name_key: str) -> NameForm:
    """Read a folded name; a hyphen is closed in it already, so only the letters of written parts show."""
    surname, given, suffix = split_key(name_key)
    words = tuple(given.split())
    return NameForm(surname, words, "".join(word[0] for word in words), suffix)


def pattern_of(form: NameForm) -> str:
    """A regular expression for the given names that may agree: by their first letter, or the one after an initial."""
    letters = {word[0] for word in form.words}
    letters |= {relative[0] for word in form.words for relative in list_relatives(word)}
    return f"^(. )?[{''.join(sorted(letter for letter in letters if letter.isalnum()))}]" if letters else "^$"
