// Cases of a what-if: small charts, their table, and what changes in the one that is chosen.

const cases = report.sections.cases;
const LEAST_PANEL = 190, LEAST_CELL_PANEL = 84, GAP = 24, AXIS = 40, NAMES = 170;

function startCases() {
  const list = cases.list;
  tableOf(byId("cases-table"), {
    caption: "Cases", length: list.case.length,
    columns: [
      listed(list, "case", "Case", "text", { thing: "case" }), listed(list, "status", "Status", "text"),
      listed(list, "delta", "Worth, USD against base", "usd"), listed(list, "within", "Known within, USD", "usd"),
      listed(list, "fees", "Fees, USD", "usd"), listed(list, "values", "Values, USD", "usd"),
      listed(list, "penalties", "Penalties, USD", "usd"), listed(list, "moved", "Racks moved", "count"),
      listed(list, "missed", "Most missed, kW", "kw"), listed(list, "doubts", "Note", "text"),
    ],
  });
  hear("thing", showCase);
  if (cases.drawn.length) drawMultiples();
}

/** Draw all small charts, as many beside each other as the window has room for. */
function drawMultiples() {
  const place = byId("multiples"), width = place.clientWidth, spec = structuredClone(cases.spec);
  const columns = cases.grid ? cases.grid[1] : Math.max(1, Math.min(cases.drawn.length, Math.floor(width / LEAST_PANEL)));
  if (!cases.grid) spec.columns = columns;
  spec.spec.width = Math.max(LEAST_CELL_PANEL, Math.floor((width - AXIS - (cases.grid ? NAMES : 0)) / columns) - GAP);
  const view = new vega.View(vega.parse(vegaLite.compile({ ...spec, datasets: cases.tables }).spec, null, { ast: true }), {
    expr: vega.expressionInterpreter,
    renderer: "svg",
    container: place,
    tooltip: () => {},
  });
  view.addEventListener("click", (event, item) => {
    const row = item?.datum;
    if (row?.number !== undefined) choose("thing", { kind: "case", name: cases.drawn[row.number] });
  });
  view.addEventListener("pointermove", (event, item) => {
    const row = item?.datum;
    showTip(row?.number === undefined ? null : aboutBox(row), event.clientX, event.clientY);
  });
  place.addEventListener("pointerleave", () => showTip(null));
  view.runAsync();
}

function aboutBox(row) {
  const i = cases.list.case.indexOf(cases.drawn[row.number]);
  return [
    cases.drawn[row.number],
    `${cases.demands[row.demand]}: ${power((row.high - row.low) * 1000)}`,
    `Worth ${usd(cases.list.delta[i])} against the base plan`,
  ];
}

/** List what changes in a case. */
function showCase(thing) {
  const i = thing?.kind === "case" ? cases.list.case.indexOf(thing.name) : -1;
  byId("case-title").textContent = i < 0 ? "What changes in a case" : `What changes: ${apart(thing.name)}`;
  if (i < 0) return;
  const changes = cases.changes[i], delta = cases.list.delta[i];
  byId("case-says").textContent = delta === null
    ? `No plan: ${cases.list.status[i]}.`
    : `Worth ${usd(delta)} against the base plan, known within ${usd(cases.list.within[i])}.`;
  tableOf(byId("case-changes"), {
    caption: `Changes in ${thing.name}`, length: changes.demand.length,
    columns: [
      listed(changes, "demand", "Demand", "text"), listed(changes, "from", "From", "day"), listed(changes, "until", "Until", "day"),
      listed(changes, "before", "Base plan, kW", "kw"), listed(changes, "after", "Case, kW", "kw"),
      listed(changes, "racksBefore", "Base plan, racks", "count"), listed(changes, "racksAfter", "Case, racks", "count"),
    ],
  });
}
