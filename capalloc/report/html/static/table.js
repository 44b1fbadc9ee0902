// Tables that sort, filter and copy. Long ones hold only the rows that are in sight.
//
// tableOf(place, {caption, columns, length, thing}):
//   place    an element that takes the table
//   caption  what it lists, in words
//   columns  [{label, kind, at, shown, choice}]: `at(i)` is the value of row i, a text or a number or null; `kind` is
//            "text", "count", "kw", "usd", "share" or "day"; `shown(value)` writes it, else the kind does
//   length   number of rows
//   thing    (i, column number) => what a click on that cell chooses, or null

const KINDS = {
  text: { number: false, show: (value) => String(value) },
  day: { number: false, show: (value) => String(value) },
  count: { number: true, show: count },
  kw: { number: true, show: (value) => fixed(value, 1) },
  usd: { number: true, show: usd },
  share: { number: true, show: (value) => percent(value) },
};
const ROW_PX = 34, SPARE_ROWS = 8, PRINTED_ROWS = 60;

/** A column of a list of values by name. */
function listed(lists, name, label, kind) {
  return { label, kind, at: (i) => lists[name][i] };
}

function tableOf(place, { caption, columns, length, thing = () => null }) {
  const table = { place, caption, columns, length, thing, sorted: null, filter: "", order: [] };
  build(table);
  refilter(table);
  hear("thing", () => drawRows(table, true));
  return table;
}

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "text") made.textContent = value;
    else if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

function build(table) {
  table.heads = table.columns.map((column, c) =>
    element("th", { scope: "col", class: KINDS[column.kind].number ? "number" : "" },
      element("button", { type: "button", class: "head", text: column.label, onclick: () => sortBy(table, c) })));
  table.body = element("tbody");
  table.frame = element("div", { class: "table-frame", tabindex: "0", role: "region", "aria-label": table.caption },
    element("table", { "aria-rowcount": table.length + 1 },
      element("thead", {}, element("tr", { "aria-rowindex": 1 }, ...table.heads)), table.body));
  table.frame.addEventListener("scroll", () => drawRows(table));
  table.says = element("span", { role: "status" });
  const filter = element("input", { type: "search", placeholder: "Filter", "aria-label": `Filter: ${table.caption}` });
  filter.addEventListener("input", () => {
    table.filter = filter.value.toLowerCase();
    refilter(table);
  });
  const copy = element("button", { type: "button", text: "Copy", onclick: () => copyTable(table) });
  const save = element("button", { type: "button", text: "CSV", "aria-label": "Save as CSV", onclick: () => saveTable(table) });
  table.place.replaceChildren(element("div", { class: "tools" }, filter, copy, save, table.says), table.frame);
  new ResizeObserver(() => drawRows(table)).observe(table.frame);
  addEventListener("beforeprint", () => drawRows(table, true, PRINTED_ROWS));
  addEventListener("afterprint", () => drawRows(table, true));
}

function shownAt(table, i, c) {
  const column = table.columns[c], value = column.at(i);
  if (value === null || value === undefined) return NOTHING;
  return column.shown ? column.shown(value, i) : KINDS[column.kind].show(value);
}

