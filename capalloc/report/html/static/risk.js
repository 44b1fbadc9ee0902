// Plans over samples: charts, and what may be promised and what is short as tables.

const risk = report.sections.risk;
const RISK_MARGIN = 230, RISK_LEAST = 240, RISK_PAPER = 700;
const riskViews = new Map();

function startRisk() {
  for (const data of risk.charts) {
    drawRisk(data);
    new ResizeObserver(() => drawRisk(data)).observe(byId(data.name));
  }
  risk.plans.forEach((plan, number) => riskTables(plan, number));
  addEventListener("beforeprint", () => risk.charts.forEach((data) => drawRisk(data, RISK_PAPER)));
  addEventListener("afterprint", () => risk.charts.forEach((data) => drawRisk(data)));
}

/** Draw a chart as wide as its place; again where that has changed. */
function drawRisk(data, width = byId(data.name).clientWidth) {
  const drawn = riskViews.get(data.name);
  if (!width || drawn?.width === width) return;
  drawn?.view.finalize();
  const panel = Math.max(RISK_LEAST, width - RISK_MARGIN);
  const inner = data.spec.spec ? { spec: { ...data.spec.spec, width: panel } } : { width: panel };
  const [variant] = Object.values(data.variants);
  const spec = { ...data.spec, ...inner, datasets: variant.tables };
  const view = new vega.View(vega.parse(vegaLite.compile(spec).spec, null, { ast: true }), {
    expr: vega.expressionInterpreter, renderer: "svg", container: byId(data.name), tooltip: () => {},
  });
  riskViews.set(data.name, { view, width });
  view.runAsync();
}

function riskTables({ promises, shortfalls }, number) {
  tableOf(byId(`risk-promises-${number}`), {
    caption: "What may be promised", length: lengthOf(promises),
    columns: [
      listed(promises, "demand", "Demand", "text"), listed(promises, "period", "Period", "text"),
      listed(promises, "committed", "Committed, kW", "kw"), listed(promises, "p50", "Half deliver, kW", "kw"),
      listed(promises, "p90", "90 % deliver, kW", "kw"), listed(promises, "p95", "95 % deliver, kW", "kw"),
      listed(promises, "samples", "Samples", "count"),
    ],
  });
  if (!lengthOf(shortfalls)) return;
  tableOf(byId(`risk-shortfalls-${number}`), {
    caption: "Shortfalls", length: lengthOf(shortfalls),
    columns: [
      listed(shortfalls, "demand", "Demand", "text"), listed(shortfalls, "period", "Period", "text"),
      listed(shortfalls, "chance", "Chance", "text"), listed(shortfalls, "atMost", "At most", "text"),
      listed(shortfalls, "mean", "Expected, kW", "kw"), listed(shortfalls, "whenShort", "When short, kW", "kw"),
      listed(shortfalls, "where", "Where", "text"), listed(shortfalls, "causes", "Likelier where", "text"),
    ],
  });
}
