"""Figures that can be drawn into files, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from capalloc.analysis.base import period_asked
from capalloc.analysis.picture import Pictured
from capalloc.errors import NoAnswerError, Problem, ScenarioError
from capalloc.report.charts.calendar import calendar_figure
from capalloc.report.charts.colourings import Colouring
from capalloc.report.charts.figure import Figure
from capalloc.report.charts.files import drawn
from capalloc.report.charts.floor import floor_svg
from capalloc.report.charts.lettering import fitted
from capalloc.report.charts.money import money_figures
from capalloc.report.charts.power import power_svg
from capalloc.report.charts.ramp import NAMES, ramp_figure
from capalloc.report.charts.shades import resolved, shades_of


@dataclass(frozen=True, slots=True)
class Drawable:
    """A figure as SVG."""

    draw: Callable[[Pictured, str, int], str]
    """Of a plan, in one of ``measures``, in a period by its number."""
    measures: Sequence[str] = ("",)
    """The first is drawn unless another is asked for."""
    of_a_period: bool = False
    """Whether it shows one period; the others show all."""


def figure_svg(pictured: Pictured, name: str, measure: str | None = None, period: str | None = None) -> str:
    """A figure by its name, with its colours. ``period`` is the first unless given.

    Raises ScenarioError where the figure has no such measure, or shows no single period, or the plan has no such one;
    NoAnswerError where there is nothing to draw.
    """
    figure = FIGURES[name]
    chosen = _measure(name, figure, measure)
    if period is not None and not figure.of_a_period:
        raise _refused("--period", period, f"none: the figure '{name}' shows all periods")
    number = 0 if period is None else period_asked(pictured.periods, period)
    return resolved(figure.draw(pictured, chosen, number))


def _measure(name: str, figure: Drawable, asked: str | None) -> str:
    if asked is None:
        return figure.measures[0]
    found = next((measure for measure in figure.measures if measure and measure.lower() == asked.lower()), None)
    if found is None:
        known = ", ".join(filter(None, figure.measures))
        expected = f"one of {known}" if known else f"none: the figure '{name}' has only one"
        raise _refused("--measure", asked, expected)
    return found


def _refused(option: str, found: str, expected: str) -> ScenarioError:
    return ScenarioError([Problem("", 0, option, f"found {found!r}, expected {expected}")])


def _ramp(pictured: Pictured, measure: str, _: int) -> str:
    figure = ramp_figure(pictured, shades_of(pictured))
    return drawn(figure, _titled(pictured, f"{figure.title} in {measure}"), measure)


def _floor(pictured: Pictured, measure: str, period: int) -> str:
    return floor_svg(pictured, shades_of(pictured), period, Colouring(measure))


_MONEY = ("earned", "firm", "prices")
_NOTHING: Mapping[str, str] = {
    "earned": "the plan serves nobody, so it earns nothing",
    "firm": "the plan has no contracts, so no fees that could be firm or at risk",
    "prices": "no power node has a price: one more kW of a node's limit would add nothing to the objective",
}


def _money(pictured: Pictured, measure: str, _: int) -> str:
    figure = money_figures(pictured, shades_of(pictured)).get(measure)
    if figure is None:
        raise NoAnswerError(f"there is nothing to draw: {_NOTHING[measure]}")
    return _whole(pictured, figure)


def _calendar(pictured: Pictured, _: str, __: int) -> str:
    return _whole(pictured, calendar_figure(pictured, shades_of(pictured)))


def _whole(pictured: Pictured, figure: Figure) -> str:
    return drawn(figure, _titled(pictured, figure.title))


_NAME = 26.0
"""Most width of a scenario's name in a title, in the size of the font."""


def _titled(pictured: Pictured, what: str) -> str:
    horizon = pictured.scenario.horizon
    name = fitted(pictured.plan.scenario, _NAME, 1.0)
    return f"{name}: {what}, {horizon.start.isoformat()} until {horizon.end.isoformat()}"


FIGURES: Mapping[str, Drawable] = {
    "ramp": Drawable(_ramp, tuple(NAMES)),
    "floor": Drawable(_floor, tuple(Colouring), of_a_period=True),
    "power": Drawable(lambda pictured, _, period: power_svg(pictured, period), of_a_period=True),
    "money": Drawable(_money, _MONEY),
    "calendar": Drawable(_calendar),
}
