"""Kept slices: soon kept, dropped by what changes them and by nothing else, in the transaction that changes it."""

import contextlib
import random
import threading
from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from claims.models import Claim
from graph.kept import forget_old
from graph.models import Change, Watched
from graph.views import check_kept, read_slice
from profiles.curation.mandate import Mandate, OperationRefused
from profiles.curation.merge import merge_researchers
from profiles.curation.move import move_authorships
from profiles.curation.undo import undo_operation
from profiles.models import IdentityOperation, Researcher
from tests.factories import get_person, import_records, make_author, make_record, make_user
from tests.works.institutions.registry import import_registry
from works.curate import correct_work
from works.institutions.models import Institution
from works.institutions.resolve import match_printed_affiliations
from works.models import Authorship, Topic, Work

# In transactions of their own: a slice is not kept while an older transaction runs, such as one around a test.
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture(autouse=True)
def _nothing_kept(db: None) -> None:
    cache.clear()


@pytest.fixture
def ada(db: None) -> Researcher:
    import_records(
        make_record(arxiv_id="2001.00001", title="Joint", authors=["Ada Lovelace", "Charles Babbage"]),
        make_record(arxiv_id="2001.00002", title="Own", authors=["Ada Lovelace"], categories=["math.AG"]),
        make_record(arxiv_id="2001.00003", title="Near", authors=["Charles Babbage", "Mary Somerville"]),
        make_record(arxiv_id="2001.00004", title="Far", authors=["Emmy Noether"], categories=["hep-th"]),
    )
    return get_person("Ada Lovelace")


@pytest.fixture
def mandate(db: None) -> Mandate:
    curator = make_user("curator@example.org", is_staff=True)
    return Mandate(curator, "Somebody else.")


def visit(client: Client, researcher: Researcher) -> tuple[str, int]:
    """Return the page and the number of queries that it took."""
    with CaptureQueriesContext(connection) as queries:
        content = client.get(f"/graph/slice/{researcher.handle}/").content.decode()
    return content, len(queries)


def keep(client: Client, researcher: Researcher) -> str:
    """Visit until the slice is kept; every visit gives the same page, with at most as many queries as the first."""
    pages = [visit(client, researcher) for _ in range(4)]
    assert len({page for page, _count in pages}) == 1
    assert pages[-1][1] == 1
    return pages[-1][0]


def is_kept(client: Client, researcher: Researcher) -> bool:
    return visit(client, researcher)[1] == 1


def get_curator() -> User:
    return User.objects.get(email="curator@example.org")


Act = Callable[[], object]


def test_the_third_visit_keeps_and_the_fourth_costs_one_query(client: Client, ada: Researcher) -> None:
    counts = [visit(client, ada)[1] for _ in range(5)]
    assert counts[3:] == [1, 1]
    assert max(counts) <= 6


def hide(title: str) -> None:
    work = Work.objects.get(title=title)
    work.hidden = True
    work.save(update_fields=["hidden"])


def changes_of(ada: Researcher, mandate: Mandate) -> dict[str, Act]:
    """What changes the slice of Ada, each by its name."""

    def rows(title: str, name: str) -> list[int]:
        return list(Authorship.objects.filter(work__title=title, printed_name=name).values_list("pk", flat=True))

    def move() -> None:
        move_authorships(rows("Own", "Ada Lovelace"), source=ada, target=get_person("Emmy Noether"), mandate=mandate)

    return {
        "import of a joint work": lambda: import_records(make_record(authors=["Ada Lovelace", "Emmy Noether"])),
        "import of a collaborator's work": lambda: import_records(
            make_record(title="Nearer", authors=["Charles Babbage"], categories=["hep-th"])
        ),
        "import of a stranger's work on the topic": lambda: import_records(
            make_record(title="On it", authors=["Max Born"], categories=["math.AG"])
        ),
        "hiding of an own work": lambda: hide("Own"),
        "hiding of a nearby work": lambda: hide("Near"),
        "correction of a joint work": lambda: correct_work(
            Work.objects.get(title="Joint").pk, field="title", value="Put right", reason="Misprint", by=get_curator()
        ),
        "correction of a nearby work": lambda: correct_work(
            Work.objects.get(title="Near").pk, field="title", value="Put right", reason="Misprint", by=get_curator()
        ),
        "move": move,
        "merge of a collaborator": lambda: merge_researchers(
            get_person("Charles Babbage"), get_person("Emmy Noether"), mandate
        ),
        "suppression of a collaborator": lambda: Researcher.objects.filter(display_name="Charles Babbage").update(
            state="suppressed"
        ),
        "new name of a collaborator": lambda: Researcher.objects.filter(display_name="Charles Babbage").update(
            display_name="C. Babbage"
        ),
        "dispute of a joint work": lambda: Authorship.objects.filter(printed_name="Charles Babbage").update(
            attribution="disputed"
        ),
    }


