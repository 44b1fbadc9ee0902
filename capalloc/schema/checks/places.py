"""The places that references may name: halls, rows, cooling zones, power nodes, and labels of positions and racks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from capalloc.schema.checks.cached_check import cached_check
from capalloc.schema.checks.fault import Fault, KnownNames, Loc
from capalloc.schema.facility import Facility, Rack
from capalloc.schema.where import Where
from capalloc.spelling import nearest

_KEYS = ("hall", "row", "node")
"""What `where` and outages name beside labels."""


@dataclass(frozen=True, slots=True)
class Places:
    """What there is at a facility."""

    facility: Facility
    nodes: KnownNames
    zones: KnownNames
    halls: KnownNames
    rows: KnownNames
    ambiguous_rows: dict[str, tuple[str, ...]]
    """Row names that stand in several halls, with those halls."""
    labels: KnownNames
    values: dict[str, KnownNames]
    """Values of each label."""

    @classmethod
    def of(cls, site: Facility) -> Places:
        """The places of a facility."""
        named = _named(site)
        return cls(
            facility=site,
            nodes=KnownNames("power node", (node.name for node in site.power)),
            zones=KnownNames("cooling zone", (zone.name for zone in site.cooling)),
            halls=KnownNames("hall", named.halls),
            rows=KnownNames("row", named.rows),
            ambiguous_rows=named.ambiguous_rows,
            labels=KnownNames("label of positions and racks", named.labels),
            values={key: KnownNames(key, values) for key, values in named.labels.items()},
        )

    def row(self, loc: Loc, name: str) -> Iterator[Fault]:
        """A fault when the name is no row, or rows of several halls."""
        if name in self.ambiguous_rows:
            places = ", ".join(f"{hall}/{name}" for hall in self.ambiguous_rows[name])
            yield Fault(loc, f"row {name!r} is ambiguous: it may be {places}; write hall/row")
        else:
            yield from self.rows.missing(loc, name)

    def label(self, loc: Loc, wanted: Mapping[str, Sequence[str]] | None) -> Iterator[Fault]:
        """A fault for each label, and each value of one, that no position and no rack has."""
        for key, values in (wanted or {}).items():
            if key in _KEYS and key not in self.labels:
                yield Fault((*loc, key), f"{key!r} is no label here: write `{key}` beside `label`")
            else:
                yield from self.labels.missing((*loc, key), key)
            for index, value in enumerate(values if key in self.values else ()):
                yield from self._value((*loc, key, index), key, value)

    def _value(self, loc: Loc, key: str, value: str) -> Iterator[Fault]:
        """A fault when nothing has the value under this label; a label much like it may have it."""
        if value in self.values[key]:
            return
        other = nearest(key, (label for label, known in self.values.items() if value in known))
        if other:
            yield Fault(loc, f"unknown {key} {value!r}; the label {other!r} has it, where {key!r} may be meant")
        else:
            yield from self.values[key].missing(loc, value)

    def where(self, loc: Loc, where: Where | None) -> Iterator[Fault]:
        """A fault for each name that is none of the facility."""
        if where is None:
            return
        for key, known in (("hall", self.halls), ("zone", self.zones), ("node", self.nodes)):
            for index, name in enumerate(getattr(where, key) or ()):
                yield from known.missing((*loc, key, index), name)
        for index, name in enumerate(where.row or ()):
            yield from self.row((*loc, "row", index), name)
        yield from self.label((*loc, "label"), where.label)
        yield from self.where((*loc, "not"), where.but_not)

    def outside(self, where: Where, rack: Rack) -> bool:
        """Whether a rack stands at a position that a `where` leaves out."""
        place = next((place for place in self.facility.positions if place.name == rack.position), None)
        return place is not None and not where.allows(place, rack, self._above({place.feed_a, place.feed_b}))

    def _above(self, names: set[str | None]) -> set[str]:
        """The nodes named and all above them."""
        parents = {node.name: node.parent for node in self.facility.power}
        found: set[str] = set()
        wanted = [name for name in names if name is not None]
        while wanted:
            name = wanted.pop()
            if name not in found and name in parents:
                found.add(name)
                wanted += [above for above in [parents[name]] if above is not None]
        return found


@dataclass(frozen=True, slots=True)
class _Named:
    """Names in the tables of a facility."""

    halls: tuple[str, ...]
    rows: tuple[str, ...]
    ambiguous_rows: dict[str, tuple[str, ...]]
    labels: dict[str, dict[str, None]]


@cached_check
def _named(site: Facility) -> _Named:
    """Found once, since scenarios of one site share them."""
    halls_of: dict[str, dict[str, None]] = {}
    for position in site.positions:
        halls_of.setdefault(position.row, {})[position.hall] = None
    keys = {position.row_key for position in site.positions}
    return _Named(
        halls=tuple(dict.fromkeys(position.hall for position in site.positions)),
        rows=(*halls_of, *sorted(keys)),
        ambiguous_rows={row: tuple(halls) for row, halls in halls_of.items() if len(halls) > 1 and row not in keys},
        labels=_labels(site),
    )


def _labels(site: Facility) -> dict[str, dict[str, None]]:
    """Labels of positions and racks, each with its values."""
    found: dict[str, dict[str, None]] = {}
    for row in chain(site.positions, site.racks):
        for key, value in row.labels.items():
            found.setdefault(key, {})[value] = None
    return found
