"""The searches in the order of priorities: whose money counts in each, and who keeps what it delivers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from capalloc.calendar import months_between
from capalloc.instance.model import Bools, Curve, DemandData, Floats, Instance, Ints
from capalloc.schema.demand import Contract

_USD_PER_KW_MONTH = 1.0
"""What a committed kW counts beside its money in the search of its priority."""
_LATER_SHARE, _LAST_SHARE = 1e-4, 1e-5
"""Of each dollar of what is served later, commitments and all else, so that of equal plans those are found that leave
the most for it; a rack for a rack it outweighs nothing that comes first."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One search in the order: whose money counts in it, and who keeps what it delivers."""

    first: Bools
    """(D,) demands that are served now, or were before: their money counts, that of the others next to nothing."""
    later: Bools
    """(D,) others whose commitments come next."""
    keeps: Bools
    """(D,) demands that keep what they are delivered of their commitment."""
    set_aside: Bools
    """(D,) prospects that may displace nobody who is signed: nothing of theirs has to be delivered."""
    whole: bool = False
    """Money above commitments counts too."""

    def of(self, instance: Instance) -> Instance:
        """The instance in which money counts as it does here."""
        months = np.array([months_between(period.start, period.end) for period in instance.periods])
        return replace(instance, demands=tuple(self._of(d, data, months) for d, data in enumerate(instance.demands)))

    def _of(self, d: int, data: DemandData, months: Floats) -> DemandData:
        if not self.first[d]:
            must = np.zeros_like(data.must) if self.set_aside[d] else data.must
            share, curves = (
                (_LATER_SHARE, _up_to(data, data.committed)) if self.later[d] else (_LAST_SHARE, data.curves)
            )
            return replace(data, must=must, curves=tuple(_times(curve, share) for curve in curves))
        return data if self.whole else replace(data, curves=(*_up_to(data, data.committed), _by_kw(data, months)))

    def turn(self, instance: Instance) -> frozenset[str]:
        """Names of the demands that keep what they are delivered."""
        return names_of(instance, self.keeps)

    def has_others(self, instance: Instance) -> bool:
        """Whether anything that is not served first wants racks."""
        return self.whole or any(
            not first or (data.wanted > data.committed).any() or getattr(data.demand, "flexible_mw", 0) > 0
            for first, data in zip(self.first, instance.demands, strict=True)
        )


def stages(instance: Instance, allow_displacing: bool) -> Iterator[Stage]:
    """The searches in their order: each priority above 0, then signed contracts before prospects."""
    scenario, demands = instance.scenario, [data.demand for data in instance.demands]
    prospect = np.array([not allow_displacing and scenario.is_prospect(demand) for demand in demands], dtype=bool)
    priority = np.array([scenario.rank_of(demand, allow_displacing) for demand in demands], dtype=np.int64)
    commits = np.array([data.committed.any() for data in instance.demands], dtype=bool)
    for level in sorted(set(priority[commits & (priority > 0)].tolist()), reverse=True):
        first = priority >= level
        yield Stage(first, ~first & (priority > 0), commits & first, prospect)
    signed = np.array([isinstance(demand, Contract) for demand in demands], dtype=bool) & ~prospect
    if prospect.any() and (signed & commits & (priority == 0)).any():
        yield Stage(~prospect, np.zeros_like(prospect), commits & signed, prospect, whole=True)


def names_of(instance: Instance, of: Bools) -> frozenset[str]:
    """Names of some of the demands, ``of`` (D,)."""
    return frozenset(name for name, one in zip(instance.demand_names, of, strict=True) if one)


def keepers(todo: Sequence[Stage]) -> Bools:
    """(D,) demands that keep what they are delivered, in one search or another."""
    every: Bools = np.any([stage.keeps for stage in todo], axis=0)
    return every


def _up_to(data: DemandData, units: Ints) -> tuple[Curve, ...]:
    """The demand's curves, flat above (T,) units."""
    return tuple(_flat_above(curve, _measured(data, curve, units)) for curve in data.curves)


def _measured(data: DemandData, curve: Curve, units: Ints) -> Floats:
    """(T,) units of the demand in those of a curve."""
    return np.asarray(units * (1.0 if np.array_equal(curve.measure, data.unit) else data.gpus_per_unit))


def _flat_above(curve: Curve, most: Floats) -> Curve:
    below = np.cumsum(np.column_stack((np.zeros(len(most)), curve.widths[:, :-1])), axis=1)
    return replace(curve, widths=np.clip(most[:, None] - below, 0.0, curve.widths))


def _times(curve: Curve, factor: float) -> Curve:
    return replace(curve, slopes=curve.slopes * factor, base=curve.base * factor)


def _by_kw(data: DemandData, months: Floats) -> Curve:
    """A small gain for each kW of a commitment, so that those worth nothing, in a month without a fee, are met too."""
    usd = _USD_PER_KW_MONTH * data.kw_per_unit * months[:, None]
    return Curve(data.unit, data.committed[:, None].astype(float), usd, np.zeros(len(months)))
