"""Figures of a roster: what each demand gets, earns and misses, and what moved."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date

import numpy as np

from capalloc.calendar import add_days
from capalloc.instance.demands import basis_kw, draw_kw
from capalloc.instance.model import NOBODY, DemandData, Floats, Instance, Ints
from capalloc.roster.draw import idle_powered
from capalloc.roster.reasons import reasons
from capalloc.roster.roster import Roster
from capalloc.schema.demand import Contract, Demand
from capalloc.schema.plan import DemandPeriod, Reason, Shortfall, Unplaced
from capalloc.schema.rules import Rule


def delivered_racks(instance: Instance, roster: Roster) -> Ints:
    """(D, K, T) racks of each type that serve each demand."""
    shape = (len(instance.demands), len(instance.type_names), len(instance.periods))
    counts = np.zeros(shape, dtype=np.int64)
    r, t = np.nonzero(roster.serving != NOBODY)
    np.add.at(counts, (roster.serving[r, t], instance.racks.type[r], t), 1)
    return counts


def demand_rows(instance: Instance, delivered: Ints) -> Iterator[DemandPeriod]:
    """A row for each demand and period that its term touches."""
    for d, data in enumerate(instance.demands):
        racks = delivered[d]
        penalty, revenue = (_by_period(data, usd(data, racks)) for usd in (penalty_usd, revenue_usd))
        kw = kw_per_rack(instance, data) @ racks
        for t in np.flatnonzero(data.in_term):
            yield DemandPeriod(
                demand=data.name,
                period=instance.periods[t].label,
                committed_kw=round(float(data.committed[t] * data.kw_per_unit), 6),
                wanted_kw=round(float(data.wanted[t] * data.kw_per_unit), 6),
                delivered_kw=round(float(kw[t]), 6),
                racks=int(racks[:, t].sum()),
                gpus=int(instance.gpus @ racks[:, t]),
                revenue_usd=float(revenue[t]),
                penalty_usd=float(penalty[t]),
            )


def _by_period(data: DemandData, usd: Floats) -> Floats:
    """(T,) sums of (N,) USD of a demand's stretches."""
    total: Floats = np.bincount(data.accounts.period, weights=usd, minlength=len(data.in_term)).astype(float)
    return total


def revenue_usd(data: DemandData, racks: Ints) -> Floats:
    """(N,) fee or value of each stretch of a demand that (K, T) racks serve."""
    return data.accounts.earned.gain_usd(data.accounts.earned.measure @ racks[:, data.accounts.period])


def penalty_usd(data: DemandData, racks: Ints) -> Floats:
    """(N,) penalty of each stretch."""
    missed = data.accounts.missed
    return np.maximum(-missed.gain_usd(missed.measure @ racks[:, data.accounts.period]), 0.0)


def kw_per_rack(instance: Instance, data: DemandData) -> Floats:
    """(K,) kW that a rack of each type counts: a contract's basis, a workload's draw without utilization."""
    facility = instance.scenario.facility
    if isinstance(data.demand, Contract):
        return np.array([basis_kw(data.demand, kind, facility.pue) for kind in facility.rack_types])
    return np.array([draw_kw(data.demand, kind) for kind in facility.rack_types])


def departures(instance: Instance, roster: Roster) -> Ints:
    """(T,) racks that stop serving a demand whose term touches the period."""
    before = np.column_stack((instance.racks.held, roster.serving[:, :-1]))
    in_term = np.array([data.in_term for data in instance.demands]).reshape(-1, len(instance.periods))
    moved = (before != NOBODY) & (before != roster.serving)
    if not len(in_term):
        return np.zeros(len(instance.periods), dtype=np.int64)
    counts: Ints = (moved & in_term[before, np.arange(len(instance.periods))[None, :]]).sum(axis=0)
    return counts


def newly_powered(instance: Instance, roster: Roster) -> Ints:
    """(T,) racks that serve, or stand idle and powered, and were not powered in the period before."""
    powered = (roster.serving != NOBODY) | idle_powered(instance, roster)
    before = np.column_stack((instance.racks.powered_before, powered[:, :-1]))
    fresh: Ints = (powered & ~before).sum(axis=0)
    return fresh


