// Tables that sort, filter and copy. Long ones hold only the rows that are in sight.
//
// tableOf(place, {caption, columns, length, lit}) puts a table into an element and returns it:
//   caption  what it lists, in words
//   columns  [{label, kind, at, shown, choice, thing}], of which the first three are needed:
//              at(i)    the value of row i: a text, a number, or null where there is none; days are ISO texts
//              kind     how values are written and sorted: "text", "day", "count", "kw", "amount", "usd", "price" or "share"
//              shown(value, i)  writes a value, else its kind does
//              choice   true: the reader can choose one of the values, where they are few
//              thing    what a click on a cell lights up everywhere: a kind of thing whose name is the value, or
//                       (i) => {kind, name} or null
//   length   the number of rows
//   lit(thing)  a set of the rows that belong to a chosen thing; else those with a cell that chooses it
// Where what `at` gives has changed: `table.refresh()`. Columns of lists: `listed(lists, name, label, kind, more)`.

const KINDS = {
  text: { look: "words", show: String },
  day: { look: "day", show: String },
  count: { look: "number", show: count },
  kw: { look: "number", show: (value) => fixed(value, 1) },
  amount: { look: "number", show: (value) => fixed(value, 2) },
  usd: { look: "number", show: usd },
  price: { look: "number", show: usdCents },
  share: { look: "number", show: (value) => percent(value), copied: " (share of 1)" },
};
const ROW_PX = 34, SPARE_ROWS = 8, PRINTED_ROWS = 100;
const SAMPLED_ROWS = 300, WIDEST_CH = 40;

/** @type {Map<Element, DataTable>} By place. */
const tables = new Map();

hear("thing", () => tables.forEach((table) => table.light()));
addEventListener("beforeprint", () => tables.forEach((table) => table.draw(true, PRINTED_ROWS)));
addEventListener("afterprint", () => tables.forEach((table) => table.draw(true)));

function tableOf(place, given) {
  tables.set(place, new DataTable(place, given));
  return tables.get(place);
}

/** A column of a list of values by name; of texts that repeat, {names, of}: their numbers. */
function listed(lists, name, label, kind, more = {}) {
  const values = lists[name];
  const at = values.names ? (i) => values.names[values.of[i]] ?? null : (i) => values[i];
  return { label, kind, at, ...more };
}

