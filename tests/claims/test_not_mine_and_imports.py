"""What an owner says is not theirs leaves with the next import, undisputed where it goes, and does not come back."""

import pytest
from django.test import Client

from accounts.models import User
from claims.decide import revoke_claim
from claims.models import Claim
from claims.own.change import mark, undo_change
from profiles.identity.rerun import resolve_range
from profiles.models import Researcher
from tests.claims.cast import make_curator, own
from tests.claims.test_decisions_on_claims import everything
from tests.factories import import_records, make_record, make_researcher
from works.models import Authorship, Work

pytestmark = pytest.mark.django_db

AUTHORS = ["Ada Lovelace", "Charles Babbage"]


@pytest.fixture
def ada() -> Researcher:
    return make_researcher("Ada Lovelace", works=4, coauthors=["Charles Babbage"])


@pytest.fixture
def owned(member: User, ada: Researcher, curator: User) -> Claim:
    return own(member, ada, curator)


def a_work_of(researcher: Researcher) -> Work:
    return Work.objects.filter(authorships__researcher=researcher).order_by("pk")[0]


def place_of(work: Work) -> Authorship:
    return Authorship.objects.select_related("researcher").get(work=work, printed_name="Ada Lovelace")


def import_again(work: Work, title: str = "A new version") -> None:
    import_records(make_record(arxiv_id=work.arxiv_id, authors=AUTHORS, title=title))


def works_on_page(researcher: Researcher) -> str:
    return Client().get(researcher.get_absolute_url()).content.decode()


@pytest.mark.usefixtures("owned")
def test_a_work_that_an_import_moves_is_not_disputed_where_it_goes(member: User, ada: Researcher) -> None:
    work = a_work_of(ada)
    mark(member, ada, work.pk, "not_mine")
    assert (place_of(work).researcher, place_of(work).attribution) == (ada, "disputed")
    assert work.arxiv_id in works_on_page(ada), "until something is imported it stays, marked as disputed"
    import_again(work)
    place = place_of(work)
    assert place.researcher is not None
    assert (place.researcher != ada, place.attribution) == (True, "automatic")
    assert (place.researcher.trust.facts["works"], Researcher.objects.get(pk=ada.pk).trust.facts["works"]) == (1, 3)
    assert "disputed: counts nothing" not in works_on_page(ada)
    assert work.arxiv_id not in works_on_page(ada)
    assert work.arxiv_id in works_on_page(place.researcher)
    assert "disputed: counts nothing" not in works_on_page(place.researcher)
    assert "disputed" not in Client().get(work.get_absolute_url()).content.decode()


@pytest.mark.usefixtures("owned")
def test_it_never_comes_back_whatever_is_imported_or_run_again(member: User, ada: Researcher) -> None:
    work = a_work_of(ada)
    mark(member, ada, work.pk, "not_mine")
    import_again(work)
    elsewhere = place_of(work).researcher
    import_again(work, "A third version")
    import_records(make_record(authors=AUTHORS), make_record(authors=["A. Lovelace", "Charles Babbage"]))
    resolve_range("", "\x7f")
    place = place_of(work)
    assert (place.researcher, place.attribution) == (elsewhere, "automatic")
    assert elsewhere != ada
    assert not Authorship.objects.filter(attribution="disputed").exists()


@pytest.mark.usefixtures("owned")
def test_a_full_re_run_moves_it_as_an_import_does(member: User, ada: Researcher) -> None:
    work = a_work_of(ada)
    mark(member, ada, work.pk, "not_mine")
    resolve_range("", "\x7f")
    place = place_of(work)
    assert (place.researcher != ada, place.attribution) == (True, "automatic")


@pytest.mark.usefixtures("owned")
@pytest.mark.parametrize("said_before", ["", "mine"])
def test_taking_it_back_after_the_import_brings_it_back_as_sure_as_it_was(
    member: User, ada: Researcher, said_before: str
) -> None:
    work = a_work_of(ada)
    if said_before:
        mark(member, ada, work.pk, said_before)
    before = place_of(work).attribution
    change = mark(member, ada, work.pk, "not_mine")
    import_again(work)
    assert change is not None
    undo_change(member, ada, change.pk)
    assert (place_of(work).researcher, place_of(work).attribution) == (ada, before)
    import_again(work, "A third version")
    assert (place_of(work).researcher, place_of(work).attribution) == (ada, before)


def test_a_revocation_after_the_import_restores_the_record(
    member: User, ada: Researcher, owned: Claim, curator: User
) -> None:
    revoke_claim(make_curator(), owned, "To begin with.")
    before = everything(ada)
    claim = own(member, ada, curator)
    work = a_work_of(ada)
    mark(member, ada, work.pk, "not_mine")
    import_again(work)
    elsewhere = place_of(work).researcher
    revoke_claim(make_curator("third"), claim, "An impostor.")
    assert everything(ada) == before
    assert place_of(work).researcher == ada
    assert elsewhere is not None
    assert not elsewhere.authorships.exists()