/** Sort by a column: up, then down, then as it was. */
function sortBy(table, c) {
  const down = table.sorted?.column === c ? (table.sorted.down ? null : true) : false;
  table.sorted = down === null ? null : { column: c, down };
  table.heads.forEach((head, h) => {
    if (table.sorted?.column === h) head.setAttribute("aria-sort", table.sorted.down ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
  });
  refilter(table);
}

function refilter(table) {
  const order = [];
  for (let i = 0; i < table.length; i++) if (!table.filter || textOf(table, i).includes(table.filter)) order.push(i);
  table.order = table.sorted ? ordered(table, order) : order;
  const all = plural(table.length, "row");
  table.says.textContent = order.length === table.length ? all : `${count(order.length)} of ${all}`;
  table.frame.scrollTop = 0;
  drawRows(table, true);
}

/** The text of a row that the filter looks at, made when it is first looked at. */
function textOf(table, i) {
  table.texts ??= [];
  return (table.texts[i] ??= table.columns.map((_, c) => shownAt(table, i, c)).join(" ").toLowerCase());
}

const compareTexts = new Intl.Collator("en", { numeric: true }).compare;

function ordered(table, order) {
  const { column, down } = table.sorted, { at, kind } = table.columns[column];
  const values = order.map((i) => [at(i), i]);
  const compare = KINDS[kind].number ? (a, b) => a - b : (a, b) => compareTexts(a, b);
  values.sort((one, other) => {
    if (one[0] === null || other[0] === null) return (one[0] === null) - (other[0] === null) || one[1] - other[1];
    return (down ? -1 : 1) * compare(one[0], other[0]) || one[1] - other[1];
  });
  return values.map(([, i]) => i);
}

/** Draw the rows in sight; `most` rows from the first on where they are printed. */
function drawRows(table, anew = false, most = 0) {
  const height = table.frame.clientHeight || 400, rows = table.order.length;
  const first = most ? 0 : Math.max(0, Math.floor(table.frame.scrollTop / ROW_PX) - SPARE_ROWS);
  const end = Math.min(rows, most || first + Math.ceil(height / ROW_PX) + 2 * SPARE_ROWS);
  if (!anew && table.first === first && table.end === end) return;
  [table.first, table.end] = [first, end];
  const shown = [];
  if (first > 0) shown.push(spacer(table, first));
  for (let row = first; row < end; row++) shown.push(rowOf(table, row));
  if (most && end < rows) {
    shown.push(element("tr", {}, element("td", { colspan: table.columns.length, text: `and ${count(rows - end)} more` })));
  } else if (end < rows) shown.push(spacer(table, rows - end));
  table.body.replaceChildren(...shown);
}

function spacer(table, rows) {
  const cell = element("td", { colspan: table.columns.length, class: "spacer" });
  cell.style.height = `${rows * ROW_PX}px`;
  return element("tr", { "aria-hidden": "true" }, cell);
}

function rowOf(table, row) {
  const i = table.order[row], line = element("tr", { "aria-rowindex": row + 2 });
  table.columns.forEach((column, c) => {
    const text = shownAt(table, i, c), thing = table.thing(i, c);
    const cell = element(c === 0 ? "th" : "td", { class: KINDS[column.kind].number ? "number" : "", title: text });
    if (c === 0) cell.setAttribute("scope", "row");
    if (thing) {
      const lit = chosen.thing?.kind === thing.kind && chosen.thing.name === thing.name;
      if (lit) line.className = "lit";
      cell.append(element("button", { type: "button", class: "key", text, onclick: () => choose("thing", lit ? null : thing) }));
    } else cell.append(element("bdi", { text }));
    line.append(cell);
  });
  return line;
}

/** Rows as lists of raw values under their heads; texts that a spreadsheet would take for a formula are quoted. */
function sheetOf(table) {
  const heads = table.columns.map((column) => column.label);
  return [heads, ...table.order.map((i) => table.columns.map((column) => harmless(column.at(i))))];
}

function harmless(value) {
  if (value === null || value === undefined) return "";
  return typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
}

async function copyTable(table) {
  const text = sheetOf(table).map((row) => row.map((value) => String(value).replace(/[\t\n\r]+/g, " ")).join("\t")).join("\n");
  table.says.textContent = (await copyText(text)) ? `${plural(table.order.length, "row")} copied` : "The browser does not let this page copy";
}

/** Put a text on the clipboard, by the old way where the new one is shut; whether it worked. */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = element("textarea", { class: "skip", "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    const worked = document.execCommand("copy");
    area.remove();
    return worked;
  }
}

function saveTable(table) {
  const quoted = (value) => (/[",\n\r]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value));
  const text = sheetOf(table).map((row) => row.map(quoted).join(",")).join("\r\n");
  const link = element("a", { href: URL.createObjectURL(new Blob(["\ufeff", text, "\r\n"], { type: "text/csv" })) });
  link.download = `${table.caption.toLowerCase().replace(/[^a-z0-9]+/g, "-")}.csv`;
  link.click();
  URL.revokeObjectURL(link.href);
}
