// The power forest as arrays: parents, loads and limits by period.

const tree = report.sections.power;

tree.children = tree.names.map(() => []);
tree.roots = [];
tree.parent.forEach((parent, node) => (parent < 0 ? tree.roots : tree.children[parent]).push(node));

/** What holds of a node in a period: load, limit, load after the worst loss, failover limit (kW), what is lost. */
function loadAt(node, t) {
  const runs = tree.runs[node];
  let i = 0;
  while (i + 6 < runs.length && runs[i + 6] <= t) i += 6;
  return { load: runs[i + 1], limit: runs[i + 2], after: runs[i + 3], failover: runs[i + 4], lost: runs[i + 5] };
}

function useAt(node, t) {
  const at = loadAt(node, t);
  const normal = at.limit > 0 ? at.load / at.limit : 0;
  return Math.max(normal, at.lost >= 0 && at.failover > 0 ? at.after / at.failover : 0);
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

/** Load and limits of a node in words. */
function loadWords(node, t) {
  const at = loadAt(node, t);
  if (!(at.limit > 0)) return "not energised";
  const normal = `${power(at.load)} of ${power(at.limit)} (${percent(at.load / at.limit)})`;
  if (at.lost < 0 || !(at.failover > 0)) return normal;
  const after = `${power(at.after)} of ${power(at.failover)} (${percent(at.after / at.failover)})`;
  return `${normal}; after loss of ${apart(tree.names[at.lost])} ${after}`;
}
