// The calendar: tips of halls and dates, and both as tables.

const MOST_LINES = 14;

chartKinds.set("calendar", class CalendarChart extends Chart {
  tellAt(event) {
    if (!this.view) return;
    const row = rowsAt(event).find(({ tip, hall }) => tip ?? hall !== undefined);
    showTip(row ? row.tip ?? this.tellHall(row) : this.tell(this.periodAt(event)), event.clientX, event.clientY);
  }

  /** A part of a hall's bar. */
  tellHall({ hall, key, racks, at, until }) {
    const [name, all] = report.sections.calendar.places[hall];
    return [name, `${apart(this.data.keys[key].label)}: ${count(racks)} of ${plural(all, "rack")}, ${percent(racks / all)}`, `from ${isoDay(at)} until ${isoDay(until)}`];
  }

  /** A period: who holds which hall, and what happens. */
  tell(t) {
    const { places, dates } = report.sections.calendar, { label, from, until } = report.periods[t];
    const holds = this.variant.tables.halls.filter((row) => row.at <= from && row.until > from);
    const halls = places.map(([name], hall) => {
      const held = holds.filter((row) => row.hall === hall).map((row) => `${apart(this.data.keys[row.key].label)} ${count(row.racks)}`);
      return `${apart(name)}: ${held.join(", ") || "no rack"}`;
    });
    const happens = dates.filter(([day]) => day >= from && day < until).map(([day, , , what, amount]) => `${day} ${what}${amount ? `: ${amount}` : ""}`);
    const lines = [...halls, ...happens], more = lines.length - MOST_LINES;
    return [label, ...lines.slice(0, MOST_LINES), ...(more > 0 ? [`and ${count(more)} more`] : [])];
  }
});

/** Rows of tables that are drawn under the pointer, the uppermost first; the band of the shown period covers some. */
function rowsAt({ clientX, clientY }) {
  return document.elementsFromPoint(clientX, clientY).map((one) => one.__data__?.datum).filter(Boolean);
}

/** The day of a time of Vega. */
function isoDay(time) {
  return new Date(time).toISOString().slice(0, 10);
}

function startCalendar() {
  const section = report.sections.calendar;
  if (!section) return;
  const { dates, spans, kind } = section;
  const listed = (rows, heads) => ({
    length: rows.length,
    columns: heads.map(([label, type], c) => ({ label, kind: type, at: (i) => rows[i][c] })),
  });
  whenOpened("dates", () => ({
    caption: "Dates", ...listed(dates, [["Date", "day"], ["Until", "day"], ["Kind", "text"], ["What", "text"], ["How much", "text"]]),
  }));
  whenOpened("spans", () => ({
    caption: `Who holds which ${kind} when`,
    ...listed(spans, [[kind === "hall" ? "Hall" : "Building", "text"], ["From", "day"], ["Until", "day"], ["Racks of", "text"]]),
  }));
}

/** Make a table when its details are opened for the first time. */
function whenOpened(id, made) {
  const place = byId(id), details = place.closest("details");
  details.addEventListener("toggle", () => {
    if (details.open && !place.children.length) tableOf(place, made());
  });
}
