// The map on its canvas: a cell is redrawn when its colour changes, everything when the map does.

const map = { canvas: byId("map"), colouring: "demand", zoom: 1, drawn: [], lit: null, cursor: -1 };
const MOST_PIXELS = 8000, LEAST_CELL = 3.2, MOST_CELL = 26, DIM = 0.18;

function layoutNow() {
  return floor.layouts[map.canvas.parentElement.clientWidth < 500 ? 1 : 0];
}

/** Give the canvas its size, and draw all of it. */
function fitMap() {
  const frame = map.canvas.parentElement;
  map.layout = layoutNow();
  const fitting = (frame.clientWidth - 2) / map.layout.columns;
  map.cell = Math.max(LEAST_CELL, Math.min(MOST_CELL, fitting) * map.zoom);
  const width = map.layout.columns * map.cell, height = map.layout.height * map.cell;
  map.scale = Math.min(devicePixelRatio || 1, MOST_PIXELS / Math.max(width, height));
  map.canvas.width = Math.ceil(width * map.scale);
  map.canvas.height = Math.ceil(height * map.scale);
  map.canvas.style.width = `${width}px`;
  map.canvas.style.height = `${height}px`;
  drawMap();
}

function xOf(p) {
  return map.layout.rowX[floor.row[p]] * map.cell;
}

function yOf(p) {
  return (map.layout.rowY[floor.row[p]] + floor.rank[p]) * map.cell;
}

/** Draw everything. */
function drawMap() {
  const paint = map.canvas.getContext("2d");
  paint.setTransform(map.scale, 0, 0, map.scale, 0, 0);
  paint.fillStyle = shade("paper");
  paint.fillRect(0, 0, map.canvas.width, map.canvas.height);
  paint.fillStyle = shade("ink-2");
  paint.font = `${Math.max(11, Math.min(16, map.cell * 1.4))}px system-ui, sans-serif`;
  floor.halls.forEach((name, hall) => paint.fillText(name, 0, map.layout.hallY[hall] * map.cell));
  map.drawn = [];
  drawCells();
}

/** Draw the cells whose colour is another one now. */
function drawCells() {
  const paint = map.canvas.getContext("2d"), t = chosen.period, states = statesAt(t);
  const colouring = COLOURINGS[map.colouring], known = {}, paper = shade("paper");
  const gap = map.cell > 5 ? 1 : 0.5, size = map.cell - gap;
  for (let p = 0; p < states.length; p++) {
    const kind = colouring.of(p, states[p], t), name = colouring.shade(kind);
    const lit = !map.lit || map.lit.has(p), key = lit ? name : `${name}/dim`;
    if (map.drawn[p] === key) continue;
    map.drawn[p] = key;
    const x = xOf(p), y = yOf(p);
    paint.fillStyle = paper;
    paint.fillRect(x, y, map.cell, map.cell);
    paint.globalAlpha = lit ? 1 : DIM;
    paint.fillStyle = known[name] ??= shade(name);
    paint.fillRect(x, y, size, size);
    paint.globalAlpha = 1;
    markState(paint, states[p], x, y, size);
  }
  drawCursor(paint, size);
}

/** What colour alone must not say: a cross where there is no power, a dot where a rack is to come. */
function markState(paint, state, x, y, size) {
  if (size < 5 || (state !== 5 && state !== 4 && state !== 1)) return;
  paint.strokeStyle = shade("ink-2");
  paint.beginPath();
  if (state === 1) paint.rect(x + size / 2 - 1, y + size / 2 - 1, 2, 2);
  else {
    paint.moveTo(x + 1, y + 1);
    paint.lineTo(x + size - 1, y + size - 1);
    if (state === 5) {
      paint.moveTo(x + size - 1, y + 1);
      paint.lineTo(x + 1, y + size - 1);
    }
  }
  paint.stroke();
}

function drawCursor(paint, size) {
  const p = map.cursor;
  if (p < 0) return;
  paint.strokeStyle = shade("ink");
  paint.lineWidth = 2;
  paint.strokeRect(xOf(p) + 1, yOf(p) + 1, Math.max(1, size - 2), Math.max(1, size - 2));
  paint.lineWidth = 1;
  map.drawn[p] = null;
}

/** The position at a point of the canvas, or -1. */
function positionAt(x, y) {
  const cx = x / map.cell, cy = y / map.cell;
  for (let p = 0; p < floor.positions.length; p++) {
    const left = map.layout.rowX[floor.row[p]], top = map.layout.rowY[floor.row[p]] + floor.rank[p];
    if (cx >= left && cx < left + 1 && cy >= top && cy < top + 1) return p;
  }
  return -1;
}
