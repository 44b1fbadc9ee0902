// The tables of a plan: what each lists.

/** A table of the lists that are in the page for it: [name, label, kind, more] of each column. */
function listTable(name, caption, columns) {
  const lists = report.sections.tables[name], there = columns.filter(([key]) => lists[key]);
  return { caption, length: lengthOf(lists), columns: there.map((column) => listed(lists, ...column)) };
}

const OF_DEMAND = { thing: "demand", choice: true }, FEW = { choice: true };

const TABLES = {
  demands: () => listTable("demands", "Demands by period", [
    ["period", "Period", "day", FEW], ["demand", "Demand", "text", OF_DEMAND], ["tenant", "Tenant", "text"], ["from", "From", "day"],
    ["committed", "Committed, kW", "kw"], ["delivered", "Delivered, kW", "kw"], ["racks", "Racks", "count"], ["gpus", "GPUs", "count"],
    ["fee", "Fee, USD", "usd"], ["value", "Value, USD", "usd"], ["penalty", "Penalty, USD", "usd"],
    ["firm", "Firm fee, USD", "usd"], ["atRisk", "Fee at risk, USD", "usd"], ["prospect", "Prospect's fee, USD", "usd"],
  ]),
  moves: () => listTable("moves", "Moves", [
    ["date", "Date", "day", FEW], ["work", "Work", "text", FEW], ["from", "From", "text", OF_DEMAND], ["to", "To", "text", OF_DEMAND],
    ["racks", "Racks", "count"], ["counted", "Counted as moves", "count"], ["hall", "Hall", "text", { thing: "hall", choice: true }],
    ["row", "Row", "text", { thing: "row" }], ["which", "Which", "text"],
  ]),
  shortfalls: () => listTable("shortfalls", "Shortfalls", [
    ["demand", "Demand", "text", OF_DEMAND], ["from", "From", "day"], ["until", "Until", "day"], ["short", "Short of up to, kW", "kw"],
    ["penalty", "Penalty, USD", "usd"], ["lost", "Fee lost, USD", "usd"], ["leaves", "Tenant may leave from", "day"],
    ["reasons", "Kept away by", "text"],
  ]),
  money: () => listTable("money", "Money by period", [
    ["span", "Period", "day"], ["from", "From", "day"], ["until", "Until", "day"], ["fee", "Fees, USD", "usd"], ["value", "Value, USD", "usd"],
    ["penalty", "Penalty, USD", "usd"], ["firm", "Firm fees, USD", "usd"], ["atRisk", "Fees at risk, USD", "usd"],
    ["prospect", "Prospects' fees, USD", "usd"],
  ]),
  contracts: () => listTable("contracts", "Contracts over the horizon", [
    ["demand", "Contract", "text", { thing: "demand" }], ["tenant", "Tenant", "text", FEW], ["fee", "Fee, USD", "usd"],
    ["penalty", "Penalty, USD", "usd"], ["firm", "Firm, USD", "usd"], ["atRisk", "At risk, USD", "usd"], ["earned", "Earned, USD", "usd"],
    ["remaining", "Remaining firm, USD", "usd"], ["beyond", "Firm beyond the horizon, USD", "usd"], ["firmUntil", "Firm until", "day"],
    ["leaves", "Tenant may leave from", "day"], ["notice", "Notice by", "text"], ["noticeDays", "Days of notice", "count"], ...AMOUNTS,
  ]),
  workloads: () => listTable("workloads", "Workloads over the horizon", [
    ["demand", "Workload", "text", { thing: "demand" }], ["value", "Value, USD", "usd"], ["penalty", "Penalty, USD", "usd"], ...AMOUNTS,
  ]),
  racks: () => ({
    caption: "Racks and positions in the chosen period", length: floor.positions.length,
    lit: (thing) => new Set(positionsOf(thing)),
    columns: rackColumns(),
  }),
  nodes: () => nodeTable("Power nodes in the chosen period", () => chosen.period),
  tightest: () => {
    const when = tree.names.map((_, node) => tightestPeriod(node));
    const at = (node) => (loadAt(node, when[node]).limit > 0 ? report.periods[when[node]].label : null);
    return nodeTable("Power nodes, each in its tightest period", (node) => when[node], [{ label: "Tightest in", kind: "day", at, choice: true }]);
  },
};

