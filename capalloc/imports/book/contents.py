"""What the sheets of a scenario's workbook hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from capalloc.formats.expand import facility_head, rack_type_values, scenario_values, table_columns
from capalloc.formats.rows import TABLES
from capalloc.imports.book.layout import Column, Keys, Sheet, sheets
from capalloc.schema.scenario import Scenario

Values = Mapping[str, Any]
"""A record in words of its file."""


@dataclass(frozen=True, slots=True)
class Header:
    """A column of a sheet as a workbook has it."""

    name: str
    keys: Keys
    column: Column | None
    """None: a label of one's own."""


@dataclass(frozen=True, slots=True)
class Contents:
    """A sheet with what stands in it."""

    sheet: Sheet
    headers: tuple[Header, ...]
    records: tuple[Mapping[Keys, Any], ...]
    """Values by their path."""


def contents(scenario: Scenario, incumbent: str | None) -> list[Contents]:
    """The sheets of a scenario in their order; ``incumbent`` names the file of today's plan."""
    lists = _lists(scenario_values(scenario)) | {
        "scenario": [_head(scenario_values(scenario), incumbent)],
        "facility": [facility_head(scenario.facility)],
        "rack_types": rack_type_values(scenario.facility),
    }
    return [
        _table(sheet, scenario) if sheet.name in TABLES else _sheet(sheet, lists[sheet.name])
        for sheet in sheets().values()
    ]


def _head(values: Values, incumbent: str | None) -> Values:
    return {key: values[key] for key in ("scenario", "horizon")} | {"incumbent": incumbent}


def _lists(values: Values) -> dict[str, Sequence[Values]]:
    """The records of each sheet: what events sign stands among the contracts, steps stand in sheets of their own."""
    events, workloads = values.get("events", []), values.get("workloads", [])
    contracts = [*values.get("contracts", []), *(event["contract"] for event in events if event["type"] == "sign")]
    return {
        "workloads": workloads,
        "values": list(_steps(workloads, "value", "workload")),
        "contracts": contracts,
        "ramps": [*_steps(workloads, "demand", "demand"), *_steps(contracts, "ramp", "demand")],
        "events": [event | _by_name(event) for event in events],
        "pins": values.get("pins", []),
        "policy": [values.get("policy", {})],
    }


def _by_name(event: Values) -> Values:
    return {"contract": event["contract"]["name"]} if event["type"] == "sign" else {}


def _steps(demands: Sequence[Values], key: str, of: str) -> Iterator[Values]:
    for demand in demands:
        for step in demand[key]:
            yield {of: demand["name"]} | step


def _table(sheet: Sheet, scenario: Scenario) -> Contents:
    """A table of the facility, with its labels as columns."""
    known = {column.name: column for column in sheet.columns}
    filled = dict(table_columns(sheet.name, getattr(scenario.facility, sheet.name)))
    names = list(dict.fromkeys((*known, *filled)))
    rows = zip(*filled.values(), strict=True)
    keys: list[Keys] = [(name,) for name in filled]
    records = tuple(dict(zip(keys, row, strict=True)) for row in rows)
    return Contents(sheet, tuple(Header(name, (name,), known.get(name)) for name in names), records)


def _sheet(sheet: Sheet, records: Sequence[Values]) -> Contents:
    flat = tuple(dict(_flat(record, ())) for record in records)
    headers = tuple(header for column in sheet.columns for header in _headers(column, flat))
    return Contents(sheet, headers, flat)


def _headers(column: Column, records: Sequence[Mapping[Keys, Any]]) -> Iterator[Header]:
    """The header of a column; of labels one for each that a record has."""
    if not column.labels:
        yield Header(column.name, column.keys, column)
        return
    depth = len(column.keys)
    for keys in sorted({keys for record in records for keys in record if keys[:depth] == column.keys}):
        yield Header(".".join(keys), keys, column)


def _flat(values: Values, above: Keys) -> Iterator[tuple[Keys, Any]]:
    """The values of a record by their paths."""
    for key, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, (*above, key))
        else:
            yield (*above, key), value
