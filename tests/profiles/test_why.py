"""Why a work is here, how sure a page is, and the marker on what is doubtful."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given, strategies as st

from accounts.models import User
from profiles.cohesion import WorkFacts, list_groups, list_outliers, measure_stability
from profiles.curation.mandate import Mandate
from profiles.curation.move import split_authorships
from profiles.models import IdentityNotice, Researcher
from profiles.resemblance import PairFacts, describe_resemblance, names_agree
from tests.factories import get_person, import_records, make_record, make_researcher
from tests.profiles.test_profile_page import text_of
from tests.sample import import_sample, part_edward_hu
from works.models import Authorship


def facts(number: int, topics: str = "cs.LG", coauthors: tuple[int, ...] = (), **fields: object) -> WorkFacts:
    values = {
        "authorship_id": number,
        "work_id": number,
        "arxiv_id": f"2001.{number:05}",
        "year": 2020,
        "printed_name": "Greg Yang",
        "attribution": "automatic",
        "topics": frozenset(topics.split()),
        "coauthors": frozenset(coauthors),
        "byline_length": 3,
    }
    return WorkFacts(**{**values, **fields})  # type: ignore[arg-type]


def test_a_work_of_another_field_and_other_people_stands_out() -> None:
    core = [facts(1), facts(2, "cs.LG stat.ML"), facts(3, "stat.ML")]
    assert list_outliers([*core, facts(4, "hep-th", (9,))]) == [[facts(4, "hep-th", (9,))]]
    assert list_outliers([*core, facts(4, "hep-th cs.LG")]) == []
    assert list_outliers([*core, facts(4, "cs.CV")]) == [], "another subject of the same archive is no other field"
    assert list_outliers([*core[:2], facts(4, "hep-th")]) == [], "two works are no rest to stand out from"
    assert list_outliers([*core, facts(4, "hep-th", byline_length=51)]) == [], "a long byline cannot tell"
    assert list_outliers([facts(1, coauthors=(7,)), *core[1:], facts(4, "hep-th", (7,))]) == []


def test_what_a_person_decided_belongs_to_the_core() -> None:
    works = [facts(n) for n in (1, 2, 3)] + [facts(4, "hep-th", attribution="confirmed")]
    assert list_groups(works)[0] == [works[3]]
    works[0] = facts(1, attribution="confirmed")
    assert measure_stability(works).percent == 100


WORKS = st.lists(
    st.builds(
        facts,
        st.integers(1, 10**6),
        st.sampled_from(["cs.LG", "stat.ML", "hep-th", "cs.LG hep-th", ""]),
        st.lists(st.integers(1, 5), max_size=3).map(tuple),
    ),
    max_size=12,
    unique_by=lambda work: work.work_id,
)


@given(WORKS)
def test_groups_are_a_partition_and_their_order_does_not_depend_on_the_works(works: list[WorkFacts]) -> None:
    groups = list_groups(works)
    assert sorted(work.work_id for group in groups for work in group) == sorted(work.work_id for work in works)
    for number, group in enumerate(groups):
        for other in groups[number + 1 :]:
            assert not any(a.coauthors & b.coauthors or a.topics & b.topics for a in group for b in other)
    again = [{work.work_id for work in group} for group in list_groups(works[::-1])]
    assert [{work.work_id for work in group} for group in groups] == again
    assert 0 <= (measure_stability(works).percent or 0) <= 100


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("hu|edward j", "hu|j edward", True),
        ("hu|e", "hu|edward j", True),
        ("hu|e", "hu|jerry", False),
        ("hu|jason", "hu|joseph", False),
        ("hu|e", "wu|edward", False),
        ("hu|edward j", "hu|edward k", False),
        ("hu|edward|jr.", "hu|edward|sr.", False),
        ("hu|", "hu|edward", False),
        ("hu|j edward", "hu|j j", False),
    ],
)
def test_names_that_may_be_one(one: str, other: str, agree: bool) -> None:
    assert names_agree(one, other) is names_agree(other, one) is agree


def test_two_records_resemble_each_other_by_name_and_people() -> None:
    def described(**fields: object) -> list[str]:
        values = {"names": ("E. Hu", "Edward Hu"), "keys": ("hu|e", "hu|edward"), "coauthors": ["Greg Yang"],
                  "topics": ["cs.LG"], "joint_works": 0}  # fmt: skip
        return describe_resemblance(PairFacts(**{**values, **fields}))  # type: ignore[arg-type]

    assert described() == [
        "“E. Hu” and “Edward Hu” may be one name.",
        "Both wrote with Greg Yang.",
        "Both wrote about cs.LG.",
    ]
    assert described(topics=[]) == []
    assert described(topics=[], coauthors=["Greg Yang", "Jerry Li"])
    assert described(coauthors=[]) == []
    assert described(joint_works=1) == []
    assert described(keys=("hu|e", "hu|jerry")) == []


@pytest.mark.django_db
class TestTheSample:
    """Greg Yang's page, with the string theorist's paper on it."""

    @pytest.fixture
    def greg(self) -> Researcher:
        return import_sample()

    def test_it_raises_one_notice_and_marks_the_work(self, client: Client, greg: Researcher) -> None:
        notice = IdentityNotice.objects.get(kind="split")
        assert notice.researcher == greg
        assert [work.arxiv_id for work in notice.works.all()] == ["2111.09570"]
        assert "shares no co-author with the other 12 works" in notice.evidence[0]
        assert "Filed under hep-th" in notice.evidence[1]
        unconfirmed = Authorship.objects.filter(attribution="unconfirmed")
        assert [row.work.arxiv_id for row in unconfirmed] == ["2111.09570"]
        text = text_of(client.get(greg.get_absolute_url()))
        assert text.count("unconfirmed") == 1
        assert "13 published item(s)" in text
        assert "Stability 92%: 12 of 13 works hang together" in text

    def test_two_forms_of_one_name_are_suspected_to_be_one_person(self, greg: Researcher) -> None:
        assert not IdentityNotice.objects.filter(kind="merge").exists(), "they are resolved to be one"
        part_edward_hu()
        notice = IdentityNotice.objects.get(kind="merge")
        names = {notice.researcher.display_name, notice.other.display_name if notice.other else ""}
        assert names == {"Edward J. Hu", "J. Edward Hu"}

    def test_a_second_import_raises_nothing_more(self, greg: Researcher) -> None:
        import_sample()
        assert IdentityNotice.objects.count() == 1

    def test_the_evidence_is_in_words(self, client: Client, greg: Researcher) -> None:
        text = text_of(client.get(f"{greg.get_absolute_url()}why/2011.14522/"))
        assert "Printed here as “Greg Yang”, as on 12 of the other 12 works." in text
        assert "J. Edward Hu also wrote 2 other works of this record: 2203.03466" in text
        assert "Machine Learning cs.LG: 11 other works of this record" in text
        assert "lies within the years of the other works" in text
        assert "Nobody decided anything about it" in text
        assert "Unconfirmed." not in text
        doubtful = text_of(client.get(f"{greg.get_absolute_url()}why/2111.09570/"))
        assert "Unconfirmed. This may be another person of the same name" in doubtful
        assert "None of its co-authors wrote another work of this record." in doubtful
        assert "hep-th: no other work of this record" in doubtful

    def test_a_decision_is_told_by_role_date_and_reason(self, client: Client, greg: Researcher, curator: User) -> None:
        rows = [Authorship.objects.get(work__arxiv_id="2111.09570", researcher=greg).pk]
        other = split_authorships(rows, source=greg, mandate=Mandate(curator, "He is a string theorist.")).target
        text = text_of(client.get(f"{other.get_absolute_url()}why/2111.09570/"))
        assert f"This work belongs to Greg Yang ({other.public_id}). Decided by a curator on" in text
        assert "“He is a string theorist.”" in text
        assert "curator@example.org" not in text
        assert client.get(f"{greg.get_absolute_url()}why/2111.09570/").status_code == 404
        log = text_of(client.get(f"{greg.get_absolute_url()}identity/"))
        assert "100% stability" in log
        assert "2111.09570 split off as a record of its own: Greg Yang" in log
        assert "He is a string theorist." in text_of(client.get(f"{other.get_absolute_url()}identity/"))

    def test_htmx_gets_the_fragment_and_everybody_else_the_page(self, client: Client, greg: Researcher) -> None:
        url = f"{greg.get_absolute_url()}why/2111.09570/"
        assert f'href="{url}"' in client.get(greg.get_absolute_url()).content.decode()
        whole = client.get(url)
        part = client.get(url, headers={"HX-Request": "true"})
        assert "<html" in whole.content.decode()
        assert "<html" not in part.content.decode()
        assert "HX-Request" in whole["Vary"]
        assert "HX-Request" in part["Vary"]

    def test_addresses(self, client: Client, greg: Researcher) -> None:
        response = client.get(f"/authors/x-{greg.public_id}/why/2111.09570/")
        assert (response.status_code, response["Location"]) == (301, f"{greg.get_absolute_url()}why/2111.09570/")
        for wrong in ("2111.99999", "nonsense", "hep-th/9901001", "%00"):
            assert client.get(f"{greg.get_absolute_url()}why/{wrong}/").status_code == 404
        assert client.post(f"{greg.get_absolute_url()}why/2111.09570/").status_code == 405
        assert client.post(f"{greg.get_absolute_url()}identity/").status_code == 405

    def test_the_groups_are_listed(self, client: Client, greg: Researcher) -> None:
        text = text_of(client.get(f"{greg.get_absolute_url()}identity/"))
        assert "92% stability" in text
        assert "why is 2111.09570 here?" in text
        assert "Nothing yet" in text


@pytest.mark.django_db
def test_an_old_identifier_and_a_record_of_one_work(client: Client) -> None:
    import_records(make_record(arxiv_id="hep-th/9901001", authors=["Ada Lovelace"]))
    ada = get_person("Ada Lovelace")
    assert "no other work to compare with" in text_of(client.get(f"{ada.get_absolute_url()}why/hep-th/9901001/"))
    assert "there is nothing to compare" in text_of(client.get(f"{ada.get_absolute_url()}identity/"))
    assert "Stability" not in text_of(client.get(ada.get_absolute_url()))


@pytest.mark.django_db
def test_a_suspicion_lapses_when_its_grounds_are_gone() -> None:
    greg = import_sample()
    import_records(make_record(authors=["Greg Yang", "Zheng Sun"], categories=["hep-th", "cs.LG"]))
    assert IdentityNotice.objects.get(kind="split").status == "lapsed"
    assert not greg.authorships.filter(attribution="unconfirmed").exists()


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_the_works(client: Client) -> None:
    numbers = []
    for name, works in (("Few Works", 3), ("Many Works", 40)):
        researcher = make_researcher(name, works=works, coauthors=["Charles Babbage", "Mary Somerville"])
        work = Authorship.objects.filter(researcher=researcher).select_related("work")[0].work
        for page in (f"why/{work.arxiv_id}/", "identity/"):
            with CaptureQueriesContext(connection) as queries:
                client.get(f"{researcher.get_absolute_url()}{page}")
            numbers.append(len(queries))
    assert numbers[:2] == numbers[2:]
    assert max(numbers) <= 9
