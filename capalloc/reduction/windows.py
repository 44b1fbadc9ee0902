"""Aggregation over time: neighbouring periods in which a plan may do exactly the same merge into one window.

Periods merge when every limit, availability, pin, term and step agrees; only money may differ (days of the month,
discount), and it adds up. A plan by windows is a plan by periods that changes nothing inside a window. Moving
costs the same whenever it happens but for the discount, so with equal money the optimum is the same; where money
differs from month to month it is a restriction, whose distance to the relaxation over all periods is in the gap.
Rules that tie a period to the one before by more than what moved (hand-over, bring-up, a budget of moves) forbid it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from capalloc.calendar import Period
from capalloc.instance.model import Curve, DemandData, Floats, Instance, Ints


def window_starts(instance: Instance) -> Ints:
    """(W,) first period of each window; every period where the policy couples them."""
    periods = len(instance.periods)
    if instance.policy.couples_periods:
        return np.arange(periods)
    state = np.concatenate([part.reshape(-1, periods) for part in _state(instance)])
    changes = (state[:, 1:] != state[:, :-1]).any(axis=0)
    return np.concatenate(([0], np.flatnonzero(changes) + 1))


def _state(instance: Instance) -> list[np.ndarray]:
    """Everything but money that a period is made of, each with the periods last."""
    racks = instance.racks
    parts: list[np.ndarray] = [racks.usable, racks.pin, instance.positions.ok, instance.stay]
    parts.append(np.array([row.limit_w for row in instance.rows], dtype=np.int64))
    parts += [pin.periods for pin in instance.place_pins]
    for data in instance.demands:
        parts += [data.in_term, data.committed, data.must, data.wanted, data.ceiling]
        parts += [curve.widths.T for curve in data.curves]
    return parts


def merge_windows(instance: Instance, starts: Ints) -> Instance:
    """The instance with one period for each window; money of its periods added up.

    ``starts`` (W,) are the first periods of the windows, each of which ends where the next begins and the last with
    the calendar; what must agree within a window is taken from its first.
    """
    ends = np.append(starts[1:], len(instance.periods))
    spans = list(zip(starts.tolist(), ends.tolist(), strict=True))
    periods = tuple(
        Period(i, instance.periods[a].start, instance.periods[b - 1].end, instance.periods[a].label)
        for i, (a, b) in enumerate(spans)
    )
    demands = tuple(_merge_demand(data, instance, starts, ends) for data in instance.demands)
    if len(starts) == len(instance.periods):
        return replace(instance, periods=periods, demands=demands)
    racks, positions = instance.racks, instance.positions
    return replace(
        instance,
        periods=periods,
        discount=instance.discount[starts],
        racks=replace(racks, usable=racks.usable[:, starts], pin=racks.pin[:, starts]),
        positions=replace(positions, ok=positions.ok[:, starts], cause=positions.cause[:, starts]),
        stay=instance.stay[:, starts],
        demands=demands,
        rows=tuple(replace(row, limit_w=row.limit_w[starts]) for row in instance.rows),
        place_pins=tuple(replace(pin, periods=pin.periods[starts]) for pin in instance.place_pins),
        cools_at=instance.cools_at[np.ix_(starts, starts)],
        site_static_w=instance.site_static_w[starts],
    )


def _merge_demand(data: DemandData, instance: Instance, starts: Ints, ends: Ints) -> DemandData:
    return replace(
        data,
        in_term=data.in_term[starts],
        committed=data.committed[starts],
        must=data.must[starts],
        wanted=data.wanted[starts],
        ceiling=data.ceiling[starts],
        curves=tuple(_merge_curve(curve, instance, starts, ends) for curve in data.curves),
    )


def _merge_curve(curve: Curve, instance: Instance, starts: Ints, ends: Ints) -> Curve:
    """Slopes and base add up, weighted by each period's discount relative to the window's first."""
    first = instance.discount[starts]
    weighted = _running(instance.discount[:, None] * curve.slopes)
    slopes = (weighted[ends] - weighted[starts]) / first[:, None]
    total = _running(instance.discount * curve.base)
    base = (total[ends] - total[starts]) / first
    return replace(curve, widths=curve.widths[starts], slopes=slopes, base=base)


def _running(amounts: Floats) -> Floats:
    """Sums of the first 0, 1, ... periods."""
    return np.concatenate((np.zeros((1, *amounts.shape[1:])), np.cumsum(amounts, axis=0)))


def window_of(instance: Instance, starts: Ints) -> Ints:
    """(T,) window of each period."""
    return np.searchsorted(starts, np.arange(len(instance.periods)), side="right") - 1
