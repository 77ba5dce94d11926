"""What members and curators decide through the claims' services drops the kept slices that show it, and no others."""

import pytest
from django.core.cache import cache
from django.test import Client

from claims.decide import approve_claim, revoke_claim
from claims.models import Report, Suppression
from claims.own.change import change_record
from claims.reports.decide import decide_report
from claims.reports.suppress import lift_suppression
from claims.submit import submit_claim
from graph.views import read_slice
from profiles.models import Researcher
from tests.claims.cast import own
from tests.factories import get_person, import_records, make_record, make_user
from tests.graph.test_kept import is_kept, keep, visit
from works.models import Work

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

SHOWN_WITH_ADA = "Charles Babbage"
ELSEWHERE = "Emmy Noether"


@pytest.fixture(autouse=True)
def _nothing_kept(db: None) -> None:
    cache.clear()


@pytest.fixture
def ada(db: None) -> Researcher:
    import_records(
        make_record(title="Joint", authors=["Ada Lovelace", SHOWN_WITH_ADA]),
        make_record(title="Own", authors=["Ada Lovelace"], categories=["math.AG"]),
        make_record(title="Far", authors=[ELSEWHERE], categories=["hep-th"]),
    )
    return get_person("Ada Lovelace")


def keep_all(client: Client, ada: Researcher) -> dict[str, str]:
    """Keep the slices of Ada, of whoever is shown with her, and of one who is not."""
    return {
        person.display_name: keep(client, person) for person in (ada, *map(get_person, (SHOWN_WITH_ADA, ELSEWHERE)))
    }


def shows_what_is(client: Client, researcher: Researcher) -> str:
    """Visit once, and compare with what would be read."""
    page, _count = visit(client, researcher)
    assert page == read_slice(researcher)[1].decode()
    return page


def test_a_claim_that_changes_no_work_leaves_all_of_them(client: Client, ada: Researcher) -> None:
    curator = make_user("curator@example.org", is_staff=True)
    keep_all(client, ada)
    claim = own(make_user("ada@example.org"), ada, curator)
    assert all(is_kept(client, get_person(name)) for name in ("Ada Lovelace", SHOWN_WITH_ADA, ELSEWHERE))
    revoke_claim(curator, claim, "Not theirs after all.")
    assert all(is_kept(client, get_person(name)) for name in ("Ada Lovelace", SHOWN_WITH_ADA, ELSEWHERE))


def test_a_claim_that_gives_up_a_work_drops_it_and_its_end_brings_it_back(client: Client, ada: Researcher) -> None:
    curator = make_user("curator@example.org", is_staff=True)
    joint = Work.objects.get(title="Joint")
    before = keep_all(client, ada)
    claim = submit_claim(make_user("ada@example.org"), ada, {joint.pk: "not_mine"})
    approve_claim(curator, claim, "Checked the papers.")
    ada.refresh_from_db()
    assert SHOWN_WITH_ADA not in shows_what_is(client, ada)
    assert ada.get_absolute_url() not in shows_what_is(client, get_person(SHOWN_WITH_ADA))
    assert is_kept(client, get_person(ELSEWHERE))
    keep_all(client, ada)
    revoke_claim(curator, claim, "Not theirs after all.")
    ada.refresh_from_db()
    assert shows_what_is(client, ada) == before["Ada Lovelace"]
    assert shows_what_is(client, get_person(SHOWN_WITH_ADA)) == before[SHOWN_WITH_ADA]
    assert is_kept(client, get_person(ELSEWHERE))


def test_a_removal_drops_it_and_lifting_brings_it_back(client: Client, ada: Researcher) -> None:
    curator = make_user("curator@example.org", is_staff=True)
    before = keep_all(client, ada)
    report = Report.objects.create(
        researcher=ada, kind=Report.Kind.REMOVAL, email="ada@example.org", state=Report.State.OPEN
    )
    decide_report(curator, report, "Their own wish.", granted=True)
    assert client.get(f"/graph/slice/{ada.handle}/").status_code == 404
    assert "Lovelace" not in shows_what_is(client, get_person(SHOWN_WITH_ADA))
    assert is_kept(client, get_person(ELSEWHERE))
    keep(client, get_person(SHOWN_WITH_ADA))
    lift_suppression(curator, Suppression.objects.get(), "Their own wish.")
    ada.refresh_from_db()
    assert shows_what_is(client, ada) == before["Ada Lovelace"]
    assert shows_what_is(client, get_person(SHOWN_WITH_ADA)) == before[SHOWN_WITH_ADA]
    assert is_kept(client, get_person(ELSEWHERE))


def test_a_hidden_former_name_drops_it(client: Client, ada: Researcher) -> None:
    owner = make_user("ada@example.org")
    own(owner, ada, make_user("curator@example.org", is_staff=True))
    keep_all(client, ada)
    change_record(owner, ada, "names", {"display_name": "Augusta King", "hidden": ["ada lovelace"]})
    ada.refresh_from_db()
    for researcher in (ada, get_person(SHOWN_WITH_ADA)):
        page = shows_what_is(client, researcher)
        assert "Augusta King" in page
        assert "Lovelace" not in page
    assert is_kept(client, get_person(ELSEWHERE))
