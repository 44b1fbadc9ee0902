// A second plan beside a first: ramps side by side, what demands get, and what moved, on the map and as lists of work.

const compared = report.sections.compare ?? null;
const UNKNOWN_STATE = -1;

/** The state that a position had in the first plan; null where it is not known. */
function firstState(p, t) {
  if (!compared?.floor) return null;
  const state = valueAt(compared.floor.patterns[compared.floor.pattern[p]], t);
  return state === UNKNOWN_STATE ? null : state;
}

function difference(first, second, label, kind) {
  const show = KINDS[kind].show;
  return { label, kind, at: (i) => second[i] - first[i], shown: (value) => (value > 0 ? `+${show(value)}` : show(value)) };
}

const COMPARED = {
  demands() {
    const rows = compared.demands;
    return {
      caption: "What demands get where the plans differ",
      columns: [
        listed(rows, "period", "Period", "day"), listed(rows, "demand", "Demand", "text", { thing: "demand", choice: true }),
        listed(rows, "first", "First plan, kW", "kw"), listed(rows, "second", "Second plan, kW", "kw"),
        difference(rows.first, rows.second, "Change, kW", "kw"),
        listed(rows, "racksFirst", "First plan, racks", "count"), listed(rows, "racksSecond", "Second plan, racks", "count"),
        listed(rows, "usdFirst", "First plan, USD", "usd"), listed(rows, "usdSecond", "Second plan, USD", "usd"),
        difference(rows.usdFirst, rows.usdSecond, "Change, USD", "usd"),
      ],
    };
  },
  jobs() {
    const rows = compared.jobs;
    return {
      caption: "Jobs that the second plan adds, shifts or drops",
      columns: [
        listed(rows, "date", "Date", "day"), listed(rows, "change", "Change", "text", { choice: true }), listed(rows, "from", "From", "text"),
        listed(rows, "to", "To", "text"), listed(rows, "racks", "Racks", "count"), listed(rows, "hall", "Hall", "text", { thing: "hall" }),
        listed(rows, "was", "First planned for", "day"),
      ],
    };
  },
  moves() {
    const rows = compared.moves;
    return {
      caption: "What the second plan changes rack by rack",
      columns: [
        listed(rows, "date", "Date", "day"), listed(rows, "change", "Change", "text", { choice: true }), listed(rows, "rack", "Rack", "text", { thing: "rack" }),
        listed(rows, "from", "From", "text"), listed(rows, "to", "To", "text"), listed(rows, "was", "First planned for", "day"),
        listed(rows, "hall", "Hall", "text", { thing: "hall" }), listed(rows, "row", "Row", "text", { thing: "row" }), listed(rows, "position", "Position", "text", { thing: "position" }),
      ],
    };
  },
  stands() {
    const rows = compared.stands;
    return {
      caption: "Deliveries that stand elsewhere or on another day",
      columns: [
        listed(rows, "date", "Date", "day"), listed(rows, "change", "Change", "text", { choice: true }), listed(rows, "rack", "Rack", "text", { thing: "rack" }),
        listed(rows, "type", "Type", "text"), listed(rows, "first", "First plan, position", "text"),
        listed(rows, "second", "Second plan, position", "text"), listed(rows, "was", "First planned for", "day"),
      ],
    };
  },
};

function showCompared(name) {
  const place = byId(`compare-${name}`);
  if (place) tableOf(place, { ...COMPARED[name](), length: lengthOf(compared[name]) });
}

function startCompare() {
  if (!compared) return;
  ["demands", "jobs", "stands"].forEach(showCompared);
  byId("compare-racks")?.addEventListener("toggle", () => showCompared("moves"), { once: true });
  byId("show-moved")?.addEventListener("click", () => {
    document.querySelector("[data-colour=moved]").click();
    byId("floor").scrollIntoView();
    byId("floor").focus({ preventScroll: true });
  });
  linkMeasures();
}

/** The two ramps show one measure. */
function linkMeasures() {
  const both = [...document.querySelectorAll("#compare [data-chart]")].map((figure) => charts.get(figure));
  for (const [which, { figure }] of both.entries()) {
    for (const button of figure.querySelectorAll("[data-variant]")) {
      button.addEventListener("click", () => both[1 - which].choose(button.dataset.variant));
    }
  }
}
