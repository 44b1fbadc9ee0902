"""What a NetBox has of the racks that a plan is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from capalloc.exports.netbox.fields import DEMAND
from capalloc.exports.netbox.remote import Remote, Row
from capalloc.exports.netbox.spots import Spot, spot_of
from capalloc.imports.missing import Missing, Tally
from capalloc.schema.facility import Facility

_RACK = "id,url,display_url,name,site,location,status,tenant,u_height,starting_unit,custom_fields"
_RESERVATION = "id,url,rack,units,status,tenant,description,custom_fields"
_SITES_ASKED = 20
"""Of more sites than these the racks of all are asked for."""


@dataclass(frozen=True)
class Found:
    """NetBox as it is, as far as the plan's racks go."""

    racks: Mapping[str, Row]
    """By position; those that are not there are left out."""
    reservations: Mapping[int, list[Row]]
    """By number of the rack."""
    tenants: tuple[Row, ...]
    fields: tuple[Row, ...]
    """Definitions of custom fields."""
    user: int
    """Who reserves."""
    missing: tuple[Missing, ...]

    @cached_property
    def tenant_by_name(self) -> Mapping[str, Row]:
        """Tenants that are the only ones of their name; where several groups have one, that of no group, if any."""
        count = Counter(row["name"] for row in self.tenants)
        return {row["name"]: row for row in self.tenants if count[row["name"]] == 1 or row.get("group") is None}

    def of_plans(self, rack: Row) -> list[Row]:
        """Reservations of a rack that a plan wrote."""
        return [row for row in self.reservations.get(rack["id"], []) if field(row, DEMAND)]

    def of_people(self, rack: Row) -> list[Row]:
        """Reservations of a rack that a plan did not write."""
        return [row for row in self.reservations.get(rack["id"], []) if not field(row, DEMAND)]


def field(row: Row, name: str) -> Any:
    """The value of a custom field; None where it is empty or not defined."""
    return (row.get("custom_fields") or {}).get(name)


def find(remote: Remote, facility: Facility) -> Found:
    """What NetBox has. Raises ScenarioError where it cannot be read."""
    tally = Tally()
    spots = [spot_of(position, facility) for position in facility.positions]
    site = dict(_sites(remote, spots))
    racks = _matched(spots, _all(remote, "dcim/racks", site, _RACK), tally)
    wanted = {rack["id"] for rack in racks.values()}
    reservations: dict[int, list[Row]] = {}
    for row in _all(remote, "dcim/rack-reservations", site, _RESERVATION):
        if row["rack"]["id"] in wanted:
            reservations.setdefault(row["rack"]["id"], []).append(row)
    return Found(
        racks=racks,
        reservations=reservations,
        tenants=tuple(remote.rows("tenancy/tenants", fields="id,name,slug,group")),
        fields=tuple(remote.rows("extras/custom-fields", fields="id,name,type,object_types")),
        user=remote.one("authentication-check")["id"],
        missing=tally.missing(),
    )


def _sites(remote: Remote, spots: Iterable[Spot]) -> Iterator[tuple[str, int]]:
    names = sorted({spot.site for spot in spots})
    if len(names) <= _SITES_ASKED:
        for name in names:
            for row in remote.rows("dcim/sites", name=name, fields="id,name"):
                yield row["name"], row["id"]


def _all(remote: Remote, endpoint: str, sites: Mapping[str, int], fields: str) -> Iterator[Row]:
    """Rows of the sites, or of every site where these have other names there."""
    if not sites:
        yield from remote.rows(endpoint, fields=fields)
    for site in sites.values():
        yield from remote.rows(endpoint, site_id=site, fields=fields)


def _matched(spots: Iterable[Spot], rows: Iterable[Row], tally: Tally) -> dict[str, Row]:
    """The rack of each position at its site: by its number where the name is that rack's too, or else by its names."""
    racks = list(rows)
    by_number = {row["id"]: row for row in racks}
    by_place: dict[tuple[str, str, str], list[Row]] = {}
    by_name: dict[tuple[str, str], list[Row]] = {}
    for row in racks:
        by_place.setdefault((row["site"]["name"], _name(row["location"]), row["name"]), []).append(row)
        by_name.setdefault((row["site"]["name"], row["name"]), []).append(row)
    found: dict[str, Row] = {}
    for spot in spots:
        numbered = by_number.get(spot.number or 0)
        named = by_place.get((spot.site, spot.location, spot.name)) or by_name.get((spot.site, spot.name), [])
        if numbered is not None and (numbered["site"]["name"], numbered["name"]) == (spot.site, spot.name):
            found[spot.position] = numbered
        elif len(named) == 1:
            found[spot.position] = named[0]
        else:
            what = "positions that several racks of NetBox could be" if named else "positions with no rack in NetBox"
            tally.add(what, spot.position, "nothing is written of them; import the site again, or name them alike")
    return _once(found, tally)


def _once(found: dict[str, Row], tally: Tally) -> dict[str, Row]:
    """Racks that are no two positions' at once."""
    count = Counter(row["id"] for row in found.values())
    for position, row in found.items():
        if count[row["id"]] > 1:
            tally.add("positions that are one rack in NetBox", position, "nothing is written of them")
    return {position: row for position, row in found.items() if count[row["id"]] == 1}


def _name(row: Row | None) -> str:
    return row["name"] if row else ""
