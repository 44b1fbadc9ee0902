"""Answers at the edges: nothing free, limits met by what stands, watts that are not whole."""

from __future__ import annotations

import math
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from capalloc.errors import ScenarioError
from capalloc.formats import load_facility, load_requests
from capalloc.placement.floor import Floor
from capalloc.placing import place
from capalloc.schema.facility import Facility
from capalloc.schema.placing import Placing
from capalloc.schema.request import Placed, Request

Record = dict[str, Any]
EXAMPLE = Path(__file__).parents[2] / "examples" / "placement"
GRID: Record = {"name": "grid", "kind": "utility", "rated_kw": 100.0}


def site(*places: Record, grid: Record | None = None, ups: Record | None = None, **more: Any) -> Facility:
    """Positions p0, p1, ... below the grid, or below a UPS of it if given."""
    power = [GRID | (grid or {})]
    if ups is not None:
        power.append({"name": "ups", "kind": "ups", "parent": "grid", "rated_kw": 100.0} | ups)
    where = {"hall": "h", "row": "r", "feed_a": power[-1]["name"]}
    positions = [{"name": f"p{i}", "index": i} | where | change for i, change in enumerate(places)]
    whole = {"facility": "edge", "rack_types": [], "racks": [], "power": power, "positions": positions}
    return Facility.model_validate(whole | more)


def placed(facility: Facility, *requests: Request, **options: Any) -> Placing:
    return place(facility, requests, on=date(2026, 6, 1), time_limit=0.0, **options)


def group(name: str = "g", racks: int = 1, power_kw: float = 5.0, **changes: Any) -> Request:
    return Request(name=name, racks=racks, power_kw=power_kw, **changes)


def on(*positions: str, request: str = "g") -> tuple[Placed, ...]:
    return tuple(Placed(request=request, position=name) for name in positions)


@pytest.mark.parametrize("bound", [True, False])
def test_where_no_position_is_free_what_stands_is_the_answer(bound: bool) -> None:
    found = placed(site({}), group(), group("h"), occupied=on("p0"), bound=bound)
    assert (found.objective, found.bound, found.placed) == (1.0, 1.0 if bound else None, on("p0"))
    assert [entry.request for entry in found.unplaced] == ["h"]
    assert found.unplaced[0].reasons


def test_where_nothing_is_energised_nothing_is_placed() -> None:
    found = placed(site({}, grid={"available_from": "2026-07"}), group())
    assert (found.objective, found.bound, found.placed) == (0.0, 0.0, ())
    assert found.unplaced[0].reasons


def test_racks_that_go_dark_with_a_loss_add_nothing_to_what_is_above_its_limit_after_it() -> None:
    # After the loss of the UPS the grid carries its own 10 kW of 9.9 kW, whatever stands below the UPS.
    facility = site({}, grid={"static_load_kw": 10.0, "failover_kw": 9.9}, ups={"contingency": True})
    assert placed(facility, group()).racks_placed == 1


def test_a_request_that_stood_whole_counts_where_its_row_is_full() -> None:
    facility = site({"row": "a"}, {"row": "b"})
    requests = group(together="row"), group("h")
    found = placed(facility, *requests, occupied=on("p0"), objective="requests")
    assert (found.objective, found.bound, found.requests_placed) == (2.0, 2.0, 2)


def test_a_request_that_stood_whole_counts_where_it_stands_apart() -> None:
    facility = site({"row": "a"}, {"row": "b"}, {"row": "b"})
    requests = group(racks=2, together="row"), group("h")
    found = placed(facility, *requests, occupied=on("p0", "p1"), objective="requests")
    assert (found.objective, found.bound, found.requests_placed) == (2.0, 2.0, 2)


def test_kw_are_those_of_the_request_where_they_are_no_whole_watts() -> None:
    found = placed(site({}), group(power_kw=0.3335), objective="kw")
    assert (found.objective, found.bound, found.kw_placed) == (0.3335, 0.3335, 0.3335)


@pytest.mark.parametrize(
    ("rated_kw", "pue", "power_kw"),
    [
        (0.333, 1.0, 0.2997),  # 0.333 x 0.9 = 0.2997, no whole watts
        (41.986, 1.3, 29.067),  # 41.986 x 0.9 = 37.7874, of which 29.067 x 1.3 = 37.7871 are used
    ],
)
def test_the_bound_does_not_round_limits_down(rated_kw: float, pue: float, power_kw: float) -> None:
    grid = {"rated_kw": rated_kw, "max_utilization": 0.9, "load": "facility"}
    found = placed(site({}, grid=grid, pue=pue), group(power_kw=power_kw))
    assert found.bound == 1.0


def test_rounding_of_one_limit_loosens_no_other_in_the_bound() -> None:
    # 600 nodes of 1.0005 kW carry two racks of 0.5 kW each, with half a kW to spare only if all their roundings add up.
    ups = [{"name": f"u{i}", "kind": "ups", "parent": "grid", "rated_kw": 1.0005} for i in range(600)]
    places = [{"name": f"p{i}", "index": i, "hall": "h", "row": "r", "feed_a": f"u{i // 3}"} for i in range(1800)]
    power = [GRID | {"rated_kw": 10_000.0}, *ups]
    whole = {"facility": "edge", "rack_types": [], "racks": [], "power": power, "positions": places}
    found = placed(Facility.model_validate(whole), group(racks=1800, power_kw=0.5))
    assert (found.objective, found.bound) == (1200.0, 1200.0)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"seed": 2**40}, "seed: found 1099511627776, expected a number from 0 to 2,147,483,647"),
        ({"seed": -1}, "seed: found -1"),
        ({"seed": 1.5}, "seed: found 1.5"),
        ({"seed": "1"}, "seed: found '1'"),
        ({"time_limit": "1"}, "time_limit: found '1', expected a number from 0"),
        ({"time_limit": None}, "time_limit: found None, expected a number from 0"),
        ({"time_limit": math.nan}, "time_limit: found nan, expected a number from 0"),
        ({"time_limit": math.inf}, "time_limit: found inf, expected a number from 0"),
        ({"time_limit": -1.0}, "time_limit: found -1.0, expected a number from 0"),
        ({"on": "2026-05"}, "on: found '2026-05', expected a day, as date(2026, 5, 18)"),
        ({"on": datetime(2026, 5, 1)}, "on: found datetime.datetime(2026, 5, 1, 0, 0), expected a day"),
        ({"standing": "full"}, "standing: found 'full', expected nameplate, expected, none"),
    ],
    ids=str,
)
def test_what_no_placement_can_be_asked_for_is_refused(wrong: dict[str, Any], says: str) -> None:
    facility = load_facility(EXAMPLE)
    with pytest.raises(ScenarioError) as raised:
        place(facility, load_requests(EXAMPLE / "requests.csv"), **wrong)
    assert str(raised.value).startswith(says)
    for key in wrong.keys() & {"on", "standing"}:
        with pytest.raises(ScenarioError, match=f"^{key}: found"):
            Floor(facility, **wrong)
