"""Every page in Chromium, light and wide, dark and narrow: axe-core finds nothing, and nothing overflows."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from profiles.models import Researcher
from tests.browser.conftest import NewPage
from tests.factories import get_person, import_records, make_author, make_record, make_user
from tests.works.institutions.registry import import_registry
from works.institutions.resolve import match_printed_affiliations

PUBLIC = [
    "/", "/search/", "/search/?q=yang", "/search/?q=infinite&kind=works", "/search/?q=learning&kind=works&sort=date",
    "/search/?q=learning&kind=topics&year=2020", "/search/?q=nothing+of+the+kind", "/search/?q=1999.99999", "/authors/",
    "/authors/?prefix=Y", "/topics/", "/works/", "/topics/astro-ph/", "{profile}", "{profile}?text=nothing",
    "{profile}?year=2021", "{profile}topics/", "{profile}collaborators/", "{profile}followers/", "{profile}trust/",
    "{profile}report/", "{profile}why/2111.09570/", "{profile}why/2011.14522/", "{profile}identity/",
    "/about/trust/", "/graph/", "/graph/?focus=author:{id}", "/graph/path/",
    "/graph/?focus=author:0000000", "/graph/path/?from=nobody&to=author:{id}",
    "/graph/?focus=author:{id}&layout=forces",
    "/graph/?focus=work:2205.01445&kind=person", "/graph/?focus=topic:cs.LG",
    "/graph/?focus=author:{id}&from=1990&to=1991", "/graph/?focus=author:{id}&depth=2&layout=columns",
    "/works/2205.01445/", "/works/2205.01445/cite/", "/api/", "/topics/cs.LG/", "/topics/math.ST/",
    "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/no/such/page/",
]  # fmt: skip
PRIVATE = [
    "{profile}", "{profile}follow/", "{profile}claim/", "/following/", "/topics/cs.LG/follow/", "/accounts/email/",
    "/accounts/password/change/", "/accounts/logout/", "/api/keys/",
]  # fmt: skip
AFFILIATED = [
    "{profile}", "/graph/?focus=author:{id}", "/institutions/01aaaaa11/", "/institutions/01aaaaa11/works/",
    "/institutions/01aaaaa22/", "/graph/?focus=institution:01aaaaa11", "/graph/?focus=institution:01aaaaa44",
]  # fmt: skip
# Without loading styles again: on some pages of the admin that breaks the very policy that the tests watch over.
AXE = {"preload": False}
LOOKS = [(1280, "light"), (390, "dark")]


def audit(page: Page, path: str) -> list[str]:
    """Open the page; return what axe-core and the ruler find."""
    page.goto(path)
    page.wait_for_load_state("networkidle")
    found = [
        f"{path}: {issue['id']} {issue['nodes'][0]['html']}"
        for issue in Axe().run(page, options=AXE).response["violations"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*found, *([f"{path}: {wide} px too wide"] if wide > 0 else [])]


def addresses(paths: list[str], researcher: Researcher) -> list[str]:
    return [path.format(profile=researcher.get_absolute_url(), id=researcher.public_id) for path in paths]


def import_affiliations() -> Researcher:
    """Somebody at an institution, who has another behind her and a long one that is only printed."""
    import_registry()
    long = f"Department of Everything, {'Unpronounceable' * 6}, Exton"
    for year, printed in [(2001, long), (2010, "Wye Academy of Sciences"), (2020, "University of Exton; Wye Academy")]:
        import_records(make_record(authors=[make_author("Ada Lovelace", printed)], year=year))
    import_records(make_record(authors=[make_author("Charles Babbage", long)]))
    match_printed_affiliations()
    return get_person("Ada Lovelace")


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_public_pages_are_accessible(new_page: NewPage, greg: Researcher, width: int, scheme: str) -> None:
    page = new_page(width, color_scheme=scheme, reduced_motion="reduce")
    assert [issue for path in addresses(PUBLIC, greg) for issue in audit(page, path)] == []


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_affiliations_and_institutions_are_accessible(
    new_page: NewPage, live_server: object, width: int, scheme: str
) -> None:
    ada = import_affiliations()
    page = new_page(width, color_scheme=scheme, reduced_motion="reduce")
    paths = [*addresses(AFFILIATED, ada), get_person("Charles Babbage").get_absolute_url()]
    assert [issue for path in paths for issue in audit(page, path)] == []
    page.goto(ada.get_absolute_url())
    page.get_by_role("list", name="At a glance").get_by_role("link", name="University of Exton").click()
    page.get_by_role("heading", name="1 researcher here now").wait_for()
    page.get_by_role("link", name="Ada Lovelace").first.click()
    page.get_by_role("heading", name="Ada Lovelace").wait_for()


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_pages_of_members_are_accessible(new_page: NewPage, greg: Researcher, width: int, scheme: str) -> None:
    user = make_user("member@example.org", "correct horse battery")
    page = new_page(width, color_scheme=scheme, reduced_motion="reduce")
    page.goto("/accounts/login/?next=/following/")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill("a wrong password")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("alert").wait_for()
    assert Axe().run(page).response["violations"] == []
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="People you follow").wait_for()
    assert [issue for path in addresses(PRIVATE, greg) for issue in audit(page, path)] == []


def test_the_audit_sees_what_is_wrong(new_page: NewPage, greg: Researcher) -> None:
    page = new_page()
    page.route(
        "**/about/trust/",
        lambda route: route.fulfill(body="<!doctype html><title>x</title><img src=x><p style='width: 2000px'>x"),
    )
    found = " ".join(audit(page, "/about/trust/"))
    assert "image-alt" in found
    assert "too wide" in found
