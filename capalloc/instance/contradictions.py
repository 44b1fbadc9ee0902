"""What a scenario asks for and cannot have: more power than there is, racks pinned beyond a ramp, empty places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from capalloc.calendar import Period
from capalloc.instance.model import Bools, DemandData, Floats, Racks
from capalloc.instance.power.forest import Forest
from capalloc.instance.timeline import supplies_in_force
from capalloc.schema.scenario import Scenario
from capalloc.units import KW_PER_MW, W_PER_KW, load_w

_ROUNDING = 1e-12
"""Products of floats may be off the numbers meant by such a share; what fits exactly is no contradiction."""


def contradictions(
    scenario: Scenario,
    demands: Sequence[DemandData],
    racks: Racks,
    places: Bools,
    periods: Sequence[Period],
    forest: Forest,
    site_weight: Floats,
) -> Iterator[str]:
    """A sentence for each; ``places`` is (L, D, P), see :class:`capalloc.instance.where.Allowed`.

    ``site_weight`` is (P,): W that the roots carry for each W drawn at a position.
    """
    yield from _beyond_roots(scenario, demands, periods, forest, float(site_weight.min()) if len(site_weight) else 1.0)
    somewhere = np.asarray(places.any(axis=2))[racks.kin]
    for d, data in enumerate(demands):
        yield from _pinned_beyond_ramp(scenario, d, data, racks, periods)
        inside = np.where(racks.position >= 0, racks.inside[:, d], somewhere[:, d])
        if data.demand.where is not None and not (racks.eligible[:, d] & inside).any():
            yield f"{data.name} has no rack: none that it accepts stands, or may be placed, where its `where` says"


def _beyond_roots(
    scenario: Scenario, demands: Sequence[DemandData], periods: Sequence[Period], forest: Forest, weight: float
) -> Iterator[str]:
    """The first of static loads, what must be delivered, and the reserve, with which the roots cannot carry all."""
    roots = list(forest.roots)
    carried = forest.normal_w[roots].sum(axis=0)
    needs = [("static loads take", forest.static_below_w[roots].sum(axis=0))]
    needs += [(f"what must be delivered to {data.name} takes at least", _least_w(data, weight)) for data in demands]
    needs.append(("the reserve takes", np.full(len(periods), load_w(scenario.policy.reserve_mw * KW_PER_MW))))
    for last in range(len(needs)):
        over = np.flatnonzero(sum(watts for _, watts in needs[: last + 1]) > carried)
        if len(over):
            t = int(over[0])
            taken = [f"{what} {_kw(watts[t])}" for what, watts in needs[: last + 1] if watts[t] > 0]
            there = f"{_kw(carried[t])} ({', '.join(_feeds(scenario, forest, periods, t))})"
            yield f"in {periods[t].label} the site can carry {there}, but {', '.join(taken)}: no plan keeps all of it"
            return


def _least_w(data: DemandData, weight: float) -> Floats:
    """(T,) whole W that the roots carry at least for the racks that deliver what must be."""
    kinds = list(data.types)
    each = float((data.draw_w[kinds] / data.unit[kinds]).min(initial=np.inf if kinds else 0.0)) * weight
    return np.asarray(np.floor(data.must * each * (1 + _ROUNDING)))


def _kw(watts: float) -> str:
    return f"{watts / W_PER_KW:,.10g} kW"


def _feeds(scenario: Scenario, forest: Forest, periods: Sequence[Period], t: int) -> Iterator[str]:
    """What sets the limit of each root in a period: its supplies, or its rating."""
    for root in forest.roots:
        node = forest.nodes[root]
        if not forest.supply_binds[root, t]:
            yield f"{node.name} {_kw(float(forest.normal_w[root, t]))}"
        for supply in supplies_in_force(scenario) if forest.supply_binds[root, t] else ():
            if supply.node == node.name and periods[t].touches(supply.start, supply.until):
                yield f"{supply.name} {supply.kw:,.10g} kW"


def _pinned_beyond_ramp(
    scenario: Scenario, d: int, data: DemandData, racks: Racks, periods: Sequence[Period]
) -> Iterator[str]:
    """Pins of rows and halls that keep more racks for a demand than it may be delivered, in the first such period."""
    pins = [pin for pin in scenario.pins if pin.demand == data.name and pin.rack is None]
    if not pins:
        return
    pinned = (racks.pin == d) & racks.usable & (racks.position >= 0)[:, None]
    over = np.flatnonzero(data.unit[racks.type] @ pinned > data.ceiling)
    if not len(over):
        return
    t = int(over[0])
    least = int(data.unit[racks.type[pinned[:, t]]].min())
    there = [
        f"row {pin.row}" if pin.row is not None else f"hall {pin.hall}"
        for pin in pins
        if periods[t].touches(pin.start, pin.until)
    ]
    asked, most = int(pinned[:, t].sum()), int(data.ceiling[t]) // max(least, 1)
    yield (
        f"pins keep {asked:,} racks for {data.name} in {periods[t].label} ({', '.join(there) or 'racks by name'}), "
        f"but its ramp lets it have {most:,}: no plan keeps both. A pin of a row or hall keeps every rack there; "
        f"say where {data.name} may stand by `where:`"
    )
