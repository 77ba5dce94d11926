"""What the tables refuse, whoever writes."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.models import User
from profiles.models import Follow, Researcher
from tests.factories import get_person, make_work
from works.models import Authorship, ImportRun, Institution, Topic, Work, WorkTopic

pytestmark = pytest.mark.django_db


def refused(name: str) -> pytest.RaisesExc[IntegrityError]:
    return pytest.raises(IntegrityError, match=name)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"arxiv_id": "hello"}, "works_work_arxiv_id_form"),
        ({"arxiv_id": "2011.14522v2"}, "works_work_arxiv_id_form"),
        ({"title": ""}, "works_work_has_title"),
        ({"current_version": 0}, "works_work_version_from_1"),
        ({"kind": "rumour"}, "works_work_kind"),
        ({"source": "hearsay"}, "works_work_source"),
    ],
)
def test_works(values: dict[str, object], name: str) -> None:
    make_work()
    with refused(name), transaction.atomic():
        Work.objects.update(**values)


def test_an_arxiv_id_stands_once() -> None:
    first, second = make_work(), make_work()
    with refused("works_work_arxiv_id_once"), transaction.atomic():
        Work.objects.filter(pk=second.pk).update(arxiv_id=first.arxiv_id)


@pytest.mark.parametrize("arxiv_id", ["hep-th/9901001", "math.GT/0309136", "0704.0001", "2011.14522"])
def test_every_form_of_arxiv_id_is_taken(arxiv_id: str) -> None:
    assert make_work(arxiv_id=arxiv_id).arxiv_id == arxiv_id


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"position": 0}, "works_authorship_position_from_1"),
        ({"printed_name": ""}, "works_authorship_has_name"),
        ({"kind": "machine"}, "works_authorship_kind"),
        ({"kind": "collaboration"}, "works_authorship_only_people_resolve"),
        ({"attribution": "maybe"}, "works_authorship_attribution"),
    ],
)
def test_authorships(values: dict[str, object], name: str) -> None:
    make_work()
    with refused(name), transaction.atomic():
        Authorship.objects.update(**values)


@pytest.mark.django_db(transaction=True)
def test_two_authors_may_swap_places_but_not_share_one() -> None:
    make_work(authors=["Ada Lovelace", "Charles Babbage"])
    with transaction.atomic():
        Authorship.objects.update(position=3 - F("position"))
    with refused("works_authorship_one_per_position"), transaction.atomic():
        Authorship.objects.update(position=1)


def test_topics() -> None:
    topic = Topic.objects.get(code="cs.LG")
    with refused("works_topic_not_its_own_alias"), transaction.atomic():
        Topic.objects.filter(pk=topic.pk).update(alias_of=topic)
    make_work()
    with refused("works_worktopic_position_from_1"), transaction.atomic():
        WorkTopic.objects.update(position=0)


@pytest.mark.parametrize("ror_id", ["00f54p054", "03yrm5c26"])
def test_a_ror_id_has_its_form(ror_id: str) -> None:
    Institution.objects.create(name="An institute", ror_id=ror_id)
    with refused("works_institution_ror_id_form"), transaction.atomic():
        Institution.objects.update(ror_id="https://r")


def test_import_runs() -> None:
    run = ImportRun.objects.create(endpoint="http://127.0.0.1/oai")
    for values, name in [
        ({"status": "succeeded"}, "works_importrun_finished_when_over"),
        ({"from_date": "2020-02-01", "until_date": "2020-01-01"}, "works_importrun_window"),
        ({"status": "lost"}, "works_importrun"),
    ]:
        with refused(name), transaction.atomic():
            ImportRun.objects.filter(pk=run.pk).update(**values)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"display_name": ""}, "profiles_researcher_has_name"),
        ({"slug": ""}, "profiles_researcher_has_slug"),
        ({"state": "merged"}, "profiles_researcher_merged_has_target"),
        ({"state": "famous"}, "profiles_researcher_state"),
        ({"identity_level": 5}, "profiles_researcher_level_0_to_4"),
        ({"collaboration": "perhaps"}, "profiles_researcher_collaboration"),
        ({"merged_into": F("pk"), "state": "merged"}, "profiles_researcher_not_into_itself"),
    ],
)
def test_researchers(values: dict[str, object], name: str) -> None:
    make_work()
    with refused(name), transaction.atomic():
        Researcher.objects.update(**values)


def test_a_member_follows_once(member: User) -> None:
    make_work()
    researcher = get_person("Ada Lovelace")
    Follow.objects.create(follower=member, researcher=researcher)
    with refused("profiles_follow_once"), transaction.atomic():
        Follow.objects.create(follower=member, researcher=researcher)


def test_an_address_is_kept_in_lower_case(member: User) -> None:
    with refused("accounts_user_email_lower_case"), transaction.atomic():
        User.objects.update(email="Member@example.org")
    assert User.objects.get_by_natural_key(" MEMBER@example.org ") == member
