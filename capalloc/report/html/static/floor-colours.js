// What colours a cell of the map: demand, rack type, headroom of its feeds, or fabric block. Each colouring has the
// entries of its legend, the entry that a position counts as, and the colour that it has there; marks of states stand on
// all cells but those of an entry that is `unmarked`.

/** Steps of use: [share from which on it holds, colour, label]; the last is beyond a limit. */
const USE_STEPS = report.sections.power.steps;

/** The step of a share of a limit. */
function useStep(share) {
  let step = 0;
  while (step + 1 < USE_STEPS.length && share >= USE_STEPS[step + 1][0]) step++;
  return step;
}

/** The highest use of any node above a position, as a share of its limits. */
function feedUse(p, t) {
  const use = useOfPaths(t), b = floor.feedB[p];
  return Math.max(use[floor.feedA[p]], b < 0 ? 0 : use[b]);
}

const DARK_STATE = floor.keys.states.length - 1;

/** An entry of a legend. */
function entry(label, shades, thing) {
  return { label, shades, thing };
}

function byDemand() {
  const { states, spare, others, rest } = floor.keys, entries = [], ofState = new Map();
  const put = (state, found) => {
    if (!entries.includes(found)) entries.push(found);
    ofState.set(state, entries.indexOf(found));
  };
  const occurring = new Set(floor.patterns.flatMap((runs) => runs.filter((_, i) => i % 2)));
  const own = demandNames.map((name) => entry(name, [report.shades[name]], { kind: "demand", name }));
  const other = entry(others[0], [rest], { kind: "state", name: others[0] });
  const held = entry(spare[0], [spare[1]], { kind: "state", name: spare[0] });
  own.forEach((one, d) => {
    if (one.shades[0] !== rest) put(SERVES + 2 * d, one);
  });
  own.forEach((one, d) => {
    if (one.shades[0] === rest) put(SERVES + 2 * d, other);
  });
  for (const state of occurring) if (isSpare(state)) put(state, held);
  states.forEach(([label, shade], state) => {
    if (occurring.has(state)) put(state, entry(label, [shade], { kind: "state", name: label }));
  });
  return { title: "demand", entries, of: (p, state) => ofState.get(state), shade: (p, e) => entries[e].shades[0] };
}

function byType() {
  const { types, noType } = floor.keys;
  const entries = floor.types.map((name, k) => entry(name, [types[k % types.length]], { kind: "type", name }));
  entries.push(entry(noType[0], [noType[1]], { kind: "type", name: noType[0] }));
  const of = (p, state, t) => (rackAt(p, t) < 0 ? entries.length - 1 : floor.rackType[rackAt(p, t)]);
  return { title: "rack type", entries, of, shade: (p, e) => entries[e].shades[0] };
}

function byHeadroom() {
  const steps = USE_STEPS.map(([, shade, label]) => [`Use of feeds ${label}`, shade]);
  const entries = [...steps, floor.keys.states[DARK_STATE]].map(([label, shade]) => entry(label, [shade], { kind: "feeds", name: label }));
  const of = (p, state, t) => (state === DARK_STATE ? USE_STEPS.length : useStep(feedUse(p, t)));
  return { title: "headroom of feeds", entries, of, shade: (p, e) => entries[e].shades[0] };
}

function byBlock() {
  const { blocks: shades, blocksNamed, manyBlocks, noBlock, servesNobody } = floor.keys;
  const few = floor.blocks.length <= blocksNamed;
  const shadeOf = (block) => shades[block % shades.length];
  const entries = few
    ? floor.blocks.map((name, block) => entry(name, [shadeOf(block)], { kind: "block", name }))
    : [entry(manyBlocks, shades, { kind: "blocks", name: manyBlocks })];
  const none = entries.length, nobody = none + 1;
  for (const [label, shade] of [noBlock, servesNobody]) entries.push(entry(label, [shade], { kind: "blocks", name: label }));
  return {
    title: "fabric block", entries,
    of: (p, state) => (state < SERVES ? nobody : floor.block[p] < 0 ? none : few ? floor.block[p] : 0),
    shade: (p, e) => (e < none ? shadeOf(floor.block[p]) : entries[e].shades[0]),
  };
}

/** What a position does otherwise than in the first of two plans. */
function byMoves(demand) {
  const now = demand.entries.map(({ label, shades }) => entry(`Now: ${label}`, shades, { kind: "moved", name: `Now: ${label}` }));
  const [same, unknown] = ["As in the first plan", "Not in the first plan"].map((label) => entry(label, ["empty"], { kind: "moved", name: label }));
  const entries = [same, ...now, { ...unknown, shades: ["rest"] }];
  const of = (p, state, t) => {
    const first = firstState(p, t);
    return first === null ? entries.length - 1 : first === state ? 0 : 1 + demand.of(p, state, t);
  };
  return { title: "what moved", entries, of, unmarked: 0, shade: (p, e) => entries[e].shades[0] };
}

const demandColouring = byDemand();
const COLOURINGS = {
  demand: demandColouring, moved: byMoves(demandColouring), type: byType(), headroom: byHeadroom(), block: byBlock(),
};
