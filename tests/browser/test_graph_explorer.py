"""The graph explorer in a real Chromium: moved by keyboard and pointer, its state in the address; scriptless, too."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from profiles.models import Researcher
from tests.browser.conftest import NewPage
from tests.factories import get_person

CANVAS = ".explorer-canvas"
OPENED = "() => picture.nodes('[?open]').length"
LABELS = "() => picture.nodes('.is-named').map((node) => ({ id: node.id(), ...labelBox(node) }))"
MARKS = "() => picture.nodes().map((node) => ({ id: node.id(), ...markBox(node) }))"


def address(researcher: Researcher, more: str = "") -> str:
    return f"/graph/?focus=author:{researcher.public_id}{more}"


def visit(page: Page, path: str) -> Page:
    page.goto(path)
    page.wait_for_function("() => picture?.nodes().length > 1")
    return page


def said(page: Page) -> str:
    return page.locator("#explorer-found").text_content() or ""


def test_it_opens_and_closes_in_place_and_back_returns(new_page: NewPage, greg: Researcher) -> None:
    page = visit(new_page(), address(greg))
    before = page.evaluate("() => picture.nodes().length")
    page.locator(CANVAS).focus()
    page.keyboard.press("ArrowRight")
    chosen = said(page)
    assert chosen
    assert not chosen.startswith("Greg Yang,")
    page.keyboard.press("Enter")
    page.wait_for_url("**open=*")
    page.wait_for_function(f"() => ({OPENED})() === 1")
    after = page.evaluate("() => picture.nodes().length")
    assert after > before
    assert page.locator("[data-explorer-part=lists] li .edge-name").count() == after - 1
    page.keyboard.press("Enter")
    page.wait_for_function(f"() => ({OPENED})() === 0")
    page.go_back()
    page.wait_for_function(f"() => ({OPENED})() === 1")
    page.go_back()
    page.wait_for_function(f"() => ({OPENED})() === 0")
    assert page.url.endswith(address(greg))


def test_a_shared_address_shows_the_same(new_page: NewPage, greg: Researcher) -> None:
    page = visit(new_page(), address(greg))
    page.get_by_role("link", name="Two steps around it").click()
    page.wait_for_function(f"() => ({OPENED})() > 1")
    page.get_by_role("link", name="columns").click()
    page.wait_for_url("**layout=columns*")
    page.wait_for_function("() => picture.scratch('layout') === 'columns'")
    places = "() => picture.nodes().map((node) => [node.id(), node.position('x'), node.position('y')])"
    other = visit(new_page(), page.url)
    assert other.evaluate(places) == page.evaluate(places)


@pytest.mark.parametrize("layout", ["rings", "forces", "columns"])
@pytest.mark.parametrize("width", [1280, 390])
def test_labels_do_not_lie_on_each_other(new_page: NewPage, greg: Researcher, layout: str, width: int) -> None:
    page = visit(new_page(width), address(greg, f"&depth=2&layout={layout}"))
    labels, marks = page.evaluate(LABELS), page.evaluate(MARKS)
    assert 1 < len(labels) <= 24
    for rank, label in enumerate(labels):
        others = [*labels[rank + 1 :], *(mark for mark in marks if mark["id"] != label["id"])]
        assert [other["id"] for other in others if touch(label, other)] == []


def touch(one: dict[str, float], other: dict[str, float]) -> bool:
    beside = one["x1"] >= other["x2"] or other["x1"] >= one["x2"]
    return not beside and one["y1"] < other["y2"] and other["y1"] < one["y2"]


def test_forces_bring_together_what_is_linked(new_page: NewPage, greg: Researcher) -> None:
    page = visit(new_page(), address(greg, "&depth=2&layout=forces"))
    assert page.evaluate("() => PLACES.forces(readGraph(document))") == page.evaluate(
        "() => Object.fromEntries(picture.nodes().map((node) => [node.id(), { ...node.position() }]))"
    )
    linked, any_pair, nearest = page.evaluate("""() => {
        const mean = (numbers) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
        const apart = (one, other) => Math.hypot(one.position("x") - other.position("x"), one.position("y") - other.position("y"));
        const nodes = picture.nodes().toArray();
        const pairs = nodes.flatMap((one, rank) => nodes.slice(rank + 1).map((other) => apart(one, other)));
        return [mean(picture.edges().map((edge) => apart(edge.source(), edge.target()))), mean(pairs), Math.min(...pairs)];
    }""")  # noqa: E501 - a script
    assert linked < 0.8 * any_pair
    assert nearest > 9  # the smallest mark is as wide


def test_the_keyboard_goes_all_the_way(new_page: NewPage, greg: Researcher) -> None:
    page = visit(new_page(), address(greg))
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.matches('.explorer-canvas')"):
            break
    page.keyboard.press("ArrowLeft")
    chosen = page.evaluate("() => current().id()")
    page.keyboard.press("Enter")
    page.wait_for_function(f"() => ({OPENED})() === 1")
    assert page.evaluate("() => [current().id(), document.activeElement.matches('.explorer-canvas')]") == [chosen, True]
    zoom = page.evaluate("() => picture.zoom()")
    page.keyboard.press("+")
    assert page.evaluate("() => picture.zoom()") > zoom
    page.keyboard.press("Escape")
    assert said(page).startswith("Greg Yang, and ")
    page.keyboard.press("ArrowLeft")
    target = page.evaluate("() => current().data('url')")
    page.keyboard.press("p")
    page.wait_for_url(f"**{target}")
    page.go_back()
    page.wait_for_function(f"() => picture?.nodes().length > 1 && ({OPENED})() === 1")


def test_a_path_is_asked_for_again_after_a_slip(new_page: NewPage, greg: Researcher) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(address(greg))
    page.get_by_role("link", name="How they are connected to somebody").click()
    page.get_by_label("To").fill("Hadi Salman")
    page.get_by_role("button", name="Find a path").click()
    assert page.get_by_text("Nobody has this address or id.").is_visible()
    assert (page.get_by_label("From").input_value(), page.get_by_label("To").input_value()) == (
        f"author:{greg.public_id}",
        "Hadi Salman",
    )
    page.get_by_label("To").fill(get_person("Hadi Salman").get_absolute_url())
    page.get_by_role("button", name="Find a path").click()
    assert page.get_by_role("heading", name="From Greg Yang to Hadi Salman").is_visible()


def test_search_within(new_page: NewPage, greg: Researcher) -> None:
    page = visit(new_page(), address(greg))
    page.locator(CANVAS).focus()
    page.keyboard.press("/")
    page.keyboard.type("salman")
    assert said(page).startswith("1 of ")
    page.keyboard.press("Enter")
    assert said(page).startswith("Hadi Salman: ")
    assert page.evaluate("() => document.activeElement.matches('.explorer-canvas')")


def test_it_is_saved_as_png(new_page: NewPage, greg: Researcher, tmp_path: Path) -> None:
    page = visit(new_page(), address(greg))
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as PNG").click()
    target = tmp_path / download.value.suggested_filename
    download.value.save_as(target)
    assert (target.suffix, target.read_bytes()[:8]) == (".png", b"\x89PNG\r\n\x1a\n")


def test_filters_stay_in_place_and_pointers_choose(new_page: NewPage, greg: Researcher) -> None:
    page = visit(new_page(), address(greg))
    page.get_by_text("Filter by kind, year or weight").click()
    page.get_by_label("works", exact=True).uncheck()
    page.get_by_role("button", name="Apply").click()
    page.wait_for_function("() => picture.nodes(\"[kind = 'work']\").empty()")
    page.locator(CANVAS).scroll_into_view_if_needed()
    place = page.evaluate("() => picture.nodes('[rank = 1]').renderedPosition()")
    box = page.locator(CANVAS).bounding_box()
    assert box
    page.mouse.click(box["x"] + place["x"], box["y"] + place["y"])
    label = page.evaluate("() => picture.nodes('[rank = 1]').data('label')")
    page.wait_for_function(
        "label => document.getElementById('explorer-found').textContent.startsWith(`${label}:`)", arg=label
    )
    page.locator(".explorer-said").get_by_role("link", name="Focus").click()
    page.wait_for_function("label => picture.nodes('.is-focus').data('label') === label", arg=label)


def test_without_script_the_page_is_whole(new_page: NewPage, greg: Researcher) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(address(greg))
    assert not page.locator(".explorer").is_visible()
    assert page.locator(".picture.is-wide svg").is_visible()
    page.get_by_role("link", name="open Hadi Salman").click()
    assert "open=author" in page.url
    assert page.locator(".edge-reason", has_text="around Hadi Salman: ").first.is_visible()
    page.get_by_role("link", name="close Hadi Salman").click()
    assert "open=" not in page.url
    page.get_by_text("All of this as a table").click()
    assert page.locator("table").is_visible()


def test_without_the_library_the_servers_picture_stands(new_page: NewPage, greg: Researcher) -> None:
    page = new_page()
    page.route("**/cytoscape.min.js", lambda route: route.abort())
    page.goto(address(greg))
    page.locator(".picture.is-wide svg").wait_for()
    assert not page.locator(".explorer").is_visible()


MARKED = """() => {
    const ring = document.querySelector('.explorer-mark circle').getBoundingClientRect();
    const layer = document.querySelector('.explorer-mark circle').closest('svg').getBoundingClientRect();
    const { x, y } = current().renderedPosition();
    const [text] = document.querySelectorAll('.explorer-mark text:not([hidden])');
    return {
        off: Math.hypot(ring.x + ring.width / 2 - layer.x - x, ring.y + ring.height / 2 - layer.y - y),
        named: current().hasClass('is-named') ? current().data('short') : text?.textContent,
        label: current().data('label'),
        drawn: [...document.querySelectorAll('.explorer-mark')].map((each) => each.outerHTML).join(),
    };
}"""


def test_what_is_current_is_ringed_and_named_wherever_it_moves(new_page: NewPage, greg: Researcher) -> None:
    page = visit(new_page(), address(greg, "&depth=2"))
    page.locator(CANVAS).focus()
    seen = set()
    for key in ("ArrowRight", "ArrowRight", "ArrowUp", "ArrowLeft", "ArrowDown", "+", "+", "-", "Escape"):
        page.keyboard.press(key)
        marked = page.evaluate(MARKED)
        assert marked["off"] < 1
        assert "NaN" not in marked["drawn"]
        assert marked["label"].startswith(marked["named"].rstrip("…"))
        seen.add(marked["label"])
    assert len(seen) > 2


def test_dragging_a_node_leaves_the_others_as_they_were_drawn(new_page: NewPage, greg: Researcher) -> None:
    page = visit(new_page(), address(greg, "&depth=2"))
    page.locator(CANVAS).scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    page.evaluate("""() => {
        const renderer = picture.renderer();
        const draw = renderer.drawLayeredElements;
        window.drawn = 0;
        renderer.drawLayeredElements = (...given) => { window.drawn += 1; return draw.apply(renderer, given); };
    }""")
    box = page.locator(CANVAS).bounding_box()
    assert box
    where = "() => picture.nodes('[rank = 1]').renderedPosition()"
    before = page.evaluate(where)
    x, y = box["x"] + before["x"], box["y"] + before["y"]
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 31):
        page.mouse.move(x + 2 * step, y + step)
        page.wait_for_timeout(20)
    assert page.evaluate("() => window.drawn") < 10
    page.mouse.up()
    after = page.evaluate(where)
    assert (round(after["x"] - before["x"]), round(after["y"] - before["y"])) == (60, 30)
