"""Samples of a site by hand: marginals, causes, independence of what else is unsure, and that each is planned."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from capalloc import solve, verify
from capalloc.analysis.sampling import sample
from capalloc.errors import ScenarioError
from capalloc.formats.expand import expanded_files
from capalloc.schema.checks.references import faults
from capalloc.schema.demand import Workload
from capalloc.schema.event import Delay, Notice, Sign
from capalloc.schema.scenario import Scenario
from tests.byhand import by_hand, contract, facility, workload

GRID = {"supply": "g2", "delay_days": {"p10": 0.0, "p50": 60.0, "p90": 240.0}, "never": 0.02}
GAS = {"supply": "gas", "delay_days": {"min": 0.0, "max": 100.0}}
TERMS = {"notice_days": 30, "by": "tenant"}


def unsure(uncertainty: dict[str, Any], **changes: Any) -> Scenario:
    supplies = [
        {"name": "g1", "node": "grid", "kw": 400.0},
        {"name": "g2", "node": "grid", "kw": 300.0, "from": "2026-06"},
        {"name": "gas", "node": "grid", "kw": 300.0, "from": "2026-07"},
    ]
    site = facility(supplies=supplies)
    return by_hand(facility=site, contracts=[contract(termination=TERMS)], uncertainty=uncertainty, **changes)


def every(scenario: Scenario) -> list[Scenario]:
    assert scenario.uncertainty is not None
    return [sample(scenario, number) for number in range(1, scenario.uncertainty.samples + 1)]


NEVER = 9_999


def delay(scenario: Scenario, name: str) -> int:
    """By how many days a supply is late."""
    for event in scenario.events:
        if isinstance(event, Delay) and event.supply == name:
            assert event.days is not None or event.until == scenario.horizon.end
            return event.days or NEVER
    return 0


def test_delays_have_their_quantiles_and_their_chance_of_never() -> None:
    delays = [delay(one, "g2") for one in every(unsure({"supplies": [GRID], "samples": 200}))]
    days = [found for found in delays if found != NEVER]
    assert delays.count(NEVER) == 4  # 2 % of 200: it comes at the end of the horizon, after all of it
    # of 196, half are below p50, a tenth above p90 and a tenth not late at all, but for the sample on each border
    assert sum(found < 60 for found in days) == pytest.approx(98, abs=1)
    assert sum(found > 240 for found in days) == pytest.approx(19.6, abs=1)
    assert sum(found == 0 for found in days) == pytest.approx(19.6, abs=2)
    assert max(days) <= 285  # 240 + 0.1 * 450, where the line of p50 and p90 ends


def test_things_of_one_cause_slip_together_and_others_on_their_own() -> None:
    shared = [GRID | {"never": 0.0, "cause": "utility"}, GAS | {"cause": "utility"}]
    together = [(delay(one, "g2"), delay(one, "gas")) for one in every(unsure({"supplies": shared, "samples": 50}))]
    assert [gas for _, gas in sorted(together)] == sorted(gas for _, gas in together)
    alone = [GRID | {"never": 0.0}, GAS]
    apart = [(delay(one, "g2"), delay(one, "gas")) for one in every(unsure({"supplies": alone, "samples": 50}))]
    assert [gas for _, gas in sorted(apart)] != sorted(gas for _, gas in apart)


def test_more_that_is_unsure_in_whatever_order_leaves_the_rest_alone() -> None:
    few = every(unsure({"supplies": [GRID], "samples": 20}))
    many = {
        "supplies": [GAS, GRID],
        "notices": [{"contract": "lease", "monthly": 0.1, "by": "tenant"}],
        "demand": [{"workload": "own", "factor": {"p10": 0.5, "p90": 1.5}}],
        "samples": 20,
    }
    assert [delay(one, "g2") for one in few] == [delay(one, "g2") for one in every(unsure(many))]


def test_notice_comes_with_its_chance_each_month() -> None:
    doubts = {"notices": [{"contract": "lease", "monthly": 0.1, "by": "tenant", "from": "2026-06"}], "samples": 1000}
    days = [[event.on for event in one.events if isinstance(event, Notice)] for one in every(unsure(doubts))]
    for index, month in enumerate((6, 7, 8, 9, 10)):
        # 0.1 * 0.9 ** index of 1,000; stratified, so to a sample or two
        assert days.count([date(2026, month, 1)]) == pytest.approx(100 * 0.9**index, abs=2)
    assert days.count([]) == pytest.approx(1000 * 0.9**5, abs=2)


def test_notice_on_a_day_past_is_not_drawn() -> None:
    doubts = {"notices": [{"contract": "lease", "monthly": 1.0, "by": "tenant", "from": "2020-01"}]}
    (notice,) = sample(unsure(doubts), 1).events
    assert isinstance(notice, Notice)
    assert notice.on == date(2026, 5, 1)


def test_prospects_sign_with_their_chance_and_only_then_give_notice() -> None:
    maybe = contract(name="maybe", probability=0.25, termination=TERMS)
    doubts = {"prospects": True, "notices": [{"contract": "maybe", "monthly": 1.0, "by": "tenant"}], "samples": 40}
    found = every(by_hand(contracts=[maybe], uncertainty=doubts))
    signed = [one for one in found if any(isinstance(event, Sign) for event in one.events)]
    assert len(signed) == 10
    assert all(not one.contracts and len(one.events) == 2 for one in signed)
    assert all(one.contracts and not one.events for one in found if one not in signed)


def test_a_factor_and_a_drift_scale_what_a_workload_wants_month_by_month() -> None:
    certain = {"factor": {"p10": 0.5, "p90": 0.5}, "yearly_drift": {"p10": -0.5, "p90": -0.5}}
    gpus = workload(demand=[{"from": "2026-05", "gpus": 1000, "min": 100}, {"from": "2026-07-15", "gpus": 400}])
    scenario = unsure({"demand": [{"workload": "own", **certain}]}, workloads=[gpus])
    (own,) = sample(scenario, 3).workloads
    assert isinstance(own, Workload)
    months = {step.start: (step.gpus, step.min) for step in own.demand}
    assert months[date(2026, 5, 1)] == (500, 50)
    # 0.5 * 0.5 ** (31 / 365.25) = 0.471434 of 1,000 and 100; 61 days: 0.445344; from 15 July, 75 days, of 400: 173.5
    assert months[date(2026, 6, 1)] == (471, 47.143364)
    assert months[date(2026, 7, 1)] == (445, 44.53437)
    assert months[date(2026, 7, 15)] == (173, 0)
    assert sorted(months)[-1] == date(2026, 10, 1)


def test_failures_are_spares_where_fewer_are_held() -> None:
    # ten racks over 184 days of which each fails every year: 10 * 184 / 365.25 = 5.04 failures on average, of 30 days
    doubts = {"failures": [{"rack_type": "hgx", "yearly": 1.0, "repair_days": 30}], "samples": 100}
    held = workload(buffer_share=0.5)
    found = every(unsure(doubts, workloads=[held]))
    shares = [one.contracts[0].buffer_share for one in found]
    assert sum(shares) / 100 == pytest.approx(5.04 * 30 / (10 * 184), rel=0.02)
    assert {one.workloads[0].buffer_share for one in found} == {0.5}
    assert {round(share * 10 * 184 / 30, 4) % 1 for share in shares} == {0.0}


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others() -> None:
    scenario = unsure({"supplies": [GRID, GAS]})
    assert expanded_files(sample(scenario, 7)) == expanded_files(sample(scenario, 7, seed=1))
    assert expanded_files(sample(scenario, 7)) != expanded_files(sample(scenario, 7, seed=2))


ALL = {
    "supplies": [GRID | {"cause": "utility"}, GAS | {"cause": "utility"}],
    "notices": [{"contract": "lease", "monthly": 0.2, "by": "tenant"}],
    "demand": [{"workload": "own", "factor": {"p10": 0.2, "p90": 1.8}, "yearly_drift": {"p10": -0.9, "p90": 0.9}}],
    "prospects": True,
    "failures": [{"rack_type": "hgx", "yearly": 0.5, "repair_days": 30}],
    "samples": 8,
}


@pytest.mark.parametrize("number", range(1, 9))
def test_every_sample_is_an_ordinary_scenario_that_is_planned(number: int) -> None:
    scenario = sample(unsure(ALL), number)
    assert scenario.uncertainty is None
    assert not faults(scenario)
    found = solve(scenario)
    assert found.plan is not None
    assert verify(scenario, found.plan).verdict == "ok"


@pytest.mark.parametrize("number", [0, -1, 201, True, 1.0, "1"])
def test_only_samples_that_there_are_can_be_had(number: Any) -> None:
    with pytest.raises(ScenarioError, match=r"sample: found .*, expected a sample from 1 to 200"):
        sample(unsure({"supplies": [GRID]}), number)


@pytest.mark.parametrize("seed", [-1, 2**31, 1.5, "1"])
def test_a_seed_is_a_whole_number(seed: Any) -> None:
    with pytest.raises(ScenarioError, match="seed: found"):
        sample(unsure({"supplies": [GRID]}), 1, seed=seed)


def test_a_scenario_in_which_nothing_is_unsure_has_no_samples() -> None:
    with pytest.raises(ScenarioError, match="uncertainty: is missing"):
        sample(by_hand(), 1)
