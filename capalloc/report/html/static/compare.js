// A second plan beside a first: what moved, on the map and as a list of work.

const compared = report.sections.compare ?? null;

/** The state that a position had in the first plan; null where it is not known. */
function firstState(p, t) {
  return compared?.floor ? valueAt(compared.floor.patterns[compared.floor.pattern[p]], t) : null;
}

function startCompare() {
  if (!compared) return;
  const moves = compared.moves;
  tableOf(byId("compare-moves"), {
    caption: "What the second plan changes", length: moves.rack.length,
    thing: (i, c) => (c === 2 ? { kind: "rack", name: moves.rack[i] } : null),
    columns: [
      listed(moves, "date", "Date", "day"), listed(moves, "change", "Change", "text"), listed(moves, "rack", "Rack", "text"),
      listed(moves, "from", "From", "text"), listed(moves, "to", "To", "text"), listed(moves, "was", "First planned for", "day"),
      listed(moves, "hall", "Hall", "text"), listed(moves, "row", "Row", "text"), listed(moves, "position", "Position", "text"),
    ],
  });
}
