"""Move, split, merge and undo: one step each, previewed without a trace, undone without a difference."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.models import User
from profiles.curation.mandate import Mandate, OperationRefused
from profiles.curation.merge import merge_researchers
from profiles.curation.move import move_authorships, split_authorships
from profiles.curation.preview import preview
from profiles.curation.undo import undo_operation
from profiles.follow import follow
from profiles.identity.services import resolve_works
from profiles.models import Follow, IdentityDecision, IdentityNotice, IdentityOperation, Researcher, TrustSnapshot
from tests.factories import get_person, import_records, make_record, make_researcher, make_user
from tests.sample import import_sample
from works.models import Authorship, Work

pytestmark = pytest.mark.django_db


@pytest.fixture
def greg() -> Researcher:
    return import_sample()


@pytest.fixture
def mandate(curator: User) -> Mandate:
    return Mandate(curator, "The string theorist is somebody else.")


def held(researcher: Researcher, *arxiv_ids: str) -> list[int]:
    rows = Authorship.objects.filter(researcher=researcher)
    return list((rows.filter(work__arxiv_id__in=arxiv_ids) if arxiv_ids else rows).values_list("pk", flat=True))


def everything(*researchers: Researcher) -> dict[str, Any]:
    """All that an undo must restore; of the given records only, where there are any."""
    people = Researcher.objects.filter(pk__in=[each.pk for each in researchers]) if researchers else Researcher.objects
    return {
        "records": list(people.order_by("pk").values()),
        "authorships": list(Authorship.objects.order_by("pk").values()),
        "follows": list(Follow.objects.order_by("pk").values()),
        "trust": list(
            TrustSnapshot.objects.filter(researcher__in=people.values("pk"))
            .order_by("pk")
            .values("pk", "score", "facts", "formula_version")
        ),
        "notices": list(IdentityNotice.objects.order_by("pk").values("pk", "status", "operation")),
    }


def fresh(researcher: Researcher) -> Researcher:
    return Researcher.objects.get(pk=researcher.pk)


def test_a_work_moves_to_a_new_record_and_stays_there(greg: Researcher, mandate: Mandate) -> None:
    operation = move_authorships(held(greg, "2111.09570"), source=greg, target=None, mandate=mandate)
    other = fresh(operation.target)
    assert (other.display_name, other.name_variants, other.trust.facts["works"]) == ("Greg Yang", ["Greg Yang"], 1)
    assert fresh(greg).trust.facts["works"] == 12
    row = Authorship.objects.get(researcher=other)
    assert row.attribution == "confirmed"
    resolve_works(Work.objects.values_list("pk", flat=True))
    import_records(make_record(authors=["Greg Yang"], arxiv_id="2501.00001"))
    assert set(other.authorships.values_list("work__arxiv_id", flat=True)) == {"2111.09570"}
    assert greg.authorships.filter(work__arxiv_id="2501.00001").exists()


def test_undo_restores_everything(greg: Researcher, mandate: Mandate, member: User) -> None:
    follow(member, greg)
    before = everything(*Researcher.objects.all())
    records = list(Researcher.objects.all())
    operation = move_authorships(held(greg, "2111.09570"), source=greg, target=None, mandate=mandate)
    assert everything(*records) != before
    undo = undo_operation(operation, Mandate(mandate.user, "It was right after all."))
    assert everything(*records) == before
    assert fresh(operation.target).merged_into == greg
    assert undo.undoes == operation
    assert not IdentityDecision.objects.exclude(kind="revoked").filter(revoked_by__isnull=True).exists()
    resolve_works(Work.objects.values_list("pk", flat=True))
    assert everything(*records) == before


def test_a_move_to_an_existing_record_is_undone_exactly(greg: Researcher, mandate: Mandate) -> None:
    other = make_researcher("Gloria Yang", works=2)
    before = everything()
    operation = move_authorships(held(greg, "2111.09570", "1902.04760"), source=greg, target=other, mandate=mandate)
    assert fresh(other).name_variants == ["Gloria Yang", "Greg Yang"]
    assert fresh(other).trust.facts["works"] == 4
    undo_operation(operation, mandate)
    assert everything() == before


def test_a_merge_moves_works_followers_and_address_and_is_undone_exactly(
    client: Client, mandate: Mandate, member: User
) -> None:
    hu, edward = make_researcher("Evelyn Hu", works=1), make_researcher("Edward Hu", works=2, coauthors=["Greg Yang"])
    fan = make_user("fan@example.org")
    follow(member, hu)
    follow(fan, hu)
    follow(fan, edward)
    before = everything()
    operation = merge_researchers(hu, edward, mandate)
    response = client.get(hu.get_absolute_url())
    assert (response.status_code, response["Location"]) == (301, edward.get_absolute_url())
    assert set(Follow.objects.values_list("follower__email", "researcher")) == {
        ("member@example.org", edward.pk),
        ("fan@example.org", edward.pk),
    }
    assert fresh(edward).name_variants == ["Edward Hu", "Evelyn Hu"]
    assert fresh(edward).trust.facts["works"] == 3
    resolve_works(Work.objects.values_list("pk", flat=True))
    assert edward.authorships.count() == 3
    undo_operation(operation, Mandate(mandate.user, "Two people."))
    assert everything() == before
    assert client.get(hu.get_absolute_url()).status_code == 200


def test_undoing_a_merge_respects_what_followers_did_since(mandate: Mandate, member: User) -> None:
    hu, edward = make_researcher("Evelyn Hu"), make_researcher("Edward Hu")
    follow(member, hu)
    operation = merge_researchers(hu, edward, mandate)
    Follow.objects.all().delete()
    undo_operation(operation, mandate)
    assert not Follow.objects.exists()


def test_what_came_in_since_stays_after_an_undo(mandate: Mandate) -> None:
    hu, edward = make_researcher("Evelyn Somerville"), make_researcher("Edward Somerville")
    operation = merge_researchers(hu, edward, mandate)
    import_records(make_record(authors=["Edward SOMERVILLE"]))
    undo_operation(operation, mandate)
    assert fresh(edward).name_variants == ["Edward Somerville", "Edward SOMERVILLE"]
    assert edward.authorships.count() == 2
    assert hu.authorships.count() == 1


def test_a_preview_says_what_will_be_and_leaves_no_trace(greg: Researcher, mandate: Mandate) -> None:
    before = everything()
    rows = held(greg, "2111.09570")
    outcome = preview([greg], lambda: split_authorships(rows, source=greg, mandate=mandate))
    assert everything() == before
    assert not IdentityOperation.objects.exists()
    assert not IdentityDecision.objects.exists()
    source, new = outcome.sides
    assert source.before is not None
    assert (source.before.works, source.after.works, source.before.trust, source.is_new) == (13, 12, 21, False)
    assert (new.before, new.after.works, new.is_new) == (None, 1, True)
    assert outcome.works == ["2111.09570"]
    operation = split_authorships(rows, source=greg, mandate=mandate)
    assert fresh(greg).trust.score == source.after.trust
    assert operation.target.trust.score == new.after.trust


def test_a_preview_of_an_undo_shows_what_comes_back(greg: Researcher, mandate: Mandate) -> None:
    operation = split_authorships(held(greg, "2111.09570"), source=greg, mandate=mandate)
    outcome = preview([greg, operation.target], lambda: undo_operation(operation, mandate))
    assert [side.after.works for side in outcome.sides] == [13, 0]
    assert outcome.sides[1].after.redirects_to == "Greg Yang"
    assert outcome.works == ["2111.09570"]
    assert not IdentityOperation.objects.filter(kind="undo").exists()


def test_the_same_form_twice_is_one_operation(greg: Researcher, mandate: Mandate) -> None:
    rows = held(greg, "2111.09570")
    first = move_authorships(rows, source=greg, target=None, mandate=mandate)
    assert move_authorships(rows, source=greg, target=None, mandate=mandate) == first
    again = Mandate(mandate.user, "Undo")
    assert undo_operation(first, again) == undo_operation(first, again) == undo_operation(first, mandate)
    hu, edward = make_researcher("Evelyn Somerville"), make_researcher("Edward Somerville")
    token = Mandate(mandate.user, "One person.", uuid4())
    assert merge_researchers(hu, edward, token) == merge_researchers(hu, edward, token)
    assert IdentityOperation.objects.count() == 3


def test_a_later_operation_on_the_same_works_has_to_be_undone_first(greg: Researcher, curator: User) -> None:
    def mandate() -> Mandate:
        return Mandate(curator, "Because.")

    before = everything(*Researcher.objects.all())
    records = list(Researcher.objects.all())
    first = split_authorships(held(greg, "2111.09570", "1909.02159"), source=greg, mandate=mandate())
    second = split_authorships(held(first.target, "2111.09570"), source=first.target, mandate=mandate())
    with pytest.raises(OperationRefused, match=f"Operation {second.pk} .*undo that first"):
        undo_operation(first, mandate())
    undo_operation(second, mandate())
    undo_operation(first, mandate())
    assert everything(*records) == before


def test_unrelated_operations_do_not_stand_in_each_others_way(greg: Researcher, curator: User) -> None:
    first = split_authorships(held(greg, "2111.09570"), source=greg, mandate=Mandate(curator, "One."))
    second = split_authorships(held(greg, "1909.02159"), source=greg, mandate=Mandate(curator, "Two."))
    undo_operation(first, Mandate(curator, "Undo one."))
    assert greg.authorships.count() == 12
    assert second.target.authorships.count() == 1


def test_a_record_merged_away_since_stands_in_the_way(mandate: Mandate, curator: User) -> None:
    hu, edward, third = (make_researcher(f"{name} Hu", works=2) for name in ("Hugo", "Edward", "Edwina"))
    rows = held(hu)[:1]
    first = move_authorships(rows, source=hu, target=edward, mandate=mandate)
    merge_researchers(edward, third, Mandate(curator, "One person."))
    with pytest.raises(OperationRefused, match="undo that first"):
        undo_operation(first, Mandate(curator, "No."))


def test_claimed_records_keep_their_ids(mandate: Mandate) -> None:
    one, two = make_researcher("Ada Lovelace"), make_researcher("Ada King")
    Researcher.objects.filter(pk=one.pk).update(state="claimed")
    with pytest.raises(OperationRefused, match="claimed and keeps its address"):
        merge_researchers(one, two, mandate)
    Researcher.objects.filter(pk=two.pk).update(state="claimed")
    with pytest.raises(OperationRefused, match="Both records are claimed"):
        merge_researchers(one, two, mandate)
    Researcher.objects.filter(pk=two.pk).update(state="unclaimed")
    assert merge_researchers(two, one, mandate).target == one
    assert fresh(one).state == "claimed"


def test_a_claimed_split_off_is_not_undone(greg: Researcher, mandate: Mandate) -> None:
    operation = split_authorships(held(greg, "2111.09570"), source=greg, mandate=mandate)
    Researcher.objects.filter(pk=operation.target_id).update(state="claimed")
    with pytest.raises(OperationRefused, match="was claimed since"):
        undo_operation(operation, mandate)


def test_nobody_gets_two_positions_of_one_byline(mandate: Mandate) -> None:
    import_records(make_record(authors=["Ada Lovelace", "Ada King"], arxiv_id="2001.00003"))
    one, two = get_person("Ada Lovelace"), get_person("Ada King")
    with pytest.raises(OperationRefused, match=r"stands in the byline of 2001\.00003 already"):
        merge_researchers(one, two, mandate)
    with pytest.raises(OperationRefused, match=r"stands in the byline of 2001\.00003 already"):
        move_authorships(held(one), source=one, target=two, mandate=mandate)


def test_a_merge_does_not_override_what_was_decided(greg: Researcher, curator: User) -> None:
    other = split_authorships(held(greg, "2111.09570"), source=greg, mandate=Mandate(curator, "Not the same.")).target
    before = everything()
    with pytest.raises(OperationRefused, match=r"2111\.09570 is of another person .*Not the same"):
        merge_researchers(other, greg, Mandate(curator, "All one."))
    assert everything() == before


def test_a_move_back_by_hand_overrides_and_lasts(greg: Researcher, curator: User) -> None:
    other = split_authorships(held(greg, "2111.09570"), source=greg, mandate=Mandate(curator, "Not his.")).target
    move_authorships(held(other), source=other, target=greg, mandate=Mandate(curator, "His after all."))
    resolve_works(Work.objects.values_list("pk", flat=True))
    assert greg.authorships.count() == 13


@pytest.mark.parametrize("state", ["merged", "suppressed"])
def test_records_that_are_not_listed_take_part_in_nothing(mandate: Mandate, state: str) -> None:
    one, two, three = make_researcher("Ada Lovelace"), make_researcher("Ada King"), make_researcher("Ada Byron")
    Researcher.objects.filter(pk=two.pk).update(state=state, merged_into=three if state == "merged" else None)
    with pytest.raises(OperationRefused, match=f"is {state}"):
        merge_researchers(one, two, mandate)
    with pytest.raises(OperationRefused, match=f"is {state}"):
        move_authorships(held(one), source=one, target=two, mandate=mandate)


def test_works_that_went_elsewhere_are_not_moved(greg: Researcher, curator: User) -> None:
    rows = held(greg, "2111.09570")
    split_authorships(rows, source=greg, mandate=Mandate(curator, "One."))
    with pytest.raises(OperationRefused, match="look at the record again"):
        split_authorships(rows, source=greg, mandate=Mandate(curator, "Another form, a minute later."))
    with pytest.raises(OperationRefused, match="look at the record again"):
        split_authorships([], source=greg, mandate=Mandate(curator, "Nothing chosen."))


def test_operations_are_only_ever_added(greg: Researcher, mandate: Mandate, curator: User) -> None:
    operation = split_authorships(held(greg, "2111.09570"), source=greg, mandate=mandate)
    for change in ("UPDATE profiles_identityoperation SET reason = 'x'", "DELETE FROM profiles_identityoperation"):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    curator.delete()
    operation.refresh_from_db()
    assert (operation.performed_by, operation.reason) == (None, "The string theorist is somebody else.")
