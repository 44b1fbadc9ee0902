// Pointer and keys on the map: hover and tap tell, a click chooses, dragging pans, the wheel with Ctrl zooms.

const DRAGGED_PX = 5;

function startMapPointer() {
  let from = null, dragged = false;
  map.canvas.addEventListener("pointerdown", (event) => {
    dragged = false;
    from = event.pointerType === "mouse" ? { x: event.clientX, y: event.clientY, left: map.frame.scrollLeft, top: map.frame.scrollTop } : null;
  });
  map.canvas.addEventListener("pointermove", (event) => {
    if (!from || !(event.buttons & 1)) return tellAt(event);
    const dx = event.clientX - from.x, dy = event.clientY - from.y;
    dragged ||= Math.hypot(dx, dy) > DRAGGED_PX;
    if (dragged) map.frame.scrollTo(from.left - dx, from.top - dy);
    showTip(null);
  });
  map.canvas.addEventListener("pointerleave", () => showTip(null));
  map.canvas.addEventListener("click", (event) => {
    if (!dragged) clickMap(event);
  });
  map.canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoomMap(map.zoom * (event.deltaY < 0 ? 1.25 : 0.8), event.offsetX, event.offsetY);
  }, { passive: false });
  addEventListener("pointerdown", (event) => {
    if (event.target !== map.canvas) showTip(null);
  });
}

function tellAt(event) {
  const p = positionAt(event.offsetX, event.offsetY);
  showTip(p < 0 ? null : aboutPosition(p), event.clientX, event.clientY);
}

function clickMap(event) {
  const p = positionAt(event.offsetX, event.offsetY), thing = p < 0 ? null : thingAt(p);
  map.cursor = p;
  choose("thing", sameThing(thing, chosen.thing) ? null : thing);
  tellAt(event);
}

const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

function startMapKeys() {
  map.canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !mapKey(event.key)) return;
    event.preventDefault();
  });
  map.canvas.addEventListener("blur", () => {
    map.cursor = -1;
    byId("map-at").textContent = "";
    showTip(null);
    drawMap();
  });
}

/** Do what a key asks for; whether it asks for anything. */
function mapKey(key) {
  if (key in ARROWS) moveCursor(map.cursor < 0 ? (map.lit?.values().next().value ?? 0) : neighbour(map.cursor, ...ARROWS[key]));
  else if (key === "Home") moveCursor(0);
  else if (key === "End") moveCursor(floor.positions.length - 1);
  else if (key === "Enter" && map.cursor >= 0) choose("thing", thingAt(map.cursor));
  else if (key === "+" || key === "=") zoomAtCursor(map.zoom * 1.5);
  else if (key === "-") zoomAtCursor(map.zoom / 1.5);
  else if (key === "0") zoomAtCursor(1);
  else return false;
  return true;
}

/** Zoom, and leave the cursor, where there is one, where it is. */
function zoomAtCursor(zoom) {
  if (map.cursor < 0) return zoomMap(zoom);
  zoomMap(zoom, xOf(map.cursor), yOf(map.cursor));
  moveCursor(map.cursor);
}

function moveCursor(p) {
  map.cursor = p;
  showOnMap(p);
  drawMap();
  byId("map-at").textContent = aboutPosition(p).join(". ");
  const box = map.canvas.getBoundingClientRect();
  showTip(aboutPosition(p), box.left + xOf(p) + map.cell, box.top + yOf(p));
}

/** The nearest position in a direction; the same where there is none. */
function neighbour(from, dx, dy) {
  const x = xOf(from), y = yOf(from);
  let best = from, least = Infinity;
  for (let p = 0; p < floor.positions.length; p++) {
    const across = xOf(p) - x, down = yOf(p) - y, ahead = across * dx + down * dy;
    if (ahead <= map.cell / 100) continue;
    const far = ahead + 3 * Math.abs(across * dy + down * dx);
    if (far < least) [best, least] = [p, far];
  }
  return best;
}
