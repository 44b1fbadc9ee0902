"""Lowers `where` of demands: which positions each may use, for racks that no label tells apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from capalloc.instance.model import Bools, DemandData, Ints
from capalloc.instance.power.cords import Cords
from capalloc.instance.power.forest import Forest
from capalloc.instance.read_only import ReadOnly
from capalloc.schema.facility import TableRow
from capalloc.schema.scenario import Scenario
from capalloc.schema.where import Where


@dataclass(frozen=True, slots=True)
class Allowed(ReadOnly):
    """Where demands may stand; L kinds of racks, D demands."""

    kin: Ints
    """(R,) racks with the same number have the same labels, as far as any `where` looks at them."""
    places: Bools
    """(L, D, P) racks of the kind may be used by the demand when they stand at the position."""


@dataclass(frozen=True, slots=True)
class _Test:
    """Whether places match one key: by where they are, or by a label of the rack."""

    places: Bools
    """(P,)"""
    racks: Bools | None
    """(R,); None where racks do not matter."""


def lower_where(scenario: Scenario, demands: Sequence[DemandData], forest: Forest, cords: Cords) -> Allowed:
    """What every demand's `where` allows."""
    site = scenario.facility
    reader = _Reader(scenario, forest, cords)
    wheres = [data.demand.where for data in demands]
    must = [list(reader.tests(where)) for where in wheres]
    must_not = [list(reader.tests(where.but_not if where else None)) for where in wheres]
    labels = [test.racks for tests in (*must, *must_not) for test in tests if test.racks is not None]
    told_apart = np.array(labels, dtype=bool).reshape(len(labels), len(site.racks))
    _, first, kin = np.unique(told_apart, axis=1, return_index=True, return_inverse=True)
    places = np.ones((len(first), len(wheres), len(site.positions)), dtype=bool)
    for kind, r in enumerate(first.tolist()):
        for d in range(len(wheres)):
            for test in must[d]:
                places[kind, d] &= _matches(test, r)
            for test in must_not[d]:
                places[kind, d] &= ~_matches(test, r)
    return Allowed(kin.reshape(-1), places)


def _matches(test: _Test, r: int) -> Bools:
    """(P,) whether the rack would match at each position."""
    return test.places if test.racks is None or not test.racks[r] else np.ones_like(test.places)


class _Reader:
    """Reads keys of `where` against the positions of a site."""

    def __init__(self, scenario: Scenario, forest: Forest, cords: Cords) -> None:
        self._site, self._forest, self._cords = scenario.facility, forest, cords

    def tests(self, where: Where | None) -> Iterator[_Test]:
        """One test for each key that is given, and for each label; none where there is no `where`."""
        if where is None:
            return
        places = self._site.positions
        if where.hall is not None:
            yield self._places(place.hall in where.hall for place in places)
        if where.row is not None:
            yield self._places(place.row in where.row or place.row_key in where.row for place in places)
        if where.zone is not None:
            yield self._places(place.cooling_zone in where.zone for place in places)
        if where.node is not None:
            yield self._on(where.node)
        for key, values in (where.label or {}).items():
            yield _Test(_labelled(places, key, values), _labelled(self._site.racks, key, values))

    def _places(self, match: Iterator[bool]) -> _Test:
        return _Test(np.fromiter(match, dtype=bool, count=len(self._site.positions)), None)

    def _on(self, names: Sequence[str]) -> _Test:
        """Positions with a feed at or below one of the nodes."""
        wanted = {self._forest.index[name] for name in names}
        ways = [any(wanted.intersection(self._forest.paths[feed]) for feed, _ in feeds) for feeds in self._cords.feeds]
        return _Test(np.array(ways, dtype=bool)[self._cords.way], None)


def _labelled(rows: Sequence[TableRow], key: str, values: Sequence[str]) -> Bools:
    """Which rows of a table have one of the values under the label."""
    return np.fromiter((row.labels.get(key) in values for row in rows), dtype=bool, count=len(rows))
