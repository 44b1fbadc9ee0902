// The map on its canvas, which is as large as the frame and shows the part of the map that is scrolled to.
// A cell is redrawn when it looks different, everything when the map is scrolled, sized, or lit up.

const map = {
  frame: byId("map-frame"), sheet: byId("map-sheet"), canvas: byId("map"), colouring: "demand", zoom: 1,
  /** What each cell looks like on the canvas, as a number; -1 where it is not drawn. */ drawn: new Int32Array(0),
  /** @type {Set<number> | null} */ lit: null, cursor: -1, width: 0, height: 0, left: 0, top: 0,
};
const NARROW_PX = 600, LEAST_CELL = 2.5, MOST_CELL_REM = 1.7, MOST_ZOOM = 12, PAPER_PX = 1400, DIM = 0.16, RINGED = 60;
/** Cells smaller than that are strips without lines between them. */
const STRIP_PX = 6;
/** Cells from that size on have marks. */
const MARKED_PX = 8;

/** Give the map its size, and draw it. */
function fitMap() {
  const paper = chosen.theme === "paper", across = paper ? PAPER_PX : map.frame.clientWidth;
  map.layout = floor.layouts[!paper && across < NARROW_PX ? 1 : 0];
  map.scale = paper ? 2 : devicePixelRatio || 1;
  map.cell = cellNow(paper, across);
  const width = Math.ceil(map.layout.columns * map.cell), height = Math.ceil(map.layout.height * map.cell);
  map.sheet.style.width = `${width}px`;
  map.sheet.style.height = `${height}px`;
  byId("map-more").hidden = paper || height <= map.frame.clientHeight + 1;
  map.width = paper ? width : Math.min(width, map.frame.clientWidth);
  map.height = paper ? height : Math.min(height, map.frame.clientHeight || height);
  map.canvas.width = Math.ceil(map.width * map.scale);
  map.canvas.height = Math.ceil(map.height * map.scale);
  map.canvas.style.width = `${map.width}px`;
  map.canvas.style.height = `${map.height}px`;
  drawMap();
}

function remPx() {
  return parseFloat(getComputedStyle(document.documentElement).fontSize);
}

/** The side of a cell, in whole pixels of the screen where that is near. */
function cellNow(paper, across) {
  const { columns, height } = map.layout;
  const most = paper ? PAPER_PX / 30 : MOST_CELL_REM * remPx(), down = across < NARROW_PX ? Infinity : 0.7 * innerHeight;
  const fitting = Math.min(most, across / columns, paper ? Infinity : down / height);
  const cell = Math.max(LEAST_CELL, fitting) * (paper ? 1 : map.zoom);
  return Math.max(1, Math.floor(cell * map.scale)) / map.scale;
}

/** Where a position is on the canvas, at a whole pixel of the screen so that a cell can be drawn over. */
function xOf(p) {
  return Math.round((map.layout.rowX[floor.row[p]] * map.cell - map.left) * map.scale) / map.scale;
}

function yOf(p) {
  return Math.round(((map.layout.rowY[floor.row[p]] + floor.rank[p]) * map.cell - map.top) * map.scale) / map.scale;
}

/** Draw everything in sight. */
function drawMap() {
  const paint = map.canvas.getContext("2d", { alpha: false });
  map.left = chosen.theme === "paper" ? 0 : map.frame.scrollLeft;
  map.top = chosen.theme === "paper" ? 0 : map.frame.scrollTop;
  paint.setTransform(map.scale, 0, 0, map.scale, 0, 0);
  paint.fillStyle = shade("paper");
  paint.fillRect(0, 0, map.width + 1, map.height + 1);
  drawHalls(paint);
  map.drawn = new Int32Array(floor.positions.length).fill(-1);
  drawCells();
}

/** Write the names of halls above them, as far as there is room. */
function drawHalls(paint) {
  const { hallX, hallY, hallRoom, name } = map.layout;
  const most = chosen.theme === "paper" ? 20 : remPx() * Math.min(map.zoom, 1.6), size = Math.max(10, Math.min(most, name * map.cell * 0.55));
  paint.fillStyle = shade("ink-2");
  paint.font = `${size}px ${getComputedStyle(document.documentElement).fontFamily}`;
  floor.halls.forEach((hall, h) => {
    paint.fillText(cutTo(paint, hall, hallRoom[h] * map.cell), hallX[h] * map.cell - map.left, hallY[h] * map.cell - map.top);
  });
}

/** A text as far as it is no wider than that. */
function cutTo(paint, text, width) {
  if (paint.measureText(text).width <= width) return text;
  const signs = [...text];
  while (signs.length && paint.measureText(`${signs.join("")}…`).width > width) signs.pop();
  return `${signs.join("")}…`;
}

