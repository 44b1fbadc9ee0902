"""Rows of NetBox's CSV files as an inventory. Names stand for things there, so keys are paths of names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from capalloc.imports.inventory.records import (
    CoolingFeed,
    CoolingSource,
    Device,
    Feed,
    Inventory,
    Panel,
    Place,
    RackModel,
    RackPlace,
    Reservation,
    Side,
    Thing,
    Value,
)
from capalloc.imports.missing import Tally
from capalloc.imports.netbox.cells import count_words, number, text, units, word
from capalloc.imports.netbox.contract_rows import agreements_in
from capalloc.imports.netbox.folder import read_rows
from capalloc.imports.rows import Row


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_KNOWN = _words(
    """
    id name slug status region group tenant facility facility_id site location type model manufacturer rack_type
    rack role serial asset_tag u_height form_factor width starting_unit desc_units outer_width outer_height
    outer_depth outer_unit mounting_depth weight max_weight weight_unit cooling_capability cooling_capacity airflow
    description owner comments tags units user power_panel rack_group mark_connected supply phase voltage amperage
    max_utilization available_power_va device label maximum_draw allocated_draw device_type position face platform
    fluid_type cooling_source max_flow max_flow_unit devices space power racks created last_updated power_feeds
    cooling_feeds contacts tenant_group asns time_zone
    """
)
"""Columns that NetBox has of its own; every other one is a custom field."""
_TWICE = ("rows of what another row has already", "the first counts")
OneThing = TypeVar("OneThing", bound=Thing)
SIDES: Mapping[str, Side] = {"primary": "a", "redundant": "b"}


def read_tables(folder: Path, tally: Tally) -> Inventory:
    """The inventory in a folder of CSV files; what refers to nothing is counted. Raises ScenarioError."""
    rows = read_rows(folder)
    count_words(rows, tally)
    places = [_site(row) for row in rows["sites"]] + [_location(row) for row in rows["locations"]]
    places = _distinct(places, "places of one name in a site", "racks of all of them are taken as in one", tally)
    models = tuple(_model(row) for row in rows["rack_types"])
    racks = _distinct(map(_rack, rows["racks"]), *_TWICE, tally)
    panels = _distinct(map(_panel, rows["power_panels"]), *_TWICE, tally)
    sources = _distinct(map(_source, rows["cooling_sources"]), *_TWICE, tally)
    places += _implied(places, [*rows["racks"], *rows["power_panels"]])
    find_rack, find_panel = finder("rack", racks, tally), finder("power panel", panels, tally)
    find_source = finder("cooling source", sources, tally)
    draws = _draws(rows["power_ports"])
    return Inventory(
        system="netbox",
        places=tuple(places),
        rack_models=models,
        racks=tuple(racks),
        devices=tuple(_device(row, find_rack, draws) for row in rows["devices"]),
        panels=tuple(panels),
        feeds=tuple(_distinct((_feed(row, find_rack, find_panel) for row in _feeds(rows, tally)), *_TWICE, tally)),
        cooling_sources=tuple(sources),
        cooling_feeds=tuple(_cooling_feed(row, find_rack, find_source) for row in rows["cooling_feeds"]),
        reservations=tuple(_reservation(row, find_rack) for row in rows["rack_reservations"]),
        agreements=agreements_in(rows, find_rack, tally),
    )


def _distinct(things: Iterable[OneThing], what: str, mend: str, tally: Tally) -> list[OneThing]:
    """The first of each key; others are counted."""
    found: dict[str, OneThing] = {}
    for thing in things:
        if found.setdefault(thing.key, thing) is not thing:
            tally.add(what, f"{thing.where} ({thing.name})", mend)
    return list(found.values())


def _feeds(rows: Mapping[str, list[Row]], tally: Tally) -> list[Row]:
    """The rows of power feeds; that they do not say how much of a feed may be used is counted once."""
    feeds = rows["power_feeds"]
    if feeds and feeds[0]["max_utilization"] is None:
        mend = "80 % is taken, as NetBox does; show that column, or export all data"
        tally.add("files of power feeds without Max Utilization", feeds[0].where.partition(":")[0], mend)
    return feeds


Find = Callable[[Row, str | None], str | None]
"""The key of the thing of a name that a row names."""


def finder(what: str, things: Iterable[RackPlace | Panel | CoolingSource], tally: Tally) -> Find:
    """Finds things by name among those of the row's site, and location where it names one."""
    by_name: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
    for thing in things:
        by_name[thing.name].append((thing.key, thing.place))

    def find(row: Row, name: str | None) -> str | None:
        if name is None:
            return None
        found = by_name.get(name, [])
        if len(found) > 1:
            found = _nearest(row, found)
        if len(found) == 1:
            return found[0][0]
        many = f"the names of several {what}s" if found else f"names of no {what}"
        tally.add(
            f"rows with {many}", f"{row.where} ({name})", "add the columns site and location, or export both again"
        )
        return None

    return find


def _nearest(row: Row, found: list[tuple[str, str | None]]) -> list[tuple[str, str | None]]:
    """Those in the place that the row names, or else those in its site."""
    place, site = _place(row), text(row["site"])
    exact = [one for one in found if one[1] == place]
    return exact or [one for one in found if site is not None and (one[1] or "").split("/")[0] == site]


def _thing(row: Row, key: str, name: str | None, status: str = "active") -> dict[str, Any]:
    fields: dict[str, Value] = {
        header.removeprefix("cf_"): found
        for header, cell in row.cells.items()
        if header not in _KNOWN and (found := text(cell)) is not None
    }
    return {
        "key": key,
        "name": name or "",
        "where": row.where,
        "status": word(row["status"], status),
        "tenant": text(row["tenant"]),
        "fields": fields,
    }


