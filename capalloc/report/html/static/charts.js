// Charts: drawn by Vega from the tables of the report, in the measure that the reader chooses.

function startCharts() {
  for (const [name, section] of Object.entries(report.sections)) {
    for (const chart of section.charts ?? (section.chart ? [section.chart] : [])) startChart(chart.name ?? name, chart);
  }
}

async function startChart(name, chart) {
  const figure = document.querySelector(`[data-chart="${name}"]`);
  const first = Object.values(chart.variants)[0];
  const spec = vegaLite.compile({ ...chart.spec, datasets: first.tables }).spec;
  const view = new vega.View(vega.parse(spec, null, { ast: true }), {
    expr: vega.expressionInterpreter,
    renderer: "svg",
    container: figure.querySelector(".plot"),
    hover: true,
    tooltip: (_, event, item, value) => showTip(value && String(value).split("\n"), event.clientX, event.clientY),
  });
  await view.runAsync();
  for (const button of figure.querySelectorAll("[data-variant]")) {
    button.addEventListener("click", () => showVariant(figure, view, chart.variants[button.dataset.variant], button));
  }
}

async function showVariant(figure, view, variant, button) {
  for (const one of figure.querySelectorAll("[data-variant]")) one.setAttribute("aria-pressed", String(one === button));
  for (const [table, rows] of Object.entries(variant.tables)) view.data(table, rows);
  for (const [param, value] of Object.entries(variant.params)) view.signal(param, value);
  await view.runAsync();
}
