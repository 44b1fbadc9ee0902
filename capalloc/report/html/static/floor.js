// The floor map: choices, pointer and keys.

function startFloor() {
  fitMap();
  new ResizeObserver(() => {
    if (map.frame.clientWidth && chosen.theme !== "paper") fitMap();
  }).observe(map.frame);
  hear("period", showMonth);
  hear("theme", fitMap);
  hear("thing", light);
  for (const button of document.querySelectorAll("[data-colour]")) {
    button.addEventListener("click", () => colourBy(button.dataset.colour));
  }
  byId("floor-in").addEventListener("click", () => zoomMap(map.zoom * 1.5));
  byId("floor-out").addEventListener("click", () => zoomMap(map.zoom / 1.5));
  byId("floor-whole").addEventListener("click", () => zoomMap(1));
  map.frame.addEventListener("scroll", () => requestAnimationFrame(drawMap), { passive: true });
  startMapPointer();
  startMapKeys();
}

/** Draw what has changed, or all of it where rings stand around cells. */
function redrawMap() {
  if (map.lit || map.cursor >= 0) drawMap();
  else drawCells();
  showKeys();
  sayMap();
}

function showMonth() {
  if (chosen.thing) map.lit = new Set(positionsOf(chosen.thing));
  redrawMap();
}

/** Light up what is chosen. */
function light(thing) {
  const found = positionsOf(thing);
  map.lit = found && new Set(found);
  if (found?.length) showOnMap(found[0]);
  drawMap();
  redrawMap();
}

/** Scroll the frame to where a position is in sight. */
function showOnMap(p) {
  const room = 3 * map.cell, x = xOf(p) + map.left, y = yOf(p) + map.top, { frame } = map;
  const near = (at, from, size) => (at - room < from || at + room > from + size ? at - size / 2 : from);
  frame.scrollTo(near(x, frame.scrollLeft, frame.clientWidth), near(y, frame.scrollTop, frame.clientHeight));
}

function colourBy(name) {
  map.colouring = name;
  for (const one of document.querySelectorAll("[data-colour]")) {
    one.setAttribute("aria-pressed", String(one.dataset.colour === name));
  }
  redrawMap();
}

/** Zoom, and leave what is at a point of the frame, its middle by default, where it is. */
function zoomMap(zoom, x = map.frame.clientWidth / 2, y = map.frame.clientHeight / 2) {
  const { frame, cell } = map, left = (frame.scrollLeft + x) / cell, top = (frame.scrollTop + y) / cell;
  map.zoom = Math.max(1, Math.min(MOST_ZOOM, zoom));
  fitMap();
  frame.scrollTo(left * map.cell - x, top * map.cell - y);
  fitMap();
}

/** The rack at a position, or the position where none stands. */
function thingAt(p) {
  const rack = rackAt(p, chosen.period);
  return rack < 0 ? { kind: "position", name: floor.positions[p] } : { kind: "rack", name: floor.racks[rack] };
}
