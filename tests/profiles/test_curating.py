"""The curators' queue: who may use it, and a doubtful work's whole way there and back."""

import re
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import User
from profiles.models import IdentityNotice, IdentityOperation, Researcher, TrustSnapshot
from tests.factories import make_researcher, make_user
from tests.profiles.test_operations import everything
from tests.profiles.test_profile_page import text_of
from tests.sample import import_sample, part_edward_hu
from works.models import Authorship

pytestmark = pytest.mark.django_db

QUEUE = "/admin/profiles/identitynotice/"


@pytest.fixture
def greg() -> Researcher:
    return import_sample()


@pytest.fixture
def row(greg: Researcher) -> Authorship:
    return Authorship.objects.get(researcher=greg, work__arxiv_id="2111.09570")


@pytest.fixture
def as_identity_curator(db: None) -> Client:
    """Staff with the one permission, no superuser."""
    user = make_user("identity@example.org", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="curate_identity"))
    return logged_in(user)


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def workbench(researcher: Researcher) -> str:
    return f"/admin/profiles/researcher/{researcher.pk}/identity/"


def answers(row: Authorship, **changes: object) -> dict[str, object]:
    filled = {"action": "split", "authorships": [str(row.pk)], "target": "", "reason": "Two people.", "token": uuid4()}
    return {**filled, "step": "perform", **changes}


def test_a_doubtful_work_goes_to_another_greg_yang_and_back(
    as_identity_curator: Client, client: Client, greg: Researcher, row: Authorship
) -> None:
    curator = as_identity_curator
    before = everything(*Researcher.objects.all())
    page_before = text_of(client.get(greg.get_absolute_url()))
    queue = curator.get(QUEUE, follow=True)
    assert "Split suspected: Greg Yang" in text_of(queue)
    assert "shares no co-author with the other 12 works" in text_of(queue)
    notice = IdentityNotice.objects.get(kind="split")
    assert f'href="{workbench(greg)}?notice={notice.pk}"' in queue.content.decode()
    assert "Move or split the works" in text_of(curator.get(f"{QUEUE}{notice.pk}/change/"))
    chosen = curator.post(QUEUE, {"action": "act", "_selected_action": [notice.pk]})
    assert chosen["Location"] == f"{workbench(greg)}?notice={notice.pk}"
    form = curator.get(chosen["Location"]).context["form"]
    assert form["authorships"].value() == [str(row.pk)]

    data = answers(row, token=form["token"].value(), step="preview")
    preview = text_of(curator.post(workbench(greg), data))
    assert re.search(r"Greg Yang now 13 14 4 0 21 Emerging", preview)
    assert re.search(r"Greg Yang then 12 13 4 0 \d+ Emerging", preview)
    assert "Greg Yang (new) then 1 1 0 0" in preview
    assert everything(*Researcher.objects.all()) == before

    response = curator.post(workbench(greg), {**data, "step": "perform"})
    operation = IdentityOperation.objects.get()
    assert response["Location"] == f"/admin/profiles/identityoperation/{operation.pk}/change/"
    assert curator.post(workbench(greg), {**data, "step": "perform"})["Location"] == response["Location"]
    assert IdentityOperation.objects.count() == 1
    assert "12 published item(s)" in text_of(client.get(greg.get_absolute_url()))
    assert "1 published item(s)" in text_of(client.get(operation.target.get_absolute_url()))
    notice.refresh_from_db()
    assert (notice.status, notice.operation) == ("acted", operation)

    undo = f"/admin/profiles/identityoperation/{operation.pk}/undo/"
    assert undo in curator.get(response["Location"]).content.decode()
    assert "Greg Yang then 13 14 4 0 21 Emerging" in text_of(curator.get(undo))
    curator.post(undo, {"reason": "It was his.", "token": uuid4()})
    assert everything(*Researcher.objects.exclude(pk=operation.target_id)) == before
    assert text_of(client.get(greg.get_absolute_url())) == page_before
    moved = client.get(operation.target.get_absolute_url())
    assert (moved.status_code, moved["Location"]) == (301, greg.get_absolute_url())
    assert "It cannot be undone, or was already." in text_of(curator.get(undo))


def test_a_work_moves_to_the_record_whose_address_is_given(
    as_curator: Client, greg: Researcher, row: Authorship
) -> None:
    other = make_researcher("Gloria Yang")
    for address in (f"https://example.org{other.get_absolute_url()}", other.public_id.upper(), other.handle):
        data = answers(row, action="move", target=address, step="preview")
        assert "Gloria Yang then 2" in text_of(as_curator.post(workbench(greg), data))
    as_curator.post(workbench(greg), answers(row, action="move", target=other.public_id))
    row.refresh_from_db()
    assert row.researcher == other


def test_two_records_are_merged_from_the_queue(as_curator: Client, greg: Researcher) -> None:
    part_edward_hu()
    notice = IdentityNotice.objects.get(kind="merge")
    assert notice.other is not None
    url = as_curator.post(QUEUE, {"action": "act", "_selected_action": [notice.pk]})["Location"]
    initial = as_curator.get(url).context["form"].initial
    assert initial == {"action": "merge", "target": notice.researcher.public_id}
    data = {**initial, "reason": "One man, two orders.", "token": uuid4(), "step": "preview"}
    assert "redirects to" in text_of(as_curator.post(url, data))
    as_curator.post(url, {**data, "step": "perform"})
    notice.refresh_from_db()
    assert notice.status == "acted"
    assert Researcher.objects.get(pk=notice.other.pk).merged_into == notice.researcher
    assert TrustSnapshot.objects.get(researcher=notice.researcher).facts["works"] == 3


