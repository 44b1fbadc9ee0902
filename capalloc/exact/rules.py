"""Every rule on single racks, in full. Rules that only forbid a state are in the literals that do not exist."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

import numpy as np

from capalloc.exact.model import ExactModel, Serve, pin_of
from capalloc.instance.model import NO_LIMIT_W, PackingRow, SpreadLimit
from capalloc.instance.pins import NO_PIN, PIN_IDLE
from capalloc.instance.resolution import decimal
from capalloc.instance.shares import share_needed
from capalloc.schema.demand import Contract
from capalloc.units import MILLIWATTS_PER_W

_NOISE = 1e-6
_SHARES = 10**12
"""Parts of one rack: shares are counted in these, so a share of up to twelve decimals is counted exactly."""


def add_rules(exact: ExactModel) -> None:
    """Add every rule; exclusivity, availability and compatibility of types are in the literals."""
    for row in exact.instance.rows:
        add_packing(exact, row)
    _positions(exact)
    _pins(exact)
    _ramps(exact)
    _moves(exact)
    _hand_over(exact)
    _bring_up(exact)
    for d in range(len(exact.instance.demands)):
        _together(exact, d)
    for spread in exact.instance.spreads:
        _spread(exact, spread)


def row_weight_w(factor: float, draw_w: int) -> int:
    """Whole W that a rack puts on a row, rounded up."""
    return math.ceil(factor * draw_w - _NOISE)


def add_packing(exact: ExactModel, row: PackingRow) -> None:
    """Power, failover, supply, reserve or cooling: the W on a row within what it may carry, in every period."""
    kinds, demands = exact.instance.racks.type, exact.instance.demands
    weight = dict(zip(row.positions.tolist(), row.weights.tolist(), strict=True))
    for t in np.flatnonzero(row.limit_w < NO_LIMIT_W).tolist():
        load = sum(
            row_weight_w(factor * row.share[kinds[s.rack]], demands[s.demand].draw_w[kinds[s.rack]]) * s.literal
            for p, factor in weight.items()
            for s in exact.by_position.get((p, t), ())
        )
        load += sum(
            row_weight_w(weight[p] * row.share[kinds[r]], exact.instance.idle_w[kinds[r]]) * exact.idle[r, p, t]
            for r, p in exact.stand
            if p in weight and (r, p, t) in exact.idle
        )
        exact.model.add(load <= int(row.limit_w[t]))


def _positions(exact: ExactModel) -> None:
    """A delivery stands at one position at most, and no two stay at one position at a time."""
    instance = exact.instance
    deliveries = instance.deliveries.tolist()
    for r in deliveries:
        exact.model.add(sum(exact.stand[r, p] for p in exact.places(r)) <= 1)
    for p in range(len(instance.positions.names)):
        for stay in np.unique(instance.stay, axis=1).T if len(deliveries) else ():
            there = [
                exact.stand[r, p] for r, stays in zip(deliveries, stay, strict=True) if stays and (r, p) in exact.stand
            ]
            if len(there) > 1:
                exact.model.add_at_most_one(there)


def _pins(exact: ExactModel) -> None:
    """A rack that is pinned to a demand serves it wherever it can run; where pins clash it cannot stand."""
    for r, p, t in exact.states():
        d = pin_of(exact.instance, r, p, t)
        if d not in (NO_PIN, PIN_IDLE):
            serving = sum(s.literal for s in exact.by_rack.get((r, t), ()) if (s.position, s.demand) == (p, d))
            exact.model.add(serving == exact.stand[r, p])


def _ramps(exact: ExactModel) -> None:
    """Delivery stays under its ceiling; a commitment is hard only where shortfalls are forbidden."""
    forbid = exact.instance.policy.shortfall_forbidden
    for d, data in enumerate(exact.instance.demands):
        for t in np.flatnonzero(data.in_term).tolist():
            delivered = sum(int(data.unit[exact.instance.racks.type[s.rack]]) * s.literal for s in _racks(exact, d, t))
            exact.model.add(delivered <= int(data.ceiling[t]))
            if forbid and isinstance(data.demand, Contract):
                exact.model.add(delivered >= int(data.committed[t]))


def _racks(exact: ExactModel, d: int, t: int) -> list[Serve]:
    return exact.by_demand.get((d, t), [])


def _moves(exact: ExactModel) -> None:
    """A departure is a rack that served the demand the period before and serves it no more."""
    held = exact.instance.racks.held
    for (r, d, t), literal in exact.leave.items():
        before = exact.serving(r, d, t - 1) if t > 0 else int(held[r] == d)
        exact.model.add(literal >= before - exact.serving(r, d, t))
    budget = exact.instance.policy.most_moves
    if budget is not None:
        for t in exact.periods:
            exact.model.add(sum(literal for (_, _, s), literal in exact.leave.items() if s == t) <= budget)


def _hand_over(exact: ExactModel) -> None:
    """A rack that served a demand until period s serves no other in a later period that is too near."""
    near = [(int(s), int(t)) for s, t in zip(*np.nonzero(exact.instance.cools_at), strict=True) if s > 0]
    for r in range(len(exact.instance.racks.names)):
        for s, t in near:
            for earlier in exact.by_rack.get((r, s - 1), ()):
                for later in exact.by_rack.get((r, t), ()):
                    if earlier.demand != later.demand and earlier.position == later.position:
                        exact.model.add_bool_or(earlier.literal.negated(), later.literal.negated())


def _bring_up(exact: ExactModel) -> None:
    policy = exact.instance.policy
    if policy.most_newly_powered is not None:
        _bring_up_racks(exact, policy.most_newly_powered)
    if policy.most_growth_milliwatts is not None:
        _bring_up_load(exact, policy.most_growth_milliwatts)


def _bring_up_racks(exact: ExactModel, limit: int) -> None:
    before = exact.instance.racks.powered_before
    for t in exact.periods:
        fresh = []
        for r in sorted({r for r, _ in exact.stand}):
            literal = exact.model.new_bool_var(f"fresh {exact.instance.racks.names[r]} {t}")
            earlier = exact.powered(r, t - 1) if t > 0 else int(before[r])
            exact.model.add(literal >= exact.powered(r, t) - earlier)
            fresh.append(literal)
        exact.model.add(sum(fresh) <= limit)


def _bring_up_load(exact: ExactModel, limit: int) -> None:
    static = exact.instance.site_static_w
    loads = [_site_load(exact, t) for t in exact.periods]
    for t in exact.periods[1:]:
        exact.model.add(loads[t] - loads[t - 1] <= limit - int(static[t] - static[t - 1]) * MILLIWATTS_PER_W)


def _site_load(exact: ExactModel, t: int) -> Any:
    """Milliwatts that the racks put on the roots: growth is a difference of sums, so it is counted finer than W."""
    instance = exact.instance
    kinds, weight = instance.racks.type, instance.positions.site_weight
    drawn = [
        (s.position, instance.demands[s.demand].draw_w[kinds[s.rack]], s.literal) for s in exact.serve if s.period == t
    ]
    drawn += [(p, instance.idle_w[kinds[r]], literal) for (r, p, at), literal in exact.idle.items() if at == t]
    return sum(round(weight[p] * draw_w * MILLIWATTS_PER_W) * literal for p, draw_w, literal in drawn)


def _together(exact: ExactModel, d: int) -> None:
    """Rules on which racks a demand takes together."""
    demand = exact.instance.demands[d].demand
    for t in exact.periods:
        if demand.isolation != "none":
            _isolation(exact, d, t, demand.isolation)
        if demand.locality is not None:
            _lots(exact, d, t, demand.locality.level, demand.locality.min_racks)
        if demand.homogeneous:
            _homogeneous(exact, d, t)
        if demand.buffer_share > 0:
            _buffer(exact, d, t, demand.buffer_share)
    if demand.buffer_share > 0:
        _held_once(exact)


def _groups(exact: ExactModel, level: str) -> list[int]:
    """Row, hall or block of each position."""
    positions = exact.instance.positions
    groups = {"row": positions.row, "hall": positions.hall, "fabric_block": positions.block}[level]
    return [int(group) for group in groups]


def _isolation(exact: ExactModel, d: int, t: int, level: str) -> None:
    group = _groups(exact, level)
    others = [s for e in range(len(exact.instance.demands)) if e != d for s in _racks(exact, e, t)]
    uses = _switches(exact, f"isolated {d} {t}", {group[s.position] for s in _racks(exact, d, t)})
    for s in _racks(exact, d, t):
        exact.model.add_implication(s.literal, uses[group[s.position]])
    for s in others:
        if group[s.position] in uses:
            exact.model.add_implication(s.literal, uses[group[s.position]].negated())


def _switches(exact: ExactModel, name: str, keys: set[Any]) -> dict[Any, Any]:
    return {key: exact.model.new_bool_var(f"{name} {key}") for key in sorted(keys)}


def _lots(exact: ExactModel, d: int, t: int, level: str, least: int) -> None:
    """At each place of the level and for each type: none, or at least ``least`` racks."""
    group, kinds = _groups(exact, level), exact.instance.racks.type
    lots: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for s in _racks(exact, d, t):
        lots[group[s.position], int(kinds[s.rack])].append(s.literal)
    for key, switch in _switches(exact, f"lot {d} {t}", set(lots)).items():
        for literal in lots[key]:
            exact.model.add_implication(literal, switch)
        exact.model.add(sum(lots[key]) >= least * switch)


def _homogeneous(exact: ExactModel, d: int, t: int) -> None:
    kinds = exact.instance.racks.type
    takes = _switches(exact, f"type {d} {t}", {int(kinds[s.rack]) for s in _racks(exact, d, t)})
    for s in _racks(exact, d, t):
        exact.model.add_implication(s.literal, takes[int(kinds[s.rack])])
    exact.model.add_at_most_one(takes.values())


def _buffer(exact: ExactModel, d: int, t: int, share: float) -> None:
    """Whole racks held are at least the share of those that serve."""
    held = [literal for (_, e, s), literal in exact.hold.items() if (e, s) == (d, t)]
    serving = [s.literal for s in _racks(exact, d, t)]
    needed = share_needed(share, len(serving))
    exact.model.add(needed.denominator * sum(held) >= needed.numerator * sum(serving))


def _held_once(exact: ExactModel) -> None:
    held: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for (r, _, t), literal in exact.hold.items():
        held[r, t].append(literal)
    for (r, t), literals in held.items():
        exact.model.add(sum(literals) <= exact.spare(r, t))


def _spread(exact: ExactModel, spread: SpreadLimit) -> None:
    """What a node carries of the demand's racks, less what it may carry, is not positive."""
    most = math.floor(decimal(spread.max_share) * _SHARES)
    for t in exact.periods:
        racks = _racks(exact, spread.demand, t)
        for share in spread.share:
            over = sum((round(share[s.position] * _SHARES) - most) * s.literal for s in racks)
            exact.model.add(over <= 0)
