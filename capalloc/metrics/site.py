"""What a plan does to the site, period by period: its load, its limit and its tightest nodes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from capalloc.instance.model import NO_LIMIT_W, Floats, Instance, Ints, PackingRow
from capalloc.instance.power.forest import Forest, build_forest
from capalloc.instance.power.limits import static_below
from capalloc.roster.draw import drawn_w
from capalloc.roster.equal_periods import runs_of_equal_periods
from capalloc.roster.loads import RowTable
from capalloc.roster.roster import Roster
from capalloc.schema.rules import Rule
from capalloc.units import W_PER_KW

_SITE = "site"


@dataclass(frozen=True, slots=True)
class Tightest:
    """The power node closest to its limit in a period."""

    node: str
    lost: str | None
    """The contingency that is out; None in normal operation."""
    load_kw: float
    limit_kw: float

    @property
    def utilization(self) -> float:
        """Load over limit; 0 where nothing may flow and nothing does."""
        return self.load_kw / self.limit_kw if self.limit_kw else 0.0


@dataclass(frozen=True, slots=True)
class SitePeriod:
    """Load and limit of the whole site in one period, with its tightest nodes."""

    period: str
    load_kw: float
    """Load of the roots, static load included, in normal operation."""
    limit_kw: float
    """What the roots may carry in normal operation."""
    reserve_kw: float
    """Headroom that the policy keeps."""
    normal: Tightest | None
    """None when no node has a limit."""
    failover: Tightest | None
    """None when no contingency is in force."""

    @property
    def left_kw(self) -> float:
        """What is left after the load, the reserve included."""
        return self.limit_kw - self.load_kw

    @property
    def headroom_kw(self) -> float:
        """What is left after load and reserve."""
        return self.left_kw - self.reserve_kw


def site_of(instance: Instance, roster: Roster) -> Iterator[SitePeriod]:
    """Load, limit and tightest nodes of the site in each period."""
    forest = build_forest(instance.scenario, instance.periods)
    draw = position_draw_w(instance, roster)
    load = instance.positions.site_weight @ draw + instance.site_static_w
    limit = forest.normal_w[list(forest.roots)].sum(axis=0)
    normal = _tightest([row for row in instance.rows if _is_normal(row)], forest, draw)
    failover = _tightest([row for row in instance.rows if row.rule is Rule.FAILOVER], forest, draw)
    reserve = instance.policy.reserve_w / W_PER_KW
    for t, period in enumerate(instance.periods):
        site = (float(load[t]) / W_PER_KW, float(limit[t]) / W_PER_KW, reserve)
        yield SitePeriod(period.label, *site, normal[t], failover[t])


def _is_normal(row: PackingRow) -> bool:
    return row.rule in (Rule.POWER, Rule.SUPPLY) and row.where != _SITE


def _tightest(rows: list[PackingRow], forest: Forest, draw: Floats) -> list[Tightest | None]:
    """For each period the row with the highest share of its limit in use, static load included."""
    table, static = RowTable(rows, draw.shape[1]), _static_w(rows, forest, draw.shape[1])
    run = runs_of_equal_periods(draw.shape[1], (draw, table.limits, static))
    found: list[Tightest | None] = []
    for t, number in enumerate(run):
        again = t > 0 and run[t - 1] == number
        found.append(found[-1] if again else _tightest_at(t, rows, table, static[:, t], draw[:, t]))
    return found


def _tightest_at(t: int, rows: list[PackingRow], table: RowTable, static: Ints, draw: Floats) -> Tightest | None:
    """The first of the rows in force whose use of their limit is highest; ``draw`` is (P,)."""
    load = table.loads_w(draw[table.places]) + static
    limit = table.limits[:, t] + static
    used = np.where(table.limits[:, t] < NO_LIMIT_W, load / np.maximum(limit, 1), -1.0)
    if used.max(initial=-1.0) <= -1.0:
        return None
    i = int(np.argmax(used))
    return Tightest(rows[i].where, rows[i].lost, float(load[i]) / W_PER_KW, float(limit[i]) / W_PER_KW)


def _static_w(rows: list[PackingRow], forest: Forest, periods: int) -> Ints:
    """(rows, T) static load that each row's limit leaves out."""
    lost = (None if row.lost is None else forest.index[row.lost] for row in rows)
    below = [static_below(forest, forest.index[row.where], c) for row, c in zip(rows, lost, strict=True)]
    return np.array(below, dtype=np.int64).reshape(len(rows), periods)


def position_draw_w(instance: Instance, roster: Roster) -> Floats:
    """(P, T) W drawn at each position."""
    draw = np.zeros((len(instance.positions.names), len(instance.periods)))
    drawn, stands = drawn_w(instance, roster), np.flatnonzero(roster.position >= 0)
    for t in range(draw.shape[1]):  # period by period: no other table of all racks and periods
        draw[:, t] = np.bincount(roster.position[stands], drawn[stands, t], len(draw))
    return draw
