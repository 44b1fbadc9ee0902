// The power forest as arrays: parents, loads and limits by period.

const tree = report.sections.power;

tree.children = tree.names.map(() => []);
tree.roots = [];
tree.parent.forEach((parent, node) => (parent < 0 ? tree.roots : tree.children[parent]).push(node));

/** What holds of a node from one of its runs on: load, limit, load after the worst loss, failover limit (kW), what is lost. */
function loadIn(runs, i) {
  return { load: runs[i + 1], limit: runs[i + 2], after: runs[i + 3], failover: runs[i + 4], lost: runs[i + 5] };
}

/** The same in a period. */
function loadAt(node, t) {
  const runs = tree.runs[node];
  let low = 0, high = runs.length / 6;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (runs[6 * middle] <= t) low = middle;
    else high = middle;
  }
  return loadIn(runs, 6 * low);
}

/** Which limit a use is of. */
const LIMITS = {
  nearest: (at) => Math.max(LIMITS.normal(at), LIMITS.after(at)),
  normal: (at) => (at.limit > 0 ? at.load / at.limit : 0),
  after: (at) => (at.lost >= 0 && at.failover > 0 ? at.after / at.failover : 0),
};

/** The use of a node as a share of the limit that it is nearest to, or of one of them. */
function useAt(node, t, limit = "nearest") {
  return LIMITS[limit](loadAt(node, t));
}

const usesKnown = { t: -1, use: [], paths: [] };

/** The use of every node in a period, as a share of the limit that it is nearest to. */
function usesAt(t) {
  if (usesKnown.t !== t) {
    usesKnown.t = t;
    usesKnown.use = tree.names.map((_, node) => useAt(node, t));
    usesKnown.paths = null;
  }
  return usesKnown.use;
}

/** The highest use of each node and those above it. */
function useOfPaths(t) {
  const use = usesAt(t);
  if (!usesKnown.paths) {
    const highest = (usesKnown.paths = [...use]);
    const down = (node) => {
      for (const child of tree.children[node]) {
        highest[child] = Math.max(highest[child], highest[node]);
        down(child);
      }
    };
    tree.roots.forEach(down);
  }
  return usesKnown.paths;
}

/** A node and all that hang on it. */
function nodesBelow(node) {
  const found = new Set(), open = node < 0 ? [] : [node];
  while (open.length) {
    const next = open.pop();
    found.add(next);
    open.push(...tree.children[next]);
  }
  return found;
}

/** A load and its limit, in kW or MW by the largest of some powers. */
function ofLimit(load, limit, largest = Math.max(load, limit)) {
  return `${power(load, largest).split(" ")[0]} of ${power(limit, largest)} (${percent(load / limit)})`;
}

/** Load and limits of a node in words. */
function loadWords(node, t) {
  const at = loadAt(node, t), bears = at.lost >= 0 && at.failover > 0;
  if (!(at.limit > 0)) return "not energised";
  const largest = Math.max(at.load, at.limit, bears ? Math.max(at.after, at.failover) : 0);
  const normal = ofLimit(at.load, at.limit, largest);
  return bears ? `${normal}; ${lossWords(at)} ${ofLimit(at.after, at.failover, largest)}` : normal;
}

/** After what a node carries most. */
function lossWords(at) {
  return at.after > at.load ? `after loss of ${apart(tree.names[at.lost])}` : "after any loss no more:";
}

/** The limit that a node is nearest to, in words. */
function nearestWords(node, t) {
  const at = loadAt(node, t);
  if (!(at.limit > 0)) return "not energised";
  return LIMITS.after(at) > LIMITS.normal(at)
    ? `${ofLimit(at.after, at.failover)} ${at.after > at.load ? lossWords(at) : "after any loss"}`
    : `${ofLimit(at.load, at.limit)} in normal operation`;
}
