"""The model at two levels, for sites with many cells.

A pool is what cells become when power and cooling are not looked at: racks that every other rule treats alike. Whom
racks serve is counted by pool; how much they draw is counted by cell, for each *profile*, a draw that several demands
share. Rules on watts see only what the racks of a cell draw, and every other rule sees only pools, so for one period
any plan by cells and demands gives such counts with the same money. Conversely, counts that agree in sum for each
pool and profile can be dealt out: any rack of a cell that draws the profile may serve any demand of the pool that
has it. Between periods the counts by pool see no fewer departures than they must; dealing out may need more, which
the plan's own objective counts. So the optimum by pools bounds the optimum by cells from above.

Hand-over and a budget of moves look at single departures, and cannot be seen by pools: :func:`poolable` says so.
"""

from __future__ import annotations

import numpy as np

from capalloc.instance.classes import Cells
from capalloc.instance.model import Instance
from capalloc.planner.built import usd_per_cost
from capalloc.planner.columns import Columns, Preferences, add_columns
from capalloc.planner.counts import Counts, whole_counts
from capalloc.planner.deal import deal_out
from capalloc.planner.grouping import add_grouping_rows
from capalloc.planner.limits import add_demand_rows, add_packing_rows
from capalloc.planner.linear import ALWAYS, NONE, LinearModel
from capalloc.planner.pools import Pools
from capalloc.planner.program import Floats, Ints
from capalloc.planner.state import add_exclusivity, add_service_rows, add_site_rows
from capalloc.planner.walls import add_walls


def poolable(instance: Instance) -> bool:
    """Whether every rule of the policy can be kept by counts of pools."""
    policy = instance.scenario.policy
    return policy.handover_days == 0 and policy.max_moves_per_period is None


class PooledModel:
    """Columns and rows of every rule over the pools, cells and periods of an instance."""

    def __init__(self, levels: Pools, prefer: Preferences) -> None:
        instance = levels.cells.instance
        self.levels = levels
        self.model = LinearModel(usd_per_cost(instance), len(instance.periods))
        self.served = add_columns(self.model, levels.pools, prefer)
        """Columns by pool and demand."""
        self.drawn = _add_drawn(self.model, levels, self.served)
        """Columns by cell and profile: what serves, what is off, where deliveries go."""
        self.packing = add_packing_rows(self.model, levels.cells, self.drawn, levels.draw_w)
        """Packing row -> (T,) rows of the model."""
        self.money = add_demand_rows(self.model, levels.pools, self.served)
        add_exclusivity(self.model, levels.pools, self.served)
        add_service_rows(self.model, levels.pools, self.served)
        apart = add_grouping_rows(self.model, levels.pools, self.served)
        add_site_rows(self.model, levels.cells, self.drawn, levels.draw_w)
        _add_sums(self.model, levels, self.served, self.drawn)
        same = np.arange(len(levels.pools.cells.size))
        counted = [(self.served, same), (self.drawn, levels.pool_of)]
        add_walls(self.model, levels.pools, self.served, apart, counted)

    def places(self) -> list[tuple[Cells, Ints]]:
        """Cells of each level, with the columns that place deliveries in them."""
        return [(self.levels.pools.cells, self.served.place), (self.levels.cells.cells, self.drawn.place)]

    def instance(self) -> Instance:
        """Whose periods the model has."""
        return self.levels.cells.instance

    def cells(self) -> Cells:
        """The cells that the counts are by."""
        return self.levels.cells.cells

    def serving(self) -> tuple[Cells, Columns]:
        """Cells, with the columns that count whom their racks serve."""
        return self.levels.pools.cells, self.served

    def counts(self, values: Floats) -> Counts:
        """Counts by cell of the columns' values."""
        return deal_out(self.levels, whole_counts(self.served, values), whole_counts(self.drawn, values))


def _add_drawn(model: LinearModel, levels: Pools, served: Columns) -> Columns:
    cells = levels.cells.cells
    profiles = levels.draw_w.shape[1]
    some = np.zeros((len(levels.pool_of), profiles, model.periods), dtype=bool)
    for d in range(served.serve.shape[1]):
        c = np.arange(len(levels.pool_of))
        some[c, levels.profile_of[levels.pool_of, d]] |= served.serve[levels.pool_of, d] >= 0
    serve = model.add_columns(some, cells.size[:, None, None], whole=True)
    off = model.add_columns(served.off[levels.pool_of] >= 0, cells.size[:, None], whole=True)
    place = model.add_columns(cells.delivery >= 0, cells.size, whole=True, when=ALWAYS)
    model.packed += [serve, off, place]
    nothing = np.full(serve.shape, NONE)
    return Columns(serve, off, nothing, nothing, place)


def _add_sums(model: LinearModel, levels: Pools, served: Columns, drawn: Columns) -> None:
    """What cells draw by profile, have off and have placed is in sum what their pool serves, has off and placed."""
    pools, profiles = len(levels.pools.cells.size), levels.draw_w.shape[1]
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
