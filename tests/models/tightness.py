"""Which limits of a site a plan uses up: those that one more rack would break."""

from __future__ import annotations

import numpy as np

from capalloc.instance.compile import compile_scenario
from capalloc.instance.model import Floats, Instance
from capalloc.schema.plan import Plan
from capalloc.schema.rules import Rule
from capalloc.schema.scenario import Scenario


def tight_rules(scenario: Scenario, plan: Plan) -> set[Rule]:
    """Rules of power and cooling with a row that cannot carry one more of the racks that load it, in some period."""
    instance = compile_scenario(scenario)
    draw = _draw_w(instance, plan)
    most = np.array([data.draw_w for data in instance.demands]).max(axis=0)
    rules = set()
    for row in instance.rows:
        drawn = draw[:, row.positions] * row.share[:, None, None]
        load = np.einsum("p,kpt->t", row.weights, drawn)
        heaviest = (row.weights[None, :, None] * (drawn > 0)).max(axis=(1, 2)) * row.share * most
        if (load + heaviest.max() > row.limit_w).any():
            rules.add(row.rule)
    return rules


def _draw_w(instance: Instance, plan: Plan) -> Floats:
    """(K, P, T) W drawn at each position by racks of each type."""
    racks, index = instance.racks, {name: r for r, name in enumerate(instance.racks.names)}
    at, place = racks.position.copy(), {name: p for p, name in enumerate(instance.positions.names)}
    for placement in plan.placements:
        at[index[placement.rack]] = place[placement.position]
    watts = np.where(racks.usable & (at >= 0)[:, None], instance.idle_w[racks.type][:, None], 0)
    demands = {data.name: data for data in instance.demands}
    for span in plan.off:
        inside = [period.index for period in instance.periods if period.touches(span.start, span.until)]
        watts[index[span.rack], inside] = 0
    for held in plan.assignments:
        inside = [period.index for period in instance.periods if period.touches(held.start, held.until)]
        watts[index[held.rack], inside] = demands[held.demand].draw_w[racks.type[index[held.rack]]]
    draw = np.zeros((len(instance.type_names), len(instance.positions.names), len(instance.periods)))
    stands = np.flatnonzero(at >= 0)
    np.add.at(draw, (racks.type[stands], at[stands]), watts[stands])
    return draw
