"""Following: as a visitor, as a member, with HTMX and without, and by whom it cannot be forged."""

import pytest
from django.test import Client

from accounts.models import User
from profiles.models import Follow, Researcher
from tests.factories import make_researcher, make_user

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def ada() -> Researcher:
    return make_researcher()


@pytest.fixture
def url(ada: Researcher) -> str:
    return f"{ada.get_absolute_url()}follow/"


def test_a_member_follows_and_unfollows_without_script(
    as_member: Client, member: User, ada: Researcher, url: str
) -> None:
    response = as_member.post(url, {"following": "yes"})
    assert (response.status_code, response["Location"]) == (302, ada.get_absolute_url())
    as_member.post(url, {"following": "yes"})
    assert list(Follow.objects.values_list("follower", "researcher")) == [(member.pk, ada.pk)]
    as_member.post(url, {"following": "no"})
    as_member.post(url, {"following": "no"})
    assert not Follow.objects.exists()


def test_with_htmx_the_fragment_comes_back(as_member: Client, url: str) -> None:
    response = as_member.post(url, {"following": "yes"}, headers=HTMX)
    assert response.status_code == 200
    assert b"<html" not in response.content
    assert response.context["viewer_follows"] is True
    assert response.context["follower_count"] == 1
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]


def test_the_count_is_of_everybody_and_the_state_is_ones_own(
    client: Client, as_member: Client, ada: Researcher, url: str
) -> None:
    as_member.post(url, {"following": "yes"})
    viewer = f"{ada.get_absolute_url()}viewer/"
    assert client.get(viewer).context["follower_count"] == 1
    assert client.get(viewer).context["viewer_follows"] is False
    other = Client()
    other.force_login(make_user("other@example.org"))
    assert other.get(viewer).context["viewer_follows"] is False
    assert as_member.get(viewer).context["viewer_follows"] is True


def test_a_visitor_logs_in_and_comes_back_having_followed(client: Client, ada: Researcher, url: str) -> None:
    user = make_user("visitor@example.org", "correct horse battery")
    response = client.get(url)
    assert response["Location"] == f"/accounts/login/?next={ada.get_absolute_url()}"
    response = client.post(response["Location"], {"login": user.email, "password": "correct horse battery"})
    assert response["Location"] == ada.get_absolute_url()
    assert Follow.objects.filter(follower=user, researcher=ada).exists()


def test_another_site_cannot_plant_the_wish(client: Client, url: str) -> None:
    user = make_user("visitor@example.org", "correct horse battery")
    login = client.get(url, headers={"Sec-Fetch-Site": "cross-site"})["Location"]
    client.post(login, {"login": user.email, "password": "correct horse battery"})
    assert not Follow.objects.exists()


def test_the_wish_is_granted_once(client: Client, ada: Researcher, url: str) -> None:
    user = make_user("visitor@example.org", "correct horse battery")
    client.get(url)
    client.force_login(user)
    assert Follow.objects.count() == 1
    Follow.objects.all().delete()
    client.force_login(user)
    assert not Follow.objects.exists()


def test_following_needs_the_form_of_this_site(member: User, url: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(member)
    assert strict.post(url, {"following": "yes"}).status_code == 403
    assert not Follow.objects.exists()


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(as_member: Client, url: str, method: str) -> None:
    assert getattr(as_member, method)(url).status_code == 405


def test_reading_follows_nobody(as_member: Client, url: str) -> None:
    assert as_member.get(url).status_code == 200
    assert not Follow.objects.exists()


def test_claiming_leads_through_log_in_and_back(client: Client, as_member: Client, ada: Researcher) -> None:
    url = f"{ada.get_absolute_url()}claim/"
    assert client.get(url)["Location"] == f"/accounts/login/?next={url}"
    assert as_member.get(url).status_code == 200
