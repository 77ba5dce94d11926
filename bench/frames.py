"""How the explorer moves with 2,000 nodes in a real Chromium: `make bench-frames`. A minute; no display is needed.

The page is the explorer's own, made of a seeded graph as large as it shows, with the library and the scripts as they
are served; real pointer events and wheel steps move it. An interval is the time between two animation frames, to which
all that a frame costs comes down: 16.7 ms on a screen of 60 a second. Main-thread time a frame is what the scripts and
painting took of it. Without a GPU the drawing itself is computed, too, so a laptop's figures are better than these.
"""

import json
import mimetypes
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

from bzpeer.embedded.__main__ import run_with_servers

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from graph.nodes import Neighbourhood

SEED = 11
NODES = 2000
FIRST = 60  # around the focus; what is behind the opened ones shares the rest
OPENED = 24
LINKS = 1900
ADDRESS = "http://127.0.0.1:1/graph/"
FLAGS = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync".split()
STEPS = 90
# Time stamps of frames are not exact to the tenth.
FRAME = 16.7 + 0.5
MISSED = 25.0  # one and a half frames: at least one was left out
COUNT_FRAMES = """() => {
    window.frames_seen = [];
    const note = () => { window.frames_seen.push(performance.now()); window.counting = requestAnimationFrame(note); };
    window.counting = requestAnimationFrame(note);
}"""
STOP = "() => { cancelAnimationFrame(window.counting); return window.frames_seen; }"
LAY_OUT = """(layout) => new Promise((done) => {
    const began = performance.now();
    show(picture, readGraph(document), layout);
    const blocked = performance.now() - began;
    requestAnimationFrame(() => requestAnimationFrame(() => done([blocked, performance.now() - began])));
})"""


def main() -> int:
    """Run inside an environment of the site's, or, there, measure and print."""
    if sys.argv[1:2] != ["inside"]:
        return run_with_servers([sys.executable, "-m", "bench.frames", "inside"])
    os.environ["DJANGO_SETTINGS_MODULE"] = "bzpeer.settings"
    import django

    django.setup()
    flat: dict[str, Any] = {"bench": "frames", "nodes": NODES, "load": round(os.getloadavg()[0], 1)}
    for page in open_explorer(make_page(make_graph())):
        flat["edges"] = page.evaluate("() => picture.edges().length")
        for name, move in MOVES.items():
            flat |= measure(page, name, move)
        for layout in ("rings", "columns", "forces"):
            blocked, shown = page.evaluate(LAY_OUT, layout)
            flat |= {f"layout_{layout}_blocked_ms": round(blocked), f"layout_{layout}_shown_ms": round(shown)}
    for key, value in flat.items():
        print(f"{key:<32}{value:>10}")
    print(json.dumps(flat))
    return 0


def make_graph() -> "Neighbourhood":
    """A focus with neighbours of each kind, some of them opened, and links between any of them."""
    from graph.nodes import KINDS, Key, Link, Neighbourhood, Node

    chance = random.Random(SEED)
    nodes: list[Node] = []
    for number in range(NODES - 1):
        via = nodes[chance.randrange(OPENED)].key if number >= FIRST else None
        key = Key(KINDS[number % len(KINDS)], f"n{number}")
        label = f"Somebody or something number {number}"
        nodes.append(Node(key, label, f"/{number}/", "it is so", chance.random(), chance.random(), via=via))
    behind = [Link(node.via, node.key, "around it") for node in nodes if node.via]
    pairs = [chance.sample(nodes, 2) for _ in range(LINKS)]
    links = [*behind, *(Link(one.key, other.key, "together") for one, other in pairs)]
    return Neighbourhood(Key("person", "focus"), "The Focus", "/focus/", nodes, links)


def make_page(around: "Neighbourhood") -> str:
    """The explorer as the server would answer it, without the lists: they do not move."""
    from django.template.loader import render_to_string
    from django.test import RequestFactory

    from graph.exports import to_elements
    from graph.library import find_library
    from graph.nodes import KINDS
    from graph.state import LAYOUTS, ExplorerState

    library = find_library()
    if not library:
        raise SystemExit("The picture's library is not here; `make packages` fetches it.")
    context = {"state": ExplorerState(around.focus), "around": around, "opened": (), "kinds": KINDS, "layouts": LAYOUTS}
    context |= {"library": library, "graph": to_elements(around, ()), "pictures": [], "groups": []}
    return render_to_string("graph/explorer.html", context, RequestFactory().get("/graph/"))


