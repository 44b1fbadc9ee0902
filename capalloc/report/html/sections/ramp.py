"""What each demand gets over time."""

from __future__ import annotations

from capalloc.analysis.picture import Pictured
from capalloc.report.charts.ramp import ramp_figure
from capalloc.report.charts.shades import shades_of
from capalloc.report.html.chart import chart_data
from capalloc.report.html.section import Section


def ramp(pictured: Pictured) -> Section:
    """The section of the ramp."""
    figure = ramp_figure(pictured, shades_of(pictured))
    return Section("ramp", figure.title, {"figure": figure}, {"charts": [chart_data(figure)]})
