"""Two plans side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.floor import State, floor_of
from capalloc.instance.model import NOBODY, Ints
from capalloc.report.about import about_line
from capalloc.report.apart import apart
from capalloc.report.charts.figure import Figure
from capalloc.report.charts.ramp import ramp_figure
from capalloc.report.charts.shades import shades_for
from capalloc.report.charts.shared_axes import on_shared_axes
from capalloc.report.diff import figures_of
from capalloc.report.figures import plural, power_unit, signed, usd
from capalloc.report.html.chart import chart_data
from capalloc.report.html.section import Section
from capalloc.report.html.sections.floor import patterns
from capalloc.report.moves import doing, jobs_of
from capalloc.schema.diff import Diff

_NAMED = 3
"""Demands that a sentence names."""
Plans = tuple[Pictured, Pictured]


def compare(plans: Plans, names: tuple[str, str], answer: Diff) -> Section:
    """The section of the comparison; ``names`` are what the reader calls the plans."""
    figures = [] if answer.same else _ramps(*plans)
    floor = _first_floor(*plans)
    first_of, second_of = (one.plan.scenario for one in plans)
    values = {
        "sentences": list(sentences(answer)),
        "plans": [
            (which, name, about_line(about)) for which, name, about in zip(_WHICH, names, answer.about, strict=True)
        ],
        "rejected": [which for which, one in zip(_WHICH, plans, strict=True) if one.verdict.verdict != "ok"],
        "others": [which for which, one in zip(_WHICH, plans, strict=True) if one.of_another],
        "apart": first_of != second_of,
        "lines": [tuple(line) for line in figures_of(answer)],
        "notes": list(answer.notes),
        "same": answer.same,
        "figures": [] if answer.same else list(zip(_WHICH, figures, strict=True)),
        "demands": bool(answer.demands),
        "moves": bool(answer.moves),
        "stands": bool(answer.stands),
        "floor": floor is not None,
    }
    data = {
        "charts": [chart_data(figure) for figure in figures],
        "jobs": _jobs(answer),
        "moves": _moves(answer),
        "stands": _stands(answer),
        "demands": _demands(answer),
        "floor": floor,
    }
    return Section("compare", "Two plans", values, data)


_WHICH = ("First plan", "Second plan")


def shades_of_two(first: Pictured, second: Pictured) -> dict[str, str]:
    """The colour of each demand of two plans: the second's own; what the first alone has takes those that are left."""
    known = second.site.instance.demand_names
    gone = [name for name in first.site.instance.demand_names if name not in known]
    return shades_for(known, second.plan, gone)


def _ramps(first: Pictured, second: Pictured) -> list[Figure]:
    shades = shades_of_two(first, second)
    figures = [
        replace(ramp_figure(one, shades), name=f"compare-{number}", title=f"{which}'s ramp")
        for number, (which, one) in enumerate(zip(_WHICH, (first, second), strict=True))
    ]
    return on_shared_axes(figures, [first.periods, second.periods])


def sentences(answer: Diff) -> Iterator[str]:
    """What is different, in a few words."""
    if answer.same:
        yield "The two plans are the same: no rack, position or dollar differs on the days that both cover."
        return
    yield from _worth(answer)
    racks = len({one.rack for one in answer.moves})
    if racks:
        yield (
            f"{plural(racks, 'rack')} {'does' if racks == 1 else 'do'} something else than in the first plan, "
            f"in {plural(len(answer.moves), 'job')}, a rack and day each."
        )
    else:
        yield "Every rack does what it does in the first plan."
    if answer.stands:
        yield f"{plural(len(answer.stands), 'delivered rack')} stand elsewhere, or on another day."
    yield _delivered(answer)


def _worth(answer: Diff) -> Iterator[str]:
    if answer.difference_usd is not None and round(answer.difference_usd) == 0:
        yield "The two plans are worth the same."
    elif answer.difference_usd is not None:
        yield f"The second plan is worth {signed(usd(answer.difference_usd))} against the first, discounted."
    elif answer.overlap.periods:
        more = answer.usd[1] - answer.usd[0]
        periods = plural(len(answer.overlap.periods), "period")
        yield f"Over the {periods} that both cover, fees and value less penalties differ by {signed(usd(more))}."


