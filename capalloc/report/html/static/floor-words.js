// What the map says in words: of a position, and of the whole floor.

/** What is known of a position in the chosen period, line by line. */
function aboutPosition(p) {
  const t = chosen.period, rack = rackAt(p, t), [first, end] = spanAt(p, t);
  const feeds = [floor.feedA[p], floor.feedB[p]].filter((feed) => feed >= 0);
  const place = `Position ${apart(floor.positions[p])} in row ${apart(floor.rows[floor.row[p]])}`;
  const block = floor.block[p] < 0 ? "" : `, fabric block ${apart(floor.blocks[floor.block[p]])}`;
  return [
    rack < 0 ? "No rack" : `Rack ${apart(floor.racks[rack])} (${apart(floor.types[floor.rackType[rack]])})`,
    place + block,
    spanWords(p, t),
    ...(first > 0 ? [`Before: ${spanWords(p, first - 1, rack)}`] : []),
    ...(end < report.periods.length ? [`After: ${spanWords(p, end, rack)}`] : []),
    ...feeds.map((feed, side) => `Feed ${feeds.length > 1 ? `${"AB"[side]} ` : ""}${apart(tree.names[feed])}: ${loadWords(feed, t)}`),
    ...tightestWords(feeds, t),
  ];
}

/** What a position is like around a period, and on which days; with its rack where that is another than `besides`. */
function spanWords(p, t, besides = rackAt(p, t)) {
  const state = valueAt(stateRuns(p), t), [first, end] = spanAt(p, t), rack = rackAt(p, t);
  const by = rack >= 0 && rack !== besides ? `rack ${apart(floor.racks[rack])}: ` : "";
  const last = end === report.periods.length ? ", the end of the plan" : "";
  const what = state < SERVES || isSpare(state) ? stateWords(state) : `Serves ${apart(demandOf(state))}`;
  return `${by}${what} ${daysOf(first, end)}${last}`;
}

/** The node above some feeds that is nearest to its limit, where that is not a feed itself. */
function tightestWords(feeds, t) {
  const use = usesAt(t);
  let tightest = feeds[0];
  for (const feed of feeds) {
    for (let node = feed; node >= 0; node = tree.parent[node]) if (use[node] > use[tightest]) tightest = node;
  }
  return feeds.includes(tightest) ? [] : [`Tightest above: ${apart(tree.names[tightest])}, ${loadWords(tightest, t)}`];
}

const NAMED_DEMANDS = 16;

/** What the map shows in the chosen period, and what is lit up. */
function sayMap() {
  const period = report.periods[chosen.period].label, by = COLOURINGS[map.colouring];
  const said = [`${period}: ${racksByDemand()}.`];
  if (map.colouring !== "demand") {
    const counts = countedEntries();
    const parts = by.entries.map(({ label }, e) => [label, counts[e]]).filter(([, n]) => n);
    said.push(`Positions by ${by.title}: ${parts.map(([label, n]) => `${apart(label)} (${count(n)})`).join(", ")}.`);
  }
  if (chosen.thing) said.push(litWords(chosen.thing));
  byId("map-says").textContent = said.join(" ");
}

/** Racks that serve each demand, and what the others do. */
function racksByDemand() {
  const counts = new Map();
  for (const state of statesAt(chosen.period)) counts.set(state, (counts.get(state) ?? 0) + 1);
  const all = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const serving = all.filter(([state]) => state >= SERVES && !isSpare(state));
  const parts = serving.slice(0, NAMED_DEMANDS).map(([state, n]) => `${apart(demandOf(state))} (${count(n)})`);
  const more = serving.slice(NAMED_DEMANDS), left = more.reduce((sum, [, n]) => sum + n, 0);
  if (more.length) parts.push(`${plural(more.length, "more demand")} (${count(left)})`);
  const rest = all.filter(([state]) => state < SERVES || isSpare(state)).map(([state, n]) => `${lowered(stateWords(state))} (${count(n)})`);
  const served = parts.length ? `racks by demand: ${parts.join(", ")}` : "no rack serves a demand";
  return rest.length ? `${served}; other positions: ${rest.join(", ")}` : served;
}

function lowered(text) {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function litWords(thing) {
  if (map.lit.size) return `Lit up: ${thingWords(thing)}, ${plural(map.lit.size, "position")}.`;
  const place = thing.kind === "rack" ? firstPlaceOf(floor.racks.indexOf(thing.name)) : null;
  const when = place ? `; it comes to position ${apart(floor.positions[place[0]])} in ${report.periods[place[1]].label}` : "";
  return `Nothing on the map is ${thingWords(thing)} in ${report.periods[chosen.period].label}${when}.`;
}
