"""One of several alike that lacks what the others have, and names that differ by case or spacing alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from capalloc.schema.checks.fault import Fault, Loc, named
from capalloc.schema.demand import Contract
from capalloc.schema.event import Outage
from capalloc.schema.facility import Facility, Position
from capalloc.schema.scenario import Scenario
from capalloc.spelling import folded, nearest

_FEW = 0.25
"""Up to this share of a row is an exception to it."""
_NEARLY = 0.85
"""From this share of common letters on one tenant is likely a slip of another (difflib's ratio)."""


def uneven_site(site: Facility) -> Iterator[Fault]:
    """A fault for each way in which single records are unlike those beside them."""
    for key in ("feed_b", "cooling_zone"):
        yield from _rows(site, key)
    yield from _unplaced(site)
    kinds: dict[str, list[tuple[Loc, str]]] = defaultdict(list)
    for index, place in enumerate(site.positions):
        kinds["halls"].append((("positions", index, "hall"), place.hall))
        kinds[f"rows of {place.hall}"].append((("positions", index, "row"), place.row_key))
        if place.fabric_block is not None:
            kinds["fabric blocks"].append((("positions", index, "fabric_block"), place.fabric_block))
    kinds["zones"] = [(("cooling", index, "name"), zone.name) for index, zone in enumerate(site.cooling)]
    kinds["supplies"] = [(("supplies", index, "name"), one.name) for index, one in enumerate(site.supplies)]
    for what, names in kinds.items():
        yield from _alike(what, ((("facility", *loc), name) for loc, name in names))


def uneven_names(scenario: Scenario) -> Iterator[Fault]:
    """A fault for tenants, and values of labels that demands or outages name, that differ by case or spacing."""
    racks = enumerate(scenario.facility.racks)
    tenants: list[tuple[Loc, str]] = [
        ((*loc, "tenant"), demand.tenant) for loc, demand in scenario.located_demands() if isinstance(demand, Contract)
    ]
    tenants += [(("facility", "racks", index, "tenant"), rack.tenant) for index, rack in racks if rack.tenant]
    yield from _alike("tenants", tenants)
    yield from _strangers(tenants)
    for label in sorted(_labels_used(scenario)):
        for table in ("positions", "racks"):
            rows = enumerate(getattr(scenario.facility, table))
            held = ((("facility", table, index, label), row.labels.get(label, "")) for index, row in rows)
            yield from _alike(f"values of {label}", held)


def _strangers(tenants: Sequence[tuple[Loc, str]]) -> Iterator[Fault]:
    """One fault for tenants of racks that have no contract and are nearly spelt as one that has."""
    known = {name for loc, name in tenants if loc[0] != "facility"}
    alike = {folded(name) for name in known}
    found: dict[str, tuple[Loc, str]] = {}
    for loc, name in tenants:
        if name not in found and folded(name) not in alike and (meant := nearest(name, known, alike=_NEARLY)):
            found[name] = loc, meant
    if found:
        name, (loc, meant) = next(iter(found.items()))
        message = f"found {name!r}, which no contract has for its tenant; {meant!r} is near"
        yield Fault(loc, f"{message}: racks of a tenant without a contract serve everybody; mind {named(found)}")


def _labels_used(scenario: Scenario) -> set[str]:
    wheres = [demand.where for _, demand in scenario.located_demands() if demand.where is not None]
    wheres += [where.but_not for where in wheres if where.but_not is not None]
    used = {key for where in wheres for key in where.label or {}}
    return used.union(*(event.label or {} for event in scenario.events if isinstance(event, Outage)))


def _rows(site: Facility, key: str) -> Iterator[Fault]:
    """A fault for the few positions of their rows that lack what the rest of the row has."""
    rows: dict[str, list[tuple[int, Position]]] = defaultdict(list)
    for index, place in enumerate(site.positions):
        rows[place.row_key].append((index, place))
    lacking: list[tuple[int, str]] = []
    for row in rows.values():
        without = [(index, place.name) for index, place in row if getattr(place, key) is None]
        lacking += without if len(without) <= _FEW * len(row) else []
    if lacking:
        index, names = lacking[0][0], named(name for _, name in lacking)
        message = f"is empty, where nearly all other positions of the row have one: mind {names}"
        yield Fault(("facility", "positions", index, key), message)


def _unplaced(site: Facility) -> Iterator[Fault]:
    """A fault for active racks that would be planned as deliveries, where nearly all others have a position."""
    active = [(index, rack) for index, rack in enumerate(site.racks) if rack.status == "active"]
    without = [(i, rack.name) for i, rack in active if rack.position is None and rack.available_from is None]
    if without and len(without) <= _FEW * len(active):
        message = "is empty for an active rack, so that the plan places it as a delivery; give its position, or the"
        names = named(name for _, name in without)
        yield Fault(("facility", "racks", without[0][0], "position"), f"{message} status planned: mind {names}")


def _alike(what: str, names: Iterable[tuple[Loc, str]]) -> Iterator[Fault]:
    """One fault for all names that differ by case or spacing alone from one before them."""
    first: dict[str, str] = {}
    seen: dict[str, Loc] = {}
    for loc, name in names:
        if name not in seen:
            seen[name] = loc
    pairs: list[tuple[str, str]] = []
    for name in seen:
        other = first.setdefault(" ".join(name.split()).casefold(), name)
        pairs += [(name, other)] if other != name else []
    if pairs:
        name, other = pairs[0]
        message = f"found {name!r} beside {other!r}: {what} that differ by case or spacing alone are different ones"
        yield Fault(seen[name], f"{message}; usual is one spelling: mind {named(name for name, _ in pairs)}")