def open_explorer(document: str) -> Iterator["Page"]:
    """Open the page in a Chromium, with every file from the checkout and nothing from any network."""
    from playwright.sync_api import sync_playwright

    chromium = subprocess.run([".ci/chromium"], check=True, capture_output=True, text=True).stdout.strip()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.route("**/*", lambda route: answer(route, document))
        page.goto(ADDRESS)
        page.wait_for_function("count => picture?.nodes().length === count", arg=NODES)
        page.locator(".explorer-canvas").scroll_into_view_if_needed()
        page.wait_for_timeout(1000)
        yield page
        browser.close()


def answer(route: "Route", document: str) -> None:
    """Answer with the page, or with a static file."""
    from django.contrib.staticfiles import finders

    address = route.request.url
    if address == ADDRESS:
        return route.fulfill(body=document, content_type="text/html; charset=utf-8")
    found = finders.find(address.partition("/static/")[2])
    if not isinstance(found, str):
        return route.fulfill(status=404)
    kind = mimetypes.guess_type(found)[0] or "text/plain"
    return route.fulfill(body=Path(found).read_bytes(), content_type=kind)


def drag_window(page: "Page", x: float, y: float) -> None:
    """Drag the paper, from a place where no node stands."""
    free = page.evaluate("""([x, y]) => {
        for (let off = 0; off < 400; off += 4) {
            const mark = { x1: x + off - 6, x2: x + off + 6, y1: y - 6, y2: y + 6 };
            if (!picture.nodes().some((node) => overlap(markBox(node), mark))) return off;
        }
        return 0;
    }""", [page.evaluate("() => picture.width() / 2"), page.evaluate("() => picture.height() / 2")])  # fmt: skip
    drag(page, x + free, y)


def drag_node(page: "Page", x: float, y: float) -> None:
    """Drag the focus."""
    place = page.evaluate("() => picture.nodes('.is-focus').renderedPosition()")
    box = page.locator(".explorer-canvas").bounding_box() or {"x": x, "y": y}
    drag(page, box["x"] + place["x"], box["y"] + place["y"])


def drag(page: "Page", x: float, y: float) -> None:
    """Press, move around in a circle of small steps, and release."""
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(STEPS):
        page.mouse.move(x + 2 * min(step, STEPS - step), y + step % 30)
        page.wait_for_timeout(16)
    page.mouse.up()


def zoom(page: "Page", x: float, y: float) -> None:
    """Turn the wheel in, then out."""
    page.mouse.move(x, y)
    for step in range(STEPS):
        page.mouse.wheel(0, -40 if step < STEPS / 2 else 40)
        page.wait_for_timeout(16)


def walk(page: "Page", _x: float, _y: float) -> None:
    """Go from one to the next by the keyboard."""
    page.locator(".explorer-canvas").focus()
    for step in range(STEPS // 3):
        page.keyboard.press("ArrowRight" if step % 2 else "ArrowUp")
        page.wait_for_timeout(50)


MOVES: dict[str, Callable[["Page", float, float], None]] = {
    "drag_window": drag_window,
    "zoom": zoom,
    "drag_node": drag_node,
    "walk": walk,
}


def measure(page: "Page", name: str, move: Callable[["Page", float, float], None]) -> dict[str, float]:
    """Move, and return what frames took from the first movement to the last, in milliseconds."""
    box = page.locator(".explorer-canvas").bounding_box() or {"x": 0, "y": 0, "width": 0, "height": 0}
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    page.evaluate(COUNT_FRAMES)
    before = busy(session)
    move(page, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    spent = busy(session) - before
    seen = page.evaluate(STOP)
    page.wait_for_timeout(500)
    frames = [later - sooner for sooner, later in pairwise(seen)]
    return {
        f"{name}_frames": len(frames),
        f"{name}_ms": round(median(frames), 1),
        f"{name}_p95_ms": round(quantiles(frames, n=20)[18], 1),
        f"{name}_longest_ms": round(max(frames), 1),
        f"{name}_over_16_7": round(sum(frame > FRAME for frame in frames) / len(frames), 3),
        f"{name}_missed": round(sum(frame > MISSED for frame in frames) / len(frames), 3),
        f"{name}_main_thread_ms": round(1000 * spent / len(frames), 1),
    }


def busy(session: Any) -> float:
    """Seconds for which the page's main thread has worked."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))


if __name__ == "__main__":
    sys.exit(main())
