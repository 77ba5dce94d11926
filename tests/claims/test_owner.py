"""What an owner can do, what it shows at once, how it is undone, and that nobody else can do it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from claims.decide import revoke_claim
from claims.errors import ClaimRefused, StaleForm
from claims.evidence import offer_proof, settle_evidence
from claims.expire import let_time_pass
from claims.models import Claim, OwnerPage, RecordChange
from claims.object import object_to_claim
from claims.own.change import change_record, confirm_record, mark, undo_change, version_of
from claims.own.missing import add_missing, read_arxiv_id
from claims.submit import withdraw_claim
from claims.vouching import take_back_vouch, vouch
from profiles.models import Follow, IdentityDecision, Researcher
from profiles.services import bring_up_to_date
from tests.claims.cast import claim_by_proof, client_of, make_curator, own
from tests.claims.test_decisions_on_claims import everything
from tests.factories import get_person, import_records, make_author, make_record, make_researcher, make_user, make_work
from tests.works.institutions.registry import import_registry
from works.institutions.resolve import match_printed_affiliations
from works.models import Authorship, Institution, InstitutionName, Work

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Researcher:
    return make_researcher("Ada Lovelace", works=3, coauthors=["Charles Babbage"])


def set_apart(work: Work, researcher: Researcher) -> Researcher:
    """Give the work a record of its own, as a more cautious resolution would have done."""
    other = Researcher.objects.create(
        display_name="A. Lovelace",
        slug="a",
        name_key="lovelace|a",
        search_name="a lovelace",
        name_variants=["A. Lovelace"],
    )
    Authorship.objects.filter(work=work).update(researcher=other)
    Researcher.objects.filter(pk=researcher.pk).update(name_variants=["Ada Lovelace"], search_name="ada lovelace")
    bring_up_to_date([other.pk, researcher.pk])
    return other


@pytest.fixture
def owned(member: User, ada: Researcher, curator: User) -> Claim:
    claim = own(member, ada, curator)
    ada.refresh_from_db()
    return claim


def post(client: Client, researcher: Researcher, name: str, **data: Any) -> int:
    researcher.refresh_from_db()
    return client.post(f"{researcher.get_absolute_url()}edit/{name}/", data).status_code


def page_of(researcher: Researcher) -> str:
    researcher.refresh_from_db()
    return Client().get(researcher.get_absolute_url()).content.decode()


@pytest.mark.usefixtures("owned")
def test_each_field_shows_at_once_and_stands_in_the_log(as_member: Client, ada: Researcher) -> None:
    works = list(Authorship.objects.filter(researcher=ada).values_list("work", flat=True))
    for data in (
        {"field": "summary", "summary": "Works on <engines> & notes"},
        {"field": "affiliation", "affiliation": "Analytical Society"},
        {"field": "links", "links": "https://ada.example.org/ Home page\nhttps://code.example.org/ada"},
        {"field": "collaboration", "preference": "selective", "topics": "cs.LG, math.ST"},
        {"field": "highlights", "highlight": works[:2]},
        {"field": "names", "display_name": "Augusta Ada King", "hidden": ""},
    ):
        assert post(as_member, ada, "field", **data) == 302
    page = page_of(ada)
    for text in (
        "Works on &lt;engines&gt; &amp; notes", "Analytical Society", "as stated", 'href="https://ada.example.org/"',
        "Home page", "code.example.org", "Selective about collaborating", "cs.LG, math.ST", "Highlighted by the owner",
        "Augusta Ada King",
    ):  # fmt: skip
        assert text in page, text
    log = Client().get(f"{ada.get_absolute_url()}changes/").content.decode()
    assert log.count("<tr><td>") == 6
    assert "Analytical Society" in log


def test_an_affiliation_is_as_stated_until_an_address_there_is_confirmed(
    member: User, ada: Researcher, owned: Claim
) -> None:
    university = Institution.objects.create(
        ror_id="012345678", name="Università Analitica", country_code="IT", city="Turin", domains=["analytical.example"]
    )
    InstitutionName.objects.create(institution=university, kind="name", value="Analytical University")
    change_record(member, ada, "affiliation", "analytical university")
    assert "as stated" in page_of(ada)
    before = Researcher.objects.get(pk=ada.pk).trust.score
    evidence = offer_proof(member, owned, "institutional_email", "ada@maths.analytical.example")
    assert "as stated" in page_of(ada), "an address that is not confirmed proves nothing"
    settle_evidence(evidence.pk, holds=True, finding="Confirmed.")
    assert "verified by address" in page_of(ada)
    assert "maths.analytical.example" not in page_of(ada)
    assert Researcher.objects.get(pk=ada.pk).trust.score == before + 4
    change_record(member, ada, "affiliation", "Another University")
    assert "as stated" in page_of(ada)
    assert Researcher.objects.get(pk=ada.pk).trust.score == before


@pytest.mark.usefixtures("owned")
def test_each_change_can_be_undone(as_member: Client, member: User, ada: Researcher) -> None:
    before = everything(ada)
    works = list(Authorship.objects.filter(researcher=ada).values_list("work", flat=True))
    values: dict[str, Any] = {
        "summary": "One line",
        "affiliation": "Somewhere",
        "links": [{"url": "https://ada.example.org/", "label": "Home"}],
        "collaboration": {"preference": "not_now", "topics": []},
        "highlights": works[:1],
        "names": {"display_name": "Ada King", "hidden": ["Ada Lovelace"]},
        "confirmed": timezone.now().isoformat(),
    }
    changes = [change_record(member, ada, field, value) for field, value in values.items()]
    changes.append(mark(member, ada, works[0], "not_mine"))
    for change in reversed(changes):
        assert change is not None
        assert post(as_member, ada, "undo", change=change.pk) == 302
        assert post(as_member, ada, "undo", change=change.pk) == 302, "twice is once"
    assert {**everything(ada), "page": None} == before
    page = OwnerPage.objects.get()
    assert (page.affiliation, page.links, page.highlights, page.collaboration_topics) == ("", [], [], [])
    assert RecordChange.objects.count() == 2 * len(changes)


@pytest.mark.usefixtures("owned")
def test_an_undo_under_a_later_change_is_refused(member: User, ada: Researcher) -> None:
    first = change_record(member, ada, "summary", "one")
    change_record(member, ada, "summary", "two")
    assert first is not None
    with pytest.raises(ClaimRefused, match="changed again since"):
        undo_change(member, ada, first.pk)


@pytest.mark.usefixtures("owned")
def test_a_stale_form_changes_nothing_and_a_form_sent_twice_is_one_change(member: User, ada: Researcher) -> None:
    version = version_of(ada)
    change_record(member, ada, "summary", "one", version=version)
    with pytest.raises(StaleForm):
        change_record(member, ada, "summary", "two", version=version)
    assert change_record(member, ada, "affiliation", "X", version=version) is not None, "another field is not stale"
    assert change_record(member, ada, "summary", "one") is None
    assert RecordChange.objects.filter(field="summary").count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("summary", "x" * 201),
        ("affiliation", "x" * 201),
        ("links", [{"url": "javascript:alert(1)", "label": "x"}]),
        ("links", [{"url": "https://user:pw@example.org/", "label": "x"}]),
        ("links", [{"url": f"https://example.org/{n}", "label": "x"} for n in range(11)]),
        ("highlights", [0]),
        ("highlights", [1, 2, 3, 4, 5, 6]),
        ("collaboration", {"preference": "always", "topics": []}),
        ("collaboration", {"preference": "selective", "topics": ["no.such"]}),
        ("names", {"display_name": "  ", "hidden": []}),
        ("names", {"display_name": "...", "hidden": []}),
        ("names", {"display_name": "Ada King", "hidden": ["ada  KING"]}),
    ],
)
@pytest.mark.usefixtures("owned")
def test_what_is_refused_changes_nothing(member: User, ada: Researcher, field: str, value: Any) -> None:
    before = everything(ada)
    with pytest.raises(ClaimRefused):
        change_record(member, ada, field, value)
    assert everything(ada) == before


def test_a_hidden_name_appears_nowhere(member: User, curator: User, client: Client) -> None:
    former = make_researcher("Wrongname Formerly", works=2, coauthors=["Charles Babbage"])
    own(member, former, curator)
    change_record(member, former, "summary", "Was once Wrongname Formerly? No such thing.")
    change_record(member, former, "summary", "Works on engines")
    change_record(member, former, "names", {"display_name": "Rightname Now", "hidden": ["wrongname formerly"]})
    former.refresh_from_db()
    import_records(make_record(authors=["Wrongname Formerly", "Charles Babbage"]))
    work = Authorship.objects.filter(researcher=former).select_related("work").first()
    assert work is not None
    assert Authorship.objects.filter(researcher=former).count() == 3, "imports still find the record"
    charles = get_person("Charles Babbage")
    arxiv_ids = former.authorships.values_list("work__arxiv_id", flat=True)
    addresses = [
        former.get_absolute_url(), f"{former.get_absolute_url()}trust/", f"{former.get_absolute_url()}trust.json",
        f"{former.get_absolute_url()}topics/", f"{former.get_absolute_url()}collaborators/",
        f"{former.get_absolute_url()}followers/", f"/graph/slice/{former.handle}/", work.work.get_absolute_url(),
        f"/graph/?focus=author:{former.public_id}", charles.get_absolute_url(), f"/graph/slice/{charles.handle}/",
        f"{charles.get_absolute_url()}collaborators/", "/topics/cs.LG/", "/", "/works/", "/authors/",
        "/topics/cs.LG/feed/",
        *(f"{work.work.get_absolute_url()}{form}" for form in ("export/bibtex/", "export/ris/", "cite/", "json-ld/")),
        *(f"{former.get_absolute_url()}{form}" for form in ("export/ris/", "export/csl-json/", "feed/", "json-ld/")),
        *(f"{former.get_absolute_url()}why/{each}/" for each in arxiv_ids), f"{former.get_absolute_url()}identity/",
        "/oai/?verb=ListRecords&metadataPrefix=oai_dc", "/oai/?verb=ListRecords&metadataPrefix=arXiv", "/api/v1/works",
        f"/graph/?focus=work:{work.work.arxiv_id}", f"/graph/export.graphml?focus=author:{charles.public_id}",
        "/search/?q=Rightname", "/search/suggestions/?q=right",
    ]  # fmt: skip
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        assert "wrongname" not in response.getvalue().decode().lower(), address
    for letter, listed in (("wrong", False), ("form", False), ("now", True), ("", True)):
        browsed = client.get("/authors/", {"prefix": letter}).content.decode()
        assert (former.get_absolute_url() in browsed) is listed, "browsing shows them where their shown name belongs"
    searched = client.get("/search/?q=Wrongname+Formerly").content.decode()
    assert former.get_absolute_url() not in searched
    assert former.get_absolute_url() in client.get("/search/?q=Rightname").content.decode()
    old = client.get(f"/authors/wrongname-formerly-{former.public_id}/")
    assert (old.status_code, old["Location"]) == (301, former.get_absolute_url())


def test_the_log_never_shows_a_name(member: User, ada: Researcher, owned: Claim) -> None:
    change_record(member, ada, "names", {"display_name": "Wrongname Formerly", "hidden": []})
    change_record(member, ada, "names", {"display_name": "Ada King", "hidden": ["Wrongname Formerly"]})
    ada.refresh_from_db()
    log = Client().get(f"{ada.get_absolute_url()}changes/").content.decode()
    assert "Names" in log
    assert "wrongname" not in log.lower()


def test_hidden_names_stay_hidden_when_the_owner_leaves(member: User, ada: Researcher, owned: Claim) -> None:
    change_record(member, ada, "names", {"display_name": "Augusta King", "hidden": ["Ada Lovelace"]})
    change_record(member, ada, "summary", "Mine")
    withdraw_claim(member, owned)
    assert "lovelace" not in page_of(ada).lower()
    assert ada.get_absolute_url() in Client().get("/authors/?prefix=king").content.decode()
    assert ada.get_absolute_url() not in Client().get("/authors/?prefix=love").content.decode()
    assert (ada.state, ada.summary, ada.identity_level) == ("unclaimed", "", 1)


def test_revocation_undoes_everything_an_owner_did(member: User, ada: Researcher, curator: User) -> None:
    other = make_work(authors=["A. Lovelace"])
    holder = set_apart(other, ada)
    before = everything(ada)
    holder_before = everything(holder)
    claim = own(member, ada, curator)
    works = list(Authorship.objects.filter(researcher=ada).values_list("work", flat=True))
    change_record(member, ada, "names", {"display_name": "Ada King", "hidden": ["Ada Lovelace"]})
    change_record(member, ada, "summary", "Mine")
    change_record(member, ada, "highlights", works[:2])
    confirm_record(member, ada)
    mark(member, ada, works[0], "not_mine")
    mark(member, ada, works[0], "mine")
    add_missing(member, ada, other.arxiv_id)
    assert Authorship.objects.get(work=other).researcher == ada
    revoke_claim(make_curator(), claim, "An impostor.")
    assert everything(ada) == before
    assert everything(holder) == holder_before


def test_an_owner_of_one_can_do_nothing_to_another_and_a_revoked_one_nothing(
    as_member: Client, member: User, ada: Researcher, owned: Claim, curator: User
) -> None:
    charles = get_person("Charles Babbage")
    before = everything(charles)
    forms = {
        "field": {"field": "summary", "summary": "Mine"}, "work": {"work": "1", "mark": "mine"},
        "missing": {"arxiv_id": "2001.00001"}, "confirm": {}, "undo": {"change": "1"}, "vouch": {"person": ada.handle},
    }  # fmt: skip
    strangers = [as_member, client_of(make_user("stranger@example.org")), client_of(curator)]
    for client in strangers:
        assert client.get(f"{charles.get_absolute_url()}edit/").status_code == 403
        assert [post(client, charles, name, **data) for name, data in forms.items()] == [403] * 6
    assert everything(charles) == before
    revoke_claim(make_curator(), owned, "An impostor.")
    assert as_member.get(f"{ada.get_absolute_url()}edit/").status_code == 403
    assert [post(as_member, ada, name, **data) for name, data in forms.items()] == [403] * 6
    with pytest.raises(ClaimRefused, match="not yours"):
        change_record(member, ada, "summary", "Mine")
    assert [post(Client(), ada, name, **data) for name, data in forms.items()] == [302] * 6


def test_a_change_of_another_record_cannot_be_undone_from_here(member: User, ada: Researcher, owned: Claim) -> None:
    charles, other = get_person("Charles Babbage"), make_user("charles@example.org")
    claim_by_proof(other, charles)
    theirs = change_record(other, charles, "summary", "Theirs")
    assert theirs is not None
    with pytest.raises(ClaimRefused, match="nothing to undo"):
        undo_change(member, ada, theirs.pk)


def test_while_objected_to_nothing_can_be_changed(member: User, ada: Researcher, owned: Claim) -> None:
    object_to_claim(owned, "Not she.")
    with pytest.raises(ClaimRefused, match="objected to or disputed"):
        change_record(member, ada, "summary", "Mine")


def test_mine_and_not_mine_are_lasting_decisions(member: User, ada: Researcher, owned: Claim) -> None:
    work = Authorship.objects.filter(researcher=ada).values_list("work", flat=True)[0]
    mark(member, ada, work, "not_mine")
    assert mark(member, ada, work, "not_mine") is None
    decision = IdentityDecision.objects.get()
    assert (decision.kind, decision.work_id, decision.researcher, decision.decided_by) == ("not_by", work, ada, member)
    ada = Researcher.objects.get(pk=ada.pk)
    assert ada.trust.facts["works"] == 2
    assert "disputed: counts nothing" in page_of(ada)


def test_a_missing_work_is_added_only_to_a_place_that_bears_the_name(
    member: User, ada: Researcher, owned: Claim
) -> None:
    right, wrong = make_work(authors=["A. Lovelace"]), make_work(authors=["Mary Somerville"])
    set_apart(right, ada)
    assert add_missing(member, ada, right.arxiv_id) is not None
    assert add_missing(member, ada, right.arxiv_id) is None
    with pytest.raises(ClaimRefused, match="exactly one place"):
        add_missing(member, ada, wrong.arxiv_id)
    taken = make_work(authors=["Byron Lovelace"])
    byron = get_person("Byron Lovelace")
    claim_by_proof(make_user("byron@example.org"), byron)
    with pytest.raises(ClaimRefused, match="claimed their record"):
        add_missing(member, ada, taken.arxiv_id)


@pytest.mark.parametrize("text", ["2011.14522", "arXiv:2011.14522v3", " https://arxiv.org/abs/2011.14522 "])
def test_arxiv_ids_are_read_as_people_write_them(text: str) -> None:
    assert read_arxiv_id(text) == "2011.14522"


@pytest.mark.parametrize("text", ["", "2011", "2011.14522; DROP", "٢011.14522", "../2011.14522"])
def test_what_is_no_arxiv_id_is_refused(text: str) -> None:
    with pytest.raises(ClaimRefused, match="not an arXiv id"):
        read_arxiv_id(text)


def test_a_confirmation_counts_for_a_year(as_member: Client, ada: Researcher, owned: Claim) -> None:
    before = Researcher.objects.get(pk=ada.pk).trust.score
    post(as_member, ada, "confirm")
    assert Researcher.objects.get(pk=ada.pk).trust.score == before + 4
    Researcher.objects.filter(pk=ada.pk).update(confirmed_at=timezone.now() - timedelta(days=366))
    let_time_pass()
    assert Researcher.objects.get(pk=ada.pk).trust.score == before


def test_vouching_counts_two_points_a_reciprocal_pair_once(
    member: User, ada: Researcher, owned: Claim, curator: User
) -> None:
    charles, other = get_person("Charles Babbage"), make_user("charles@example.org")
    own(other, charles, make_curator())
    before = {person.pk: person.trust.score for person in Researcher.objects.select_related("trust")}
    vouch(member, ada, charles)
    vouch(member, ada, charles)
    vouch(other, charles, ada)
    scores = {person.pk: person.trust.score for person in Researcher.objects.select_related("trust")}
    assert (scores[charles.pk] - before[charles.pk], scores[ada.pk] - before[ada.pk]) == (2, 0)
    take_back_vouch(member, ada, charles)
    scores = {person.pk: person.trust.score for person in Researcher.objects.select_related("trust")}
    assert scores[charles.pk] == before[charles.pk]


def test_a_vouch_counts_no_more_when_its_giver_is_revoked(member: User, ada: Researcher, owned: Claim) -> None:
    charles = get_person("Charles Babbage")
    vouch(member, ada, charles)
    assert Researcher.objects.get(pk=charles.pk).trust.facts["vouching_coauthors"] == 1
    revoke_claim(make_curator(), owned, "An impostor.")
    assert Researcher.objects.get(pk=charles.pk).trust.facts["vouching_coauthors"] == 0


def test_whom_an_owner_vouches_for_stands_on_their_page_and_can_be_taken_back(
    as_member: Client, ada: Researcher, owned: Claim
) -> None:
    charles = get_person("Charles Babbage")
    edit = f"{ada.get_absolute_url()}edit/"
    assert "You vouch for" not in as_member.get(edit).content.decode()
    post(as_member, ada, "vouch", person=charles.get_absolute_url())
    assert f'You vouch for <a href="{charles.get_absolute_url()}">' in as_member.get(edit).content.decode()
    post(as_member, ada, "vouch", person=charles.handle, back="yes")
    assert "You vouch for" not in as_member.get(edit).content.decode()
    assert Researcher.objects.get(pk=charles.pk).trust.facts["vouching_coauthors"] == 0


def test_strangers_and_low_levels_do_not_vouch(member: User, ada: Researcher, owned: Claim) -> None:
    mary = make_researcher("Mary Somerville")
    with pytest.raises(ClaimRefused, match="co-authors only"):
        vouch(member, ada, mary)
    charles, other = get_person("Charles Babbage"), make_user("charles@example.org")
    claim_by_proof(other, charles)
    with pytest.raises(ClaimRefused, match="level 3"):
        vouch(other, charles, ada)


def test_a_follower_at_level_3_counts_for_whom_they_follow(member: User, ada: Researcher, curator: User) -> None:
    mary = make_researcher("Mary Somerville")
    Follow.objects.create(follower=member, researcher=mary)
    claim = own(member, ada, curator)
    assert Researcher.objects.get(pk=mary.pk).trust.facts["followers_at_l3"] == 1
    revoke_claim(make_curator(), claim, "An impostor.")
    assert Researcher.objects.get(pk=mary.pk).trust.facts["followers_at_l3"] == 0


def test_the_database_holds_highlights_at_five(ada: Researcher) -> None:
    with pytest.raises(IntegrityError, match="at_most_5"), transaction.atomic():
        OwnerPage.objects.create(researcher=ada, highlights=[1, 2, 3, 4, 5, 6])


def test_a_full_page_asks_no_more_than_eight_queries_whoever_looks(
    client: Client, as_member: Client, as_curator: Client, member: User, curator: User
) -> None:
    import_registry()
    for year in (2019, 2020):
        import_records(make_record(authors=[make_author("Ada Lovelace", "University of Exton"), "B. Page"], year=year))
    match_printed_affiliations()
    ada = get_person("Ada Lovelace")
    own(member, ada, curator)
    change_record(member, ada, "affiliation", "Analytical University")
    change_record(member, ada, "links", [{"url": "https://ada.example.org/", "label": "Home"}])
    change_record(member, ada, "collaboration", {"preference": "selective", "topics": ["cs.LG"]})
    change_record(
        member, ada, "highlights", list(Authorship.objects.filter(researcher=ada).values_list("work", flat=True))
    )
    stranger, address = (
        client_of(make_user("stranger@example.org")),
        Researcher.objects.get(pk=ada.pk).get_absolute_url(),
    )
    for viewer in (client, as_member, as_curator, stranger):
        with CaptureQueriesContext(connection) as queries:
            response = viewer.get(address)
        page = response.content.decode()
        assert response.status_code == 200
        for shown in ("University of Exton", "Analytical University", "ada.example.org", "Highlighted by the owner"):
            assert shown in page
        assert len(queries) <= 8, "\n".join(query["sql"] for query in queries)
