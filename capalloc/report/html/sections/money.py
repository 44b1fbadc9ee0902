"""What a plan earns."""

from __future__ import annotations

from capalloc.analysis.picture import Pictured
from capalloc.report.charts.money import money_figures
from capalloc.report.charts.shades import shades_of
from capalloc.report.html.chart import chart_data
from capalloc.report.html.section import Section


def money(pictured: Pictured) -> Section:
    """The section of money."""
    figures = money_figures(pictured, shades_of(pictured))
    charts = [chart_data(figure) for figure in figures.values()]
    return Section(
        "money", "Money", {"figures": list(figures.values()), "prices": "prices" in figures}, {"charts": charts}
    )
