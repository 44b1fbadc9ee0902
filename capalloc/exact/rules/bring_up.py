"""Bring-up: newly powered racks and growth of the site's load within the commissioning limits of a period."""

from __future__ import annotations

from typing import Any

from capalloc.exact.model import ExactModel
from capalloc.units import MILLIWATTS_PER_W


def add(exact: ExactModel) -> None:
    """Limits of the policy, where it has any."""
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
