// The tables of a plan: what each lists.

function lengthOf(lists) {
  return Object.values(lists)[0]?.length ?? 0;
}

const demandThing = (lists) => (i, c) => (c === lists.demandColumn ? { kind: "demand", name: lists.demand[i] } : null);

const TABLES = {
  demands() {
    const lists = report.sections.tables.demands;
    return {
      caption: "Demands by period", length: lengthOf(lists), thing: demandThing({ ...lists, demandColumn: 1 }),
      columns: [
        listed(lists, "period", "Period", "day"), listed(lists, "demand", "Demand", "text"),
        listed(lists, "committed", "Committed, kW", "kw"), listed(lists, "delivered", "Delivered, kW", "kw"),
        listed(lists, "racks", "Racks", "count"), listed(lists, "gpus", "GPUs", "count"),
        listed(lists, "fee", "Fee, USD", "usd"), listed(lists, "value", "Value, USD", "usd"),
        listed(lists, "penalty", "Penalty, USD", "usd"), listed(lists, "firm", "Firm fee, USD", "usd"),
        listed(lists, "atRisk", "Fee at risk, USD", "usd"),
      ],
    };
  },
  moves() {
    const moves = movesOf();
    const column = (key, label, kind) => ({ label, kind, at: (i) => moves[i][key] });
    return {
      caption: "Moves", length: moves.length, thing: (i, c) => (c === 3 ? { kind: "row", name: moves[i].row } : null),
      columns: [
        column("date", "Date", "day"), column("from", "From", "text"), column("to", "To", "text"),
        column("row", "Row", "text"), column("racks", "Racks", "count"), column("names", "Which", "text"),
      ],
    };
  },
  racks() {
    const at = floor.positions.map((_, p) => p);
    const rack = (p) => rackAt(p, chosen.period);
    return {
      caption: "Racks in the chosen period", length: at.length,
      thing: (p, c) => (c === 0 && rack(p) >= 0 ? { kind: "rack", name: floor.racks[rack(p)] } : null),
      columns: [
        { label: "Rack", kind: "text", at: (p) => (rack(p) < 0 ? null : floor.racks[rack(p)]) },
        { label: "Type", kind: "text", at: (p) => (rack(p) < 0 ? null : floor.types[floor.rackType[rack(p)]]) },
        { label: "Position", kind: "text", at: (p) => floor.positions[p] },
        { label: "Row", kind: "text", at: (p) => floor.rows[floor.row[p]] },
        { label: "Hall", kind: "text", at: (p) => floor.halls[floor.hall[p]] },
        { label: "Serves", kind: "text", at: (p) => stateWords(valueAt(stateRuns(p), chosen.period)) },
        { label: "Since", kind: "day", at: (p) => report.periods[runAround(stateRuns(p), chosen.period)[0]].from },
        { label: "Until", kind: "day", at: (p) => report.periods[runAround(stateRuns(p), chosen.period)[1] - 1].until },
        { label: "Feed A", kind: "text", at: (p) => tree.names[floor.feedA[p]] },
        { label: "Feed B", kind: "text", at: (p) => (floor.feedB[p] < 0 ? null : tree.names[floor.feedB[p]]) },
      ],
    };
  },
  nodes() {
    const now = (of) => (node) => {
      const at = loadAt(node, chosen.period);
      return at.limit > 0 ? of(at) : null;
    };
    const bears = (of) => now((at) => (at.lost < 0 ? null : of(at)));
    return {
      caption: "Power nodes in the chosen period", length: tree.names.length,
      thing: (node, c) => (c === 0 ? { kind: "node", name: tree.names[node] } : null),
      columns: [
        { label: "Node", kind: "text", at: (node) => tree.names[node] },
        { label: "Kind", kind: "text", at: (node) => tree.kinds[node] },
        { label: "Rated, kW", kind: "kw", at: (node) => tree.rated[node] },
        { label: "Load, kW", kind: "kw", at: now((at) => at.load) },
        { label: "Limit, kW", kind: "kw", at: now((at) => at.limit) },
        { label: "Used", kind: "share", at: now((at) => at.load / at.limit) },
        { label: "Worst loss", kind: "text", at: bears((at) => tree.names[at.lost]) },
        { label: "Load then, kW", kind: "kw", at: bears((at) => at.after) },
        { label: "Limit then, kW", kind: "kw", at: bears((at) => at.failover) },
        { label: "Used then", kind: "share", at: bears((at) => (at.failover > 0 ? at.after / at.failover : null)) },
      ],
    };
  },
  shortfalls() {
    const lists = report.sections.tables.shortfalls;
    return {
      caption: "Shortfalls", length: lengthOf(lists), thing: demandThing({ ...lists, demandColumn: 0 }),
      columns: [
        listed(lists, "demand", "Demand", "text"), listed(lists, "from", "From", "day"), listed(lists, "until", "Until", "day"),
        listed(lists, "short", "Short of up to, kW", "kw"), listed(lists, "penalty", "Penalty, USD", "usd"),
        listed(lists, "lost", "Fee lost, USD", "usd"), listed(lists, "reasons", "Kept away by", "text"),
      ],
    };
  },
  revenue() {
    const lists = report.sections.tables.revenue;
    return {
      caption: "Contracts and workloads over the horizon", length: lengthOf(lists), thing: demandThing({ ...lists, demandColumn: 0 }),
      columns: [
        listed(lists, "demand", "Demand", "text"), listed(lists, "tenant", "Tenant", "text"),
        listed(lists, "total", "Fee or value, USD", "usd"), listed(lists, "penalty", "Penalty, USD", "usd"),
        listed(lists, "firm", "Firm, USD", "usd"), listed(lists, "atRisk", "At risk, USD", "usd"),
        listed(lists, "firmUntil", "Firm until", "day"), listed(lists, "kwMonths", "kW-months", "count"),
        listed(lists, "gpuHours", "GPU-hours", "count"), listed(lists, "perKwMonth", "USD per kW-month", "usd"),
      ],
    };
  },
};

/** What racks do from a day on that they did not do before, by row. */
function movesOf() {
  const groups = new Map();
  for (let p = 0; p < floor.positions.length; p++) {
    const runs = stateRuns(p);
    for (let i = 2; i < runs.length; i += 2) {
      if (runs[i + 1] < SERVES && runs[i - 1] < SERVES) continue;
      const key = `${runs[i]}/${runs[i - 1]}/${runs[i + 1]}/${floor.row[p]}`;
      const known = groups.get(key);
      if (known) known.push(p);
      else groups.set(key, [p]);
    }
  }
  const moves = [...groups].map(([key, positions]) => {
    const [t, from, to, row] = key.split("/").map(Number);
    const names = positions.map((p) => floor.racks[rackAt(p, t)] ?? floor.positions[p]);
    return {
      t, date: report.periods[t].from, from: stateWords(from), to: stateWords(to), row: floor.rows[row],
      racks: positions.length, names: names.join(", "),
    };
  });
  return moves.sort((a, b) => a.t - b.t);
}

const MONTHLY = ["racks", "nodes"];

function startTables() {
  for (const place of document.querySelectorAll("[data-table]")) {
    const details = place.closest("details"), name = place.dataset.table;
    let table = null;
    const open = () => {
      if (details.open) table ??= tableOf(place, TABLES[name]());
    };
    details.addEventListener("toggle", open);
    open();
    if (MONTHLY.includes(name)) {
      hear("period", () => {
        if (!table) return;
        table.texts = null;
        refilter(table);
      });
    }
  }
}
