"""What curators do to records that people claim, follow and edit, and that undoing it leaves no difference."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from claims.decide import revoke_claim
from claims.errors import ClaimRefused
from claims.mail import send_waiting
from claims.models import Claim, OutgoingMail, OwnerPage, RecordChange, Vouch
from claims.own.change import change_record, mark, undo_change
from claims.own.missing import add_missing
from claims.submit import submit_claim
from claims.vouching import vouch
from profiles.curation.mandate import Mandate, OperationRefused
from profiles.curation.merge import merge_researchers
from profiles.curation.move import move_authorships, split_authorships
from profiles.curation.preview import preview
from profiles.curation.undo import undo_operation
from profiles.follow import follow
from profiles.identity.services import resolve_works
from profiles.models import Follow, IdentityDecision, IdentityOperation, Researcher
from tests.claims.cast import claim_by_proof, make_curator, own
from tests.claims.test_decisions_on_claims import everything
from tests.claims.test_owner import set_apart
from tests.factories import get_person, import_records, make_record, make_researcher, make_user, make_work
from tests.mailbox import Mailbox, texts
from works.models import Authorship, Work

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Researcher:
    return make_researcher("Ada Lovelace", works=4, coauthors=["Charles Babbage"])


def whole(*researchers: Researcher) -> dict[str, Any]:
    """Everything that an undo must restore, claims and their logs included."""
    return {
        "records": [everything(each) for each in researchers],
        "claims": list(Claim.objects.order_by("pk").values()),
        "events": list(Claim.objects.order_by("events__pk").values("events__pk", "events__kind")),
        "changes": list(RecordChange.objects.order_by("pk").values()),
        "follows": list(Follow.objects.order_by("follower").values("pk", "follower", "researcher", "followed_at")),
        "vouches": list(Vouch.objects.order_by("pk").values()),
        "vouching": list(Researcher.objects.order_by("pk").values("pk", "vouching_coauthors", "trust__score")),
    }


def work_ids(researcher: Researcher) -> list[int]:
    return list(Authorship.objects.filter(researcher=researcher).order_by("work").values_list("work", flat=True))


def rows_of(researcher: Researcher, works: list[int]) -> list[int]:
    return list(Authorship.objects.filter(researcher=researcher, work__in=works).values_list("pk", flat=True))


def busy_owner(member: User, ada: Researcher, curator: User) -> Claim:
    """An owner with marks, highlights, a fan and a vouch."""
    claim = own(member, ada, curator)
    works = work_ids(ada)
    mark(member, ada, works[0], "mine")
    mark(member, ada, works[1], "not_mine")
    change_record(member, ada, "highlights", works[:2])
    follow(make_user("fan@example.org"), ada)
    vouch(member, ada, get_person("Charles Babbage"))
    return claim


def test_splitting_a_claimed_record_and_undoing_it_restores_claims_follows_and_marks(
    member: User, ada: Researcher, curator: User
) -> None:
    busy_owner(member, ada, curator)
    charles = get_person("Charles Babbage")
    before = whole(ada, charles)
    operation = split_authorships(
        rows_of(ada, work_ids(ada)[:2]), source=ada, mandate=Mandate(curator, "A namesake's.")
    )
    assert "Highlighted" not in Client().get(ada.get_absolute_url()).content.decode()
    undo_operation(operation, Mandate(curator, "It was right after all."))
    after = whole(ada, charles)
    after["vouching"] = [row for row in after["vouching"] if row["pk"] != operation.target_id]
    assert after == before
    assert "Highlighted" in Client().get(ada.get_absolute_url()).content.decode()


def test_merging_into_a_claimed_record_and_undoing_it_restores_claims_follows_and_marks(
    member: User, ada: Researcher, curator: User
) -> None:
    busy_owner(member, ada, curator)
    other = make_researcher("Augusta King", works=2, coauthors=["Charles Babbage"])
    fan = User.objects.get(email="fan@example.org")
    follow(fan, other)
    follow(make_user("second-fan@example.org"), other)
    submit_claim(make_user("rival@example.org"), other, {})
    before = whole(ada, other)
    operation = merge_researchers(other, ada, Mandate(curator, "The same person."))
    assert whole(ada, other) != before
    undo_operation(operation, Mandate(curator, "Two people."))
    assert whole(ada, other) == before


def test_a_record_split_off_and_claimed_since_is_not_made_undone(ada: Researcher, member: User, curator: User) -> None:
    operation = split_authorships(rows_of(ada, work_ids(ada)[:1]), source=ada, mandate=Mandate(curator, "Two."))
    claim_by_proof(member, operation.target)
    with pytest.raises(OperationRefused, match="was claimed since"):
        undo_operation(operation, Mandate(curator, "One."))


def test_a_mark_outlives_a_byline_that_is_renumbered_and_so_does_its_undo(
    member: User, ada: Researcher, curator: User
) -> None:
    own(member, ada, curator)
    work = Work.objects.get(pk=work_ids(ada)[0])
    change = mark(member, ada, work.pk, "not_mine")
    assert change is not None
    import_records(
        make_record(arxiv_id=work.arxiv_id, authors=["Mary Somerville", "Charles Babbage", "Ada Lovelace"], title="New")
    )
    row = Authorship.objects.get(work=work, printed_name="Ada Lovelace")
    assert (row.position, row.researcher == ada, row.attribution) == (3, False, "automatic")
    undo_change(member, ada, change.pk)
    row.refresh_from_db()
    assert (row.researcher, row.attribution) == (ada, "automatic")


def test_an_earlier_mark_of_the_same_work_waits_for_the_later_one(member: User, ada: Researcher, curator: User) -> None:
    own(member, ada, curator)
    work = work_ids(ada)[0]
    first, second = mark(member, ada, work, "not_mine"), mark(member, ada, work, "mine")
    assert first is not None
    assert second is not None
    with pytest.raises(ClaimRefused, match="undo that first"):
        undo_change(member, ada, first.pk)
    undo_change(member, ada, second.pk)
    undo_change(member, ada, first.pk)
    assert Authorship.objects.get(work=work, researcher=ada).attribution == "automatic"
    assert not IdentityDecision.objects.exclude(kind="revoked").filter(revoked_by=None).exists()


def test_undoing_a_mark_leaves_what_a_curator_decided_since(member: User, ada: Researcher, curator: User) -> None:
    own(member, ada, curator)
    work = work_ids(ada)[0]
    change = mark(member, ada, work, "mine")
    other = make_researcher("Augusta King")
    move_authorships(rows_of(ada, [work]), source=ada, target=other, mandate=Mandate(curator, "Augusta's."))
    assert change is not None
    undo_change(member, ada, change.pk)
    row = Authorship.objects.get(work=work, researcher=other)
    assert row.attribution == "confirmed"


def test_a_missing_work_is_moved_by_the_curators_operation_and_stands_in_both_logs(
    member: User, ada: Researcher, curator: User
) -> None:
    own(member, ada, curator)
    work = make_work(authors=["A. Lovelace"])
    holder = set_apart(work, ada)
    before = whole(ada, holder)["records"]
    change = add_missing(member, ada, work.arxiv_id)
    assert change is not None
    operation = IdentityOperation.objects.get()
    assert (operation.kind, operation.source, operation.target, operation.performed_by, change.operation) == (
        "move", holder, ada, member, operation,
    )  # fmt: skip
    for address in ("changes/", "identity/"):
        assert work.arxiv_id in Client().get(f"{ada.get_absolute_url()}{address}").content.decode(), address
    resolve_works([work.pk])
    assert Authorship.objects.get(work=work).researcher == ada
    undo_change(member, ada, change.pk)
    assert whole(ada, holder)["records"] == before
    assert IdentityOperation.objects.filter(undoes=operation).exists()


def test_a_revocation_leaves_what_curators_built_upon_a_mark(member: User, ada: Researcher, curator: User) -> None:
    claim = own(member, ada, curator)
    work = make_work(authors=["A. Lovelace"])
    add_missing(member, ada, work.arxiv_id)
    other = make_researcher("Augusta King")
    move_authorships(rows_of(ada, [work.pk]), source=ada, target=other, mandate=Mandate(curator, "Augusta's."))
    revoke_claim(make_curator(), claim, "An impostor.")
    assert Authorship.objects.get(work=work).researcher == other
    ada.refresh_from_db()
    assert (ada.owner, ada.state) == (None, "unclaimed")
    assert not OwnerPage.objects.exists()


def test_owners_of_two_records_vouch_once(member: User, ada: Researcher, curator: User) -> None:
    second = make_researcher("Augusta King", works=1, coauthors=["Charles Babbage"])
    charles = get_person("Charles Babbage")
    for record in (ada, second):
        own(member, record, curator)
        vouch(member, record, charles)
    charles.refresh_from_db()
    assert charles.vouching_coauthors == 1


def test_an_owner_is_told_what_a_curator_does_to_their_record(
    member: User, ada: Researcher, curator: User, mailbox: Mailbox
) -> None:
    own(member, ada, curator)
    OutgoingMail.objects.all().delete()
    operation = split_authorships(
        rows_of(ada, work_ids(ada)[:2]), source=ada, mandate=Mandate(curator, "A namesake's.")
    )
    undo_operation(operation, Mandate(curator, "It was right after all."))
    merge_researchers(make_researcher("Augusta King"), ada, Mandate(curator, "The same person."))
    send_waiting()
    first, second, third = mailbox.messages
    assert [message["To"] for message in mailbox.messages] == ["member@example.org"] * 3
    assert "1 work came from another record" in texts(third)["text/plain"]
    assert first["Subject"] == "A curator changed your record: Ada Lovelace"
    for kind in ("text/plain", "text/html"):
        assert "2 works split off as a record of its own" in texts(first)[kind]
        assert f"{ada.get_absolute_url()}identity/" in texts(first)[kind]
        assert "undone: 2 works split off" in texts(second)[kind]
    assert "A namesake's." in texts(first)["text/plain"]


def test_nobody_is_told_what_they_did_themselves_or_what_was_only_looked_at(
    member: User, ada: Researcher, curator: User
) -> None:
    own(member, ada, curator)
    work = make_work(authors=["A. Lovelace"])
    set_apart(work, ada)
    OutgoingMail.objects.all().delete()
    change = add_missing(member, ada, work.arxiv_id)
    assert change is not None
    undo_change(member, ada, change.pk)
    split = Mandate(curator, "Just to see.")
    preview([ada], lambda: split_authorships(rows_of(ada, work_ids(ada)[:1]), source=ada, mandate=split))
    assert not OutgoingMail.objects.exists()
