// The icicle: who feeds whom, and how near to its limits each node is.

function startPower() {
  hear("period", showPower);
}

function showPower(t) {
  const use = usesAt(t);
  let tightest = 0;
  use.forEach((share, node) => {
    if (share > use[tightest]) tightest = node;
  });
  byId("icicle-says").textContent = `Tightest node: ${tree.names[tightest]}, ${loadWords(tightest, t)}.`;
}