/** Draw the cells in sight that look different now. */
function drawCells() {
  const paint = map.canvas.getContext("2d", { alpha: false }), looks = new Map(), cell = map.cell;
  const t = chosen.period, states = statesAt(t), colouring = COLOURINGS[map.colouring];
  for (let p = 0; p < states.length; p++) {
    const x = xOf(p), y = yOf(p);
    if (x > map.width || y > map.height || x + cell < 0 || y + cell < 0) continue;
    const e = colouring.of(p, states[p], t), name = colouring.shade(p, e), lit = !map.lit || map.lit.has(p);
    const state = e === colouring.unmarked ? SERVES : states[p], key = lookOf(name, state, lit);
    if (map.drawn[p] === key) continue;
    map.drawn[p] = key;
    if (!looks.has(key)) looks.set(key, { name, state, lit, at: [] });
    looks.get(key).at.push(x, y);
  }
  for (const look of looks.values()) drawLook(paint, look);
  drawRings(paint);
}

const shadeNumbers = new Map();

/** How a cell looks, as a number. */
function lookOf(name, state, lit) {
  if (!shadeNumbers.has(name)) shadeNumbers.set(name, shadeNumbers.size);
  const mark = state < SERVES || isSpare(state) ? state + 1 : 0;
  return (mark * 256 + shadeNumbers.get(name)) * 2 + (lit ? 1 : 0);
}

/** Draw cells that look alike; `at` has x and y of each. */
function drawLook(paint, { name, state, lit, at }) {
  const size = map.cell - gapOf(map.cell), down = map.cell * map.scale < STRIP_PX ? map.cell : size;
  paint.fillStyle = shade("paper");
  for (let i = 0; i < at.length; i += 2) paint.fillRect(at[i], at[i + 1], map.cell, map.cell);
  paint.globalAlpha = lit ? 1 : DIM;
  paint.fillStyle = shade(name);
  for (let i = 0; i < at.length; i += 2) paint.fillRect(at[i], at[i + 1], size, down);
  if (size >= MARKED_PX) for (let i = 0; i < at.length; i += 2) drawMark(paint, state, at[i], at[i + 1], size);
  paint.globalAlpha = 1;
}

/** Between cells, in whole pixels of the screen. */
function gapOf(cell) {
  return Math.max(1, Math.round(cell * map.scale * 0.08)) / map.scale;
}

/** What colour alone must not say: [x, y, width, height] in a cell of side 1, or lines from corner to corner. */
const MARKS = {
  1: { box: [0.4, 0.4, 0.2, 0.2] }, 3: { box: [0.25, 0.44, 0.5, 0.12] }, 4: { lines: [[0, 0, 1, 1]] },
  5: { box: [0, 0.5, 1, 0.5] }, 6: { lines: [[0, 0, 1, 1], [1, 0, 0, 1]] },
};

function drawMark(paint, state, x, y, size) {
  const mark = isSpare(state) ? { box: [0.3, 0.3, 0.4, 0.4] } : MARKS[state];
  if (!mark) return;
  paint.fillStyle = paint.strokeStyle = shade(isSpare(state) ? report.shades[demandOf(state)] : state === DARK_STATE ? "paper" : "ink-2");
  if (mark.box) {
    const [left, top, width, height] = mark.box.map((part) => part * size);
    paint.fillRect(x + left, y + top, Math.max(1, width), Math.max(1, height));
    return;
  }
  paint.lineWidth = Math.max(1, size / 12);
  paint.beginPath();
  for (const [x1, y1, x2, y2] of mark.lines) {
    paint.moveTo(x + x1 * size, y + y1 * size);
    paint.lineTo(x + x2 * size, y + y2 * size);
  }
  paint.stroke();
}

/** Ring what few are lit up, and where the keys are. */
function drawRings(paint) {
  if (map.lit && map.lit.size <= RINGED) for (const p of map.lit) drawRing(paint, p, "ink");
  if (map.cursor >= 0 && chosen.theme !== "paper") drawRing(paint, map.cursor, "accent");
}

function drawRing(paint, p, name) {
  const size = map.cell - gapOf(map.cell), wide = Math.max(2, size / 10), at = [xOf(p) - wide / 2, yOf(p) - wide / 2];
  for (const [colour, line] of [["paper", wide + 3], [name, wide]]) {
    paint.strokeStyle = shade(colour);
    paint.lineWidth = line;
    paint.strokeRect(...at, size + wide, size + wide);
  }
}

/** The position at a point of the canvas, or -1. */
function positionAt(x, y) {
  for (let p = 0; p < floor.positions.length; p++) {
    const left = xOf(p), top = yOf(p);
    if (x >= left && x < left + map.cell && y >= top && y < top + map.cell) return p;
  }
  return -1;
}
