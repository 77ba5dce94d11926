"""Two curators, or a curator and an import, at the same moment: on connections of their own, for real."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction

from accounts.models import User
from profiles.curation.mandate import Mandate, OperationRefused
from profiles.curation.merge import merge_researchers
from profiles.curation.move import split_authorships
from profiles.curation.undo import undo_operation
from profiles.identity.services import resolve_works
from profiles.models import IdentityOperation, Researcher
from tests.factories import make_record, make_researcher, make_user
from works.arxiv.load import load_records
from works.models import Authorship

# serialized_rollback: the flush after each of these tests would empty the taxonomy, which a migration loaded.
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def user() -> User:
    return make_user("curator@example.org", is_staff=True, is_superuser=True)


def outcome_of(step: Callable[[], IdentityOperation]) -> int | str:
    """Run one step on a connection of its own; return the operation's id or the refusal."""
    try:
        return step().pk
    except OperationRefused as refused:
        return str(refused)
    finally:
        connection.close()


def at_once(*steps: Callable[[], IdentityOperation]) -> list[int | str]:
    with ThreadPoolExecutor(len(steps)) as pool:
        futures: list[Future[int | str]] = [pool.submit(outcome_of, step) for step in steps]
        return [future.result(60) for future in futures]


def test_a_double_submit_is_done_once(user: User) -> None:
    ada = make_researcher("Ada Lovelace", works=3)
    row = Authorship.objects.order_by("pk").first()
    assert row is not None
    mandate = Mandate(user, "Another Ada.")
    done = at_once(*[lambda: split_authorships([row.pk], source=ada, mandate=mandate)] * 4)
    assert len(set(done)) == 1
    assert ada.authorships.count() == 2
    operation = IdentityOperation.objects.get()
    undone = at_once(*[lambda: undo_operation(operation, Mandate(user, "No."))] * 4)
    assert len(set(undone)) == 1
    assert ada.authorships.count() == 3


def test_opposite_merges_neither_deadlock_nor_make_a_circle(user: User) -> None:
    one, two = make_researcher("Ada Lovelace"), make_researcher("Ada King")
    done = at_once(
        lambda: merge_researchers(one, two, Mandate(user, "One.")),
        lambda: merge_researchers(two, one, Mandate(user, "One.")),
    )
    assert sorted(isinstance(each, int) for each in done) == [False, True]
    assert Researcher.objects.filter(state="merged").count() == 1
    assert Researcher.objects.filter(state="unclaimed").count() == 1


def test_a_merge_waits_for_a_resolution_and_takes_its_outcome_along(user: User) -> None:
    ada, king = make_researcher("Ada Lovelace"), make_researcher("Ada King")
    new = load_records([make_record(authors=["Ada Lovelace"])])
    resolved, go_on = Event(), Event()

    def resolve_slowly() -> None:
        try:
            with transaction.atomic():
                resolve_works(new.work_ids)
                resolved.set()
                assert go_on.wait(30)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        resolution = pool.submit(resolve_slowly)
        assert resolved.wait(30)
        merge = pool.submit(outcome_of, lambda: merge_researchers(ada, king, Mandate(user, "Married.")))
        with pytest.raises(TimeoutError):
            merge.result(0.5)
        go_on.set()
        resolution.result(30)
        assert isinstance(merge.result(30), int)
    assert king.authorships.count() == 3
    assert ada.authorships.count() == 0
