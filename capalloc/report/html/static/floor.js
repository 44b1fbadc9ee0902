// The floor map: colours, pointer, keys, its legend and what it says in words.

function startFloor() {
  fitMap();
  new ResizeObserver(() => {
    if (map.canvas.parentElement.clientWidth) fitMap();
  }).observe(map.canvas.parentElement);
  hear("period", showMonth);
  hear("theme", fitMap);
  hear("thing", light);
  for (const button of document.querySelectorAll("[data-colour]")) {
    button.addEventListener("click", () => colourBy(button.dataset.colour));
  }
  byId("floor-in").addEventListener("click", () => zoomMap(1.5));
  byId("floor-out").addEventListener("click", () => zoomMap(1 / 1.5));
  map.canvas.addEventListener("pointermove", pointAt);
  map.canvas.addEventListener("pointerleave", () => showTip(null));
  map.canvas.addEventListener("click", clickMap);
  map.canvas.addEventListener("keydown", keyOnMap);
  map.canvas.addEventListener("blur", () => moveCursor(-1));
}

function showMonth() {
  if (chosen.thing) map.lit = new Set(positionsOf(chosen.thing));
  drawCells();
  showKeys();
  sayMap();
}

/** Light up what is chosen. */
function light(thing) {
  const found = positionsOf(thing);
  map.lit = found && new Set(found);
  drawCells();
  showKeys();
  sayMap();
  if (found?.length) showOnMap(found[0]);
}

function showOnMap(p) {
  const frame = map.canvas.parentElement;
  frame.scrollTo({ left: xOf(p) - frame.clientWidth / 2, top: yOf(p) - frame.clientHeight / 2 });
}

function colourBy(name) {
  map.colouring = name;
  for (const one of document.querySelectorAll("[data-colour]")) {
    one.setAttribute("aria-pressed", String(one.dataset.colour === name));
  }
  drawCells();
  showKeys();
}

function zoomMap(factor) {
  map.zoom = Math.max(1, Math.min(8, map.zoom * factor));
  fitMap();
}

function pointAt(event) {
  const p = positionAt(event.offsetX, event.offsetY);
  showTip(p < 0 ? null : aboutPosition(p), event.clientX, event.clientY);
}

function clickMap(event) {
  const p = positionAt(event.offsetX, event.offsetY);
  choose("thing", p < 0 ? null : thingAt(p));
  if (p >= 0) showTip(aboutPosition(p), event.clientX, event.clientY);
}

/** The rack at a position, or the position where none stands. */
function thingAt(p) {
  const rack = rackAt(p, chosen.period);
  return rack < 0 ? { kind: "position", name: floor.positions[p] } : { kind: "rack", name: floor.racks[rack] };
}

/** What is known of a position in the chosen period, line by line. */
function aboutPosition(p) {
  const t = chosen.period, state = statesAt(t)[p], rack = rackAt(p, t);
  const [first, end] = runAround(stateRuns(p), t);
  const place = `Position ${floor.positions[p]}, row ${floor.rows[floor.row[p]]}, hall ${floor.halls[floor.hall[p]]}`;
  const what = rack < 0 ? place : `Rack ${floor.racks[rack]} (${floor.types[floor.rackType[rack]]})`;
  return [
    what,
    ...(rack < 0 ? [] : [place]),
    `${stateWords(state)}, ${daysOf(first, end)}`,
    ...neighbourRuns(p, first, end),
    ...[floor.feedA[p], floor.feedB[p]].filter((feed) => feed >= 0).map((feed, side) => aboutFeed(feed, side, t)),
    ...(floor.block[p] < 0 ? [] : [`Fabric block ${floor.blocks[floor.block[p]]}`]),
  ];
}

function neighbourRuns(p, first, end) {
  const said = [];
  if (first > 0) said.push(`Before: ${stateWords(valueAt(stateRuns(p), first - 1))}`);
  if (end < report.periods.length) said.push(`After: ${stateWords(valueAt(stateRuns(p), end))}`);
  return said;
}

