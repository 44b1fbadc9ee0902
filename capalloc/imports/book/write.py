"""A workbook out, with all that a scenario says: loading it gives an equal scenario."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from capalloc.formats.expand import facility_head, rack_type_values, scenario_values, table_columns
from capalloc.formats.rows import TABLES
from capalloc.formats.scalar import day_cell, quoted
from capalloc.imports.book.layout import Column, Keys, Sheet, sheets
from capalloc.schema.scenario import Scenario

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_MADE = datetime(2000, 1, 1)
"""Stands in the file for when it was made: the same scenario gives the same bytes."""

Rows = list[dict[Keys, Any]]
"""Records of a sheet: values by their path."""


def dump_book(scenario: Scenario, incumbent: str | None = None) -> bytes:
    """The workbook (xlsx) of a scenario; ``incumbent`` is the file that today's plan is written to beside it."""
    import xlsxwriter

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"created": _MADE})
        for name, rows in _contents(scenario, incumbent).items():
            _write(book, sheets()[name], rows)
    return stream.getvalue()


def _contents(scenario: Scenario, incumbent: str | None) -> dict[str, Rows]:
    values = scenario_values(scenario)
    signed = [event["contract"] for event in values.get("events", []) if event["type"] == "sign"]
    contracts, workloads = [*values.get("contracts", []), *signed], values.get("workloads", [])
    events = [
        event | ({"contract": event["contract"]["name"]} if event["type"] == "sign" else {})
        for event in values.get("events", [])
    ]
    lists = {
        "scenario": [{key: values[key] for key in ("scenario", "horizon")} | {"incumbent": incumbent}],
        "facility": [facility_head(scenario.facility)],
        "rack_types": rack_type_values(scenario.facility),
        "workloads": workloads,
        "values": [{"workload": one["name"]} | tier for one in workloads for tier in one["value"]],
        "contracts": contracts,
        "ramps": [
            {"demand": one["name"]} | step
            for key, demands in (("demand", workloads), ("ramp", contracts))
            for one in demands
            for step in one[key]
        ],
        "events": events,
        "pins": values.get("pins", []),
        "policy": [values.get("policy", {})],
    }
    return {
        name: _table(scenario, name) if name in TABLES else [dict(_flat(row)) for row in lists[name]]
        for name in sheets()
    }


def _table(scenario: Scenario, name: str) -> Rows:
    columns = table_columns(name, getattr(scenario.facility, name))
    return [
        {(key,): value for (key, _), value in zip(columns, row, strict=True)}
        for row in zip(*(values for _, values in columns), strict=True)
    ]


def _flat(values: Mapping[str, Any], above: Keys = ()) -> Iterator[tuple[Keys, Any]]:
    """The values of a record by their paths, those of steps left out."""
    for key, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, (*above, key))
        else:
            yield (*above, key), value


def _write(book: Workbook, sheet: Sheet, rows: Rows) -> None:
    into = book.add_worksheet(sheet.name)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    columns = [found for column in sheet.columns for found in _spread(column, rows)]
    known = {keys for keys, _ in columns}
    if sheet.name in TABLES:
        columns += [
            ((label,), None) for label in sorted({key for row in rows for (key,) in row} - {key for (key,) in known})
        ]
    if sheet.upright:
        into.write_string(0, 0, "key")
        into.write_string(0, 1, "value")
    for place, (keys, column) in enumerate(columns):
        where = (place + 1, 0) if sheet.upright else (0, place)
        into.write_string(*where, ".".join(keys))
        for number, row in enumerate(rows):
            _cell(into, (place + 1, 1) if sheet.upright else (number + 1, place), column, row.get(keys), day)


def _spread(column: Column, rows: Rows) -> list[tuple[Keys, Column | None]]:
    if not column.labels:
        return [(column.keys, column)]
    depth = len(column.keys)
    found = {keys for row in rows for keys in row if keys[:depth] == column.keys}
    return [(keys, column) for keys in sorted(found)]


def _cell(into: Worksheet, where: tuple[int, int], column: Column | None, value: Any, day: Any) -> None:
    if value is None or value == []:
        return
    if isinstance(value, bool):
        into.write_string(*where, "yes" if value else "no")
    elif isinstance(value, int | float):
        exact = float(f"{value:.16G}") == value
        into.write_number(*where, value) if exact else into.write_string(*where, repr(value))
    elif isinstance(value, list | tuple):
        into.write_string(*where, ", ".join(map(_quoted, value)))
    elif column is not None and column.read is day_cell:
        into.write_datetime(*where, day_cell(value), day)
    else:
        into.write_string(*where, value)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if text != text.strip() or '"' in text else quoted(text)
