"""What demands lose in a period: racks, kW, GPUs and money."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from capalloc.analysis.base import Base
from capalloc.analysis.impact.stake import stake_of
from capalloc.analysis.impact.state import State
from capalloc.instance.model import Bools, Ints
from capalloc.roster.figures import delivered_racks, kw_per_rack
from capalloc.schema.demand import Basis, Contract, Demand
from capalloc.schema.impact import DemandHit


def demand_hits(base: Base, state: State, t: int) -> Iterator[DemandHit]:
    """Every demand with racks or spares that go dark, or racks that are left with one feed, in their order."""
    dark, on_one_feed = state.dark[:, t], state.on_one_feed[:, t]
    serving, held = base.roster.serving[:, t], base.roster.buffer[:, t]
    for d in range(len(base.instance.demands)):
        lost, one, spares = dark & (serving == d), on_one_feed & (serving == d), dark & (held == d)
        if lost.any() or one.any() or spares.any():
            yield _hit(base, d, t, lost, one, int(spares.sum()))


def _hit(base: Base, d: int, t: int, lost: Bools, on_one_feed: Bools, spares: int) -> DemandHit:
    instance, data = base.instance, base.instance.demands[d]
    kw, by_type = kw_per_rack(instance, data), _by_type(base, lost)
    racks = delivered_racks(instance, base.roster)[d]
    stake = stake_of(data, racks, by_type, t)
    return DemandHit(
        demand=data.name,
        tenant=data.demand.tenant if isinstance(data.demand, Contract) else None,
        basis=_basis(data.demand),
        racks=int(lost.sum()),
        kw_lost=round(float(kw @ by_type), 6),
        gpus_lost=int(instance.gpus @ by_type),
        racks_on_one_feed=int(on_one_feed.sum()),
        kw_on_one_feed=round(float(kw @ _by_type(base, on_one_feed)), 6),
        spares_dark=spares,
        delivered_kw=round(float(kw @ racks[:, t]), 6),
        committed_kw=round(float(data.committed[t] * data.kw_per_unit), 6),
        usd_at_stake_per_month=round(stake.usd_per_month, 2),
        usd_at_stake_per_hour=round(stake.usd_per_hour, 2),
    )


def _by_type(base: Base, racks: Bools) -> Ints:
    """(K,) number of some racks, (R,), of each type."""
    return np.bincount(base.instance.racks.type[racks], minlength=len(base.instance.type_names))


def _basis(demand: Demand) -> Basis:
    if isinstance(demand, Contract):
        return demand.basis
    return "it_nameplate" if demand.draw == "nameplate" else "it_expected"
