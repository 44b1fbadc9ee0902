// Charts that are drawn once, as wide as their place: nothing in them follows the slider.

const PLAIN_MARGIN = 230, PLAIN_LEAST = 240, PLAIN_PAPER = 700;
const plainViews = new Map();

function startPlain(charts) {
  for (const data of charts) {
    drawPlain(data);
    new ResizeObserver(() => drawPlain(data)).observe(byId(data.name));
  }
  addEventListener("beforeprint", () => charts.forEach((data) => drawPlain(data, PLAIN_PAPER)));
  addEventListener("afterprint", () => charts.forEach((data) => drawPlain(data)));
}

/** Draw a chart as wide as its place; again where that has changed. */
function drawPlain(data, width = byId(data.name).clientWidth) {
  const drawn = plainViews.get(data.name);
  if (!width || drawn?.width === width) return;
  drawn?.view.finalize();
  const panel = Math.max(PLAIN_LEAST, width - PLAIN_MARGIN);
  const inner = data.spec.spec ? { spec: { ...data.spec.spec, width: panel } } : { width: panel };
  const [variant] = Object.values(data.variants);
  const spec = { ...data.spec, ...inner, datasets: variant.tables };
  const view = new vega.View(vega.parse(vegaLite.compile(spec).spec, null, { ast: true }), {
    expr: vega.expressionInterpreter, renderer: "svg", container: byId(data.name), tooltip: () => {},
  });
  plainViews.set(data.name, { view, width });
  view.runAsync();
}