def _delivered(answer: Diff) -> str:
    """Who gets most more, or less."""
    most = {name: _most(answer, name) for name in dict.fromkeys(one.demand for one in answer.demands)}
    largest = sorted(((kw, name) for name, kw in most.items() if kw), key=lambda one: -abs(one[0]))
    if not largest:
        return "Every demand gets the same in every period."
    unit = power_unit(abs(kw) for kw, _ in largest)
    parts = [f"{apart(name)} up to {signed(unit.named(kw))}" for kw, name in largest[:_NAMED]]
    more = len(largest) - _NAMED
    return f"Delivered: {', '.join(parts)}" + (f", and {plural(more, 'demand')} more." if more > 0 else ".")


def _most(answer: Diff, demand: str) -> float:
    """The largest difference in what a demand gets, kW."""
    return max((one.kw[1] - one.kw[0] for one in answer.demands if one.demand == demand), key=abs)


def _jobs(answer: Diff) -> dict[str, list[Any]]:
    """Racks of a hall that do the same on the same day."""
    jobs = jobs_of(answer)
    return {
        "date": [one.day.isoformat() for one, _ in jobs],
        "change": [one.change for one, _ in jobs],
        "from": [one.before for one, _ in jobs],
        "to": [one.after for one, _ in jobs],
        "racks": [len(moves) for _, moves in jobs],
        "hall": [one.hall or None for one, _ in jobs],
        "was": [one.was or None for one, _ in jobs],
    }


def _moves(answer: Diff) -> dict[str, list[Any]]:
    moves = answer.moves
    return {
        "date": [one.date.isoformat() for one in moves],
        "change": [one.change for one in moves],
        "rack": [one.rack for one in moves],
        "from": [doing(one.source_state, one.source) for one in moves],
        "to": [doing(one.to_state, one.to) for one in moves],
        "was": [None if one.was is None else one.was.isoformat() for one in moves],
        "hall": [one.hall for one in moves],
        "row": [one.row for one in moves],
        "position": [one.position for one in moves],
    }


def _stands(answer: Diff) -> dict[str, list[Any]]:
    stands = answer.stands
    return {
        "date": [one.date.isoformat() for one in stands],
        "change": [one.change for one in stands],
        "rack": [one.rack for one in stands],
        "type": [one.rack_type for one in stands],
        "first": [one.positions[0] for one in stands],
        "second": [one.positions[1] for one in stands],
        "was": [None if one.was is None else one.was.isoformat() for one in stands],
    }


def _demands(answer: Diff) -> dict[str, list[Any]]:
    rows = answer.demands
    return {
        "period": [one.period for one in rows],
        "demand": [one.demand for one in rows],
        "first": [one.kw[0] for one in rows],
        "second": [one.kw[1] for one in rows],
        "racksFirst": [one.racks[0] for one in rows],
        "racksSecond": [one.racks[1] for one in rows],
        "usdFirst": [round(one.usd[0], 2) for one in rows],
        "usdSecond": [round(one.usd[1], 2) for one in rows],
    }


def _first_floor(first: Pictured, second: Pictured) -> dict[str, Any] | None:
    """What stood at the second plan's positions in the first plan, in the second's periods; None where none fits.

    A state of NOBODY is that of a period, or a position, that the first plan does not know.
    """
    known = {(period.start, period.end): t for t, period in enumerate(first.periods)}
    when = np.array([known.get((period.start, period.end), NOBODY) for period in second.periods])
    number = {name: p for p, name in enumerate(first.site.instance.positions.names)}
    where = np.array([number.get(name, NOBODY) for name in second.site.instance.positions.names])
    if (when == NOBODY).all() or (where == NOBODY).all():
        return None
    names = list(dict.fromkeys([*second.site.instance.demand_names, *first.site.instance.demand_names]))
    state = _renamed(first, names)[np.ix_(where, when)]
    state[where == NOBODY] = NOBODY
    state[:, when == NOBODY] = NOBODY
    return {"demands": names, **patterns(state)}


def _renamed(first: Pictured, names: list[str]) -> Ints:
    """The first plan's states with the numbers of demands in ``names``."""
    state = floor_of(first).state.copy()
    number = np.array([names.index(name) for name in first.site.instance.demand_names], dtype=np.int64)
    served = state >= State.SERVES
    code = state[served] - State.SERVES
    state[served] = State.SERVES + 2 * number[code // 2] + code % 2
    return state