def test_records_are_chosen_from_their_list(as_curator: Client, greg: Researcher) -> None:
    other = make_researcher("Gloria Yang")
    chosen = {"action": "merge_two", "_selected_action": [greg.pk, other.pk]}
    response = as_curator.post("/admin/profiles/researcher/", chosen)
    assert response["Location"] == f"{workbench(other)}?into={greg.public_id}"
    chosen = {"action": "move_or_split", "_selected_action": [greg.pk]}
    assert as_curator.post("/admin/profiles/researcher/", chosen)["Location"] == workbench(greg)
    chosen = {"action": "move_or_split", "_selected_action": [greg.pk, other.pk]}
    assert "Choose one record" in text_of(as_curator.post("/admin/profiles/researcher/", chosen, follow=True))


def test_a_dismissed_suspicion_stays_dismissed(as_curator: Client, greg: Researcher, row: Authorship) -> None:
    notice = IdentityNotice.objects.get(kind="split")
    as_curator.post(f"{QUEUE}{notice.pk}/dismiss/", {"reason": "", "token": uuid4()})
    notice.refresh_from_db()
    assert notice.status == "open"
    as_curator.post(f"{QUEUE}{notice.pk}/dismiss/", {"reason": "He did both.", "token": uuid4()})
    import_sample()
    notice.refresh_from_db()
    row.refresh_from_db()
    assert (notice.status, notice.settled_reason, row.attribution) == ("dismissed", "He did both.", "automatic")
    assert IdentityNotice.objects.filter(kind="split").count() == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"authorships": []}, "Choose at least one work."),
        ({"action": "move"}, "Say which record."),
        ({"action": "merge"}, "Say which record."),
        ({"action": "move", "target": "nobody-0000000"}, "There is no such record."),
        ({"action": "nonsense"}, "Select a valid choice"),
        ({"reason": " "}, "This field is required."),
        ({"authorships": ["1", "x"]}, "Select a valid choice"),
    ],
)
def test_what_is_missing_is_asked_for(
    as_curator: Client, greg: Researcher, row: Authorship, changes: dict[str, object], message: str
) -> None:
    for step in ("preview", "perform"):
        assert message in text_of(as_curator.post(workbench(greg), answers(row, step=step, **changes)))
    assert not IdentityOperation.objects.exists()


def test_a_refusal_is_shown_not_an_error(as_curator: Client, greg: Researcher, row: Authorship) -> None:
    data = answers(row, action="move", target=greg.public_id)
    assert "They are on this record already." in text_of(as_curator.post(workbench(greg), data))
    as_curator.post(workbench(greg), answers(row))
    first = IdentityOperation.objects.get()
    as_curator.post(workbench(first.target), answers(row))
    assert "builds on this" in text_of(as_curator.get(f"/admin/profiles/identityoperation/{first.pk}/undo/"))


@pytest.mark.parametrize("who", ["anonymous", "member", "owner", "other owner", "staff without the permission"])
def test_nobody_but_curators_may(who: str, greg: Researcher, row: Authorship, as_curator: Client) -> None:
    part_edward_hu()
    as_curator.post(workbench(greg), answers(row))
    operation = IdentityOperation.objects.get()
    # Whoever owns a record may correct it elsewhere, by a claim; here only curators decide.
    owned = {"owner": greg.pk, "other owner": operation.target_id}.get(who, 0)
    Researcher.objects.filter(pk=owned).update(state="claimed")
    visitor = Client()
    if who != "anonymous":
        visitor = logged_in(make_user("somebody@example.org", is_staff=who.startswith("staff")))
    notice = IdentityNotice.objects.get(kind="merge")
    others = Authorship.objects.filter(researcher=greg)[0]
    tries = {
        workbench(greg): answers(others),
        f"/admin/profiles/identityoperation/{operation.pk}/undo/": {"reason": "No.", "token": uuid4()},
        f"{QUEUE}{notice.pk}/dismiss/": {"reason": "No.", "token": uuid4()},
        QUEUE: {"action": "act", "_selected_action": [notice.pk]},
    }
    for url, data in tries.items():
        for response in (visitor.get(url), visitor.post(url, data)):
            assert response.status_code in {302, 403, 405}
            assert response.status_code != 302 or "/login/" in response["Location"]
    assert IdentityOperation.objects.count() == 1
    assert IdentityNotice.objects.get(pk=notice.pk).status == "open"
    assert greg.authorships.count() == 12


def test_pages_of_operations_and_decisions_open(as_identity_curator: Client, greg: Researcher, row: Authorship) -> None:
    as_identity_curator.post(workbench(greg), answers(row))
    for name in ("identityoperation", "identitydecision", "identitynotice", "researcher"):
        url = f"/admin/profiles/{name}/"
        assert as_identity_curator.get(url, follow=True).status_code == 200
    operation = IdentityOperation.objects.get()
    change = f"/admin/profiles/identityoperation/{operation.pk}/change/"
    assert "Two people." in text_of(as_identity_curator.get(change))
    for wrong in (workbench(Researcher(pk=10**9)), f"{QUEUE}{10**9}/dismiss/"):
        assert as_identity_curator.post(wrong).status_code == 404
