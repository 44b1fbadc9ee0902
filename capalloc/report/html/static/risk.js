// Plans over samples: charts, and what may be promised and what is short as tables.

const risk = report.sections.risk;
function startRisk() {
  startPlain(risk.charts);
  risk.plans.forEach((plan, number) => riskTables(plan, number));
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