/** The number of rows that lists of values by name have. */
function lengthOf(lists) {
  const first = Object.values(lists)[0] ?? [];
  return (first.of ?? first).length;
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

class DataTable {
  constructor(place, { caption, columns, length, lit }) {
    Object.assign(this, { place, caption, columns, length, litRows: lit });
    this.rows = new TableOrder(this);
    this.stops = new TableStops(this);
    this.drawn = new Map();
    this.build();
    this.reorder();
  }

  build() {
    this.heads = this.columns.map((column, c) =>
      element("th", { scope: "col", class: KINDS[column.kind].look, "data-label": column.label },
        element("button", { type: "button", class: "head", text: column.label, onclick: () => this.sortBy(c) })));
    this.body = element("tbody", { onkeydown: (event) => this.stops.walk(event) });
    this.grid = element("table", {}, element("thead", {}, element("tr", { "aria-rowindex": 1 }, ...this.heads)), this.body);
    this.frame = element("div", { class: "table-frame", tabindex: "0", role: "region", "aria-label": this.caption }, this.grid);
    this.frame.addEventListener("scroll", () => this.draw());
    this.says = element("span", { role: "status", class: "table-says" });
    this.place.replaceChildren(element("div", { class: "tools" }, ...this.tools(), this.says), this.frame);
    new ResizeObserver(() => this.draw()).observe(this.frame);
    this.widen();
  }

  tools() {
    const filter = element("input", { type: "search", placeholder: "Filter", "aria-label": `Filter: ${this.caption}` });
    filter.addEventListener("input", () => this.reorder(() => this.rows.search(filter.value)));
    this.only = element("button", { type: "button", text: "Chosen only", "aria-pressed": "false", onclick: () => this.reorder(() => this.rows.toggleOnly()) });
    const copy = element("button", { type: "button", text: "Copy", "aria-label": `Copy: ${this.caption}`, onclick: () => copyTable(this, copy) });
    const save = element("button", { type: "button", text: "CSV", "aria-label": `Save as CSV: ${this.caption}`, onclick: () => saveTable(this) });
    return [filter, ...this.choices(), this.only, copy, save];
  }

  /** A field for each column of which the reader can choose a value. */
  choices() {
    return this.columns.flatMap((column, c) => {
      const values = column.choice ? this.rows.distinct(c) : [];
      if (values.length < 2 || values.length > MOST_CHOICES) return [];
      const all = element("option", { text: `${column.label}: all`, value: "-1" });
      const options = values.map((value, v) => element("option", { text: this.written(value, -1, c), value: v, dir: "auto" }));
      const field = element("select", { "aria-label": `${column.label}: ${this.caption}` }, all, ...options);
      field.addEventListener("change", () => this.reorder(() => this.rows.pick(c, values[field.value])));
      return [field];
    });
  }

  /** Make columns as wide as what they hold, so that they stay where they are while rows come and go. */
  widen() {
    const step = Math.max(1, Math.floor(this.length / SAMPLED_ROWS));
    this.columns.forEach((column, c) => {
      let most = 0;
      for (let i = 0; i < this.length; i += step) most = Math.max(most, this.text(i, c).length);
      this.heads[c].style.minWidth = `${Math.min(most + 3, WIDEST_CH)}ch`;
    });
  }

  text(i, c) {
    const value = this.columns[c].at(i);
    return value === null || value === undefined ? NOTHING : this.written(value, i, c);
  }

  written(value, i, c) {
    const { shown, kind } = this.columns[c];
    return shown ? shown(value, i) : KINDS[kind].show(value);
  }

  /** What a cell chooses, or null. */
  thing(i, c) {
    const { thing, at } = this.columns[c];
    if (!thing) return null;
    if (typeof thing === "function") return thing(i);
    const name = at(i);
    return name === null || name === undefined ? null : { kind: thing, name };
  }

  /** Sort by a column: up, then down, then as it was. */
  sortBy(c) {
    const { sorted } = this.rows;
    const next = sorted?.column !== c ? { column: c, down: false } : sorted.down ? null : { column: c, down: true };
    this.heads.forEach((head, h) => {
      if (next?.column === h) head.setAttribute("aria-sort", next.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    this.reorder(() => this.rows.sort(next));
  }

  /** Show the rows anew, from the first on, after `change`. */
  reorder(change = () => {}) {
    change();
    this.rows.arrange();
    this.frame.scrollTop = 0;
    this.redraw();
  }

  /** Show the rows anew, as what they say has changed. */
  refresh() {
    this.rows.forget();
    this.rows.arrange();
    this.redraw();
  }

  redraw() {
    const shown = this.rows.order.length, all = plural(this.length, "row");
    const lit = chosen.thing ? this.rows.litCount() : 0;
    const only = shown === this.length ? all : `${count(shown)} of ${all}`;
    this.says.textContent = lit ? `${only}, ${count(lit)} of what is chosen` : only;
    this.only.disabled = !chosen.thing;
    this.only.setAttribute("aria-pressed", String(this.rows.only));
    this.grid.setAttribute("aria-rowcount", shown + 1);
    this.draw(true);
  }

  /** Mark the rows of what is chosen, and bring the first of them into sight where it was not chosen here. */
  light() {
    this.rows.relight();
    if (this.rows.only) this.rows.arrange();
    this.redraw();
    if (!chosen.thing || this.body.contains(document.activeElement)) return;
    const row = this.rows.order.findIndex((i) => this.rows.isLit(i));
    if (row >= 0) this.bring(row);
  }

  /** Scroll until a row is in sight. */
  bring(row) {
    const head = this.heads[0].offsetHeight, room = this.frame.clientHeight - head;
    const top = row * ROW_PX, { scrollTop } = this.frame;
    if (top < scrollTop) this.frame.scrollTop = top;
    else if (top + ROW_PX > scrollTop + room) this.frame.scrollTop = top + ROW_PX - room;
    this.draw();
  }

  /** Draw the rows in sight; `most` rows from the first on where they are printed. */
  draw(anew = false, most = 0) {
    const height = this.frame.clientHeight || 400, rows = this.rows.order.length;
    const first = most ? 0 : Math.min(rows, Math.max(0, Math.floor(this.frame.scrollTop / ROW_PX) - SPARE_ROWS));
    const end = Math.min(rows, most || first + Math.ceil(height / ROW_PX) + 2 * SPARE_ROWS);
    if (!anew && this.first === first && this.end === end) return;
    if (anew) this.drawn.clear();
    [this.first, this.end] = [first, end];
    const lines = new Map();
    for (let row = first; row < end; row++) lines.set(row, this.drawn.get(row) ?? this.line(row));
    this.drawn = lines;
    const after = most && end < rows ? this.more(rows - end) : this.spacer(rows - end);
    this.stops.keep(() => this.body.replaceChildren(...this.spacer(first), ...lines.values(), ...after));
  }

  line(row) {
    const i = this.rows.order[row];
    const line = element("tr", { "aria-rowindex": row + 2, class: this.rows.isLit(i) ? "lit" : "" });
    this.columns.forEach((column, c) => {
      const text = this.text(i, c), thing = this.thing(i, c);
      const cell = element(c ? "td" : "th", { class: KINDS[column.kind].look, title: text });
      if (c === 0) cell.setAttribute("scope", "row");
      cell.append(thing ? this.button(row, c, text, thing) : element("bdi", { text }));
      line.append(cell);
    });
    return line;
  }

  button(row, c, text, thing) {
    const press = () => choose("thing", isChosen(thing) ? null : thing);
    const button = element("button", { type: "button", class: "key", tabindex: "-1", dir: "auto", text, onclick: press });
    return Object.assign(button, { row, c });
  }

  spacer(rows) {
    if (!rows) return [];
    const cell = element("td", { colspan: this.columns.length, class: "spacer" });
    cell.style.height = `${rows * ROW_PX}px`;
    return [element("tr", { "aria-hidden": "true" }, cell)];
  }

  more(rows) {
    return [element("tr", {}, element("td", { colspan: this.columns.length, text: `and ${plural(rows, "more row")}, in the page itself` }))];
  }
}

function isChosen(thing) {
  return chosen.thing?.kind === thing.kind && chosen.thing.name === thing.name;
}
