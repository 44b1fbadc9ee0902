// Cases of a what-if: small charts, their table, and what changes in the one that is chosen.

const cases = report.sections.cases;
const LEAST_PANEL = 190, LEAST_CELL_PANEL = 84, GAP = 24, AXIS = 44, NAMES = 170, NAMES_SHARE = 0.25;
const PAPER_WIDTH = 700;
const multiples = { place: byId("multiples"), view: null, width: 0 };

function startCases() {
  const list = cases.list;
  tableOf(byId("cases-table"), {
    caption: "Cases", length: lengthOf(list),
    columns: [
      listed(list, "case", "Case", "text", { thing: "case" }), ...gridColumns(), listed(list, "status", "Status", "text", { choice: true }),
      listed(list, "delta", "Worth, USD against base", "usd", { shown: signedUsd }),
      listed(list, "within", "Known within, USD", "usd"),
      listed(list, "fees", "Fees, USD", "usd", { shown: signedUsd }), listed(list, "values", "Values, USD", "usd", { shown: signedUsd }),
      listed(list, "penalties", "Penalties, USD", "usd", { shown: signedUsd }), listed(list, "moved", "Racks moved", "count", { shown: (racks) => (racks > 0 ? `+${count(racks)}` : count(racks)) }),
      listed(list, "missed", "Most missed, kW", "kw"), listed(list, "doubts", "Note", "text"),
    ],
  });
  hear("thing", showCase);
  if (!cases.drawn.length) return;
  fitMultiples();
  new ResizeObserver(() => fitMultiples()).observe(multiples.place);
  multiples.place.addEventListener("pointerleave", () => showTip(null));
  addEventListener("beforeprint", () => fitMultiples(PAPER_WIDTH));
  addEventListener("afterprint", () => fitMultiples());
}

/** Where a case stands in the grid. */
function gridColumns() {
  if (!cases.grid) return [];
  const { rowHead, columnHead } = cases.grid, number = new Map(cases.drawn.map((name, n) => [name, n]));
  const part = (i, side, head) => cases.places[number.get(cases.list.case[i])]?.[side].slice(head.length) ?? null;
  return [
    { label: headWords(rowHead, "Row"), kind: "text", at: (i) => part(i, 0, rowHead) },
    { label: headWords(columnHead, "Column"), kind: "text", at: (i) => part(i, 1, columnHead) },
  ];
}

function headWords(head, otherwise) {
  return head.replace(/:$/, "") || otherwise;
}

function signedUsd(amount) {
  return amount > 0 ? `+${usd(amount)}` : usd(amount);
}

/** Draw all small charts, as many beside each other as there is room for; again where that has changed. */
function fitMultiples(width = multiples.place.clientWidth) {
  if (!width || width === multiples.width) return;
  multiples.width = width;
  multiples.view?.finalize();
  const columns = cases.grid ? cases.grid.columns.length : Math.max(1, Math.min(cases.drawn.length, Math.floor(width / LEAST_PANEL)));
  const names = cases.grid ? Math.min(NAMES, width * NAMES_SHARE) : 0;
  const panel = Math.max(LEAST_CELL_PANEL, Math.floor((width - AXIS - names) / columns) - GAP);
  const spec = {
    ...cases.spec, ...(cases.grid ? {} : { columns }), facet: facetIn(panel, names),
    spec: { ...cases.spec.spec, width: panel }, datasets: { cases: caseRows(), base: baseRows() },
  };
  multiples.view = new vega.View(vega.parse(vegaLite.compile(spec).spec, null, { ast: true }), {
    expr: vega.expressionInterpreter,
    renderer: "svg",
    container: multiples.place,
    tooltip: () => {},
  });
  multiples.view.addEventListener("click", (event, item) => {
    const number = item?.datum?.number;
    if (number !== undefined) choose("thing", { kind: "case", name: cases.drawn[number] });
  });
  multiples.view.addEventListener("pointermove", (event, item) => {
    const row = item?.datum;
    showTip(row?.number === undefined ? null : aboutBox(row), event.clientX, event.clientY);
  });
  multiples.view.runAsync();
}

