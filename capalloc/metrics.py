"""What a plan does to the site, period by period, and how much of its revenue is firm."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from capalloc.calendar import Period, add_days, add_months
from capalloc.instance.compile import compile_scenario
from capalloc.instance.model import NO_LIMIT_W, NOBODY, DemandData, Instance, Ints, PackingRow
from capalloc.instance.power.forest import Forest, build_forest, reserve_w
from capalloc.instance.power.limits import static_below
from capalloc.roster.blocks import Fragments, fragments
from capalloc.roster.equal_periods import spells
from capalloc.roster.loads import RowTable
from capalloc.schema.demand import Contract, Workload
from capalloc.schema.plan import Assignment, Plan, Span
from capalloc.schema.rules import Rule
from capalloc.schema.scenario import Scenario
from capalloc.units import W_PER_KW

Watts = NDArray[np.float64]

_SITE = "site"
_Interval = TypeVar("_Interval", Assignment, Span)


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
    def headroom_kw(self) -> float:
        """What is left after load and reserve."""
        return self.limit_kw - self.load_kw - self.reserve_kw


@dataclass(frozen=True, slots=True)
class Revenue:
    """A contract's fees over the horizon, undiscounted, split by how sure they are.

    Firm is what falls before ``firm_until``: the day when the contract could end if notice were given on the
    horizon's first day. Where nobody may give notice, all of it is firm.
    """

    demand: str
    firm_usd: float
    at_risk_usd: float
    firm_until: date


@dataclass(frozen=True, slots=True)
class Asked:
    """What a demand asks for, in the unit that its own steps are given in (``mw`` as kW)."""

    demand: str
    unit: Literal["mw", "gpus", "racks"]
    wanted: dict[str, float]
    """By period: a contract's commitment, or what a workload can use."""
    least: dict[str, float]
    """By period: a contract's commitment, or a workload's ``min``."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """Figures derived from a scenario and a plan for it."""

    site: tuple[SitePeriod, ...]
    revenue: tuple[Revenue, ...]
    asked: tuple[Asked, ...]
    blocks: tuple[Fragments, ...]
    """Of each period."""


def measure(scenario: Scenario, plan: Plan, instance: Instance | None = None) -> Metrics:
    """Figures of a plan for a scenario; raises ScenarioError where the scenario cannot be compiled.

    ``instance`` is the scenario compiled with the plan's prospects, where that has been done.
    """
    instance = instance or compile_scenario(scenario, frozenset(plan.prospects))
    forest = build_forest(scenario, instance.periods)
    asked = tuple(_asked(data, instance.periods) for data in instance.demands)
    blocks = tuple(_blocks(instance, plan))
    return Metrics(tuple(_site(instance, forest, plan)), tuple(_revenue(instance, plan)), asked, blocks)


def _blocks(instance: Instance, plan: Plan) -> Iterator[Fragments]:
    at = _positions(instance, plan)
    racks = {name: r for r, name in enumerate(instance.racks.names)}
    demands = {data.name: d for d, data in enumerate(instance.demands)}
    serving = np.full(instance.racks.usable.shape, NOBODY)
    for span, held in _by_span(plan.assignments).items():
        numbers = np.array([demands[one.demand] for one in held])
        serving[[racks[one.rack] for one in held], _touched(instance.periods, *span)] = numbers[:, None]
    stands = at >= 0
    usable = instance.racks.usable[stands] & instance.positions.ok[at[stands]]
    return fragments(instance.positions.unit[at[stands]], serving[stands], usable)


def _asked(data: DemandData, periods: tuple[Period, ...]) -> Asked:
    demand = data.demand
    assert isinstance(demand, Contract | Workload)
    unit = demand.ramp[0].unit if isinstance(demand, Contract) else demand.demand[0].unit
    scale = data.parts * (W_PER_KW if unit == "mw" else 1)
    wanted = {period.label: float(data.wanted[period.index]) / scale for period in periods}
    least = {period.label: float(data.committed[period.index]) / scale for period in periods}
    return Asked(data.name, unit, wanted, least)


def _site(instance: Instance, forest: Forest, plan: Plan) -> Iterator[SitePeriod]:
    draw = _draw_w(instance, plan)
    load = instance.positions.site_weight @ draw + instance.site_static_w
    limit = forest.normal_w[list(forest.roots)].sum(axis=0)
    normal = _tightest([row for row in instance.rows if _is_normal(row)], forest, draw)
    failover = _tightest([row for row in instance.rows if row.rule is Rule.FAILOVER], forest, draw)
    reserve = reserve_w(instance.scenario) / W_PER_KW
    for t, period in enumerate(instance.periods):
        site = (float(load[t]) / W_PER_KW, float(limit[t]) / W_PER_KW, reserve)
        yield SitePeriod(period.label, *site, normal[t], failover[t])


def _is_normal(row: PackingRow) -> bool:
    return row.rule in (Rule.POWER, Rule.SUPPLY) and row.where != _SITE


def _tightest(rows: list[PackingRow], forest: Forest, draw: Watts) -> list[Tightest | None]:
    """For each period the row with the highest share of its limit in use, static load included."""
    table, static = RowTable(rows, draw.shape[1]), _static_w(rows, forest, draw.shape[1])
    spell = spells(draw.shape[1], (draw, table.limits, static))
    found: list[Tightest | None] = []
    for t, number in enumerate(spell):
        again = t > 0 and spell[t - 1] == number
        found.append(found[-1] if again else _tightest_at(t, rows, table, static[:, t], draw[:, t]))
    return found


def _tightest_at(t: int, rows: list[PackingRow], table: RowTable, static: Ints, draw: Watts) -> Tightest | None:
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


def _draw_w(instance: Instance, plan: Plan) -> Watts:
    """(P, T) W drawn at each position."""
    at = _positions(instance, plan)
    racks = _rack_draw_w(instance, plan, at)
    draw = np.zeros((len(instance.positions.names), len(instance.periods)))
    standing = at >= 0
    np.add.at(draw, at[standing], racks[standing])
    return draw


def _positions(instance: Instance, plan: Plan) -> Ints:
    """(R,) where each rack stands; -1 for a delivery that is not placed."""
    index = {name: p for p, name in enumerate(instance.positions.names)}
    placed = {placement.rack: index[placement.position] for placement in plan.placements}
    at = instance.racks.position.copy()
    for r, name in enumerate(instance.racks.names):
        if at[r] < 0 and name in placed:
            at[r] = placed[name]
    return at


def _rack_draw_w(instance: Instance, plan: Plan, at: Ints) -> Watts:
    """(R, T) W drawn by each rack: serving, idle and powered, or nothing."""
    racks = instance.racks
    draw = np.zeros(racks.usable.shape)
    if instance.scenario.policy.idle == "powered":
        powered = racks.usable & (at >= 0)[:, None] & instance.positions.ok[at]
        draw = powered * instance.idle_w[racks.type][:, None].astype(float)
    index = {name: r for r, name in enumerate(racks.names)}
    for span, held in _by_span(plan.off).items():
        draw[[index[one.rack] for one in held], _touched(instance.periods, *span)] = 0.0
    demands = {data.name: d for d, data in enumerate(instance.demands)}
    for span, serving in _by_span(plan.assignments).items():
        at = np.array([index[one.rack] for one in serving])
        drawn = instance.draw_w[[demands[one.demand] for one in serving], racks.type[at]]
        draw[at, _touched(instance.periods, *span)] = drawn[:, None]
    return draw


def _by_span(intervals: Iterable[_Interval]) -> dict[tuple[date, date], list[_Interval]]:
    """Intervals with the same dates together: racks are many, dates are few."""
    spans: dict[tuple[date, date], list[_Interval]] = {}
    for one in intervals:
        spans.setdefault((one.start, one.until), []).append(one)
    return spans


def _touched(periods: tuple[Period, ...], start: date, until: date) -> slice:
    inside = [period.index for period in periods if period.touches(start, until)]
    return slice(inside[0], inside[-1] + 1) if inside else slice(0, 0)


def _revenue(instance: Instance, plan: Plan) -> Iterator[Revenue]:
    periods = {period.label: period for period in instance.periods}
    for data in instance.demands:
        if not isinstance(data.demand, Contract):
            continue
        until = _firm_until(data, data.demand, instance.scenario.horizon.start)
        rows = [row for row in plan.demands if row.demand == data.name]
        firm = sum(row.revenue_usd * _share_before(until, data, periods[row.period]) for row in rows)
        yield Revenue(data.name, firm, sum(row.revenue_usd for row in rows) - firm, until)


def _firm_until(data: DemandData, contract: Contract, today: date) -> date:
    """The day when the contract ends if whoever may give notice does so on ``today``."""
    if contract.termination.by == "none":
        return data.term.end
    initial = add_months(data.term.start, contract.termination.initial_term_months)
    return min(data.term.end, add_days(max(today, initial), contract.termination.notice_days))


def _share_before(day: date, data: DemandData, period: Period) -> float:
    """Share of the term's days in the period that lie before ``day``."""
    start, end = data.term.overlap(period.start, period.end)
    return max(0, (min(end, day) - start).days) / (end - start).days if start < end else 0.0
