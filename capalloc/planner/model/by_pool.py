"""The model at two levels, for sites with many classes.

A pool is what classes become when power and cooling are not looked at: racks that every other rule treats alike. Whom
racks serve is counted by pool; how much they draw is counted by class, for each *profile*, a draw that several demands
share. Rules on watts see only what the racks of a class draw, and every other rule sees only pools, so for one period
any plan by classes and demands gives such counts with the same money. Conversely, counts that agree in sum for each
pool and profile can be dealt out: any rack of a class that draws the profile may serve any demand of the pool that
has it. Between periods the counts by pool see no fewer departures than they must; dealing out may need more, which
the plan's own objective counts. So the optimum by pools bounds the optimum by classes from above.

Hand-over and a budget of moves look at single departures, and cannot be seen by pools: :func:`poolable` says so.
"""

from __future__ import annotations

import numpy as np

from capalloc.instance.model import Instance
from capalloc.planner.lp.linear import ALWAYS, NONE, LinearModel
from capalloc.planner.lp.program import Floats, Ints
from capalloc.planner.model.by_class import usd_per_cost
from capalloc.planner.model.columns import Columns, Preferences, add_columns, whole_counts
from capalloc.planner.model.cuts import add_walls
from capalloc.planner.model.grouping import add_grouping_rows
from capalloc.planner.model.limits import add_demand_rows, add_packing_rows
from capalloc.planner.model.state import add_exclusivity, add_service_rows, add_site_rows
from capalloc.reduction.classes import RackClasses
from capalloc.reduction.counts import Counts
from capalloc.reduction.disaggregate import deal_out
from capalloc.reduction.pools import Pools


def poolable(instance: Instance) -> bool:
    """Whether every rule of the policy can be kept by counts of pools."""
    policy = instance.scenario.policy
    return policy.handover_days == 0 and policy.max_moves_per_period is None


class PooledModel:
    """Columns and rows of every rule over the pools, classes and periods of an instance."""

    def __init__(self, levels: Pools, prefer: Preferences) -> None:
        instance = levels.by_class.instance
        self.levels = levels
        self.model = LinearModel(usd_per_cost(instance), len(instance.periods))
        self.served = add_columns(self.model, levels.by_pool, prefer)
        """Columns by pool and demand."""
        self.drawn = _add_drawn(self.model, levels, self.served)
        """Columns by class and profile: what serves, what is off, where deliveries go."""
        self.packing = add_packing_rows(self.model, levels.by_class, self.drawn, levels.draw_w)
        """Packing row -> (T,) rows of the model."""
        self.money = add_demand_rows(self.model, levels.by_pool, self.served)
        add_exclusivity(self.model, levels.by_pool, self.served)
        add_service_rows(self.model, levels.by_pool, self.served)
        apart = add_grouping_rows(self.model, levels.by_pool, self.served)
        add_site_rows(self.model, levels.by_class, self.drawn, levels.draw_w)
        _add_sums(self.model, levels, self.served, self.drawn)
        same = np.arange(len(levels.by_pool.classes.size))
        counted = [(self.served, same), (self.drawn, levels.pool_of)]
        add_walls(self.model, levels.by_pool, self.served, apart, counted)

    def places(self) -> list[tuple[RackClasses, Ints]]:
        """Classes of each level, with the columns that place deliveries in them."""
        return [(self.levels.by_pool.classes, self.served.place), (self.levels.by_class.classes, self.drawn.place)]

    def instance(self) -> Instance:
        """Whose periods the model has."""
        return self.levels.by_class.instance

    def classes(self) -> RackClasses:
        """The classes that the counts are by."""
        return self.levels.by_class.classes

    def serving(self) -> tuple[RackClasses, Columns]:
        """Classes, with the columns that count whom their racks serve."""
        return self.levels.by_pool.classes, self.served

    def counts(self, values: Floats) -> Counts:
        """Counts by class of the columns' values."""
        return deal_out(self.levels, whole_counts(self.served, values), whole_counts(self.drawn, values))


def _add_drawn(model: LinearModel, levels: Pools, served: Columns) -> Columns:
    classes = levels.by_class.classes
    profiles = levels.draw_w.shape[1]
    some = np.zeros((len(levels.pool_of), profiles, model.periods), dtype=bool)
    for d in range(served.serve.shape[1]):
        c = np.arange(len(levels.pool_of))
        some[c, levels.profile_of[levels.pool_of, d]] |= served.serve[levels.pool_of, d] >= 0
    serve = model.add_columns(some, classes.size[:, None, None], whole=True)
    off = model.add_columns(served.off[levels.pool_of] >= 0, classes.size[:, None], whole=True)
    place = model.add_columns(classes.delivery >= 0, classes.size, whole=True, when=ALWAYS)
    model.packed += [serve, off, place]
    nothing = np.full(serve.shape, NONE)
    return Columns(serve, off, nothing, nothing, place)


def _add_sums(model: LinearModel, levels: Pools, served: Columns, drawn: Columns) -> None:
    """What classes draw by profile, have off and have placed is in sum what their pool serves, has off and placed."""
    pools, profiles = len(levels.by_pool.classes.size), levels.draw_w.shape[1]
    shape = (pools, profiles, model.periods)
    rows = model.add_rows(pools * profiles * model.periods, "drawn", lower=0.0, upper=0.0).reshape(shape)
    model.put(rows[levels.pool_of], drawn.serve, 1.0)
    n = np.arange(pools)[:, None]
    d = np.arange(served.serve.shape[1])[None, :]
    model.put(rows[n, levels.profile_of[n, d]], served.serve, -1.0)
    off = model.add_rows(pools * model.periods, "off", lower=0.0, upper=0.0).reshape(pools, model.periods)
    model.put(off[levels.pool_of], drawn.off, 1.0)
    model.put(off, served.off, -1.0)
    placed = model.add_rows(pools, "placed", lower=0.0, upper=0.0)
    model.put(placed[levels.pool_of], drawn.place, 1.0)
    model.put(placed, served.place, -1.0)
