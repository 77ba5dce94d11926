"""Identity decisions are only ever added."""

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from profiles.models import IdentityDecision
from tests.factories import get_person, make_work

pytestmark = pytest.mark.django_db


@pytest.fixture
def decision(curator: User) -> IdentityDecision:
    work = make_work()
    return IdentityDecision.objects.create(
        kind="not_by",
        work=work,
        position=1,
        printed_name="Ada Lovelace",
        researcher=get_person("Ada Lovelace"),
        decided_by=curator,
        reason="She says so.",
    )


def test_a_decision_cannot_be_changed_or_deleted(decision: IdentityDecision) -> None:
    for change in ("UPDATE profiles_identitydecision SET reason = 'x'", "DELETE FROM profiles_identitydecision"):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    assert IdentityDecision.objects.get().reason == "She says so."


def test_deleting_the_account_forgets_only_who_decided(decision: IdentityDecision, curator: User) -> None:
    curator.delete()
    decision.refresh_from_db()
    assert decision.decided_by is None
    assert decision.reason == "She says so."


def test_it_is_taken_back_by_another_once(decision: IdentityDecision, curator: User) -> None:
    IdentityDecision.objects.create(kind="revoked", revokes=decision, decided_by=curator, reason="It was another Ada.")
    with pytest.raises(IntegrityError, match="revokes"), transaction.atomic():
        IdentityDecision.objects.create(kind="revoked", revokes=decision, decided_by=curator, reason="Again.")


@pytest.mark.parametrize("kind", ["same_person", "different_people", "belongs_to", "revoked", "nonsense"])
def test_a_decision_says_about_what(kind: str) -> None:
    with pytest.raises(IntegrityError, match="says_about_what"), transaction.atomic():
        IdentityDecision.objects.create(kind=kind, reason="Because.")
