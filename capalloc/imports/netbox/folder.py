"""A folder of NetBox's CSV files as rows, whichever of its two sets of headers they have.

What NetBox exports is headed as its pages are (``Power Panel``, ``Cooling Capacity (kW)``), what it imports as its
fields (``power_panel``, ``cooling_capacity``). Source: netbox/dcim/forms/bulk_import.py and
netbox/dcim/tables, version 4.7.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import partial
from pathlib import Path

from capalloc.errors import Problem, ScenarioError
from capalloc.formats.node import Rejected
from capalloc.imports.netbox import contract_rows
from capalloc.imports.rows import Row, csv_rows

KINDS = (
    *("sites", "locations", "rack_types", "racks", "rack_reservations", "device_types", "devices", "power_ports"),
    *("power_panels", "power_feeds", "cooling_sources", "cooling_feeds"),
    *contract_rows.KINDS,
)
"""Files that are read, by the name after ``netbox_``; only racks and power feeds must be there."""
_REQUIRED = ("racks", "power_panels", "power_feeds")
_ALIASES: Mapping[str, Mapping[str, str]] = {
    "racks": {"type": "rack_type", "height": "u_height", "cooling_capacity_kw": "cooling_capacity"},
    "rack_types": {"name": "model", "rack_type": "model", "height": "u_height"},
    "rack_reservations": {"reservation": "description"},
    "devices": {"type": "device_type", "manufacturer_type": "device_type"},
    "power_ports": {"maximum_draw_w": "maximum_draw", "allocated_draw_w": "allocated_draw"},
    "power_feeds": {"panel": "power_panel"},
    "cooling_sources": {"cooling_capacity_kw": "cooling_capacity"},
    "cooling_feeds": {"cooling_capacity_kw": "cooling_capacity"},
    **dict.fromkeys(contract_rows.KINDS, contract_rows.ALIASES),
}
"""Headers of pages that say something else than the field's name."""


def read_rows(folder: Path) -> dict[str, list[Row]]:
    """The rows of each kind of file in a folder. Raises ScenarioError with everything that cannot be read."""
    if not folder.is_dir():
        found = "is a file" if folder.exists() else "no such folder"
        raise ScenarioError([Problem(str(folder), 0, "", f"{found}; expected a folder with CSV files of NetBox")])
    files = _files(folder, KINDS)
    problems = [
        Problem(str(folder), 0, "", f"has no {kind}.csv; export it from NetBox's list of {kind.replace('_', ' ')}")
        for kind in _REQUIRED
        if kind not in files
    ]
    return _rows(files, KINDS, problems)


def read_contracts(folder: Path) -> dict[str, list[Row]]:
    """The rows of files of the netbox-contract plugin. Raises ScenarioError where there are none, or cannot be read."""
    files = _files(folder, contract_rows.KINDS)
    if "contracts" not in files:
        message = "has no contracts.csv; expected a folder with contracts of the netbox-contract plugin as CSV"
        raise ScenarioError([Problem(str(folder), 0, "", message)])
    return _rows(files, contract_rows.KINDS, [])


def _files(folder: Path, kinds: Collection[str]) -> dict[str, Path]:
    return {kind: path for path in sorted(folder.glob("*.csv")) if (kind := _kind(path)) in kinds}


def _rows(files: Mapping[str, Path], kinds: Iterable[str], problems: list[Problem]) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {kind: [] for kind in kinds}
    for kind, path in files.items():
        try:
            rows[kind] = list(csv_rows(path, partial(_field, kind)))
        except Rejected as error:
            problems += error.problems
    if problems:
        raise ScenarioError(problems)
    return rows


def _kind(path: Path) -> str:
    return re.sub(r"[\s-]+", "_", path.stem.lower()).removeprefix("netbox_")


def _field(kind: str, header: str) -> str:
    name = re.sub(r"\W+", "_", header.strip().lower()).strip("_")
    return _ALIASES.get(kind, {}).get(name, name)
