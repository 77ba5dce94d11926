// What is current in the explorer: a ring, its link with the focus, and its name where the picture shows none. They lie
// beside the canvas, the link below it, because a canvas with 2,000 nodes takes a tenth of a second to draw for each
// step of the keyboard.

const RING = 4; // pixels around a mark
const below = makeLayer("line");
const above = makeLayer("circle", "text");
let currentId = "";

function makeLayer(...shapes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  made.classList.add("explorer-mark");
  made.setAttribute("aria-hidden", "true");
  for (const name of shapes) made.append(document.createElementNS(made.namespaceURI, name));
  return made;
}

function keepMark(picture, container) {
  container.prepend(below);
  container.append(above);
  picture.on("viewport resize", () => placeMark(picture));
  picture.on("position", "node", () => placeMark(picture));
}

const currentIn = (picture) => picture.getElementById(currentId);

function mark(picture, node) {
  currentId = node.id();
  placeMark(picture);
}

function placeMark(picture) {
  const [line, ring, name] = [...below.children, ...above.children];
  const node = currentIn(picture);
  for (const part of [line, ring, name]) part.toggleAttribute("hidden", node.empty());
  if (node.empty()) return;
  const { x, y } = node.renderedPosition();
  const radius = Math.max(node.renderedWidth(), node.renderedHeight()) / 2 + RING;
  draw(ring, { cx: x, cy: y, r: radius });
  drawLink(line, picture, node, radius);
  name.toggleAttribute("hidden", node.hasClass("is-named"));
  const ways = waysToName(picture, node);
  const { side, short } = ways.find((way) => isInside(picture, labelBox(node, way))) ?? ways[0];
  name.textContent = short;
  draw(name, { x: side === "left" ? x - radius - RING : x + radius + RING, y, "text-anchor": side === "left" ? "end" : "start" });
}

// From the ring to the focus, when the two are joined.
function drawLink(line, picture, node, radius) {
  const focus = picture.nodes(".is-focus");
  const [from, to] = [node.renderedPosition(), focus.renderedPosition()];
  const far = Math.hypot(to.x - from.x, to.y - from.y);
  const joined = far > radius && node.edgesWith(focus).nonempty();
  line.toggleAttribute("hidden", !joined);
  if (!joined) return;
  const share = radius / far;
  draw(line, { x1: from.x + (to.x - from.x) * share, y1: from.y + (to.y - from.y) * share, x2: to.x, y2: to.y });
}

function draw(shape, attributes) {
  for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, value);
}
