"""What a roster that serves first who comes first has changed against the one that money alone makes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from capalloc.instance.model import Instance
from capalloc.roster.figures import delivered_racks, demand_rows, roster_usd
from capalloc.roster.roster import Roster
from capalloc.schema.plan import DemandPeriod, Precedence, PrecedenceChange

_Pair = tuple[DemandPeriod, DemandPeriod]
"""One demand in one period before and after."""
_Change = tuple[str, float, int]
"""A demand with the kW and racks that it gets more."""


def precedence(instance: Instance, before: Roster, after: Roster, bound_usd: float) -> Precedence:
    """Who gets more, and who less, where a commitment is met further than it was; and what that costs.

    ``bound_usd`` is the one on plans that deliver as much of what comes first.
    """
    rows = (demand_rows(instance, delivered_racks(instance, roster)) for roster in (before, after))
    pairs: dict[str, list[_Pair]] = {period.label: [] for period in instance.periods}
    for old, new in zip(*rows, strict=True):
        pairs[new.period].append((old, new))
    changes = [_changes(some) for some in pairs.values()]
    less = roster_usd(instance, before) - roster_usd(instance, after)
    return Precedence(less_usd=less, bound_usd=bound_usd, changes=tuple(_runs(instance, changes)))


def _changes(pairs: list[_Pair]) -> tuple[_Change, ...]:
    """What has changed in a period, the most kW first; nothing where no commitment is met further than it was."""
    if not any(_met_kw(new) > _met_kw(old) for old, new in pairs):
        return ()
    every = ((new.demand, round(new.delivered_kw - old.delivered_kw, 6), new.racks - old.racks) for old, new in pairs)
    return tuple(sorted((one for one in every if one[1]), key=lambda one: -one[1]))


def _met_kw(row: DemandPeriod) -> float:
    """What is delivered of a commitment."""
    return min(row.committed_kw, row.delivered_kw)


def _runs(instance: Instance, changes: list[tuple[_Change, ...]]) -> Iterator[PrecedenceChange]:
    """Runs of neighbouring periods with the same changes."""
    for change, group in groupby(range(len(changes)), key=changes.__getitem__):
        run = list(group)
        start, until = instance.periods[run[0]].start, instance.periods[run[-1]].end
        for name, kw, racks in change:
            yield PrecedenceChange(demand=name, start=start, until=until, more_kw=kw, more_racks=racks)
