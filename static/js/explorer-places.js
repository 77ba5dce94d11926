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

// By forces, from where the rings put them and without chance: what is linked pulls together, what is near pushes apart.
const PULLED_TO = 80; // how far apart what is linked wants to be
const PUSHED_WITHIN = 80; // farther away nobody pushes, so 2,000 nodes cost 2,000 times a few
const HARDEST_PUSH = 30;
const HOTTEST = 40; // the longest step of the first round; the last is hardly one
const roundsFor = (count) => Math.max(30, Math.min(150, Math.round(60_000 / count)));

function placeByForces({ nodes, edges }) {
  const places = placeOnRings(nodes);
  const at = nodes.map((node) => places[node.id]);
  const links = listLinks(nodes, edges);
  const rounds = roundsFor(nodes.length);
  for (let round = 0; round < rounds; round += 1) {
    const moves = at.map(() => ({ x: 0, y: 0 }));
    pushApart(at, moves);
    for (const [one, other, strength] of links) pull(at[one], at[other], strength, moves[one], moves[other]);
    // The focus, the first, stays in the middle.
    for (let each = 1; each < at.length; each += 1) stepAlong(at[each], moves[each], HOTTEST * (1 - round / rounds));
  }
  return places;
}

// Pairs of numbers of nodes with the strength of their link: who has many is pulled less by each.
function listLinks(nodes, edges) {
  const numbers = new Map(nodes.map((node, number) => [node.id, number]));
  const pairs = edges.map((edge) => [numbers.get(edge.source), numbers.get(edge.target)]);
  const degrees = nodes.map(() => 0);
  for (const number of pairs.flat()) degrees[number] += 1;
  return pairs.map(([one, other]) => [one, other, 0.4 / Math.min(degrees[one], degrees[other])]);
}

function pull(one, other, strength, move, otherMove) {
  const [x, y] = [other.x - one.x, other.y - one.y];
  const far = Math.sqrt(x * x + y * y) || 1;
  const by = (strength * (far - PULLED_TO)) / far;
  shift(move, x * by, y * by);
  shift(otherMove, -x * by, -y * by);
}

// Each with those of its own square and of four of the squares around it: every pair once.
const SQUARES = 4096; // a side; more than any picture has
const squareOf = ({ x, y }) => Math.floor(x / PUSHED_WITHIN) * SQUARES + Math.floor(y / PUSHED_WITHIN);

function pushApart(at, moves) {
  const squares = Map.groupBy(at.keys(), (number) => squareOf(at[number]));
  for (const [square, within] of squares) {
    within.forEach((one, rank) => {
      for (let next = rank + 1; next < within.length; next += 1) push(at, moves, one, within[next]);
    });
    for (const aside of [1, SQUARES - 1, SQUARES, SQUARES + 1]) {
      for (const other of squares.get(square + aside) ?? []) for (const one of within) push(at, moves, one, other);
    }
  }
}

function push(at, moves, one, other) {
  const x = at[other].x - at[one].x || 0.1;
  const y = at[other].y - at[one].y || 0.1;
  const square = x * x + y * y;
  if (square >= PUSHED_WITHIN * PUSHED_WITHIN) return;
  const far = Math.sqrt(square);
  const by = (HARDEST_PUSH * (1 - far / PUSHED_WITHIN)) / far;
  shift(moves[one], -x * by, -y * by);
  shift(moves[other], x * by, y * by);
}

function shift(point, x, y) {
  point.x += x;
  point.y += y;
}

function stepAlong(point, move, longest) {
  const far = Math.sqrt(move.x * move.x + move.y * move.y);
  const by = far > longest ? longest / far : 1;
  shift(point, move.x * by, move.y * by);
}
