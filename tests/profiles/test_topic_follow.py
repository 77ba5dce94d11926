"""Following a topic: as a visitor, as a member, with HTMX and without; and the feed of what one follows."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from profiles.follow import follow
from profiles.models import TopicFollow
from profiles.topic_follow import follow_topic
from tests.factories import make_researcher, make_user, make_work
from works.models import Topic, Work

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
URL = "/topics/cs.LG/follow/"


@pytest.fixture
def topic() -> Topic:
    return Topic.objects.get(code="cs.LG")


def test_a_member_follows_and_unfollows_without_script(as_member: Client, member: User, topic: Topic) -> None:
    response = as_member.post(URL, {"following": "yes"})
    assert (response.status_code, response["Location"]) == (302, "/topics/cs.LG/")
    as_member.post(URL, {"following": "yes"})
    assert list(TopicFollow.objects.values_list("follower", "topic")) == [(member.pk, topic.pk)]
    page = as_member.get("/following/").content.decode()
    assert '<a href="/topics/cs.LG/">Machine Learning</a>' in page
    as_member.post(URL, {"following": "no"})
    as_member.post(URL, {"following": "no"})
    assert not TopicFollow.objects.exists()
    assert "None yet" in as_member.get("/following/").content.decode()


def test_the_database_lets_nobody_follow_twice(member: User, topic: Topic) -> None:
    follow_topic(member, topic)
    with pytest.raises(IntegrityError, match="profiles_topicfollow_once"), transaction.atomic():
        TopicFollow.objects.create(follower=member, topic=topic)


def test_with_htmx_the_fragment_comes_back(as_member: Client) -> None:
    response = as_member.post(URL, {"following": "yes"}, headers=HTMX)
    assert b"<html" not in response.content
    assert b"Unfollow topic" in response.content
    assert "no-store" in response["Cache-Control"]


def test_the_topic_page_is_the_same_for_all_and_the_control_is_ones_own(client: Client, as_member: Client) -> None:
    as_member.post(URL, {"following": "yes"})
    assert client.get("/topics/cs.LG/").content == as_member.get("/topics/cs.LG/").content
    assert b"Unfollow topic" in as_member.get("/topics/cs.LG/viewer/").content
    other = Client()
    other.force_login(make_user("other@example.org"))
    assert b"Unfollow" not in other.get("/topics/cs.LG/viewer/").content
    assert b"Unfollow" not in client.get("/topics/cs.LG/viewer/").content


def test_a_visitor_logs_in_and_comes_back_having_followed(client: Client, topic: Topic) -> None:
    user = make_user("visitor@example.org", "correct horse battery")
    response = client.get(URL)
    assert response["Location"] == "/accounts/login/?next=/topics/cs.LG/"
    response = client.post(response["Location"], {"login": user.email, "password": "correct horse battery"})
    assert response["Location"] == "/topics/cs.LG/"
    assert TopicFollow.objects.filter(follower=user, topic=topic).exists()


def test_another_site_can_neither_plant_the_wish_nor_post(client: Client, member: User) -> None:
    user = make_user("visitor@example.org", "correct horse battery")
    client.get(URL, headers={"Sec-Fetch-Site": "cross-site"})
    client.force_login(user)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(member)
    assert strict.post(URL, {"following": "yes"}).status_code == 403
    assert not TopicFollow.objects.exists()


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(as_member: Client, method: str) -> None:
    assert getattr(as_member, method)(URL).status_code == 405


def test_an_unknown_topic_is_not_found(as_member: Client) -> None:
    assert as_member.post("/topics/no.SUCH/follow/").status_code == 404
    assert as_member.get("/topics/no.SUCH/viewer/").status_code == 404


def feed_of(client: Client) -> str:
    address: str = client.get("/following/").context["feed"]
    return address


def test_the_feed_has_what_is_followed_newest_first_to_whoever_has_its_address(
    as_member: Client, client: Client, member: User, topic: Topic
) -> None:
    ada = make_researcher("Ada Lovelace")
    mine = Work.objects.get()
    on_topic = make_work(authors=["Somebody Else"], categories=["cs.LG"], year=2022)
    make_work(authors=["Somebody Else"], categories=["hep-th"], year=2023)
    both = make_work(authors=["Ada Lovelace"], categories=["cs.LG"], year=2021)
    Work.objects.filter(pk=mine.pk).update(title="Hers")
    both.authorships.update(researcher=ada)
    follow(member, ada)
    follow_topic(member, topic)
    answer = client.get(feed_of(as_member))
    titles = [text.partition("</title>")[0] for text in answer.content.decode().split("<entry><title>")[1:]]
    assert titles == [on_topic.title, both.title, "Hers"]
    assert answer["Cache-Control"] == "private"


def test_the_address_of_a_feed_is_nobody_elses_and_ends_with_the_password(
    as_member: Client, client: Client, member: User
) -> None:
    address = feed_of(as_member)
    assert client.get(address).status_code == 200
    assert client.get(address.replace("/feed/", "/feed/9")).status_code == 404
    member.set_password("another horse battery")
    member.save()
    assert client.get(address).status_code == 404


def test_the_feed_asks_no_more_for_more(as_member: Client, client: Client, member: User, topic: Topic) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(feed)
        return len(asked)

    follow_topic(member, topic)
    feed = feed_of(as_member)
    make_work()
    few = queries()
    for code in ("stat.ML", "cs.CL", "cs.AI"):
        follow_topic(member, Topic.objects.get(code=code))
        make_work(categories=[code])
    assert queries() == few
