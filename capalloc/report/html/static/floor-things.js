// Things that can be chosen, and the positions that each has in the chosen period.

const positionsOfKind = {
  position: (name) => [floor.positions.indexOf(name)].filter((p) => p >= 0),
  rack: (name) => positionsOfRack(floor.racks.indexOf(name)),
  row: (name) => positionsWhere(floor.row, floor.rows.indexOf(name)),
  hall: (name) => positionsWhere(floor.hall, floor.halls.indexOf(name)),
  block: (name) => positionsWhere(floor.block, floor.blocks.indexOf(name)),
  demand: (name) => positionsOfDemands(new Set([name])),
  tenant: (name) => positionsOfDemands(new Set(demandsOfTenant(name))),
  node: (name) => positionsOfNode(name),
  state: (name) => positionsOfEntry("demand", name),
  type: (name) => positionsOfEntry("type", name),
  feeds: (name) => positionsOfEntry("headroom", name),
  blocks: (name) => positionsOfEntry("block", name),
  moved: (name) => positionsOfEntry("moved", name),
};

/** What a kind of thing is called in a sentence; a state is its own sentence. */
const KIND_WORDS = {
  position: "position ", rack: "rack ", row: "row ", hall: "hall ", block: "fabric block ", demand: "demand ",
  tenant: "tenant ", node: "power node ", type: "rack type ",
};

/** The positions of a chosen thing in the chosen period; null where nothing is chosen. */
function positionsOf(thing) {
  return thing ? (positionsOfKind[thing.kind]?.(thing.name) ?? []) : null;
}

/** A thing in words. */
function thingWords(thing) {
  return `${KIND_WORDS[thing.kind] ?? ""}${apart(thing.name)}`;
}

function sameThing(one, other) {
  return one?.kind === other?.kind && one?.name === other?.name;
}

function positionsThat(holds) {
  const found = [];
  for (let p = 0; p < floor.positions.length; p++) if (holds(p)) found.push(p);
  return found;
}

function positionsWhere(values, wanted) {
  return wanted < 0 ? [] : positionsThat((p) => values[p] === wanted);
}

function positionsOfRack(rack) {
  return rack < 0 ? [] : positionsThat((p) => rackAt(p, chosen.period) === rack);
}

function positionsOfDemands(names) {
  const states = statesAt(chosen.period);
  return positionsThat((p) => states[p] >= SERVES && names.has(demandOf(states[p])));
}

function demandsOfTenant(name) {
  return Object.keys(floor.tenants).filter((demand) => floor.tenants[demand] === name);
}

/** Positions with a feed at or below a node. */
function positionsOfNode(name) {
  const below = nodesBelow(tree.names.indexOf(name));
  return positionsThat((p) => below.has(floor.feedA[p]) || below.has(floor.feedB[p]));
}

/** Positions that count as an entry of a colouring's legend. */
function positionsOfEntry(colouring, label) {
  const { entries, of } = COLOURINGS[colouring], t = chosen.period, states = statesAt(t);
  return positionsThat((p) => entries[of(p, states[p], t)].label === label);
}

/** When a rack stands somewhere: [position, period] of its first, or null. */
function firstPlaceOf(rack) {
  let first = null;
  floor.rack.forEach((racks, p) => {
    const runs = typeof racks === "number" ? [0, racks] : racks;
    for (let i = 0; i < runs.length; i += 2) {
      if (runs[i + 1] === rack && (!first || runs[i] < first[1])) first = [p, runs[i]];
    }
  });
  return first;
}