const AMOUNTS = [
  ["kwMonths", "kW-months", "kw"], ["gpuHours", "GPU-hours", "kw"], ["perKwMonth", "USD per kW-month", "price"],
  ["perGpuHour", "USD per GPU-hour", "price"],
];

function rackColumns() {
  const rack = (p) => rackAt(p, chosen.period), ofRack = (of) => (p) => (rack(p) < 0 ? null : of(rack(p)));
  const span = (p) => spanAt(p, chosen.period);
  const state = (p) => valueAt(stateRuns(p), chosen.period);
  const demand = (p) => (demandOf(state(p)) === null ? null : { kind: "demand", name: demandOf(state(p)) });
  return [
    { label: "Rack", kind: "text", at: ofRack((r) => floor.racks[r]), thing: "rack" },
    { label: "Type", kind: "text", at: ofRack((r) => floor.types[floor.rackType[r]]), choice: true },
    { label: "Serves", kind: "text", at: (p) => stateWords(state(p)), thing: demand, choice: true },
    { label: "Since", kind: "day", at: (p) => report.periods[span(p)[0]].from },
    { label: "Until", kind: "day", at: (p) => report.periods[span(p)[1] - 1].until },
    { label: "Position", kind: "text", at: (p) => floor.positions[p], thing: "position" },
    { label: "Row", kind: "text", at: (p) => floor.rows[floor.row[p]], thing: "row" },
    { label: "Hall", kind: "text", at: (p) => floor.halls[floor.hall[p]], thing: "hall", choice: true },
    { label: "Feed A", kind: "text", at: (p) => tree.names[floor.feedA[p]], thing: "node" },
    { label: "Feed B", kind: "text", at: (p) => tree.names[floor.feedB[p]] ?? null, thing: "node" },
  ];
}

/** The nodes with their figures in a period, `when(node)`. */
function nodeTable(caption, when, more = []) {
  const known = (of) => (node) => {
    const at = loadAt(node, when(node));
    return at.limit > 0 ? of(at, node) : null;
  };
  const bears = (of) => known((at) => (at.lost < 0 ? null : of(at)));
  const name = (node) => tree.names[node] ?? null;
  return {
    caption, length: tree.names.length,
    columns: [
      { label: "Node", kind: "text", at: name, thing: "node" },
      { label: "Kind", kind: "text", at: (node) => tree.kinds[node], choice: true },
      ...more,
      { label: "Use of the nearer limit", kind: "share", at: known((_, node) => useAt(node, when(node))) },
      { label: "Rated, kW", kind: "kw", at: (node) => tree.rated[node] },
      { label: "Load, kW", kind: "kw", at: known((at) => at.load) },
      { label: "Limit, kW", kind: "kw", at: known((at) => at.limit) },
      { label: "Use", kind: "share", at: known((at) => at.load / at.limit) },
      { label: "Worst loss", kind: "text", at: bears((at) => name(at.lost)), thing: "node" },
      { label: "Load after it, kW", kind: "kw", at: bears((at) => at.after) },
      { label: "Limit after it, kW", kind: "kw", at: bears((at) => at.failover) },
      { label: "Use after it", kind: "share", at: bears((at) => (at.failover > 0 ? at.after / at.failover : null)) },
    ],
  };
}

/** The first period in which a node uses most of the limit that it is nearest to. */
function tightestPeriod(node) {
  const runs = tree.runs[node];
  let tightest = 0, most = -1;
  for (let i = 0; i < runs.length; i += 6) {
    const use = useAt(node, runs[i]);
    if (use > most) [tightest, most] = [runs[i], use];
  }
  return tightest;
}

const MONTHLY = ["racks", "nodes"];

function startTables() {
  for (const place of document.querySelectorAll("[data-table]")) {
    const details = place.closest("details"), name = place.dataset.table;
    let table = null, period = null;
    const open = () => {
      if (!details.open) return;
      table ??= tableOf(place, TABLES[name]());
      if (MONTHLY.includes(name) && period !== chosen.period) {
        if (period !== null) table.refresh();
        period = chosen.period;
      }
    };
    details.addEventListener("toggle", open);
    hear("period", open);
    open();
  }
}
