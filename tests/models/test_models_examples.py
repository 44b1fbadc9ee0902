"""What each example is there to show, in its plan."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from capalloc.roster.ending import relative_gap
from capalloc.schema.plan import DemandPeriod, Plan
from capalloc.schema.scenario import Scenario
from capalloc.verify import verify

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.yaml"))


Planned = Callable[[str], tuple[Scenario, Plan]]
Lines = Callable[[str, str], dict[str, DemandPeriod]]


@pytest.fixture
def lines(example: Planned) -> Lines:
    """What a demand gets in an example, by period."""
    return lambda name, demand: {line.period: line for line in example(name)[1].demands if line.demand == demand}


@pytest.mark.parametrize("name", NAMES)
def test_the_check_accepts_the_plan(name: str, example: Planned) -> None:
    scenario, plan = example(name)
    assert verify(scenario, plan).verdict == "ok"


@pytest.mark.parametrize("name", NAMES)
def test_the_plan_is_proven_to_be_near_the_best(name: str, example: Planned) -> None:
    plan = example(name)[1]
    order = plan.precedence
    assert relative_gap(plan.objective_usd, plan.bound_usd if order is None else order.bound_usd) < 1e-3
    assert plan.gap < 1e-3 or order is not None


def test_tiny_earns_what_a_hand_calculates(example: Planned, lines: Lines) -> None:
    # 10 racks on the feeder until August: lease 3, 6, 9 racks, then 9; inference 7, 4, 1, then 3 (12 racks, no more)
    #   lease:     4,000 x (300 x 0.5 + 600 + 4 x 900) = 17,400,000
    #   inference: GPUs 448, 256, 64, 192, 192, 192; 128 at 3.0, the rest at 1.5, in USD per hour
    #              864 x 744 + 576 x 720 + 192 x 744 + 480 x (744 + 720 + 744) = 2,260,224
    #   moves:     inference gives up 3 racks in June and 3 in July at 1,000 = 6,000
    assert example("tiny")[1].objective_usd == pytest.approx(17_400_000 + 2_260_224 - 6_000)
    assert [line.racks for line in lines("tiny", "lease").values()] == [3, 6, 9, 9, 9, 9]
    assert [line.racks for line in lines("tiny", "inference").values()] == [7, 4, 1, 3, 3, 3]


def test_tiny_pays_for_the_feeder_until_the_second_supply_comes(example: Planned) -> None:
    assert {price.period for price in example("tiny")[1].prices if price.node == "feeder"} == {
        "2026-05",
        "2026-06",
        "2026-07",
    }


def test_anthropic_holds_its_commitment_in_every_month(lines: Lines) -> None:
    found = lines("colossus1-anthropic", "anthropic")
    assert len(found) == 37
    assert all(line.delivered_kw >= line.committed_kw for line in found.values())
    assert {line.committed_kw for period, line in found.items() if period >= "2026-07"} == {300_000}


def test_anthropic_pays_45_billion_with_two_months_at_half(lines: Lines) -> None:
    # 2 x 0.5 x 1.25e9 + 35 x 1.25e9
    found = lines("colossus1-anthropic", "anthropic")
    assert sum(line.revenue_usd for line in found.values()) == pytest.approx(45e9)
    assert [found[period].revenue_usd for period in ("2026-05", "2026-06", "2026-07")] == [0.625e9, 0.625e9, 1.25e9]


def test_grok_training_is_gone_by_july(example: Planned) -> None:
    _, plan = example("colossus1-anthropic")
    ends = {span.until for span in plan.assignments if span.demand == "grok-training"}
    assert ends
    assert max(ends) <= date(2026, 7, 1)


def test_reclaimed_racks_return_on_the_day_the_notice_ends(example: Planned, lines: Lines) -> None:
    # 1 January + 90 days: 31 + 28 + 31 days of January to March, so 1 April
    scenario, plan = example("colossus1-reclaim")
    found = lines("colossus1-reclaim", "anthropic")
    assert max(found) == "2027-03"
    assert found["2027-03"].delivered_kw >= 300_000
    ends = [span.until for span in plan.assignments if span.demand == "anthropic"]
    assert max(ends) == date(2027, 4, 1)
    back = [span.start for span in plan.assignments if span.demand == "grok-training"]
    assert min(back) == date(2027, 4, 1)
    assert scenario.horizon.start < date(2027, 1, 1)


def test_the_second_tenant_has_its_hall_to_itself(example: Planned, lines: Lines) -> None:
    scenario, plan = example("colossus1-second-tenant")
    hall = {position.name: position.hall for position in scenario.facility.positions}
    stands = {rack.name: hall[rack.position] for rack in scenario.facility.racks if rack.position is not None}
    alone = next(contract.name for contract in scenario.contracts if contract.isolation == "hall")
    for period in scenario.horizon.periods:
        used: dict[str, set[str]] = {}
        for span in plan.assignments:
            if period.touches(span.start, span.until):
                used.setdefault(stands[span.rack], set()).add(span.demand)
        assert [users for users in used.values() if alone in users and len(users) > 1] == []
    assert all(line.delivered_kw >= line.committed_kw for line in lines("colossus1-second-tenant", alone).values())


def test_a_late_feed_costs_what_stands_behind_it(lines: Lines) -> None:
    # groups 1a 1b 2a 4a 4b: 37,670.4 + 38,726.4 + 37,670.4 + 37,802.4 + 38,726.4 = 190,596 kW of nameplate, all of them
    # the signed contract's: 300,000 - 190,596 = 109,404 kW short, and Grok inference has not its minimum of 1,000 GPUs
    found = lines("grid-slip", "anthropic")
    short = {period: line.committed_kw - line.delivered_kw for period, line in found.items()}
    for period in ("2026-07", "2026-08", "2026-09"):
        assert short[period] == pytest.approx(109_404)
        # at 1,000 USD per kW and month
        assert found[period].penalty_usd == pytest.approx(109_404_000)
        assert lines("grid-slip", "grok-inference")[period].gpus == 0
    assert all(kw <= 0 for period, kw in short.items() if period not in ("2026-06", "2026-07", "2026-08", "2026-09"))


def test_the_late_feed_is_named(example: Planned) -> None:
    named = [line for line in example("grid-slip")[1].unplaced if line.demand == "anthropic"]
    assert [line.period for line in named] == ["2026-06", "2026-07", "2026-08", "2026-09"]
    assert all(any(reason.where == "grid-2" for reason in line.reasons) for line in named)


def test_the_campus_trains_on_what_grid_and_gas_leave_in_september(example: Planned, lines: Lines) -> None:
    # six buildings on 560,500 kW less 6 x 9,000 of static load, at 120 x 1.25 = 150 kW a rack: 3,376 racks, of which
    # the anchor has 330 MW / 132 kW = 2,500
    assert lines("abilene-campus", "anchor")["2026-09"].racks == 2_500
    assert lines("abilene-campus", "training")["2026-09"].racks == 876
    assert {price.period for price in example("abilene-campus")[1].prices if price.node == "campus"} == {"2026-09"}


def test_the_campus_keeps_every_commitment_and_leaves_the_prospect_out(example: Planned, lines: Lines) -> None:
    plan = example("abilene-campus")[1]
    assert not plan.shortfalls
    assert {line.demand for line in plan.demands} == {"anchor", "second", "training"}
    # a building's two halls of 336 racks
    assert lines("abilene-campus", "second")["2027-02"].racks == 672


def test_the_hall_places_its_new_racks_where_panels_and_air_allow(example: Planned) -> None:
    scenario, plan = example("colo-hall")
    assert {placement.rack for placement in plan.placements} == {f"hgx-new-{n}" for n in range(1, 7)}
    row_of = {position.name: position.row for position in scenario.facility.positions}
    # the air of the north (rows 1-4) is full at expected draw
    assert not {row_of[placement.position] for placement in plan.placements} & {"r1", "r2", "r3", "r4"}


def test_the_hall_lets_racks_without_gpus_by_the_kw(example: Planned, lines: Lines) -> None:
    # 360 kW / 12 kW = 30 racks at 185 USD per kW and month
    found = lines("colo-hall", "bank")["2027-07"]
    assert (found.racks, found.gpus) == (30, 0)
    assert found.revenue_usd == pytest.approx(360 * 185)
    own = {f"cpu-{row}-10" for row in range(5, 9)}
    assert {span.demand for span in example("colo-hall")[1].assignments if span.rack in own} == {"bank"}


def test_the_script_prints_a_line_for_each_demand_and_month() -> None:
    script = EXAMPLES / "plan_tiny.py"
    ended = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
    assert len(ended.stdout.splitlines()) == 2 * 6 + 1
    assert ended.stdout.splitlines()[-1].startswith("19,654,224 USD")
    assert len(script.read_text(encoding="utf-8").splitlines()) <= 20
