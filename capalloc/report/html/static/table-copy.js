// Tables for a spreadsheet: plain numbers under heads with their units, the rows that are shown, in their order.

const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/** Heads and rows as one text; cells are quoted where they hold what separates them. */
function sheetOf(table, separator, end) {
  const heads = table.columns.map(({ label, kind }) => label + (KINDS[kind].copied ?? ""));
  const rows = table.rows.order.map((i) => table.columns.map((column) => column.at(i)));
  return [heads, ...rows].map((row) => row.map((value) => cellOf(value, separator)).join(separator)).join(end);
}

/** A cell of a sheet. A text that a spreadsheet would take for a formula has an apostrophe before it. */
function cellOf(value, separator) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(Number(value.toFixed(6)));
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /["\n\r]/.test(text) || text.includes(separator) ? `"${text.replaceAll('"', '""')}"` : text;
}

async function copyTable(table, button) {
  const rows = plural(table.rows.order.length, "row"), text = sheetOf(table, "\t", "\n");
  if (await copyText(text, button)) table.says.textContent = `${rows} copied`;
  else {
    table.says.textContent = `The browser does not let this page copy; Ctrl+C copies the ${rows} marked here`;
    offerText(table, text, button);
  }
}

/** Put a text on the clipboard, by the old way where the new one is shut; whether it worked. */
async function copyText(text, button) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = element("textarea", { class: "skip", "aria-label": "Copied text" });
    area.value = text;
    document.body.append(area);
    area.select();
    const worked = document.execCommand("copy");
    area.remove();
    button.focus();
    return worked;
  }
}

/** Show a text, marked, until the reader goes on. */
function offerText(table, text, button) {
  const area = element("textarea", { class: "offered", readonly: "", rows: "4", "aria-label": `Rows to copy: ${table.caption}` });
  area.value = text;
  table.frame.before(area);
  area.select();
  area.addEventListener("blur", () => area.remove());
  area.addEventListener("keydown", (event) => event.key === "Escape" && button.focus());
}

function saveTable(table) {
  const text = ["\ufeff", sheetOf(table, ",", "\r\n"), "\r\n"];
  const link = element("a", { href: URL.createObjectURL(new Blob(text, { type: "text/csv" })) });
  link.download = `${table.caption.toLowerCase().replace(/[^a-z0-9]+/g, "-")}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  table.says.textContent = `${plural(table.rows.order.length, "row")} saved`;
}
