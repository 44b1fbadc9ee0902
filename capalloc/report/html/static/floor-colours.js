// What colours a cell of the map: by demand, rack type, use of its feeds, or fabric block.

/** Steps of use: [share from which on it holds, colour, label]; the last is beyond a limit. */
const USE_STEPS = report.sections.power.steps;

/** The step of a share of a limit. */
function useStep(share) {
  let step = 0;
  while (step + 1 < USE_STEPS.length && share >= USE_STEPS[step + 1][0]) step++;
  return step;
}

const TYPE_SHADES = ["d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8", "d9"];

/** For each colouring: what a position counts as, and the label and colour of that. */
const COLOURINGS = {
  demand: {
    of: (p, state) => state,
    label: (state) => stateWords(state),
    shade: (state) => stateShade(state),
    thing: (state) => (state < SERVES ? null : { kind: "demand", name: demandOf(state) }),
  },
  moved: {
    of: (p, state, t) => (state === firstState(p, t) ? -1 : state),
    label: (state) => (state < 0 ? "As in the first plan" : `Now: ${stateWords(state)}`),
    shade: (state) => (state < 0 ? "empty" : stateShade(state)),
    thing: () => null,
  },
  type: {
    of: (p, state, t) => (rackAt(p, t) < 0 ? -1 : floor.rackType[rackAt(p, t)]),
    label: (type) => (type < 0 ? "No rack" : floor.types[type]),
    shade: (type) => (type < 0 ? "empty" : TYPE_SHADES[type % TYPE_SHADES.length]),
    thing: () => null,
  },
  headroom: {
    of: (p, state, t) => useStep(feedUse(p, t)),
    label: (step) => `Feeds ${USE_STEPS[step][2]}`,
    shade: (step) => USE_STEPS[step][1],
    thing: () => null,
  },
  block: {
    of: (p, state) => (state < SERVES ? -1 : floor.block[p] < 0 ? -2 : floor.block[p] % 6),
    label: (kind) => (kind === -1 ? "Serves nobody" : kind === -2 ? "No fabric block" : "A fabric block"),
    shade: (kind) => (kind === -1 ? "empty" : kind === -2 ? "rest" : TYPE_SHADES[kind]),
    thing: () => null,
  },
};

/** The highest use of any node above a position, as a share of its limits. */
function feedUse(p, t) {
  const use = useOfPaths(t);
  const b = floor.feedB[p];
  return Math.max(use[floor.feedA[p]], b < 0 ? 0 : use[b]);
}
