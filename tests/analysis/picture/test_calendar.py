"""Who holds which hall when: derived by hand for the twelve racks; every rack that stands is counted once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from capalloc import load_scenario, solve
from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.calendar import MOST_ROWS, Place, halls_of
from capalloc.analysis.picture.floor import State, serves
from capalloc.schema.scenario import Scenario
from tests.byhand import by_hand, facility
from tests.html.sites import hostile

EXAMPLES = Path(__file__).parents[3] / "examples"


def pictured(scenario: Scenario) -> Pictured:
    plan = solve(scenario).plan
    assert plan is not None
    return Pictured(scenario, plan)


def spread(halls: int, **labels: Any) -> Scenario:
    """The site by hand with each position in a hall of its own, or as few halls as there are."""
    site = facility()
    positions = [
        one | {"hall": f"h{number % halls:02}", "row": "r"} | ({"labels": labels} if labels else {})
        for number, one in enumerate(site["positions"] * 2)
    ]
    positions = [one | {"name": f"p{number}"} for number, one in enumerate(positions)]
    return by_hand(facility=site | {"positions": positions})


def at(place: Place, t: int) -> dict[int, int]:
    """Racks by state in a period."""
    return dict(next(run.racks for run in reversed(place.runs) if run.period <= t))


def test_the_hall_of_the_twelve_racks_by_hand() -> None:
    # Ten racks run until August, of which lease holds 3, 6, 9; two are switched off. Then 9 and 3.
    halls = halls_of(pictured(load_scenario(EXAMPLES / "tiny.yaml")))
    inference, lease = serves(0), serves(1)
    assert (halls.kind, halls.left_out) == ("hall", 0)
    (hall,) = halls.places
    assert hall.racks == 12
    assert [(run.period, dict(run.racks)) for run in hall.runs] == [
        (0, {State.OFF: 2, inference: 7, lease: 3}),
        (1, {State.OFF: 2, inference: 4, lease: 6}),
        (2, {State.OFF: 2, inference: 1, lease: 9}),
        (3, {inference: 3, lease: 9}),
    ]


def test_every_rack_that_stands_is_counted_once_in_every_period() -> None:
    shown = pictured(hostile())
    halls = halls_of(shown)
    counted = [sum(sum(at(place, t).values()) for place in halls.places) for t in range(len(shown.periods))]
    assert counted == shown.site.stands.sum(axis=0).tolist()
    serving = (shown.site.roster.serving >= 0).sum(axis=0)
    held = [
        sum(racks for place in halls.places for state, racks in at(place, t).items() if state >= State.SERVES)
        for t in range(len(shown.periods))
    ]
    assert np.array_equal(held, serving)


@pytest.mark.parametrize(("halls", "shown", "left_out"), [(MOST_ROWS, 16, 0), (20, 16, 4)])
def test_of_many_halls_the_most_used_are_shown_and_the_rest_is_said(halls: int, shown: int, left_out: int) -> None:
    found = halls_of(pictured(spread(halls)))
    assert (found.kind, len(found.places), found.left_out) == ("hall", shown, left_out)
    assert sum(place.racks for place in found.places) == 10  # racks stand on the first ten positions: those halls stay


def test_many_halls_are_shown_by_building_where_positions_say_so() -> None:
    scenario = spread(20)
    positions = tuple(
        one.replace(labels={"building": f"b{number % 20 // 10}"})
        for number, one in enumerate(scenario.facility.positions)
    )
    named = scenario.replace(facility=scenario.facility.replace(positions=positions))
    found = halls_of(pictured(named))
    assert (found.kind, [place.name for place in found.places]) == ("building", ["b0", "b1"])
    assert len(found.places[0].halls) == 10
    assert [place.racks for place in found.places] == [10, 0]
