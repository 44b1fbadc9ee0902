// Which rows of a table are shown, and in which order.

const MOST_CHOICES = 40;

class TableOrder {
  constructor(table) {
    Object.assign(this, { table, words: [], picked: new Map(), sorted: null, only: false });
    this.forget();
  }

  /** Forget what was made of the values. */
  forget() {
    this.ranks = new Map();
    this.texts = [];
    this.relight();
  }

  relight() {
    this.lit = null;
  }

  search(text) {
    this.words = plainText(text).split(/\s+/).filter(Boolean);
  }

  /** Show only rows with a value in a column; without one, all. */
  pick(c, value) {
    if (value === undefined) this.picked.delete(c);
    else this.picked.set(c, value);
  }

  sort(sorted) {
    this.sorted = sorted;
  }

  toggleOnly() {
    this.only = !this.only;
  }

  arrange() {
    const order = [];
    for (let i = 0; i < this.table.length; i++) if (this.shows(i)) order.push(i);
    this.order = this.sorted ? this.inOrder(order) : order;
  }

  shows(i) {
    for (const [c, value] of this.picked) if (this.table.columns[c].at(i) !== value) return false;
    if (this.only && chosen.thing && !this.isLit(i)) return false;
    return !this.words.length || this.words.every((word) => this.textOf(i).includes(word));
  }

  /** The text of a row that is searched, made when it is first looked at. */
  textOf(i) {
    return (this.texts[i] ??= plainText(this.table.columns.map((_, c) => this.table.text(i, c)).join("\n")));
  }

  /** The values of a column, in order; [] where they are too many to choose from. */
  distinct(c) {
    const { at } = this.table.columns[c], found = new Set();
    for (let i = 0; i < this.table.length; i++) {
      const value = at(i);
      if (value !== null && value !== undefined) found.add(value);
      if (found.size > MOST_CHOICES) return [];
    }
    return [...found].map((value) => [sortKey(value), value]).sort(byFirst).map(([, value]) => value);
  }

  inOrder(order) {
    const { column, down } = this.sorted, sign = down ? -1 : 1, missing = down ? -Infinity : Infinity;
    const ranks = this.ranksOf(column).map((rank) => (Number.isNaN(rank) ? missing : rank));
    // What is missing comes last either way; equals keep the order of the rows.
    return order.sort((one, other) => sign * (ranks[one] - ranks[other]) || one - other);
  }

  /** Numbers in the order of a column's values; NaN where there is none. */
  ranksOf(c) {
    if (!this.ranks.has(c)) this.ranks.set(c, KINDS[this.table.columns[c].kind].look === "number" ? this.numbers(c) : this.places(c));
    return this.ranks.get(c);
  }

  numbers(c) {
    const { at } = this.table.columns[c];
    return Float64Array.from({ length: this.table.length }, (_, i) => at(i) ?? NaN);
  }

  places(c) {
    const { at } = this.table.columns[c];
    const values = Array.from({ length: this.table.length }, (_, i) => at(i) ?? null);
    const known = [...new Set(values)].filter((value) => value !== null);
    const place = new Map(known.map((value) => [sortKey(value), value]).sort(byFirst).map(([, value], rank) => [value, rank]));
    return Float64Array.from(values, (value) => place.get(value) ?? NaN);
  }

  isLit(i) {
    if (!chosen.thing) return false;
    const { columns, litRows } = this.table;
    if (litRows) this.lit ??= litRows(chosen.thing);
    if (this.lit) return this.lit.has(i);
    return columns.some((column, c) => {
      if (typeof column.thing === "string") return column.thing === chosen.thing.kind && column.at(i) === chosen.thing.name;
      const thing = this.table.thing(i, c);
      return thing !== null && isChosen(thing);
    });
  }

  litCount() {
    return this.order.reduce((n, i) => n + this.isLit(i), 0);
  }
}

/** A text as it is searched: small letters, and numbers without signs between their thousands. */
function plainText(text) {
  return text.toLowerCase().replace(/(\d),(?=\d{3})/g, "$1");
}

/** What a text is sorted by: small letters without accents, numbers in it by their value. */
function sortKey(text) {
  const plain = String(text).normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.replace(/\d+/g, (digits) => digits.padStart(12, "0"));
}

function byFirst(one, other) {
  return one[0] < other[0] ? -1 : one[0] > other[0] ? 1 : 0;
}
