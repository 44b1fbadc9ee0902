// The floor as arrays: what each position is like in a period.

const floor = report.sections.floor;
const SERVES = floor.keys.states.length;
/** Of states, by number; those that only the first of two plans has come last. */
const demandNames = report.sections.compare?.floor?.demands ?? floor.demands;

floor.pattern = Uint32Array.from(floor.pattern);

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

/** The periods [first, end) around `t` in which a position has one state and one rack. */
function spanAt(p, t) {
  const [first, end] = runAround(stateRuns(p), t), racks = floor.rack[p];
  if (typeof racks === "number") return [first, end];
  const [come, gone] = runAround(racks, t);
  return [Math.max(first, come), Math.min(end, gone)];
}

const statesKnown = { t: -1, states: null };

/** The state of all positions in a period. */
function statesAt(t) {
  if (statesKnown.t !== t) {
    const known = Int32Array.from(floor.patterns, (runs) => valueAt(runs, t));
    statesKnown.t = t;
    statesKnown.states = Int32Array.from(floor.pattern, (pattern) => known[pattern]);
  }
  return statesKnown.states;
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
  if (state < SERVES) return floor.keys.states[state][0];
  return isSpare(state) ? `Spare held for ${apart(demandOf(state))}` : demandOf(state);
}
