"""Who holds which hall when, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import count as count_from

from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.calendar import Halls, Held
from capalloc.analysis.picture.floor import State
from capalloc.analysis.picture.marks import Kind, Mark
from capalloc.calendar import format_day
from capalloc.report.apart import apart
from capalloc.report.charts.marks import LANE_OF
from capalloc.report.figures import count, percent, plural

_NAMED = 3
"""Demands whose share is told."""
_NONE = {
    "Deliveries": "deliveries",
    "Power": "changes of supply",
    "Contracts": "ends or notices of contracts",
    "Outages": "outages",
}
"""Lines of dates, and what there is none of where they are empty."""
_OF_RACKS = {
    State.IDLE: "idle",
    State.OFF: "switched off",
    State.MAINTENANCE: "in maintenance",
    State.PARTLY: "arriving or leaving",
    State.DARK: "no power",
}


def says_of(halls: Halls, marks: Sequence[Mark], pictured: Pictured) -> str:
    """What the calendar shows, in a few sentences with its figures."""
    return " ".join([_places(halls), *_shares(halls, pictured), *_moves(marks), *_without(marks)])


def _places(halls: Halls) -> str:
    racks = sum(place.racks for place in halls.places)
    says = f"{plural(len(halls.places), halls.kind).capitalize()} with {plural(racks, 'rack')}"
    left = f", the most used; {plural(halls.left_out, 'more ' + halls.kind)} not shown" if halls.left_out else ""
    return f"{says}{left}."


def _shares(halls: Halls, pictured: Pictured) -> Iterator[str]:
    """What the demands that hold most hold at first and at the end."""
    whole = sum(place.racks for place in halls.places)
    names = pictured.site.instance.demand_names
    held = [(name, _held(halls, state)) for name, state in zip(names, count_from(State.SERVES, 2), strict=False)]
    told = sorted((one for one in held if any(one[1])), key=lambda one: -max(one[1]))
    parts = [f"{apart(name)} {_over_time([racks / whole for racks in some])}" for name, some in told[:_NAMED]]
    more = len(told) - _NAMED
    if parts:
        tail = f"; {plural(more, 'more demand')} hold{'s' if more == 1 else ''} racks" if more > 0 else ""
        yield f"Of {'these' if halls.left_out else 'all'} racks {', '.join(parts)}{tail}."


def _held(halls: Halls, state: int) -> list[int]:
    """Racks in a state whenever anything changes in a hall, from the first period on."""
    times = sorted({run.period for place in halls.places for run in place.runs})
    return [sum(_at(place.runs, t).get(state, 0) for place in halls.places) for t in times]


def _at(runs: Sequence[Held], period: int) -> Mapping[int, int]:
    """Racks by state of a hall in a period."""
    found: Mapping[int, int] = {}
    for run in runs:
        if run.period <= period:
            found = run.racks
    return found


def _over_time(shares: Sequence[float]) -> str:
    """A share at first and at the end, and the most between where that is more than both."""
    if min(shares) == max(shares):
        return f"holds {percent(shares[0])} throughout"
    begin, end, most = (percent(share) if share else "none" for share in (shares[0], shares[-1], max(shares)))
    between = f", at most {most}" if max(shares) > max(shares[0], shares[-1]) else ""
    return f"holds {begin} at first and {end} at the end{between}"


def _moves(marks: Sequence[Mark]) -> Iterator[str]:
    """How many racks change hands, and when most do."""
    by_day: Counter[date] = Counter()
    for one in marks:
        if one.kind is Kind.HAND_OVER:
            by_day[one.day] += round(one.amount)
    if not by_day:
        yield "No rack goes from one demand to another."
        return
    day, most = max(by_day.items(), key=lambda item: (item[1], -item[0].toordinal()))
    whole = sum(by_day.values())
    times = f"all on {format_day(day)}" if len(by_day) == 1 else f"most on {format_day(day)}: {count(most)}"
    verb = "goes" if whole == 1 else "go"
    yield f"{plural(whole, 'rack')} {verb} from one demand to another, {times}."


def _without(marks: Sequence[Mark]) -> Iterator[str]:
    """Lines of dates that are empty, and so not drawn."""
    there = {LANE_OF[one.kind] for one in marks}
    missing = [f"no {words}" for lane, words in _NONE.items() if lane not in there]
    if missing:
        yield f"There are {' and '.join(', '.join(missing).rsplit(', ', 1))}."


def spans_of(halls: Halls, pictured: Pictured) -> Iterator[tuple[str, str, str, str]]:
    """(hall or building, from, until, who holds how many racks) for each span in which nothing changes there."""
    periods = pictured.periods
    for place in halls.places:
        ends = [*(one.period for one in place.runs[1:]), len(periods)]
        for run, end in zip(place.runs, ends, strict=True):
            days = periods[run.period].start.isoformat(), periods[end - 1].end.isoformat()
            yield place.name, *days, _holders(run.racks, pictured.site.instance.demand_names)


def _holders(racks: Mapping[int, int], names: Sequence[str]) -> str:
    return ", ".join(f"{_holder(state, names)} {count(some)}" for state, some in racks.items()) or "no rack"


def _holder(state: int, names: Sequence[str]) -> str:
    if state < State.SERVES:
        return _OF_RACKS.get(State(state), "")
    demand, spare = divmod(state - State.SERVES, 2)
    return f"{apart(names[demand])}{' (spare)' if spare else ''}"