/** The facets, in the order of the cases; their names are cut where there is no room for them. */
function facetIn(panel, names) {
  const { row, column, ...one } = cases.spec.facet, across = panel + GAP / 2;
  const field = (of, sort, head, labelLimit) => ({
    ...of, sort, header: {
      ...of.header, labelLimit, labelExpr: `slice(datum.label, ${head.length})`, ...(head ? { title: headWords(head, ""), titleLimit: across * 2 } : {}),
    },
  });
  if (!cases.grid) return field(one, cases.drawn, "", across);
  const { rows, columns, rowHead, columnHead } = cases.grid;
  return { row: { ...field(row, rows, rowHead, names) }, column: field(column, columns, columnHead, across) };
}

/** What each layer gets in each case, in MW and days. */
function caseRows() {
  const { boxes, drawn, places, fills } = cases, rows = [];
  boxes.forEach((flat, number) => {
    const place = places ? { row: places[number][0], column: places[number][1] } : { case: drawn[number] };
    for (let i = 0; i < flat.length; i += 5) {
      const [layer, first, end, low, high] = flat.slice(i, i + 5);
      const { from } = report.periods[first], { until } = report.periods[end - 1];
      rows.push({ ...place, number, layer, first, end, at: from, until, low: low / 1000, high: high / 1000, fill: fills[layer] });
    }
    if (!flat.length) rows.push({ ...place, number, at: report.periods[0].from, until: report.periods[0].until, low: 0, high: 0, fill: "none" });
  });
  return rows;
}

/** All that the base plan delivers, step by step. */
function baseRows() {
  const rows = [];
  for (let i = 0; i < cases.base.length; i += 2) rows.push({ at: report.periods[cases.base[i]].from, mw: cases.base[i + 1] / 1000 });
  if (rows.length) rows.push({ at: report.periods.at(-1).until, mw: rows.at(-1).mw });
  return rows;
}

function aboutBox(row) {
  const name = cases.drawn[row.number], i = cases.list.case.indexOf(name);
  const got = row.layer === undefined ? [] : [`${apart(cases.layers[row.layer])}: ${power((row.high - row.low) * 1000)} ${daysOf(row.first, row.end)}`];
  return [apart(name), ...got, `Worth ${signedUsd(cases.list.delta[i])} against the base plan`];
}

/** List what changes in a case. */
function showCase(thing) {
  const i = thing?.kind === "case" ? cases.list.case.indexOf(thing.name) : -1;
  byId("case-title").textContent = i < 0 ? "What changes in a case" : `What changes: ${apart(thing.name)}`;
  byId("case-says").textContent = i < 0 ? "Choose a case above." : caseWords(i);
  if (i < 0) return byId("case-changes").replaceChildren();
  const changes = cases.changes[i];
  tableOf(byId("case-changes"), {
    caption: `Changes in ${apart(thing.name)}`, length: lengthOf(changes),
    columns: [
      listed(changes, "demand", "Demand", "text"), listed(changes, "from", "From", "day"), listed(changes, "until", "Until", "day"),
      listed(changes, "before", "Base plan, kW", "kw"), listed(changes, "after", "Case, kW", "kw"),
      listed(changes, "racksBefore", "Base plan, racks", "count"), listed(changes, "racksAfter", "Case, racks", "count"),
    ],
  });
  byId("case").scrollIntoView({ block: "nearest" });
}

function caseWords(i) {
  const { delta, within, status, doubts } = cases.list;
  if (delta[i] === null) return `No plan: ${status[i]}${doubts[i] ? `; ${doubts[i]}` : ""}.`;
  const known = within[i] === null ? "" : `, known within ${usd(within[i])}`;
  const same = lengthOf(cases.changes[i]) ? "" : " Every demand gets what it gets in the base plan.";
  return `Worth ${signedUsd(delta[i])} against the base plan, discounted${known}.${same}`;
}
