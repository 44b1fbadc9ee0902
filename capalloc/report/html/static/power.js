// The power tree: pointer, keys, where it is opened, and which nodes are tightest.

const TIGHTEST = 10;
let tightestEver = null;

function startPower() {
  new ResizeObserver(() => {
    if (icicle.svg.parentElement.clientWidth !== icicle.drawnWidth) drawIcicle();
  }).observe(icicle.svg.parentElement);
  hear("period", showPower);
  hear("thing", markFeeds);
  icicle.svg.addEventListener("click", (event) => {
    const node = nodeOf(event);
    if (node >= 0) openNode(node);
  });
  icicle.svg.addEventListener("pointermove", (event) => {
    const node = nodeOf(event);
    showTip(node < 0 ? null : aboutNode(node), event.clientX, event.clientY);
  });
  icicle.svg.addEventListener("pointerleave", () => showTip(null));
  icicle.svg.addEventListener("keydown", keyOnIcicle);
  icicle.svg.addEventListener("focusin", (event) => {
    const node = nodeOf(event), box = event.target.getBoundingClientRect();
    if (node >= 0) showTip(aboutNode(node), box.left, box.bottom);
  });
  icicle.svg.addEventListener("focusout", () => showTip(null));
  byId("power-keys").replaceChildren(
    ...USE_STEPS.map(([, name, label]) => plainKeyOf(label, name)), plainKeyOf("not energised", "dark"),
  );
  for (const button of document.querySelectorAll("[data-limit]")) {
    button.addEventListener("click", () => showLimit(button.dataset.limit));
  }
  drawCrumbs();
}

/** Colour by the use of one limit. */
function showLimit(limit) {
  icicle.limit = limit;
  for (const one of document.querySelectorAll("[data-limit]")) {
    one.setAttribute("aria-pressed", String(one.dataset.limit === limit));
  }
  colourIcicle();
}

function nodeOf(event) {
  return Number(event.target.closest("[data-node]")?.dataset.node ?? -1);
}

/** Show what hangs on a node over the whole width, and choose it; a node that is opened already goes up. */
function openNode(node) {
  icicle.focus = node;
  icicle.top = node === icicle.top ? tree.parent[node] : tree.children[node].length ? node : icicle.top;
  choose("thing", node < 0 ? null : { kind: "node", name: tree.names[node] });
  drawIcicle();
  drawCrumbs();
  icicle.boxes.get(icicle.focus)?.focus({ preventScroll: true });
}

function drawCrumbs() {
  const path = [];
  for (let node = icicle.top; node >= 0; node = tree.parent[node]) path.unshift(node);
  byId("crumbs").replaceChildren(...[-1, ...path].map(crumbOf));
}

function crumbOf(node) {
  const item = document.createElement("li"), button = document.createElement("button");
  button.type = "button";
  button.textContent = node < 0 ? "Whole site" : tree.names[node];
  if (node === icicle.top) button.setAttribute("aria-current", "true");
  button.addEventListener("click", () => {
    icicle.top = node;
    drawIcicle();
    drawCrumbs();
  });
  item.append(button);
  return item;
}

function keyOnIcicle(event) {
  const node = nodeOf(event);
  if (node < 0) return;
  if (event.key === "Enter" || event.key === " ") openNode(node);
  else if (event.key === "Escape") upFrom();
  else if (event.key.startsWith("Arrow")) {
    const next = nodeBeside(node, event.key);
    if (next >= 0) focusNode(next);
  } else return;
  event.preventDefault();
}

function upFrom() {
  if (icicle.top < 0) return choose("thing", null);
  icicle.focus = icicle.top;
  icicle.top = tree.parent[icicle.top];
  drawIcicle();
  drawCrumbs();
  icicle.boxes.get(icicle.focus)?.focus({ preventScroll: true });
}

function focusNode(node) {
  icicle.boxes.get(icicle.focus)?.setAttribute("tabindex", "-1");
  icicle.focus = node;
  icicle.boxes.get(node).setAttribute("tabindex", "0");
  icicle.boxes.get(node).focus();
}

/** What is known of a node in the chosen period, line by line. */
function aboutNode(node) {
  const t = chosen.period, at = loadAt(node, t), label = report.periods[t].label;
  const lines = [`${apart(tree.names[node])} (${tree.kinds[node]}), rated ${power(tree.rated[node])}`];
  if (!(at.limit > 0)) return [...lines, `Not energised in ${label}`];
  const bears = at.lost >= 0 && at.failover > 0;
  const largest = Math.max(at.load, at.limit, bears ? Math.max(at.after, at.failover) : 0);
  return [
    ...lines,
    `Normal operation, ${label}: ${ofLimit(at.load, at.limit, largest)}`,
    bears
      ? `${at.after > at.load ? `After loss of ${apart(tree.names[at.lost])}` : "After any loss no more"}: ${ofLimit(at.after, at.failover, largest)}`
      : "No loss is planned for that it would have to bear",
    `${plural(positionsOfNode(tree.names[node]).length, "position")} on it`,
  ];
}

/** Mark the feeds of what is chosen, or the node itself. */
function markFeeds(thing) {
  icicle.marked = new Set();
  if (thing?.kind === "node") icicle.marked.add(tree.names.indexOf(thing.name));
  else if (["rack", "position", "row"].includes(thing?.kind)) {
    for (const p of positionsOf(thing)) {
      for (let node of [floor.feedA[p], floor.feedB[p]]) for (; node >= 0; node = tree.parent[node]) icicle.marked.add(node);
    }
  }
  colourIcicle();
}

function showPower(t) {
  if (icicle.boxes.size) colourIcicle();
  const use = usesAt(t), nodes = tree.names.map((_, node) => node).sort((a, b) => use[b] - use[a] || a - b);
  byId("tightest-now-title").textContent = `Tightest in ${report.periods[t].label}`;
  listNodes("tightest-now", nodes.slice(0, TIGHTEST).map((node) => [node, t]));
  tightestEver ??= tightestOfAll();
  listNodes("tightest-ever", tightestEver);
  byId("icicle-says").textContent =
    `${report.periods[t].label}: the tightest node is ${apart(tree.names[nodes[0]])}, ${loadWords(nodes[0], t)}.`;
}

/** The ten tightest nodes over all periods, each with its tightest period. */
function tightestOfAll() {
  const most = tree.runs.map((runs, node) => {
    let best = [node, 0, -1];
    for (let i = 0; i < runs.length; i += 6) {
      const use = LIMITS.nearest(loadIn(runs, i));
      if (use > best[2]) best = [node, runs[i], use];
    }
    return best;
  });
  return most.sort((a, b) => b[2] - a[2] || a[0] - b[0]).slice(0, TIGHTEST).map(([node, t]) => [node, t]);
}

function listNodes(id, lines) {
  byId(id).replaceChildren(...lines.map(([node, t]) => {
    const item = document.createElement("li"), button = document.createElement("button"), text = document.createElement("span");
    button.type = "button";
    button.className = "key";
    button.textContent = tree.names[node];
    button.addEventListener("click", () => {
      choose("period", t);
      openNode(node);
    });
    const when = id === "tightest-ever" ? `, ${report.periods[t].label}` : "";
    text.textContent = ` ${nearestWords(node, t)}${when}`;
    item.append(button, text);
    return item;
  }));
}
