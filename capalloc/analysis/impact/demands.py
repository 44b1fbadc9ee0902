"""What demands lose in a period: racks, kW, GPUs and money."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from capalloc.analysis.base import Base
from capalloc.analysis.impact.stake import stake_of
from capalloc.analysis.impact.state import State
from capalloc.instance.model import Bools, DemandData, Ints
from capalloc.roster.figures import delivered_racks, kw_per_rack
from capalloc.schema.demand import Basis, Contract, Demand
from capalloc.schema.impact import DemandHit


def demand_hits(base: Base, state: State, t: int) -> Iterator[DemandHit]:
    """Every demand with racks or spares that go dark or are left with one feed, in their order."""
    serving, held = base.roster.serving[:, t], base.roster.buffer[:, t]
    for d in range(len(base.instance.demands)):
        racks, spares = _touched(state, serving == d, t), _touched(state, held == d, t)
        if any(chosen.any() for chosen in (*racks, *spares)):
            yield _hit(base, d, t, racks, spares)


def _touched(state: State, own: Bools, t: int) -> tuple[Bools, Bools]:
    """(R,) each: of some racks those that go dark, and those that are left with one feed."""
    return own & state.dark[:, t], own & state.on_one_feed[:, t]


def _hit(base: Base, d: int, t: int, racks: tuple[Bools, Bools], spares: tuple[Bools, Bools]) -> DemandHit:
    instance, data = base.instance, base.instance.demands[d]
    kw, (lost, on_one_feed) = kw_per_rack(instance, data), (_by_type(base, chosen) for chosen in racks)
    serving = delivered_racks(instance, base.roster)[d]
    stake = stake_of(data, serving, lost, t)
    short = _short_kw(data, serving[:, t] - lost, t)
    return DemandHit(
        demand=data.name,
        tenant=data.demand.tenant if isinstance(data.demand, Contract) else None,
        basis=_basis(data.demand),
        racks=int(lost.sum()),
        kw_lost=round(float(kw @ lost), 6),
        gpus_lost=int(instance.gpus @ lost),
        racks_on_one_feed=int(on_one_feed.sum()),
        kw_on_one_feed=round(float(kw @ on_one_feed), 6),
        spares_dark=int(spares[0].sum()),
        spares_on_one_feed=int(spares[1].sum()),
        delivered_kw=round(float(kw @ serving[:, t]), 6),
        committed_kw=round(float(data.committed[t] * data.kw_per_unit), 6),
        short_kw=short,
        may_leave_after_days=_may_leave(data.demand) if short and lost.any() else None,
        usd_at_stake_per_month=round(stake.usd_per_month, 2),
        usd_at_stake_per_hour=round(stake.usd_per_hour, 2),
    )


def _short_kw(data: DemandData, left: Ints, t: int) -> float:
    """kW missing of what is committed in a period when (K,) racks are left."""
    return round(float(max(data.committed[t] - data.unit @ left, 0) * data.kw_per_unit), 6)


def _may_leave(demand: Demand) -> int | None:
    """Days of shortfall after which its tenant may leave; None where it may not."""
    if isinstance(demand, Contract) and demand.shortfall.remedy == "terminate":
        return demand.shortfall.cure_days
    return None


def _by_type(base: Base, racks: Bools) -> Ints:
    """(K,) number of some racks, (R,), of each type."""
    return np.bincount(base.instance.racks.type[racks], minlength=len(base.instance.type_names))


def _basis(demand: Demand) -> Basis:
    if isinstance(demand, Contract):
        return demand.basis
    return "it_nameplate" if demand.draw == "nameplate" else "it_expected"
