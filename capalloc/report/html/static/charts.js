// Charts: drawn by Vega from the tables of the report when the reader comes near, in the measure that is chosen.

const PRINTED_WIDTH = 700;
const AROUND = "600px 0px";
const WORTH_TELLING = 1e-9;

/** @type {Map<Element, Chart>} By figure. */
const charts = new Map();
/** @type {Map<string, typeof Chart>} By name of the figure, what is no chart of steps. */
const chartKinds = new Map();

function startCharts() {
  for (const section of Object.values(report.sections)) {
    for (const data of section.charts ?? []) {
      const chart = new (chartKinds.get(data.name) ?? Chart)(data);
      charts.set(chart.figure, chart);
    }
  }
  drawLazily();
  hear("period", () => charts.forEach((chart) => chart.near && chart.showPeriod()));
  hear("thing", () => charts.forEach((chart) => chart.light()));
  addEventListener("beforeprint", () => charts.forEach((chart) => chart.print()));
  addEventListener("afterprint", () => charts.forEach((chart) => chart.fit()));
}

/** Draw what is near the window, all others when there is nothing else to do; only what is near follows the slider. */
function drawLazily() {
  const near = new IntersectionObserver(
    (seen) => seen.forEach((one) => charts.get(one.target).come(one.isIntersecting)),
    { rootMargin: AROUND },
  );
  charts.forEach((chart) => near.observe(chart.figure));
  const waiting = [...charts.values()];
  const next = () => {
    waiting.shift()?.fit();
    if (waiting.length) requestIdleCallback(next);
  };
  requestIdleCallback(next);
}

class Chart {
  constructor(data) {
    this.data = data;
    this.figure = document.querySelector(`[data-chart="${data.name}"]`);
    this.plot = this.figure.querySelector(".plot");
    this.view = null;
    this.width = 0;
    this.near = false;
    this.plot.style.minHeight = `${data.spec.height}px`;
    this.plot.setAttribute("aria-valuemax", report.periods.length);
    this.listen();
    this.choose(Object.keys(data.variants)[0]);
  }

  listen() {
    for (const button of this.figure.querySelectorAll("[data-variant]")) {
      button.addEventListener("click", () => this.choose(button.dataset.variant));
    }
    this.figure.querySelectorAll(".keys [data-key]").forEach((item) => {
      const { demand } = this.data.keys[item.dataset.key];
      item.querySelector("button")?.addEventListener("click", () => choose("thing", isLit(demand) ? null : { kind: "demand", name: demand }));
    });
    this.plot.addEventListener("keydown", (event) => this.walk(event));
    this.plot.addEventListener("pointermove", (event) => this.tellAt(event));
    this.plot.addEventListener("pointerleave", () => showTip(null));
    this.plot.addEventListener("blur", () => showTip(null));
    this.plot.addEventListener("click", (event) => {
      choose("period", this.periodAt(event));
      this.tellAt(event);
    });
    new ResizeObserver(() => this.view && this.fit()).observe(this.plot);
  }

  /** Show a measure: its tables, its sentence, its part of the legend. */
  choose(name) {
    this.variant = this.data.variants[name];
    this.amounts = amountsOf(this.variant.tables);
    for (const one of this.figure.querySelectorAll("[data-variant]")) {
      one.setAttribute("aria-pressed", String(one.dataset.variant === name));
    }
    for (const one of this.figure.querySelectorAll("[data-says]")) one.hidden = one.dataset.says !== name;
    for (const one of this.figure.querySelectorAll(".keys [data-key]")) {
      one.hidden = !this.variant.keys.includes(Number(one.dataset.key));
    }
    this.say();
    this.figure.dispatchEvent(new Event("measure"));
    if (!this.view) return;
    for (const [table, rows] of Object.entries(this.variant.tables)) if (table !== "shown") this.view.data(table, rows);
    for (const [param, value] of Object.entries(this.variant.params)) this.view.signal(param, value);
    this.view.runAsync();
  }

  /** Come near the window, or leave. */
  come(near) {
    this.near = near;
    if (!near) return;
    this.fit();
    this.showPeriod();
  }

  print() {
    this.fit(PRINTED_WIDTH);
    this.showPeriod();
  }

  /** Draw, or draw again where the width is another. */
  fit(width = this.plot.clientWidth) {
    if (!width || width === this.width) return;
    this.width = width;
    if (this.view) this.view.width(width).runAsync();
    else this.draw();
  }