def objective_usd(instance: Instance, rows: tuple[DemandPeriod, ...], moves: Ints) -> float:
    """The objective in discounted USD: fees and values less penalties and the cost of departures."""
    factor = dict(zip((p.label for p in instance.periods), instance.discount.tolist(), strict=True))
    money = [factor[row.period] * (row.revenue_usd - row.penalty_usd) for row in rows]
    cost = instance.discount * moves * instance.policy.move_cost_usd
    return math.fsum([*money, *(-cost).tolist()])


def roster_usd(instance: Instance, roster: Roster) -> float:
    """Discounted USD that a roster earns."""
    rows = tuple(demand_rows(instance, delivered_racks(instance, roster)))
    return objective_usd(instance, rows, departures(instance, roster))


def short_units(data: DemandData, racks: Ints) -> Ints:
    """(T,) whole units missing from the commitment (a workload: from its ``min``)."""
    return np.maximum(data.committed - data.unit @ racks, 0)


def shortfalls(instance: Instance, delivered: Ints) -> Iterator[Shortfall]:
    """Runs of days on which a contract gets less than that day's commitment, or a workload less than its ``min``."""
    for d, data in enumerate(instance.demands):
        short = _short_by_day(data, delivered[d])
        for first, end in _true_runs(short > 0):
            yield _shortfall(data, delivered[d], slice(first, end))


def _short_by_day(data: DemandData, racks: Ints) -> Ints:
    """(N,) whole units missing on the days of each stretch."""
    return np.maximum(data.accounts.committed - data.unit @ racks[:, data.accounts.period], 0)


def _true_runs(flags: np.ndarray) -> Iterator[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def _shortfall(data: DemandData, racks: Ints, run: slice) -> Shortfall:
    days = data.accounts.stretches[run]
    return Shortfall(
        demand=data.name,
        start=days[0].start,
        until=days[-1].end,
        most_short_kw=round(float(_short_by_day(data, racks)[run].max() * data.kw_per_unit), 6),
        penalty_usd=float(penalty_usd(data, racks)[run].sum()),
        lost_fee_usd=float(_lost_fee_usd(data, racks)[run].sum()),
        tenant_may_leave_from=_leave_from(data.demand, days[0].start, days[-1].end),
    )


def _leave_from(demand: Demand, start: date, until: date) -> date | None:
    """The day after the cure period, where the tenant may leave then."""
    if not isinstance(demand, Contract) or demand.shortfall.remedy != "terminate":
        return None
    leave = add_days(start, demand.shortfall.cure_days)
    return leave if leave < until else None


def _lost_fee_usd(data: DemandData, racks: Ints) -> Floats:
    """(N,) fee that what is missing would have earned; GPUs missing count like those of the first type."""
    if not isinstance(data.demand, Contract):
        return np.zeros(len(data.accounts.stretches))
    fee, missing = data.accounts.earned, _short_by_day(data, racks)
    got = fee.measure @ racks[:, data.accounts.period]
    more = missing if data.demand.fee.usd_per_gpu_hour is None else missing * data.gpus_per_unit
    return np.maximum(fee.gain_usd(got + more) - fee.gain_usd(got), 0.0)


def _no_more_racks(racks: int) -> Reason:
    """Nothing keeps a rack away: the site has no more that the demand accepts."""
    return Reason(rule=Rule.COMPATIBILITY, where="all accepted racks serve it", racks=racks)


def unplaced(instance: Instance, roster: Roster, delivered: Ints) -> Iterator[Unplaced]:
    """What demands miss of their commitment or minimum, with counted reasons."""
    missing = dict(_missing_racks(instance, delivered))
    why = reasons(instance, roster, missing)
    for (d, t), racks in missing.items():
        found = why[d, t] or (_no_more_racks(racks),)
        yield Unplaced(demand=instance.demands[d].name, period=instance.periods[t].label, racks=racks, reasons=found)


def _missing_racks(instance: Instance, delivered: Ints) -> Iterator[tuple[tuple[int, int], int]]:
    """Demand and period of each gap, with the racks of the most preferred type that would fill it."""
    for d, data in enumerate(instance.demands):
        per_rack = max(int(data.unit[data.types[0]]), 1)
        short = short_units(data, delivered[d])
        for t in np.flatnonzero((short > 0) & data.in_term).tolist():
            yield (d, t), math.ceil(short[t] / per_rack)
