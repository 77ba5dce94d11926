"""Mentions shared out among people: who is known stays, names and bylines stand against, and doubt is told."""

from collections.abc import Sequence

from profiles.identity.mentions import AuthorMention
from profiles.identity.name_forms import read_form
from profiles.identity.nodes import Known
from profiles.identity.people import Mention, Person
from profiles.identity.resolve import mention_id, resolve
from works.names import name_key

COLLEAGUES = ("Kurt Gödel", "Emmy Noether")


def said(number: int, name: str, researcher_id: int | None = None, work: int = 0) -> Mention:
    return Mention(number, work or number, name, name_key(name), researcher_id)


def describe(mention: Mention, *coauthors: str, title: str = "Rare decays of heavy mesons") -> AuthorMention:
    return AuthorMention(
        id=mention_id(mention.authorship_id),
        work=f"{read_form(mention.printed_name).surname} {mention.work_id}",
        name=mention.printed_name,
        coauthors=coauthors,
        title=title,
        year=2012,
        categories=("hep-ex",),
    )


def share(
    loose: Sequence[Mention], standing: Sequence[Mention] = (), known: Known | None = None
) -> set[tuple[int | None, tuple[int, ...]]]:
    people: list[Person] = resolve(
        loose, standing, [describe(each, *COLLEAGUES) for each in [*loose, *standing]], known or Known()
    )
    return {(each.researcher_id, tuple(sorted(m.authorship_id for m in each.mentions))) for each in people}


def test_what_comes_in_joins_whom_it_means_and_the_known_stay() -> None:
    known = [said(1, "Jason Xyzzy", 7), said(2, "Jason Xyzzy", 7)]
    assert share([said(3, "J. Xyzzy"), said(4, "Jason Xyzzy")], known) == {(7, (3, 4))}
    assert share([said(3, "Joseph Xyzzy")], known) == {(None, (3,))}


def test_an_initial_bridges_no_two_names_of_a_record() -> None:
    known = [said(1, "Jason Xyzzy", 7), said(2, "J. Xyzzy", 7)]
    assert share([said(3, "Joseph Xyzzy")], known) == {(None, (3,))}


def test_two_known_people_never_become_one() -> None:
    known = [said(1, "Jason Xyzzy", 7), said(2, "Jason Xyzzy", 8)]
    (person,) = share([said(3, "Jason Xyzzy")], known)
    assert person in {(7, (3,)), (8, (3,))}


def test_nobody_holds_two_positions_of_one_byline() -> None:
    loose = [said(1, "Jason Xyzzy", work=5), said(2, "Jason Xyzzy", work=5)]
    assert share(loose) == {(None, (1,)), (None, (2,))}
    taken = Known(taken=frozenset({(7, 3)}))
    assert share([said(3, "Jason Xyzzy")], [said(4, "Jason Xyzzy", 7)], taken) == {(None, (3,))}


def test_the_order_of_the_mentions_makes_no_difference() -> None:
    loose = [said(number, name) for number, name in enumerate(["J. Xyzzy", "Jason Xyzzy", "Ann Xyzzy", "A. Xyzzy"], 1)]
    assert share(loose) == share(loose[::-1]) == {(None, (1, 2)), (None, (3, 4))}


def test_a_namesake_with_nothing_in_common_is_somebody_else() -> None:
    core = [said(number, "Greg Yang", 7) for number in (1, 2, 3)]
    other = said(4, "Greg Yang")
    texts = [describe(each, *COLLEAGUES) for each in core]
    stranger = AuthorMention(
        id=mention_id(4), work="yang 4", name="Greg Yang", coauthors=("Mary Somerville",),
        title="Parsing with recurrent networks", year=1997, categories=("cs.CL",),
    )  # fmt: skip
    (person,) = resolve([other], core, [*texts, stranger], Known())
    assert (person.researcher_id, person.mentions, person.doubts) == (None, [other], {4: None})
    (sure,) = resolve([other], core, [*texts, describe(other, *COLLEAGUES)], Known())
    assert (sure.researcher_id, sure.doubts) == (7, {4: None})
