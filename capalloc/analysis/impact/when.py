"""When in the horizon it could be out: each period, and the runs in which nobody is dark and no node over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from capalloc.analysis.base import Base
from capalloc.analysis.impact.limits import names_of, tightest
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
            over=names_of(state, state.over[:, t]),
            tightest=tightest(state, state.flow.load_w[:, t], t),
        )


def windows_of(base: Base, hits: Sequence[PeriodHit]) -> Iterator[Window]:
    """Runs of periods in which nobody is dark and no node over."""
    numbered = list(enumerate(hits))
    for quiet, group in groupby(numbered, key=lambda one: not one[1].racks_dark and not one[1].over):
        if quiet:
            run = list(group)
            first, last = base.instance.periods[run[0][0]], base.instance.periods[run[-1][0]]
            yield Window(start=first.start, until=last.end, kw_lost=max(hit.kw_lost for _, hit in run))
