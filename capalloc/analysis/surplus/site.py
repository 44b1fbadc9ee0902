"""A planned site as what is left of its limits, position by position and period by period.

Positions on the same feeds, with the same shares, in the same cooling zone are one cell: they load every limit alike.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from capalloc.instance.model import NOBODY, Bools, Floats, Instance, Ints
from capalloc.instance.power.forest import build_forest
from capalloc.roster.draw import drawn_w
from capalloc.roster.equal_periods import runs_of_equal_periods
from capalloc.roster.loads import CellEntries, RowLoads
from capalloc.roster.roster import Roster
from capalloc.schema.hardware import RackType
from capalloc.schema.rules import Rule
from capalloc.schema.surplus import Terms
from capalloc.units import capacity_w, load_w

_NORMAL = (Rule.POWER, Rule.SUPPLY)


class SurplusSite:
    """What a plan leaves of every limit. Letters as in the instance; M packing rows, C cells."""

    def __init__(self, instance: Instance, roster: Roster, terms: Terms) -> None:
        self.instance, self.roster = instance, roster
        kinds, pue = instance.scenario.facility.rack_types, instance.scenario.facility.pue
        self.draw_w: Ints = np.array([load_w(_drawn_kw(kind, terms)) for kind in kinds], dtype=np.int64)
        """(K,) W that a sold rack draws."""
        self.worth_w: Ints = np.array([capacity_w(_counted_kw(kind, terms, pue)) for kind in kinds], dtype=np.int64)
        """(K,) W of the basis that a sold rack counts, rounded down."""
        self.rows = RowLoads(instance, roster.position)
        self.keeps_idle = instance.policy.limits_bring_up
        """Racks that stay idle stay on or off as they are: bring-up is limited, and to switch them on again counts."""
        number: dict[tuple[object, ...], int] = {}
        places = instance.scenario.facility.positions
        cords = ((place.feed_a, place.feed_b, place.share_a, place.cooling_zone) for place in places)
        self.cell: Ints = np.array([number.setdefault(cord, len(number)) for cord in cords], dtype=np.int64)
        """(P,) the cell of each position."""
        self._entries = CellEntries(self.rows, self.cell)

    def entries(self, cells: Ints, kinds: Ints) -> tuple[Ints, Ints, Floats]:
        """(packing row, place in ``cells``, W on the row per W that a rack of the kind draws) of some cells."""
        place, row, weight = self._entries.of(cells)
        weight = weight * self.rows.shares[self.rows.share_of[row], kinds[place]]
        return row[weight > 0], place[weight > 0], weight[weight > 0]

    @cached_property
    def run(self) -> Ints:
        """(T,) number of the run of equal periods that each belongs to."""
        instance, roster = self.instance, self.roster
        tables = [roster.serving, roster.off, roster.buffer, instance.racks.usable, instance.positions.cause]
        return runs_of_equal_periods(len(instance.periods), [*tables, self.rows.limits])

    @cached_property
    def drawn_w(self) -> Ints:
        """(R, T) W that each rack draws in the plan."""
        return drawn_w(self.instance, self.roster)

    @cached_property
    def left_w(self) -> Floats:
        """(M, T) W left on each packing row by the plan as it is; inf where a row does not apply."""
        return self._by_run(self.drawn_w)

    @cached_property
    def room_w(self) -> Floats:
        """(M, T) W left where every rack that may be off is off."""
        return self.left_w if self.keeps_idle else self._by_run(np.where(self.may_be_off, 0, self.drawn_w))

    @cached_property
    def may_be_off(self) -> Bools:
        """(R, T) racks that draw idle power and that nobody needs on: spares have to be."""
        idle: Bools = (self.roster.serving == NOBODY) & (self.roster.buffer == NOBODY) & (self.drawn_w > 0)
        return idle

    def _by_run(self, drawn: Ints) -> Floats:
        first = np.unique(self.run, return_index=True)[1]
        left = [self.rows.left_w(drawn[:, t], t) for t in first.tolist()]
        return np.array(left).T.reshape(-1, len(first))[:, self.run]

    @cached_property
    def roots(self) -> tuple[tuple[str, Ints], ...]:
        """Roots that racks load, with their packing rows in normal operation: of the rating, and of the supplies."""
        nodes = [node.name for node in self.instance.scenario.facility.power if node.parent is None]
        rows: dict[str, list[int]] = {name: [] for name in nodes}
        for m, row in enumerate(self.instance.rows):
            if row.lost is None and row.rule in _NORMAL and row.where in rows:
                rows[row.where].append(m)
        return tuple((name, np.array(found, dtype=np.int64)) for name, found in rows.items() if found)

    @cached_property
    def root_row(self) -> Ints:
        """(roots,) one of the packing rows of each root; what racks put on it is what they put on all of them."""
        return np.array([rows[0] for _, rows in self.roots], dtype=np.int64)

    @cached_property
    def root_left_w(self) -> Floats:
        """(roots, T) W left on each root by the plan as it is; 0 while it is not energised."""
        left = [self.left_w[rows].min(axis=0) for _, rows in self.roots]
        table = np.array(left).reshape(len(left), len(self.instance.periods))
        return np.where(np.isfinite(table), np.maximum(table, 0.0), 0.0)

    @cached_property
    def bare_roots(self) -> tuple[tuple[str, Floats], ...]:
        """Roots that no rack loads, with the (T,) W that each could carry beside its static load."""
        forest = build_forest(self.instance.scenario, self.instance.periods)
        loaded = {name for name, _ in self.roots}
        left = np.maximum(forest.normal_w - forest.static_below_w, 0).astype(float)
        return tuple((forest.nodes[v].name, left[v]) for v in forest.roots if forest.nodes[v].name not in loaded)


def _drawn_kw(kind: RackType, terms: Terms) -> float:
    return kind.nameplate_kw if terms.draw == "nameplate" else kind.expected_kw


def _counted_kw(kind: RackType, terms: Terms, pue: float) -> float:
    if terms.basis == "it_nameplate":
        return kind.nameplate_kw
    return kind.expected_kw * (pue if terms.basis == "facility" else 1.0)
