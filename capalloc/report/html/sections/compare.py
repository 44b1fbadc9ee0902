"""Two plans side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.floor import State, floor_of
from capalloc.instance.model import NOBODY, Ints
from capalloc.report.charts.ramp import ramp_figure
from capalloc.report.charts.shades import shades_of
from capalloc.report.diff import figures_of
from capalloc.report.figures import plural, signed, usd
from capalloc.report.html.chart import chart_data
from capalloc.report.html.section import Section
from capalloc.report.html.sections.floor import patterns
from capalloc.report.moves import doing
from capalloc.schema.diff import Diff


def compare(first: Pictured, second: Pictured, answer: Diff) -> Section:
    """The section of the comparison."""
    shades = shades_of(second)
    figure = replace(
        ramp_figure(first, {**shades_of(first), **shades}), name="compare", title="The first plan's ramp", keys=()
    )
    values = {
        "sentences": list(sentences(answer)),
        "lines": [tuple(line) for line in figures_of(answer)],
        "notes": list(answer.notes),
        "same": answer.same,
        "figure": figure,
    }
    data = {"charts": [chart_data(figure)], "moves": _moves(answer), "floor": _first_floor(first, second)}
    return Section("compare", "Two plans", values, data)


def sentences(answer: Diff) -> Iterator[str]:
    """What is different, in a few words."""
    if answer.same:
        yield "The two plans are the same: no rack, position or dollar differs on the days that both cover."
        return
    racks = len({one.rack for one in answer.moves})
    yield f"{plural(racks, 'rack')} do something else than in the first plan, in {plural(len(answer.moves), 'job')}."
    if answer.difference_usd is not None:
        yield f"The second plan is worth {signed(usd(answer.difference_usd))} against the first, discounted."
    gains = {name: _most(answer, name) for name in dict.fromkeys(one.demand for one in answer.demands)}
    largest = sorted((kw, name) for name, kw in gains.items() if kw)
    parts = [
        f"{name} up to {signed(f'{kw / 1000:,.2f}')} MW"
        for kw, name in sorted(largest, key=lambda one: -abs(one[0]))[:3]
    ]
    if parts:
        yield f"Delivered: {', '.join(parts)}."


def _most(answer: Diff, demand: str) -> float:
    """The largest difference in what a demand gets, kW."""
    return max((one.kw[1] - one.kw[0] for one in answer.demands if one.demand == demand), key=abs)


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


def _first_floor(first: Pictured, second: Pictured) -> dict[str, Any] | None:
    """What stood at the second plan's positions in the first plan, in the second's periods; None where none fits."""
    labels = {period.label: t for t, period in enumerate(first.periods)}
    when = [labels.get(period.label, NOBODY) for period in second.periods]
    if NOBODY in when:
        return None
    number = {name: p for p, name in enumerate(first.site.instance.positions.names)}
    where = [number.get(name, NOBODY) for name in second.site.instance.positions.names]
    names = _names(first, second)
    state = _renamed(first, names, floor_of(first).state)[:, when]
    state = np.vstack([state, np.zeros((1, state.shape[1]), dtype=state.dtype)])
    return {**patterns(state[where]), "demands": names}


def _names(first: Pictured, second: Pictured) -> list[str]:
    """Demands of the second plan, then those that only the first has."""
    return list(dict.fromkeys((*second.site.instance.demand_names, *first.site.instance.demand_names)))


def _renamed(first: Pictured, names: list[str], state: Ints) -> Ints:
    """States with demands numbered as in ``names``."""
    number = np.array([names.index(name) for name in first.site.instance.demand_names], dtype=np.int64)
    renamed = state.copy()
    served = state >= State.SERVES
    code = state[served] - State.SERVES
    renamed[served] = State.SERVES + 2 * number[code // 2] + code % 2
    return renamed
