"""Who holds which hall when, and what happens on which day."""

from __future__ import annotations

from typing import Any

from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.calendar import halls_of
from capalloc.analysis.picture.marks import marks_of
from capalloc.report.charts.calendar import calendar_figure
from capalloc.report.charts.halls import spans_of
from capalloc.report.charts.marks import LANE_OF, how_much, signs_shown, what
from capalloc.report.charts.shades import shades_of
from capalloc.report.html.chart import chart_data
from capalloc.report.html.section import Section


def calendar(pictured: Pictured) -> Section:
    """The section of the calendar."""
    figure = calendar_figure(pictured, shades_of(pictured))
    halls, marks = halls_of(pictured), marks_of(pictured)
    data: dict[str, Any] = {
        "charts": [chart_data(figure)],
        "kind": halls.kind,
        "places": [[place.name, place.racks] for place in halls.places],
        "dates": [
            [
                one.day.isoformat(),
                None if one.until is None else one.until.isoformat(),
                LANE_OF[one.kind],
                what(one),
                how_much(one) or None,
            ]
            for one in marks
        ],
        "spans": list(spans_of(halls, pictured)),
    }
    return Section("calendar", figure.title, {"figure": figure, "signs": signs_shown(marks), "kind": halls.kind}, data)
