"""The map of the floor as a drawing: every position once, counted, and text stays text."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from xml.etree import ElementTree as Svg

import numpy as np
import pytest

from capalloc import solve
from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.floor import floor_of
from capalloc.report.charts.catalogue import figure_svg
from capalloc.report.charts.colourings import Colouring, Colours
from capalloc.report.charts.floor import floor_svg
from capalloc.report.charts.shades import shades_of
from capalloc.schema.scenario import Scenario
from tests.html.sites import EXAMPLES, hostile, many_demands

_STRIP = re.compile(r"v(\d+)h-0\.9z")


@cache
def pictured(make: Callable[[], Scenario]) -> Pictured:
    scenario = make()
    plan = solve(scenario).plan
    assert plan is not None
    return Pictured(scenario, plan)


def tiny() -> Scenario:
    return EXAMPLES["tiny"]()


@pytest.mark.parametrize("site", [tiny, hostile, many_demands])
@pytest.mark.parametrize("colouring", Colouring)
def test_every_position_is_drawn_once_and_counted_once(site: Callable[[], Scenario], colouring: Colouring) -> None:
    shown = pictured(site)
    shades = shades_of(shown)
    groups = Colours(shown, floor_of(shown), shades, 0).by(colouring)
    everything = np.sort(np.concatenate([group.positions for group in groups]))
    assert everything.tolist() == list(range(len(shown.scenario.facility.positions)))
    drawing = floor_svg(shown, shades, 0, colouring)
    assert sum(map(int, _STRIP.findall(drawing))) == len(everything)


def test_the_legend_has_the_plan_s_racks() -> None:
    # In May 7 racks infer and 3 are leased; two are off: the feeder carries ten.
    texts = [one.text for one in Svg.fromstring(figure_svg(pictured(tiny), "floor")).iter() if one.tag.endswith("text")]
    assert texts == ["tiny: floor by demand, 2026-05", "h1", "inference: 7", "lease: 3", "Switched off: 2"]


def test_neighbours_of_one_colour_are_one_piece() -> None:
    # Rows of four: 4, 3 of inference and one of the lease, 2 of the lease and 2 off.
    drawing = figure_svg(pictured(tiny), "floor", period="2026-05")
    assert sorted(map(int, _STRIP.findall(drawing))) == [1, 2, 2, 3, 4]


def test_names_are_text() -> None:
    drawing = figure_svg(pictured(hostile), "floor", "block")
    assert not any(one.tag.endswith(("script", "img")) for one in Svg.fromstring(drawing).iter())


def test_colours_of_a_file_are_colours() -> None:
    assert "var(" not in figure_svg(pictured(tiny), "floor", "headroom")
