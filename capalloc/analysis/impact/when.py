"""When in the horizon it could be out: each period, and the runs in which nobody is dark and no node over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from capalloc.analysis.base import Base
from capalloc.analysis.impact.limits import gauges_of, over_in
from capalloc.analysis.impact.state import State
from capalloc.schema.impact import PeriodHit, Window


def hits_by_period(base: Base, state: State) -> Iterator[PeriodHit]:
    """What being out in each period would do."""
    had = (state.dark & state.fleet.had).sum(axis=0).tolist()
    idle = (state.dark & ~state.fleet.had).sum(axis=0).tolist()
    for t, label in enumerate(base.plan.periods):
        yield PeriodHit(
            period=label,
            racks_dark=had[t],
            idle_racks_dark=idle[t],
            kw_lost=round(float(state.kw_lost[t]), 6),
            kw_on_one_feed=round(float(state.kw_on_one_feed[t]), 6),
            over=over_in(state, t),
            tightest=gauges_of(state, t).tightest(state.strained[:, t]),
        )


def windows_of(base: Base, hits: Sequence[PeriodHit]) -> tuple[Window, ...]:
    """Runs of periods in which nobody is dark and no node over."""
    return tuple(_runs(base, hits, [not hit.racks_dark and not hit.over for hit in hits]))


def least_harm(base: Base, hits: Sequence[PeriodHit]) -> tuple[Window, ...]:
    """Where there is no window, and periods differ: those with fewest nodes over, and of these with least kW lost."""
    harm = [(len(hit.over), hit.kw_lost) for hit in hits]
    if windows_of(base, hits) or len(set(harm)) == 1:
        return ()
    return tuple(_runs(base, hits, [one == min(harm) for one in harm]))


def _runs(base: Base, hits: Sequence[PeriodHit], chosen: Sequence[bool]) -> Iterator[Window]:
    periods = base.instance.periods
    for among, group in groupby(range(len(hits)), key=chosen.__getitem__):
        if among:
            run = list(group)
            lost = max(hits[t].kw_lost for t in run)
            yield Window(start=periods[run[0]].start, until=periods[run[-1]].end, kw_lost=lost)
