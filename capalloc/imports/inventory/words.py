"""The mapping file of a first import: every key explained, what was found said, what is missing left to fill in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from string import Template

from capalloc.calendar import format_day
from capalloc.formats.scalar import plain_word
from capalloc.imports.inventory.convert import Converted
from capalloc.schema.facility import PowerNode

_PLAIN = re.compile(r"[A-Za-z](?:[\w ./-]*\w)?", re.ASCII)
_MOST = 50
"""Racks that are listed one by one."""
_TITLES = {"netbox": "NetBox", "nautobot": "Nautobot"}
_PAGE = Template("""\
# What $title cannot hold, for capalloc import $system: edit it, and import again with --force.
# Every key may be left out. Custom fields named as columns of power.csv, positions.csv or racks.csv do as well.
facility: $site
pue: $pue                  # facility load per kW of IT load
horizon: $horizon    # the days to plan, for scenario.yaml

# Power nodes that the inventory does not have, as in power.csv; dated supplies into roots, as in supplies.csv.
#power:
#  - {name: grid, kind: utility, rated_kw: 20000, load: facility}
#supplies:
#  - {name: grid-1, node: grid, kw: 12000, from: 2027-01}

# Cooling zones that the inventory does not have, as in cooling.csv; racks name theirs as cooling_zone.
#cooling:
#  - {name: loop-1, liquid_kw: 4000, air_kw: 600}

# What power.csv says of panels, by name or pattern (UPS-*): kind, parent, rated_kw, max_utilization, failover_kw,
# contingency (yes: the plan survives its loss), static_load_kw, load, available_from, available_until.
#panels:
$panels
# Rack types, by rack model, by device type or by number of devices (8 x dgx-h100): one that ships (capalloc models),
# or one in full: {name, gpu, gpus, nameplate_kw, expected_kw, idle_kw, liquid_fraction, cooling}.
#rack_types:
$rack_types
# What positions.csv and racks.csv say of racks, by name or pattern: rack_type, hall, row, index, split_a,
# cooling_zone, fabric_block, cooling, status, available_from, available_until.
#racks:
#  R1-*: {fabric_block: block-1}
$racks
#rows: group               # what a row is: group, location, role, or each rack alone: rack
#fabric_blocks: row        # what a fabric block is where racks do not say: row, hall, group or role
#fields: {rated_kw: breaker_kw}    # custom fields with other names than our columns
#tenants: ignore           # racks are given to nobody, whatever $title says
#contracts: ignore         # contracts of the netbox-contract plugin stay out
#usd_per: {eur: 1.1}       # rates of exchange for them
""")


def mapping_page(found: Converted, system: str) -> str:
    """The file as YAML, in which all that is not known stands in comments: importing with it changes nothing."""
    facility, horizon = found.scenario.facility, found.scenario.horizon
    days = f"start: {format_day(horizon.start)}, end: {format_day(horizon.end)}, period: {horizon.period}"
    return _PAGE.substitute(
        title=_TITLES[system],
        system=system,
        site=_quoted(facility.name),
        pue=f"{facility.pue:g}",
        horizon=f"{{{days}}}",
        panels=_lines(_panels(found)),
        rack_types=_lines(_rack_types(found)),
        racks=_lines(_racks(found)),
    )


def _panels(found: Converted) -> Iterator[str]:
    nodes = {node.name: node for node in found.scenario.facility.power}
    for name, keys in found.lacking.items():
        if name in nodes:
            yield f"{_quoted(name)}: {_panel(nodes[name], keys)}"


def _panel(node: PowerNode, keys: tuple[str, ...]) -> str:
    presumed = {"kind": node.kind, "rated_kw": f"{node.rated_kw:g}"}
    values = [f"{key}: {presumed[key]}" for key in keys if key in presumed]
    words = ["what is here is presumed"] if values else []
    words += ["no parent is known: a root"] if "parent" in keys else []
    return f"{{{', '.join(values)}}}    # {'; '.join(words)}"


def _rack_types(found: Converted) -> Iterator[str]:
    for word, count in found.unknown.words.items():
        yield f"{_quoted(word)}:    # {count:,} {'rack' if count == 1 else 'racks'} of no known type"


def _racks(found: Converted) -> Iterator[str]:
    """Racks of which nothing says what they are."""
    for name in found.unknown.racks[:_MOST]:
        yield f"{_quoted(name)}: {{rack_type: }}"
    if len(found.unknown.racks) > _MOST:
        yield f"and {len(found.unknown.racks) - _MOST:,} more racks of no known type: import.md has them all"


def _lines(entries: Iterable[str]) -> str:
    return "".join(f"#  {entry}\n" for entry in entries)


def _quoted(text: str) -> str:
    """Text as a key or value of YAML, on one line."""
    if _PLAIN.fullmatch(text) and isinstance(plain_word(text), str):
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())
