// The numbers of a chart of steps as a table beneath it, in the measure that is shown.

function startNumbers() {
  charts.forEach((chart) => {
    if (chart.constructor === Chart) addNumbers(chart);
  });
}

function addNumbers(chart) {
  const place = element("div");
  const details = element("details", { class: "numbers" }, element("summary", { text: "Show the numbers" }), place);
  let shown = null;
  const show = () => {
    if (!details.open || shown === chart.variant) return;
    shown = chart.variant;
    tableOf(place, numbersOf(chart));
  };
  details.addEventListener("toggle", show);
  chart.figure.addEventListener("measure", show);
  chart.figure.append(details);
}

/** A row for each span of days on which nothing changes. */
function numbersOf({ data, amounts, variant }) {
  const days = [...new Set(amounts.flatMap(({ changes }) => changes.map(([day]) => day)))].sort();
  const { unit } = variant.params, kind = kindOf(unit), end = endOf(variant.tables);
  const series = amounts.map(({ key, changes }) => {
    const values = days.map((day) => amountAt(changes, day));
    return { label: `${apart(data.keys[key].label)}, ${unit}`, kind, at: (i) => values[i] };
  });
  return {
    caption: `${data.title} in ${unit}`, length: days.filter((day) => day < end).length,
    columns: [
      { label: "From", kind: "day", at: (i) => days[i] }, { label: "Until", kind: "day", at: (i) => days[i + 1] ?? end }, ...series,
    ],
  };
}

function kindOf(unit) {
  if (unit.startsWith("USD")) return unit === "USD a kW-month" ? "price" : "usd";
  return unit.startsWith("MW") ? "amount" : "count";
}