def _key(row: Row, inside: str | None) -> str:
    """Its number in NetBox where the file has one, else a path of names."""
    return text(row["id"]) or f"{inside or ''}/{text(row['name'])}"


def _place(row: Row) -> str | None:
    """Key of the place that a row is in."""
    site, location = text(row["site"]), text(row["location"])
    return f"{site or ''}/{location}" if location else site


def _site(row: Row) -> Place:
    name = text(row["name"]) or ""
    return Place(**_thing(row, name, name), kind="site", slug=text(row["slug"]))


def _location(row: Row) -> Place:
    site, name, parent = text(row["site"]), text(row["name"]) or "", text(row["parent"])
    above = f"{site or ''}/{parent}" if parent else site
    return Place(**_thing(row, f"{site or ''}/{name}", name), kind="location", parent=above, slug=text(row["slug"]))


def _implied(places: Iterable[Place], rows: Iterable[Row]) -> list[Place]:
    """Sites and locations that rows name and no file lists."""
    known = {place.key for place in places}
    found: dict[str, Place] = {}
    for row in rows:
        site, location = text(row["site"]), text(row["location"])
        for key, name, kind, parent in ((site, site, "site", None), (_place(row), location, "location", site)):
            if key and name and key not in known | found.keys():
                found[key] = Place(key=key, name=name, where=row.where, kind=kind, parent=parent)
    return list(found.values())


def _model(row: Row) -> RackModel:
    model = text(row["model"]) or ""
    return RackModel(
        **_thing(row, model, model),
        manufacturer=text(row["manufacturer"]),
        u_height=number(row["u_height"]),
        cooling_capability=text(row["cooling_capability"]) and word(row["cooling_capability"], ""),
        cooling_kw=number(row["cooling_capacity"]),
    )


def _rack(row: Row) -> RackPlace:
    name, place = text(row["name"]), _place(row)
    return RackPlace(
        **_thing(row, _key(row, place), name),
        place=place,
        group=text(row["group"]) or text(row["rack_group"]),
        role=text(row["role"]),
        model=text(row["rack_type"]),
        devices=_count(row["devices"]),
        u_height=number(row["u_height"]),
        starting_unit=number(row["starting_unit"]),
        max_weight=_weight(row),
        cooling_capability=text(row["cooling_capability"]) and word(row["cooling_capability"], ""),
        cooling_kw=number(row["cooling_capacity"]),
    )


def _weight(row: Row) -> str | None:
    """What a rack bears: pages write the unit beside it, imports have it in a column of its own."""
    most = text(row["max_weight"])
    return most and " ".join(filter(None, (most, text(row["weight_unit"]))))


def _count(cell: str | None) -> int | None:
    found = number(cell)
    return None if found is None else int(found)


def _panel(row: Row) -> Panel:
    name, place = text(row["name"]), _place(row)
    return Panel(**_thing(row, _key(row, place), name), place=place)


def _feed(row: Row, find_rack: Find, find_panel: Find) -> Feed:
    name, panel = text(row["name"]), find_panel(row, text(row["power_panel"]))
    share = number(row["max_utilization"])
    return Feed(
        **_thing(row, _key(row, panel), name),
        panel=panel,
        rack=find_rack(row, text(row["rack"])),
        side=SIDES.get(word(row["type"], "primary")),
        supply=word(row["supply"], "ac"),
        phase=word(row["phase"], "single-phase"),
        voltage_v=number(row["voltage"]),
        amperage_a=number(row["amperage"]),
        max_utilization=0.8 if share is None else share / 100,
    )


def _draws(rows: Iterable[Row]) -> dict[tuple[str | None, str], float]:
    """Sum of the draws of a device's ports, in W, by device and column."""
    draws: dict[tuple[str | None, str], float] = {}
    for row in rows:
        for column in ("maximum_draw", "allocated_draw"):
            watts = number(row[column])
            if watts is not None:
                key = text(row["device"]), column
                draws[key] = draws.get(key, 0.0) + watts
    return draws


def _device(row: Row, find_rack: Find, draws: Mapping[tuple[str | None, str], float]) -> Device:
    name = text(row["name"])
    return Device(
        **_thing(row, _key(row, None), name),
        rack=find_rack(row, text(row["rack"])),
        model=text(row["device_type"]) or "",
        role=text(row["role"]),
        maximum_w=draws.get((name, "maximum_draw")),
        allocated_w=draws.get((name, "allocated_draw")),
    )


def _source(row: Row) -> CoolingSource:
    name, place = text(row["name"]), _place(row)
    return CoolingSource(
        **_thing(row, _key(row, place), name),
        place=place,
        kind=word(row["type"], "") or None,
        fluid=word(row["fluid_type"], "") or None,
        cooling_kw=number(row["cooling_capacity"]),
    )


def _cooling_feed(row: Row, find_rack: Find, find_source: Find) -> CoolingFeed:
    name, source = text(row["name"]), find_source(row, text(row["cooling_source"]))
    return CoolingFeed(
        **_thing(row, _key(row, source), name),
        source=source,
        rack=find_rack(row, text(row["rack"])),
        cooling_kw=number(row["cooling_capacity"]),
    )


def _reservation(row: Row, find_rack: Find) -> Reservation:
    return Reservation(
        **_thing(row, row.where, text(row["description"]), "active"),
        rack=find_rack(row, text(row["rack"])),
        units=units(row["units"]),
    )