CHANGES = [
    "import of a joint work", "import of a collaborator's work", "import of a stranger's work on the topic",
    "hiding of an own work", "hiding of a nearby work", "correction of a joint work", "correction of a nearby work",
    "move", "merge of a collaborator", "suppression of a collaborator", "new name of a collaborator",
    "dispute of a joint work",
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_what_changes_a_slice_drops_it(client: Client, ada: Researcher, mandate: Mandate, change: str) -> None:
    before = keep(client, ada)
    changes_of(ada, mandate)[change]()
    after, count = visit(client, ada)
    cache.clear()
    assert count > 1
    assert after == visit(client, ada)[0] != before


ABOUT = "We study tensor programs and the infinite width limit of wide networks."


def say_the_same_as_ada() -> None:
    import_records(make_record(arxiv_id="1901.00001", title="Tensor Programs", abstract=ABOUT, authors=["Max Born"]))


def go_to_the_topic_of_ada() -> None:
    record = make_record(arxiv_id="1901.00002", title="Tensor Programs", abstract=ABOUT, authors=["Max Born"])
    import_records(replace(record, categories=("hep-th", "cs.LG")))


def rename_the_topic() -> None:
    Topic.objects.filter(code="cs.LG").update(name="Machines that learn")


def show_again() -> None:
    Work.objects.filter(title="Tensor Programs III").update(hidden=False)


@pytest.mark.parametrize("become", [say_the_same_as_ada, go_to_the_topic_of_ada, show_again, rename_the_topic])
def test_what_becomes_of_strangers_works_and_topics_drops_it(client: Client, become: Act) -> None:
    import_records(
        make_record(title="Own", abstract=ABOUT, authors=["Ada Lovelace"]),
        make_record(arxiv_id="1901.00001", title="Says nothing", abstract="", authors=["Max Born"]),
        make_record(arxiv_id="1901.00002", title="Tensor Programs", abstract=ABOUT, authors=["Max Born"],
                    categories=["hep-th"]),
        make_record(title="Tensor Programs III", abstract=ABOUT, authors=["Max Born"]),
        *(make_record(title=f"Newer {n}", abstract="", authors=["Emmy Noether"]) for n in range(40)),
    )  # fmt: skip
    Work.objects.filter(title="Tensor Programs III").update(hidden=True)
    ada = get_person("Ada Lovelace")
    before = keep(client, ada)
    become()
    after, count = visit(client, ada)
    assert count > 1
    assert after == read_slice(ada)[1].decode() != before


def test_what_strangers_works_say_besides_leaves_it(client: Client, ada: Researcher) -> None:
    record = make_record(arxiv_id="2001.10001", authors=["Max Born"], categories=["math.AG"])
    import_records(record)
    keep(client, ada)
    import_records(replace(record, doi="10.1000/1", comments="12 pages"))
    assert Work.objects.get(arxiv_id="2001.10001").doi == "10.1000/1"
    assert ("2001.10001" in visit(client, ada)[0], is_kept(client, ada)) == (True, True)


def test_every_change_is_tried(ada: Researcher, mandate: Mandate) -> None:
    assert list(changes_of(ada, mandate)) == CHANGES


def test_undoing_a_move_brings_back_what_was_shown(client: Client, ada: Researcher, mandate: Mandate) -> None:
    before = keep(client, ada)
    rows = Authorship.objects.filter(work__title="Own").values_list("pk", flat=True)
    operation = move_authorships(rows, source=ada, target=get_person("Emmy Noether"), mandate=mandate)
    assert keep(client, ada) != before
    undo_operation(operation, Mandate(mandate.user, "A mistake."))
    assert keep(client, ada) == before


def test_who_is_merged_or_suppressed_is_not_kept(client: Client, ada: Researcher, mandate: Mandate) -> None:
    keep(client, ada)
    Researcher.objects.filter(pk=ada.pk).update(state="suppressed")
    suppressed = client.get(f"/graph/slice/{ada.handle}/")
    Researcher.objects.filter(pk=ada.pk).update(state="unclaimed")
    assert (suppressed.status_code, b"Babbage" in suppressed.content) == (404, False)
    before = keep(client, ada)
    operation = merge_researchers(ada, get_person("Emmy Noether"), mandate)
    assert {visit(client, ada)[0] for _ in range(4)} == {visit(client, get_person("Emmy Noether"))[0]} != {before}
    undo_operation(operation, Mandate(mandate.user, "A mistake."))
    assert keep(client, ada) == before


def test_who_is_listed_again_comes_back(client: Client, ada: Researcher) -> None:
    before = keep(client, ada)
    babbage = Researcher.objects.filter(display_name="Charles Babbage")
    babbage.update(state="suppressed")
    assert "Babbage" not in keep(client, ada)
    babbage.update(state="unclaimed")
    assert visit(client, ada)[0] == before


def test_a_matched_affiliation_drops_it(client: Client) -> None:
    import_registry()
    import_records(make_record(authors=[make_author("Ada Lovelace", "University of Exton"), "Charles Babbage"]))
    ada = get_person("Ada Lovelace")
    keep(client, ada)
    match_printed_affiliations()
    assert "/institutions/01aaaaa11/" in visit(client, ada)[0]
    keep(client, ada)
    Institution.objects.filter(ror_id="01aaaaa22").update(name="Another")
    assert is_kept(client, ada)
    Institution.objects.filter(ror_id="01aaaaa11").update(name="Exton University")
    assert "Exton University" in visit(client, ada)[0]


def test_what_changes_nothing_leaves_it(client: Client, ada: Researcher, mandate: Mandate) -> None:
    keep(client, ada)
    owner: User = make_user("ada@example.org")
    Claim.objects.filter(researcher=ada).delete()
    Researcher.objects.filter(pk=ada.pk).update(state="claimed", owner=owner, summary="Writes programs", tied_works=2)
    assert is_kept(client, ada)
    import_records(make_record(authors=["Emmy Noether"], categories=["gr-qc"]))
    assert is_kept(client, ada)
    hide("Far")
    assert is_kept(client, ada)
    rows = Authorship.objects.filter(work__title="Far").values_list("pk", flat=True)
    move_authorships(rows, source=get_person("Emmy Noether"), target=None, mandate=Mandate(mandate.user, "Two people."))
    assert is_kept(client, ada)
    Authorship.objects.filter(researcher=ada).update(attribution="confirmed")
    assert is_kept(client, ada)


def test_what_is_rolled_back_changes_nothing(client: Client, ada: Researcher) -> None:
    keep(client, ada)
    with transaction.atomic():
        hide("Own")
        transaction.set_rollback(True)
    assert is_kept(client, ada)


def test_nothing_is_kept_while_an_older_transaction_may_not_see_the_watch(client: Client, ada: Researcher) -> None:
    begun, end = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with transaction.atomic():
            Researcher.objects.filter(pk=ada.pk).update(summary=str(uuid4()))
            begun.set()
            end.wait(30)
        connection.close()

    writer = threading.Thread(target=write_slowly)
    writer.start()
    begun.wait(30)
    counts = [visit(client, ada)[1] for _ in range(5)]
    end.set()
    writer.join()
    assert min(counts) > 1
    assert is_kept(client, ada) or is_kept(client, ada)


def test_nobody_who_is_not_visited_is_watched(client: Client, ada: Researcher) -> None:
    hide("Far")
    assert not Change.objects.exists()
    keep(client, ada)
    hide("Far")
    assert not Change.objects.exists()
    hide("Own")
    assert Change.objects.exists()


def test_what_is_old_is_forgotten(client: Client, ada: Researcher) -> None:
    keep(client, ada)
    hide("Own")
    assert forget_old() == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE graph_watched SET watched_at = watched_at - INTERVAL '2 days'")
        cursor.execute("UPDATE graph_change SET noted_at = noted_at - INTERVAL '2 days'")
    assert forget_old() > 2
    assert not Change.objects.exists()
    assert not Watched.objects.exists()


def test_a_check_reads_what_is_kept_again(client: Client, ada: Researcher) -> None:
    keep(client, ada)
    keep(client, get_person("Emmy Noether"))
    assert check_kept() == (2, [])
    call_command("check_slices")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE works_work DISABLE TRIGGER USER")
        cursor.execute("UPDATE works_work SET title = 'Slipped through' WHERE title = 'Joint'")
        cursor.execute("ALTER TABLE works_work ENABLE TRIGGER USER")
    with pytest.raises(CommandError, match=ada.public_id):
        call_command("check_slices")
    cache.clear()
    assert check_kept() == (0, [])


NAMES = ["Ada Lovelace", "Charles Babbage", "Emmy Noether", "Mary Somerville", "Max Born"]


def do_anything(chance: random.Random, mandate: Mandate) -> None:
    """Import, hide, correct, move, merge, undo, dispute or suppress, whom and whatever."""
    people = list(Researcher.objects.filter(state__in=["unclaimed", "suppressed"]).order_by("pk"))
    work = chance.choice(list(Work.objects.order_by("pk")))
    one, other = chance.sample(people, 2)
    rows = list(Authorship.objects.filter(researcher=one).order_by("pk").values_list("pk", flat=True))
    mandate = Mandate(mandate.user, "Perhaps.")
    acts = ["import", "import", "say", "hide", "correct", "move", "merge", "undo", "dispute", "suppress"]
    act = chance.choice(acts)
    if act == "import":
        names = chance.sample(NAMES, chance.randint(1, 3))
        import_records(make_record(authors=names, categories=[chance.choice(["cs.LG", "hep-th", "math.AG"])]))
    elif act == "say":
        names = list(work.authorships.order_by("position").values_list("printed_name", flat=True))
        title, categories = chance.choice(["Own", "Tensor programs"]), chance.sample(["cs.LG", "hep-th", "math.AG"], 2)
        import_records(make_record(arxiv_id=work.arxiv_id, title=title, authors=names, categories=categories))
    elif act == "hide":
        Work.objects.filter(pk=work.pk).update(hidden=not work.hidden)
    elif act == "correct":
        year = str(chance.randint(1995, 2020))
        correct_work(work.pk, field="year", value=year, reason="Misprint", by=get_curator())
    elif act == "move" and rows:
        move_authorships(rows[:1], source=one, target=chance.choice([None, other]), mandate=mandate)
    elif act == "merge":
        merge_researchers(one, other, mandate)
    elif act == "undo" and (done := IdentityOperation.objects.filter(undone_by=None, undoes=None).last()):
        undo_operation(done, mandate)
    elif act == "dispute":
        Authorship.objects.filter(pk__in=rows[:1]).update(attribution=chance.choice(["disputed", "automatic"]))
    elif act == "suppress":
        state = "unclaimed" if one.state == "suppressed" else "suppressed"
        Researcher.objects.filter(pk=one.pk).update(state=state)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_what_is_kept_is_what_would_be_read(
    client: Client, ada: Researcher, mandate: Mandate, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    hits = 0
    for _ in range(15):
        with contextlib.suppress(OperationRefused), transaction.atomic():
            do_anything(chance, mandate)
        for researcher in Researcher.objects.filter(state="unclaimed"):
            shown = [visit(client, researcher) for _ in range(3)]
            hits += shown[-1][1] == 1
            assert {page for page, _count in shown} == {read_slice(researcher)[1].decode()}
    assert hits > 20
