// The explorer's picture on a canvas: elements, looks, layouts, and which labels there is room for.

const MOST_LABELS = 24;
const LABEL_SIZE = 13; // pixels on the screen, whatever the zoom
const LABEL_WIDTH = 0.62; // of the size, a character: names with wide letters, the focus in bold
const LONGEST_LABEL = 36;
const SHORT_LABEL = 16; // in a window of a phone, where a longer one has no room
const NARROW = 600;
const MOST_TRIED = 400;
// Beyond so many nodes, a picture is kept while it is dragged or zoomed, and its edges are left out meanwhile.
const MANY = 300;
const OTHER_SIDE = { left: "right", right: "left" };
const PLACES = {
  rings: (graph) => placeOnRings(graph.nodes),
  forces: placeByForces,
  columns: (graph) => placeInColumns(graph.nodes),
};
const SHAPES = { person: "ellipse", topic: "round-tag", work: "rectangle", institution: "diamond" };

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

function looks() {
  const [ink, soft, paper, accent, line] = ["ink", "ink-soft", "paper", "accent", "control-line"].map(colour);
  const font = colour("interface");
  return [
    {
      selector: "node",
      style: {
        "background-color": paper,
        "border-color": soft,
        "border-width": 1.5,
        height: "data(size)",
        shape: "data(shape)",
        width: "data(size)",
      },
    },
    { selector: "node[kind = 'person']", style: { "background-color": soft } },
    { selector: "node[kind = 'topic']", style: { width: (node) => 1.5 * node.data("size") } },
    { selector: "node[?open]", style: { "border-color": accent, "border-width": 3 } },
    { selector: "node.is-focus", style: { "background-color": accent, "border-color": accent, "z-index": 1 } },
    { selector: "edge", style: { "curve-style": "haystack", "line-color": line, "line-opacity": 0.45, width: "data(width)" } },
    { selector: ".is-faint", style: { opacity: 0.15 } },
    {
      selector: "node.is-named",
      style: {
        color: ink,
        "font-family": font,
        "font-size": (node) => LABEL_SIZE / node.cy().zoom(),
        label: "data(short)",
        "text-halign": "data(side)",
        "text-margin-x": (node) => ((node.data("side") === "left" ? -4 : 4) / node.cy().zoom()),
        "text-outline-color": paper,
        "text-outline-width": (node) => 2.5 / node.cy().zoom(),
        "text-valign": "center",
      },
    },
    { selector: "node.is-focus.is-named", style: { "font-weight": 600 } },
  ];
}

const shorten = (text, most = LONGEST_LABEL) => (text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text);

function toElements(graph, places) {
  const weights = Object.fromEntries(graph.nodes.map((node) => [node.id, node.weight]));
  const nodes = graph.nodes.map((node, rank) => ({
    group: "nodes",
    data: {
      ...node,
      rank,
      shape: SHAPES[node.kind],
      short: shorten(node.label),
      side: places[node.id].x < -1 ? "left" : "right",
      size: rank ? 9 + 15 * Math.sqrt(node.weight) : 26,
    },
    classes: rank ? "" : "is-focus",
    position: places[node.id],
  }));
  const edges = graph.edges.map((edge) => ({
    group: "edges",
    data: { ...edge, id: `${edge.source} ${edge.target}`, width: 1 + 2 * weights[edge.target] },
  }));
  return [...nodes, ...edges];
}

