// The floor as arrays: what each position is like in the chosen period, and what is lit up.

const floor = report.sections.floor;
const SERVES = 6;
const STATES = ["Empty", "Rack to come", "Idle", "Switched off", "Cannot serve", "No power"];
const STATE_SHADES = ["empty", "awaited", "idle", "off", "unusable", "dark"];
const demandNames = Object.keys(report.shades);

/** The value of runs [period, value, period, value ...] in a period. */
function valueAt(runs, t) {
  let value = runs[1];
  for (let i = 2; i < runs.length && runs[i] <= t; i += 2) value = runs[i + 1];
  return value;
}

/** The periods [first, end) around `t` in which runs have one value. */
function runAround(runs, t) {
  let first = 0, end = report.periods.length;
  for (let i = 0; i < runs.length; i += 2) {
    if (runs[i] <= t) first = runs[i];
    else {
      end = runs[i];
      break;
    }
  }
  return [first, end];
}

function stateRuns(p) {
  return floor.patterns[floor.pattern[p]];
}

/** The state of all positions in a period. */
function statesAt(t) {
  const known = floor.patterns.map((runs) => valueAt(runs, t));
  return floor.pattern.map((pattern) => known[pattern]);
}

/** The rack at a position in a period; -1 where none stands. */
function rackAt(p, t) {
  const racks = floor.rack[p];
  return typeof racks === "number" ? racks : valueAt(racks, t);
}

/** The demand that a state is of, or null. */
function demandOf(state) {
  return state < SERVES ? null : demandNames[(state - SERVES) >> 1];
}

function isSpare(state) {
  return state >= SERVES && (state - SERVES) % 2 === 1;
}

/** A state in words. */
function stateWords(state) {
  if (state < SERVES) return STATES[state];
  return isSpare(state) ? `Spare held for ${demandOf(state)}` : demandOf(state);
}

function stateShade(state) {
  if (state < SERVES) return STATE_SHADES[state];
  return isSpare(state) ? "spare" : report.shades[demandOf(state)];
}

/** Names, by kind of thing, with the positions that a thing has. */
const positionsOfKind = {
  position: (name) => [floor.positions.indexOf(name)].filter((p) => p >= 0),
  rack: (name) => positionsOfRack(floor.racks.indexOf(name)),
  row: (name) => where(floor.row, floor.rows.indexOf(name)),
  hall: (name) => where(floor.hall, floor.halls.indexOf(name)),
  block: (name) => where(floor.block, floor.blocks.indexOf(name)),
  demand: (name) => positionsOfDemands([name]),
  tenant: (name) => positionsOfDemands(Object.keys(floor.tenants).filter((demand) => floor.tenants[demand] === name)),
  node: (name) => positionsOfNode(name),
};

/** The positions of a chosen thing in the chosen period; null where nothing is chosen. */
function positionsOf(thing) {
  return thing ? (positionsOfKind[thing.kind]?.(thing.name) ?? []) : null;
}

function where(values, wanted) {
  const found = [];
  for (let p = 0; p < values.length; p++) if (values[p] === wanted) found.push(p);
  return found;
}

function positionsOfRack(r) {
  const found = [];
  for (let p = 0; p < floor.positions.length; p++) if (rackAt(p, chosen.period) === r) found.push(p);
  return found;
}

function positionsOfDemands(names) {
  const found = [], states = statesAt(chosen.period);
  for (let p = 0; p < states.length; p++) if (names.includes(demandOf(states[p]))) found.push(p);
  return found;
}

/** Positions with a feed at or below a node. */
function positionsOfNode(name) {
  const below = nodesBelow(tree.names.indexOf(name));
  const found = [];
  for (let p = 0; p < floor.positions.length; p++) {
    if (below.has(floor.feedA[p]) || below.has(floor.feedB[p])) found.push(p);
  }
  return found;
}