  draw() {
    const { tables, params } = this.variant;
    const chart = {
      ...this.data.spec,
      width: this.width,
      autosize: { type: "fit", contains: "padding" },
      datasets: tables,
      params: this.data.spec.params.map((one) => ({ ...one, value: params[one.name] ?? one.value })),
    };
    this.view = new vega.View(vega.parse(vegaLite.compile(chart).spec, null, { ast: true }), {
      expr: vega.expressionInterpreter,
      renderer: "svg",
      container: this.plot.appendChild(document.createElement("div")),
      tooltip: () => {},
    });
    this.plot.firstElementChild.setAttribute("aria-hidden", "true");
    this.view.runAsync();
    this.showPeriod();
    this.light();
  }

  showPeriod() {
    if (chosen.period === undefined || chosen.period === this.shown) return;
    const { from, until } = report.periods[chosen.period];
    if (this.view) this.shown = chosen.period;
    this.say();
    this.view?.data("shown", [{ at: from, until }]).runAsync();
  }

  /** What is there in the chosen period, for those who do not see it. */
  say() {
    if (chosen.period === undefined) return;
    this.plot.setAttribute("aria-valuenow", chosen.period + 1);
    this.plot.setAttribute("aria-valuetext", this.tell(chosen.period).join("; "));
  }

  /** Dim all but what the reader has chosen, where it is in this chart. */
  light() {
    const lit = this.data.keys.findIndex((key) => key.demand !== null && isLit(key.demand));
    for (const item of this.figure.querySelectorAll(".keys [data-key]")) {
      item.querySelector("button")?.setAttribute("aria-pressed", String(Number(item.dataset.key) === lit));
    }
    this.view?.signal("lit", lit).runAsync();
  }

  walk(event) {
    const last = report.periods.length - 1, now = chosen.period;
    const to = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: last, PageUp: now - 12, PageDown: now + 12 }[event.key];
    if (to === undefined || !this.view) return;
    event.preventDefault();
    choose("period", Math.max(0, Math.min(last, to)));
    const box = this.plot.getBoundingClientRect();
    showTip(this.tell(chosen.period), box.left + this.xOf(chosen.period), box.top + box.height / 3);
  }

  tellAt(event) {
    if (!this.view) return;
    const key = event.target.__data__?.datum?.key;
    showTip(this.tell(this.periodAt(event), key), event.clientX, event.clientY);
  }

  /** What the chart shows of a period, in lines; the one of `marked` has a sign. */
  tell(t, marked) {
    const unit = this.variant.params.unit;
    const line = (key, amount) => `${key === marked ? "▸ " : ""}${apart(this.data.keys[key].label)}: ${inUnit(amount, unit)}`;
    const told = this.amounts
      .map(({ key, changes }) => [key, amountAt(changes, report.periods[t].from)])
      .filter(([, amount]) => Math.abs(amount) > WORTH_TELLING);
    return [report.periods[t].label, ...told.map(([key, amount]) => line(key, amount))];
  }

  /** Where the middle of a period is, in pixels from the left of the plot. */
  xOf(t) {
    const { from, until } = report.periods[t], x = this.view.scale("x");
    return (this.left() + (x(Date.parse(from)) + x(Date.parse(until))) / 2) * this.zoom();
  }

  periodAt(event) {
    const at = this.view.scale("x").invert((event.clientX - this.plot.getBoundingClientRect().left) / this.zoom() - this.left());
    const later = report.periods.findIndex((one) => Date.parse(one.until) > at);
    return later < 0 ? report.periods.length - 1 : later;
  }

  left() {
    return this.view.padding().left + this.view.origin()[0];
  }

  zoom() {
    return this.plot.clientWidth / this.width;
  }
}

function isLit(demand) {
  return chosen.thing?.kind === "demand" && chosen.thing.name === demand;
}

/** Of each key what it amounts to from some days on, and nothing from the last: [[day, amount], …]. */
function amountsOf(tables) {
  const rows = Object.values(tables).flat().filter((row) => row.key !== undefined), found = new Map();
  const end = endOf(tables);
  for (const row of rows) {
    if (!found.has(row.key)) found.set(row.key, []);
    found.get(row.key).push([row.at, row.at === end && row.until === undefined ? 0 : row.high - (row.low ?? 0)]);
  }
  return [...found].map(([key, changes]) => ({ key, changes }));
}

/** The first day that a chart no longer covers: of two plans, each has its own. */
function endOf(tables) {
  return Object.values(tables).flat().reduce((last, { at, until }) => [last, at ?? "", until ?? ""].sort().at(-1), "");
}

function amountAt(changes, day) {
  let amount = 0;
  for (const [from, value] of changes) if (from <= day) amount = value;
  return amount;
}

function inUnit(amount, unit) {
  if (unit === "USD a kW-month") return `$${fixed(amount, 2)} a kW-month`;
  if (unit.startsWith("USD")) return usd(amount);
  if (unit === "MW") return power(amount * 1000);
  return `${Number.isInteger(amount) ? count(amount) : fixed(amount, 1)} ${unit}`;
}
