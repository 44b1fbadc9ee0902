"""The model at two levels, for sites with many classes.

A pool is what classes become when power and cooling are not looked at: racks that no other rule tells apart. Whom
racks serve is counted by pool; how much they draw is counted by class, for each *profile*, a draw that several demands
share. Rules on watts see only what the racks of a class draw, and every other rule sees only pools, so for one period
any plan by classes and demands gives such counts with the same money. Conversely, counts that agree in sum for each
pool and profile can be disaggregated: any rack of a class that draws the profile may serve any demand of the pool that
has it. Between periods the counts by pool see no fewer departures than they must; disaggregation may need more, which
the plan's own objective counts. So the optimum by pools bounds the optimum by classes from above.

Hand-over and a budget of moves look at single departures, and cannot be seen by pools: :func:`poolable` says so.
"""

from __future__ import annotations

import numpy as np

from capalloc.instance.model import Instance
from capalloc.planner.lp.linear import ALWAYS, NONE, LinearModel
from capalloc.planner.lp.program import Floats
from capalloc.planner.model.columns import Preferences, add_columns, integer_counts
from capalloc.planner.model.level import Columns, Level, draws_w
from capalloc.planner.model.objective import usd_per_cost
from capalloc.planner.model.rules import DELIVERY, GROUPS, LOADS, SERVICE, SITE, exclusivity
from capalloc.reduction.counts import Counts
from capalloc.reduction.disaggregate import disaggregate
from capalloc.reduction.pools import Pools

_ON_POOLS = (*DELIVERY, exclusivity.add, *SERVICE, *GROUPS)
"""The rows that look at whom racks serve."""


def poolable(instance: Instance) -> bool:
    """Whether every rule of the policy can be kept by counts of pools."""
    policy = instance.policy
    return not policy.has_hand_over and policy.most_moves is None


class ModelByPool:
    """Columns and rows of every rule over the pools, classes and periods of an instance."""

    def __init__(self, pools: Pools, prefer: Preferences) -> None:
        by_pool, by_class = pools.by_pool, pools.by_class
        self.pools, self.instance, self.classes = pools, by_class.instance, by_class.classes
        self.linear = LinearModel(usd_per_cost(self.instance), len(self.instance.periods))
        self.served = add_columns(self.linear, by_pool, prefer)
        """Columns by pool and demand."""
        self.drawn = _add_drawn(self.linear, pools, self.served)
        """Columns by class and profile: what serves, what is off, where deliveries go."""
        serving = Level(self.linear, by_pool, self.served, draws_w(by_pool), np.arange(len(by_pool.classes.size)))
        drawing = Level(self.linear, by_class, self.drawn, pools.draw_w, pools.pool_of)
        self.levels: tuple[Level, ...] = (serving, drawing)
        self.packing, self.money, self.isolations = drawing.packing, serving.money, serving.isolations
        for level, adds in ((drawing, LOADS), (serving, _ON_POOLS), (drawing, SITE)):
            for add in adds:
                add(level)
        _add_sums(self.linear, pools, self.served, self.drawn)

    def counts(self, values: Floats) -> Counts:
        """Counts by class of the columns' values."""
        return disaggregate(self.pools, integer_counts(self.served, values), integer_counts(self.drawn, values))


def _add_drawn(model: LinearModel, pools: Pools, served: Columns) -> Columns:
    classes = pools.by_class.classes
    profiles = pools.draw_w.shape[1]
    some = np.zeros((len(pools.pool_of), profiles, model.periods), dtype=bool)
    for d in range(served.serve.shape[1]):
        c = np.arange(len(pools.pool_of))
        some[c, pools.profile_of[pools.pool_of, d]] |= served.serve[pools.pool_of, d] >= 0
    serve = model.add_columns(some, classes.size[:, None, None], integer=True)
    off = model.add_columns(served.off[pools.pool_of] >= 0, classes.size[:, None], integer=True)
    place = model.add_columns(classes.delivery >= 0, classes.size, integer=True, when=ALWAYS)
    model.disaggregated += [serve, off, place]
    nothing = np.full(serve.shape, NONE)
    return Columns(serve, off, nothing, nothing, place)


def _add_sums(model: LinearModel, pools: Pools, served: Columns, drawn: Columns) -> None:
    """What classes draw by profile, have off and have placed is in sum what their pool serves, has off and placed."""
    count, profiles = len(pools.by_pool.classes.size), pools.draw_w.shape[1]
    shape = (count, profiles, model.periods)
    rows = model.add_rows(count * profiles * model.periods, "drawn", lower=0.0, upper=0.0).reshape(shape)
    model.put(rows[pools.pool_of], drawn.serve, 1.0)
    n = np.arange(count)[:, None]
    d = np.arange(served.serve.shape[1])[None, :]
    model.put(rows[n, pools.profile_of[n, d]], served.serve, -1.0)
    off = model.add_rows(count * model.periods, "off", lower=0.0, upper=0.0).reshape(count, model.periods)
    model.put(off[pools.pool_of], drawn.off, 1.0)
    model.put(off, served.off, -1.0)
    placed = model.add_rows(count, "placed", lower=0.0, upper=0.0)
    model.put(placed[pools.pool_of], drawn.place, 1.0)
    model.put(placed, served.place, -1.0)