function makePicture(container, graph, layout) {
  const many = graph.nodes.length > MANY;
  const picture = cytoscape({
    container,
    elements: [],
    hideEdgesOnViewport: many,
    layout: { name: "preset" },
    maxZoom: 4,
    minZoom: 0.05,
    style: looks(),
    textureOnViewport: many,
    boxSelectionEnabled: false,
  });
  drawOnlyWhatIsDragged(picture, many);
  keepMark(picture, container);
  show(picture, graph, layout);
  let later;
  picture.on("viewport resize dragfree", () => {
    clearTimeout(later);
    later = setTimeout(() => nameWhatFits(picture), 120);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => picture.style(looks()));
  return picture;
}

// A node that is dragged has a canvas of its own, with its edges, and the others stay as they were drawn: which cytoscape
// 3.34 means to do, but draws everything anew at each step.
function drawOnlyWhatIsDragged(picture, many) {
  const renderer = picture.renderer();
  const { redrawHint } = renderer;
  renderer.redrawHint = (layer, needed) => {
    if (layer !== "eles" || !renderer.hoverData.draggingEles) redrawHint.call(renderer, layer, needed);
  };
  picture.on("grab", () => (renderer.hideEdgesOnViewport = false));
  picture.on("free", () => (renderer.hideEdgesOnViewport = many));
}

// Show another graph; the window stays where it was while the focus does.
function show(picture, graph, layout) {
  const places = PLACES[layout](graph);
  const sameFocus = picture.nodes(".is-focus").id() === graph.nodes[0].id && picture.scratch("layout") === layout;
  picture.batch(() => {
    picture.elements().remove();
    picture.add(toElements(graph, places));
    picture.scratch("layout", layout);
  });
  if (!sameFocus || isCrowdedOut(picture)) fitAll(picture);
  nameWhatFits(picture);
}

const isCrowdedOut = (picture) => {
  const all = picture.nodes().boundingBox({ includeLabels: false });
  const seen = picture.extent();
  return all.x1 < seen.x1 || all.x2 > seen.x2 || all.y1 < seen.y1 || all.y2 > seen.y2;
};

// Everything in the window, with room for the labels at its sides.
function fitAll(picture) {
  const box = picture.nodes().boundingBox({ includeLabels: false });
  const room = Math.max(24, Math.min(200, (picture.width() - 420) / 2)); // a phone has none to spare
  const zoom = Math.min((picture.width() - 2 * room) / box.w, (picture.height() - 48) / box.h, 1.6);
  const [x, y] = [(box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2];
  picture.viewport({ zoom, pan: { x: picture.width() / 2 - x * zoom, y: picture.height() / 2 - y * zoom } });
}

// Give labels to the nearest of what is in the window, as long as no label lies on another or on a mark.
function nameWhatFits(picture) {
  const taken = picture.nodes().map((node) => ({ node, ...markBox(node) }));
  const named = picture.collection();
  const wanted = picture.nodes().sort((one, other) => priority(other) - priority(one));
  for (const node of wanted.slice(0, MOST_TRIED)) {
    if (named.length >= MOST_LABELS) break;
    const isFree = (box) => isInside(picture, box) && !taken.some((other) => other.node !== node && overlap(box, other));
    const way = waysToName(picture, node).find((each) => isFree(labelBox(node, each)));
    if (!way) continue;
    node.data(way);
    taken.push(labelBox(node, way));
    named.merge(node);
  }
  picture.batch(() => {
    picture.nodes(".is-named").removeClass("is-named");
    named.addClass("is-named");
  });
  placeMark(picture);
}

// At its own side or the other, whole before short.
function waysToName(picture, node) {
  const lengths = picture.width() < NARROW ? [LONGEST_LABEL, SHORT_LABEL] : [LONGEST_LABEL];
  const sides = [node.data("side"), OTHER_SIDE[node.data("side")]];
  return lengths.flatMap((most) => sides.map((side) => ({ side, short: shorten(node.data("label"), most) })));
}

const priority = (node) =>
  (node.id() === currentId ? 4 : 0) + (node.hasClass("is-focus") ? 2 : 0) + (node.hasClass("is-found") ? 1 : 0) + (node.data("via") ? 0 : 0.5) - node.data("rank") / 1e4;

// On the screen, as the label is drawn: beside the mark, of a size that does not change with the zoom.
function labelBox(node, { side, short } = node.data()) {
  const { x, y } = node.renderedPosition();
  const beside = node.renderedWidth() / 2 + 4;
  const text = short.length * LABEL_SIZE * LABEL_WIDTH;
  const left = side === "left" ? x - beside - text : x + beside;
  return { x1: left, x2: left + text, y1: y - LABEL_SIZE * 0.7, y2: y + LABEL_SIZE * 0.7 };
}

function markBox(node) {
  const { x, y } = node.renderedPosition();
  const [wide, high] = [node.renderedWidth() / 2, node.renderedHeight() / 2];
  return { x1: x - wide, x2: x + wide, y1: y - high, y2: y + high };
}

const isInside = (picture, box) => box.x1 >= 0 && box.x2 <= picture.width() && box.y1 >= 0 && box.y2 <= picture.height();
const overlap = (one, other) => one.x1 < other.x2 && other.x1 < one.x2 && one.y1 < other.y2 && other.y1 < one.y2;
