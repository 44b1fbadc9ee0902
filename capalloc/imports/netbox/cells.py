"""Cells of NetBox's CSV files: exports write ``48U``, ``80%`` and ``Active`` where imports take 48, 80 and active."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from capalloc.imports.missing import Tally
from capalloc.imports.rows import Row

_NUMBER = re.compile(r"\s*(-?\d+(?:[.,]\d+)?)\s*(?:U|%|V|A|W|VA|kW)?\s*")
_RANGE = re.compile(r"(\d{1,4})(?:\s*-\s*(\d{1,4}))?")
_MOST_UNITS = 100
_NOTHING = frozenset({"", "—", "-", "None"})
"""What exports write into cells that hold nothing."""
_NUMBERS: Mapping[str, tuple[str, ...]] = {
    "racks": ("u_height", "starting_unit", "cooling_capacity"),
    "rack_types": ("u_height", "cooling_capacity"),
    "power_feeds": ("voltage", "amperage", "max_utilization"),
    "power_ports": ("maximum_draw", "allocated_draw"),
    "cooling_sources": ("cooling_capacity",),
    "cooling_feeds": ("cooling_capacity",),
    "contract_lines": ("quantity", "unit_price", "yearly_value"),
}
"""By kind of file, the columns that hold numbers."""


def text(cell: str | None) -> str | None:
    """The text of a cell; None where it holds nothing."""
    stripped = (cell or "").strip()
    return None if stripped in _NOTHING else stripped


def number(cell: str | None) -> float | None:
    """The number in a cell, without its unit; None where it holds none."""
    found = _NUMBER.fullmatch(cell or "")
    return None if found is None else float(found[1].replace(",", "."))


def count_words(rows: Mapping[str, Iterable[Row]], tally: Tally) -> None:
    """Count the cells of numbers that hold something else."""
    for kind, columns in _NUMBERS.items():
        for row in rows[kind]:
            for column in columns:
                if text(row[column]) is not None and number(row[column]) is None:
                    where = f"{row.where} ({column}: {row[column]!r})"
                    tally.add("cells of numbers that hold words", where, "taken as empty; correct them")


def word(cell: str | None, default: str) -> str:
    """A choice as NetBox's API names it: ``Single phase`` is single-phase."""
    return default if text(cell) is None else "-".join((cell or "").lower().replace("_", " ").replace("-", " ").split())


def units(cell: str | None) -> tuple[float, ...]:
    """The units of a rack in a cell, where ranges may stand: ``1-3, 7`` is 1, 2, 3 and 7."""
    return tuple(
        float(one) for first, last in _RANGE.findall(cell or "") for one in range(int(first), _last(last, first))
    )


def _last(last: str, first: str) -> int:
    """The unit after a range, of no more units than a rack can have."""
    return min(int(last or first), int(first) + _MOST_UNITS) + 1
