// The icicle: boxes of power nodes, drawn where they are wide enough to be seen.

const icicle = {
  svg: byId("icicle"), top: -1, boxes: new Map(), labels: new Map(), thin: [], focus: -1, marked: new Set(), limit: "nearest",
  drawnWidth: 0,
};
const ROW = 44, LEAST_WIDTH = 0.8, LEAST_LABEL = 46, SVG = "http://www.w3.org/2000/svg";

function drawn(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** The nodes that are shown: what hangs on the one that is opened, in the order of levels. */
function nodesShown() {
  return icicle.top < 0 ? tree.names.map((_, node) => node) : [...nodesBelow(icicle.top)].sort((a, b) => a - b);
}

/** Draw the boxes below the node that is opened; what is thinner than a hair is one box until its parent is opened. */
function drawIcicle() {
  const width = Math.max(320, icicle.svg.parentElement.clientWidth), nodes = nodesShown();
  const focused = icicle.svg.contains(document.activeElement);
  icicle.drawnWidth = icicle.svg.parentElement.clientWidth;
  const left = icicle.top < 0 ? 0 : tree.x[icicle.top], share = icicle.top < 0 ? 1 : tree.width[icicle.top];
  const above = icicle.top < 0 ? 0 : tree.depth[icicle.top];
  icicle.boxes.clear();
  icicle.labels.clear();
  let levels = 1;
  const boxes = [], thinOf = new Map();
  for (const node of nodes) {
    const x = ((tree.x[node] - left) / share) * width, w = (tree.width[node] / share) * width;
    if (w < LEAST_WIDTH) {
      const thin = thinOf.get(tree.parent[node]) ?? { x, w: 0, nodes: [] };
      thin.w += w;
      thin.nodes.push(node);
      thinOf.set(tree.parent[node], thin);
      continue;
    }
    levels = Math.max(levels, tree.depth[node] - above + 1);
    const y = (tree.depth[node] - above) * ROW;
    boxes.push(boxOf(node, x, y, w));
    if (w > LEAST_LABEL) icicle.labels.set(node, labelOf(node, x, y, w));
  }
  icicle.thin = [];
  for (const [parent, { x, w, nodes: thin }] of thinOf) {
    const level = tree.depth[thin[0]] - above;
    levels = Math.max(levels, level + 1);
    const rect = drawn("rect", { x: x.toFixed(2), y: level * ROW, width: Math.max(w, 0.4).toFixed(2), height: ROW - 2, "data-node": parent });
    icicle.thin.push([rect, thin]);
    boxes.push(rect);
  }
  icicle.svg.setAttribute("viewBox", `0 0 ${width} ${levels * ROW}`);
  icicle.svg.style.height = `${levels * ROW}px`;
  const labels = drawn("g", { "aria-hidden": "true", class: "labels" });
  labels.append(...icicle.labels.values());
  icicle.svg.replaceChildren(...boxes, labels);
  if (!icicle.boxes.has(icicle.focus)) icicle.focus = icicle.boxes.keys().next().value ?? -1;
  icicle.boxes.get(icicle.focus)?.setAttribute("tabindex", "0");
  if (focused) icicle.boxes.get(icicle.focus)?.focus({ preventScroll: true });
  colourIcicle();
}

function boxOf(node, x, y, w) {
  const box = drawn("g", {
    role: "treeitem", tabindex: "-1", "aria-level": tree.depth[node] + 1, "data-node": node, class: "box",
    transform: `translate(${x.toFixed(2)} ${y})`,
  });
  if (tree.children[node].length) box.setAttribute("aria-expanded", "true");
  const gap = w > 6 ? 1 : 0;
  box.append(drawn("rect", { width: Math.max(w - gap, 0.4).toFixed(2), height: ROW - 2 }));
  icicle.boxes.set(node, box);
  return box;
}

/** Name and use of a node, beside its box: a screen reader has them from the box. */
function labelOf(node, x, y, w) {
  const label = drawn("g", { transform: `translate(${x.toFixed(2)} ${y})` });
  const name = drawn("text", { x: 5, y: 17 });
  name.textContent = shortened(tree.names[node], w - 8);
  label.append(name, drawn("text", { x: 5, y: 34 }));
  return label;
}

function shortened(text, width) {
  const most = Math.floor(width / 7.2);
  const signs = [...text];
  return signs.length <= most ? text : `${signs.slice(0, Math.max(1, most - 1)).join("")}…`;
}

/** Colour all boxes by their use in the chosen period. */
function colourIcicle() {
  const t = chosen.period ?? 0, use = icicle.limit === "nearest" ? usesAt(t) : tree.names.map((_, node) => useAt(node, t, icicle.limit));
  for (const [rect, thin] of icicle.thin) {
    const live = thin.filter((node) => loadAt(node, t).limit > 0);
    const most = live.reduce((share, node) => Math.max(share, use[node]), 0);
    rect.setAttribute("fill", `var(--${live.length ? USE_STEPS[useStep(most)][1] : "dark"})`);
  }
  for (const [node, box] of icicle.boxes) {
    const energised = loadAt(node, t).limit > 0;
    const step = energised ? USE_STEPS[useStep(use[node])][1] : "dark";
    box.setAttribute("class", `box on-${step}${icicle.marked.has(node) ? " marked" : ""}`);
    box.setAttribute("aria-label", `${apart(tree.names[node])}, ${energised ? percent(use[node]) : "not energised"}`);
    const label = icicle.labels.get(node);
    if (!label) continue;
    label.setAttribute("class", `on-${step}`);
    label.lastChild.textContent = energised ? percent(use[node], 0) : "off";
  }
}

/** The next node for a key, or -1. */
function nodeBeside(node, key) {
  const parent = tree.parent[node], siblings = (parent < 0 ? tree.roots : tree.children[parent]).filter((n) => icicle.boxes.has(n));
  const place = siblings.indexOf(node);
  if (key === "ArrowLeft") return siblings[place - 1] ?? -1;
  if (key === "ArrowRight") return siblings[place + 1] ?? -1;
  if (key === "ArrowUp") return icicle.boxes.has(parent) ? parent : -1;
  return tree.children[node].find((child) => icicle.boxes.has(child)) ?? -1;
}
