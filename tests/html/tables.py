"""Tables of a page, read as a reader sees them."""

from __future__ import annotations

from tests.html.browser import Shown

_ROWS = """(place) => {
  const table = document.querySelector(`${place} table`);
  const heads = [...table.querySelectorAll("thead th")].map((one) => one.textContent);
  const rows = [...table.querySelectorAll("tbody tr:not([aria-hidden])")];
  return rows.map((row) => Object.fromEntries([...row.children].map((cell, c) => [heads[c], cell.textContent])));
}"""


def rows_of(page: Shown, place: str) -> list[dict[str, str]]:
    """The rows of a table that are in sight, each a text by head."""
    rows: list[dict[str, str]] = page.ask(_ROWS, place)
    return rows
