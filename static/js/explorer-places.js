// Where the nodes of the explorer's picture stand. Pure arithmetic: the same graph gives the same picture.

const KIND_ORDER = ["person", "topic", "work", "institution"];
const RING_GAP = 30; // between neighbours on the ring
const LEAF_GAP = 30; // between what is behind an opened neighbour
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));

// The first of a kind in the middle of its arc, at a side of the picture, where there is room for its label.
const fromTheMiddle = (nodes) => nodes.reduce((arc, node, rank) => (rank % 2 ? [node, ...arc] : [...arc, node]), []);

const byKind = (nodes) => KIND_ORDER.map((kind) => nodes.filter((node) => node.kind === kind));

// Around the focus, the nearer the closer; what is behind an opened neighbour lies on a disc beyond it.
function placeOnRings(nodes) {
  const [focus, ...others] = nodes;
  const places = { [focus.id]: { x: 0, y: 0 } };
  const first = byKind(others.filter((node) => !node.via)).flatMap(fromTheMiddle);
  const radius = Math.max(190, (first.length * RING_GAP) / (2 * Math.PI));
  first.forEach((node, rank) => {
    const angle = -Math.PI / 2 + (2 * Math.PI * (rank + 0.5)) / first.length;
    const reach = radius * (1.2 - 0.4 * node.nearness);
    // A little wider than high, as windows are.
    places[node.id] = { x: 1.25 * reach * Math.cos(angle), y: reach * Math.sin(angle) };
  });
  return placeBehind(others, places);
}

function placeBehind(nodes, places) {
  const behind = Map.groupBy(nodes.filter((node) => node.via), (node) => node.via);
  for (const [opener, leaves] of behind) {
    const from = places[opener] ?? { x: 0, y: 0 };
    const angle = Math.atan2(from.y, from.x);
    const size = LEAF_GAP * Math.sqrt(leaves.length);
    const middle = { x: from.x + (size + 90) * Math.cos(angle), y: from.y + (size + 90) * Math.sin(angle) };
    leaves.forEach((node, rank) => {
      const reach = LEAF_GAP * Math.sqrt(rank + 0.5);
      const turn = angle + rank * GOLDEN_ANGLE;
      places[node.id] = { x: middle.x + reach * Math.cos(turn), y: middle.y + reach * Math.sin(turn) };
    });
  }
  return places;
}

// A column for each kind, in the order of the lists; long ones are folded.
function placeInColumns(nodes) {
  const ROW = 30;
  const ROWS = Math.max(24, Math.ceil(Math.sqrt(nodes.length)));
  const places = { [nodes[0].id]: { x: -260, y: 0 } };
  let left = 0;
  for (const column of byKind(nodes.slice(1)).filter((each) => each.length)) {
    column.forEach((node, rank) => {
      const rows = Math.min(ROWS, column.length);
      places[node.id] = { x: left + Math.floor(rank / ROWS) * 220, y: ((rank % ROWS) - (rows - 1) / 2) * ROW };
    });
    left += Math.ceil(column.length / ROWS) * 220 + 60;
  }
  return places;
}