function aboutFeed(node, side, t) {
  return `Feed ${"AB"[side]} ${tree.names[node]}: ${loadWords(node, t)}`;
}

const STEPS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

function keyOnMap(event) {
  if (event.key in STEPS) {
    event.preventDefault();
    moveCursor(map.cursor < 0 ? 0 : neighbour(map.cursor, ...STEPS[event.key]));
  } else if (event.key === "Enter" && map.cursor >= 0) choose("thing", thingAt(map.cursor));
  else if (event.key === "Escape") choose("thing", null);
}

function moveCursor(p) {
  if (map.cursor >= 0) map.drawn[map.cursor] = null;
  map.cursor = p;
  drawCells();
  byId("map-at").textContent = p < 0 ? "" : aboutPosition(p).join(". ");
  if (p < 0) return showTip(null);
  showOnMap(p);
  const box = map.canvas.getBoundingClientRect();
  showTip(aboutPosition(p), box.left + xOf(p), box.top + yOf(p));
}

/** The nearest position in a direction; the same where there is none. */
function neighbour(from, dx, dy) {
  const x = map.layout.rowX[floor.row[from]], y = map.layout.rowY[floor.row[from]] + floor.rank[from];
  let best = from, least = Infinity;
  for (let p = 0; p < floor.positions.length; p++) {
    const ahead = (map.layout.rowX[floor.row[p]] - x) * dx + (map.layout.rowY[floor.row[p]] + floor.rank[p] - y) * dy;
    if (ahead <= 1e-6) continue;
    const aside = Math.abs((map.layout.rowX[floor.row[p]] - x) * dy) + Math.abs((map.layout.rowY[floor.row[p]] + floor.rank[p] - y) * dx);
    const far = ahead + 3 * aside;
    if (far < least) [best, least] = [p, far];
  }
  return best;
}

/** How many positions count as what in the chosen period: [kind, positions], the most first. */
function countedKinds() {
  const t = chosen.period, colouring = COLOURINGS[map.colouring], counted = new Map();
  statesAt(t).forEach((state, p) => {
    const kind = colouring.of(p, state, t);
    counted.set(kind, (counted.get(kind) ?? 0) + 1);
  });
  return [...counted].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
}

function showKeys() {
  const colouring = COLOURINGS[map.colouring];
  const lines = new Map();
  for (const [kind, positions] of countedKinds()) {
    const label = colouring.label(kind);
    const line = lines.get(label) ?? { label, shade: colouring.shade(kind), positions: 0, thing: colouring.thing(kind) };
    line.positions += positions;
    lines.set(label, line);
  }
  byId("map-keys").replaceChildren(...[...lines.values()].slice(0, 24).map(keyOf));
}

function keyOf({ label, shade: name, positions, thing }) {
  const item = document.createElement("li"), swatch = document.createElement("span");
  swatch.className = `swatch shade-${name}`;
  const text = document.createElement("bdi");
  text.textContent = positions === undefined ? label : `${label}: ${count(positions)}`;
  if (!thing) {
    item.append(swatch, text);
    return item;
  }
  const button = document.createElement("button");
  button.type = "button";
  button.className = "key";
  button.setAttribute("aria-pressed", String(chosen.thing?.kind === "demand" && chosen.thing.name === thing.name));
  button.append(swatch, text);
  button.addEventListener("click", () => choose("thing", button.getAttribute("aria-pressed") === "true" ? null : thing));
  item.append(button);
  return item;
}

/** What the map shows, in words. */
function sayMap() {
  const states = statesAt(chosen.period), counted = new Map();
  for (const state of states) counted.set(stateWords(state), (counted.get(stateWords(state)) ?? 0) + 1);
  const parts = [...counted].sort((a, b) => b[1] - a[1]).slice(0, 8).map(([name, n]) => `${name} ${count(n)}`);
  const lit = chosen.thing ? ` Lit up: ${chosen.thing.kind} ${chosen.thing.name}, ${plural(map.lit.size, "position")}.` : "";
  byId("map-says").textContent = `${report.periods[chosen.period].label}, positions: ${parts.join(", ")}.${lit}`;
}
