// The keyboard in a table: Tab stops at one name of its rows, arrow keys go on from there.

class TableStops {
  constructor(table) {
    this.table = table;
    this.stop = null;
  }

  /** Change the rows that are drawn; the name that has the focus keeps it, or the table where it is no longer there. */
  keep(change) {
    const { body, frame } = this.table, focused = body.contains(document.activeElement) ? document.activeElement : null;
    change();
    const buttons = [...body.querySelectorAll("button")];
    const same = focused && buttons.find((button) => button.row === focused.row && button.c === focused.c);
    this.stopAt(same ?? buttons.find((button) => button === this.stop) ?? buttons[0] ?? null);
    if (focused) (same ?? frame).focus({ preventScroll: true });
  }

  stopAt(button) {
    this.stop?.setAttribute("tabindex", "-1");
    this.stop = button;
    button?.setAttribute("tabindex", "0");
  }

  walk(event) {
    const { row, c } = event.target;
    if (row === undefined) return;
    const page = Math.max(1, Math.floor(this.table.frame.clientHeight / ROW_PX) - 2), last = this.table.rows.order.length - 1;
    const to = { ArrowDown: row + 1, ArrowUp: row - 1, PageDown: row + page, PageUp: row - page, Home: 0, End: last }[event.key];
    const aside = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (to === undefined && aside === undefined) return;
    event.preventDefault();
    if (aside) this.aside(event.target, aside);
    else this.go(Math.max(0, Math.min(last, to)), c, Math.sign(to - row) || 1);
  }

  aside(button, step) {
    const beside = [...button.closest("tr").querySelectorAll("button")];
    this.focus(beside[beside.indexOf(button) + step]);
  }

  /** Go to a row, or the next one with a name to choose. */
  go(row, c, step) {
    const { columns, rows } = this.table;
    const has = (number) => columns.some((_, other) => this.table.thing(rows.order[number], other) !== null);
    while (rows.order[row] !== undefined && !has(row)) row += step;
    if (rows.order[row] === undefined) return;
    this.table.bring(row);
    const buttons = [...this.table.body.querySelectorAll("button")].filter((button) => button.row === row);
    this.focus(buttons.find((button) => button.c === c) ?? buttons[0]);
  }

  focus(button) {
    if (!button) return;
    this.stopAt(button);
    button.focus({ preventScroll: true });
    button.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}
