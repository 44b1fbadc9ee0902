"""CSV files of Nautobot as objects: what another object is, its export says by a path of names.

The panel of a feed stands in ``power_panel__name``, ``power_panel__location__name``,
``power_panel__location__parent__name`` and so on; the panel's own file has ``name``, ``location__name`` ... Source:
nautobot/core/api/renderers.py and serializers.py, version 3.2.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from capalloc.imports.rest.objects import Object
from capalloc.imports.rows import Row

_NOTHING = frozenset({"", "NULL", "NoObject"})
"""What cells hold that hold nothing."""
_LINKS: Mapping[str, Mapping[str, str]] = {
    "locations": {"parent": "locations"},
    "racks": {"location": "locations"},
    "rack-reservations": {"rack": "racks"},
    "power-panels": {"location": "locations"},
    "power-feeds": {"power_panel": "power-panels", "destination_panel": "power-panels", "rack": "racks"},
    "devices": {"rack": "racks"},
    "power-ports": {"device": "devices"},
}
"""Columns of endpoints that name objects which have files of their own; of others the name is enough."""
_CUSTOM = "cf_"
_ABOVE = "parent__"
Find = Callable[[Mapping[str, str]], str]
"""The id of what a path of names means: ``{"name": "PDU A1", "location__name": "Hall 1"}``."""


def objects_in(rows: Mapping[str, list[Row]]) -> dict[str, list[Object]]:
    """The objects of each endpoint as the API has them, those that they name by their ids.

    What no row, or more than one, answers to has its names as its id, which is no object's.
    """
    given = {endpoint: [(row, given_in(row)) for row in of_endpoint] for endpoint, of_endpoint in rows.items()}
    found: dict[str, list[Object]] = {}
    for endpoint, own in given.items():
        linked = _LINKS.get(endpoint, {})
        links = {column: _finder(column, target, rows[endpoint], given) for column, target in linked.items()}
        found[endpoint] = [_object(row, cells, links) for row, cells in own]
    if not found.get("locations"):
        found["locations"] = _implied_locations(
            one for name in ("racks", "power-panels") for one in given.get(name, ())
        )
    return found


def given_in(row: Row) -> dict[str, str]:
    """The cells of a row that hold something."""
    return {name: cell for name, cell in row.cells.items() if cell not in _NOTHING}


def _object(row: Row, cells: Mapping[str, str], links: Mapping[str, Find]) -> Object:
    plain = {name: cell for name, cell in cells.items() if "__" not in name and not name.startswith(_CUSTOM)}
    related = {column: _related(column, cells, links.get(column)) for column in _columns(cells)}
    custom = {name.removeprefix(_CUSTOM): cell for name, cell in cells.items() if name.startswith(_CUSTOM)}
    units = {"units": plain["units"].split(",")} if "units" in plain else {}
    return {**plain, **related, **units, "custom_fields": custom, "url": row.where}


def _columns(cells: Mapping[str, str]) -> Iterable[str]:
    return dict.fromkeys(name.partition("__")[0] for name in cells if "__" in name)


def _related(column: str, cells: Mapping[str, str], find: Find | None) -> dict[str, str | None]:
    path = _path(cells, f"{column}__")
    name = path.get("name") or path.get("model")
    return {"name": name} if find is None else {"name": name, "id": find(path)}


def _path(cells: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {name.removeprefix(prefix): cell for name, cell in cells.items() if name.startswith(prefix)}


def _finder(column: str, target: str, rows: list[Row], given: Mapping[str, list[tuple[Row, dict[str, str]]]]) -> Find:
    """Finds an id by a path of names, compared over the columns in which both files say them."""
    said = {name for row in rows for name in row.cells}
    words = {name.removeprefix(f"{column}__") for name in said if name.startswith(f"{column}__")}
    by_path: defaultdict[frozenset[tuple[str, str]], list[str]] = defaultdict(list)
    for _, cells in given.get(target, ()):
        by_path[frozenset((word, cells[word]) for word in words if word in cells)].append(cells.get("id", ""))

    def find(path: Mapping[str, str]) -> str:
        ids = by_path.get(frozenset(path.items()), [])
        return ids[0] if len(ids) == 1 else _in_words(path)

    return find


def _in_words(path: Mapping[str, str]) -> str:
    """A path from the top down: ``North/B1/Hall 1``."""
    return "/".join(reversed(list(_upwards(path))))


def _upwards(path: Mapping[str, str], prefix: str = "") -> Iterator[str]:
    while (name := path.get(f"{prefix}name")) is not None:
        yield name
        prefix += _ABOVE


def _implied_locations(given: Iterable[tuple[Row, dict[str, str]]]) -> list[Object]:
    """The locations that racks and panels are in, where no file lists them."""
    found: dict[str, Object] = {}
    for row, cells in given:
        names = list(_upwards(_path(cells, "location__")))[::-1]
        for depth in range(1, len(names) + 1):
            one, above = "/".join(names[:depth]), "/".join(names[: depth - 1])
            found.setdefault(one, {"id": one, "name": names[depth - 1], "parent": above, "url": row.where})
    return list(found.values())
