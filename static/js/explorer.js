// The explorer in place: links and filters change the address and what is shown, without leaving the page. Without
// the library, or when anything fails, the page is what the server sent, and every link still leads where it says.

const place = document.querySelector("[data-explorer]");
const canvas = place.querySelector(".explorer-canvas");
const said = document.getElementById("explorer-found");
const actions = place.querySelector("[data-actions]");
const find = document.getElementById("explorer-find");
const readGraph = (page) => JSON.parse(page.getElementById("graph-data").textContent);

let picture;

if (window.cytoscape && readGraph(document).nodes.length > 1) {
  picture = makePicture(canvas, readGraph(document), canvas.dataset.layout);
  listen();
  describe(focus());
} else {
  place.hidden = true;
}

function focus() {
  return picture.nodes(".is-focus")[0];
}

function current() {
  return currentIn(picture)[0] ?? focus();
}

// Going from one state to another

async function go(address, { push = true, returnTo = null } = {}) {
  const page = await fetchPage(address);
  const next = page && readGraph(page);
  // A state without a picture, or an answer that is no explorer: let the browser show it.
  if (!next || next.nodes.length < 2) return location.assign(address);
  if (push) history.pushState(null, "", address);
  const kept = current().id();
  for (const part of document.querySelectorAll("[data-explorer-part]")) {
    part.replaceChildren(...page.querySelector(`[data-explorer-part=${part.dataset.explorerPart}]`).childNodes);
  }
  document.title = page.title;
  canvas.setAttribute("aria-label", page.querySelector(".explorer-canvas").getAttribute("aria-label"));
  show(picture, next, page.querySelector(".explorer-canvas").dataset.layout);
  choose(picture.getElementById(kept).nonempty() ? picture.getElementById(kept) : focus());
  (document.querySelector(`[data-toggles="${CSS.escape(returnTo ?? "")}"]`) ?? canvas).focus({ preventScroll: true });
}

async function fetchPage(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (!answer.ok) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.getElementById("graph-data") && page.querySelector(".explorer-canvas") ? page : null;
  } catch {
    return null;
  }
}

// The address in which a neighbour is opened, or closed; what the depth has opened is named one by one.
function toggle(node) {
  const query = new URLSearchParams(location.search);
  const opened = picture.nodes("[?open]").map((each) => each.id());
  query.delete("depth");
  query.delete("open");
  for (const id of opened) if (id !== node.id()) query.append("open", id);
  if (!node.data("open")) query.append("open", node.id());
  return `?${query}`;
}

// Saying what is current

function choose(node) {
  mark(picture, node);
  describe(node);
}

function describe(node) {
  const { label, reason, url } = node.data();
  const isFocus = node.hasClass("is-focus");
  said.textContent = isFocus ? `${label}, and ${picture.nodes().length - 1} around it.` : `${label}: ${reason}.`;
  actions.replaceChildren();
  if (!url) return;
  actions.append(link(url, "Page"));
  if (isFocus) return;
  const query = new URLSearchParams(location.search);
  query.delete("open");
  query.set("focus", node.id());
  actions.append(link(`?${query}`, "Focus"), link(toggle(node), node.data("open") ? "Close" : "Open"));
}

function link(address, text) {
  const made = document.createElement("a");
  made.href = address;
  made.textContent = text;
  return made;
}

// Searching within

function search() {
  const words = find.value.trim().toLowerCase();
  const found = words ? picture.nodes().filter((node) => node.data("label").toLowerCase().includes(words)) : picture.collection();
  picture.batch(() => {
    picture.elements().removeClass("is-faint is-found");
    if (words) picture.elements().difference(found).addClass("is-faint");
    found.addClass("is-found");
  });
  nameWhatFits(picture);
  if (words) said.textContent = `${found.length} of ${picture.nodes().length} found${found.length ? "; Enter goes to the first" : ""}.`;
  else describe(current());
  return found;
}

// Moving with the keyboard: to the nearest in a direction, where what lies aside counts as twice as far.

const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function step([right, down]) {
  const from = current().position();
  let [best, least] = [null, Infinity];
  for (const node of picture.nodes()) {
    const [x, y] = [node.position("x") - from.x, node.position("y") - from.y];
    const ahead = x * right + y * down;
    const far = ahead + 2 * Math.abs(x * down + y * right);
    if (ahead > 1 && far < least) [best, least] = [node, far];
  }
  if (!best) return;
  choose(best);
  keepInSight(best);
}

function keepInSight(node) {
  const { x, y } = node.renderedPosition();
  if (x < 20 || y < 20 || x > picture.width() - 20 || y > picture.height() - 20) picture.center(node);
}

const zoom = (by) => picture.zoom({ level: picture.zoom() * by, renderedPosition: { x: picture.width() / 2, y: picture.height() / 2 } });

const keys = {
  Enter: () => current() !== focus() && current().data("url") && go(toggle(current())),
  p: () => current().data("url") && location.assign(current().data("url")),
  "+": () => zoom(1.25),
  "-": () => zoom(0.8),
  0: () => fitAll(picture),
  "/": () => find.focus(),
  Escape: () => choose(focus()),
};

const tools = { nearer: () => zoom(1.25), farther: () => zoom(0.8), fit: () => fitAll(picture), png: savePicture };

async function savePicture() {
  const address = URL.createObjectURL(picture.png({ output: "blob", full: true, scale: 2, maxWidth: 4000, maxHeight: 4000, bg: colour("paper") }));
  const made = link(address, "");
  made.download = `bzpeer-${focus().id().replace(/[^\w.-]+/g, "-")}.png`;
  made.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

function listen() {
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = DIRECTIONS[event.key] ? () => step(DIRECTIONS[event.key]) : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  place.addEventListener("click", (event) => tools[event.target.closest("[data-do]")?.dataset.do]?.());
  find.addEventListener("input", search);
  find.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    const [first] = search();
    if (!first) return;
    choose(first);
    picture.center(first);
    canvas.focus({ preventScroll: true });
  });
  picture.on("tap", "node", (event) => choose(event.target));
  picture.on("dbltap", "node", (event) => event.target !== focus() && event.target.data("url") && go(toggle(event.target)));
  picture.on("mouseover", "edge", (event) => (said.textContent = `${event.target.data("reason")}.`));
  picture.on("mouseout", "edge", () => describe(current()));
  document.addEventListener("click", follow);
  document.addEventListener("submit", filter);
  addEventListener("popstate", () => go(location.href, { push: false }));
}

// Links and filters that stay in the explorer; a click that asks for a new tab or window keeps its meaning.
function follow(event) {
  const anchor = event.target.closest("main a[href^='?']");
  if (!anchor || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go(anchor.getAttribute("href"), { returnTo: anchor.dataset.toggles });
}

function filter(event) {
  if (!event.target.closest("[data-explorer-part]") || event.target.method !== "get") return;
  event.preventDefault();
  go(`?${new URLSearchParams(new FormData(event.target))}`);
}
