"""A request on the tiny site, whose figures are known by heart."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from capalloc import CancelToken, Progress, solve
from capalloc.analysis.base import planned_base
from capalloc.analysis.quote import asked_for, doubts_of, load_request, quote, quote_from
from capalloc.analysis.quote.request import capped
from capalloc.errors import ScenarioError
from capalloc.formats import load_scenario
from capalloc.report.quote import quote_page
from capalloc.report.show_parts import Calendar
from capalloc.schema.demand import Contract, Fee
from capalloc.schema.quoted import Quoted
from capalloc.schema.scenario import Scenario
from tests.strategies import contract, facility, rack_type, scenario, workload

TINY = Path(__file__).parents[3] / "examples" / "tiny.yaml"


@pytest.fixture(scope="module")
def tiny() -> Scenario:
    return load_scenario(TINY)


def test_the_floor_is_what_inference_loses_and_the_moves_cost(tiny: Scenario) -> None:
    # From September the lease has 9 racks of the 12 and inference 3; a rack more for the request is one less for
    # inference: its third, 64 GPUs at $1.50, 720 hours in September and 744 in October, and one move of $1,000.
    answer = quote(tiny, asked_for(tiny, start="2026-09", mw=0.1, usd_per_kw_month=4000))
    lost = 64 * 1.5 * (720 + 744) + 1000
    assert answer.fits
    assert answer.earliest == "2026-09"
    assert answer.objective_without_usd - (answer.objective_with_usd or 0.0) == pytest.approx(lost)
    assert answer.floor_usd_per_kw_month == pytest.approx(lost / 200)
    assert answer.floor_usd_per_gpu_hour == pytest.approx(lost / (64 * (720 + 744)))
    assert answer.margin_usd == pytest.approx(800_000 - lost)
    assert [one.displaced_usd for one in answer.periods] == pytest.approx([64 * 1.5 * 720 + 1000, 64 * 1.5 * 744])
    assert [(one.demand, one.kw) for one in answer.periods[0].gives_way] == [("inference", 80.0)]


def test_a_plan_far_from_its_bound_is_told_of(tiny: Scenario) -> None:
    # The floor is $707.72 for 200 kW-months; a bound $1,000,000 higher hides $5,000 for each.
    base = planned_base(tiny)
    loose = replace(base, plan=base.plan.replace(bound_usd=base.plan.bound_usd + 1e6))
    request = asked_for(tiny, start="2026-09", mw=0.1)
    assert not quote_from(base, request).notes
    answer = quote_from(loose, request)
    assert answer.floor_interval is not None
    assert answer.floor_interval.high == pytest.approx(707.72 + 5000, abs=0.1)
    assert any("may be worth up to $1,000,00" in note for note in answer.notes)


def test_what_does_not_fit_says_how_much_does_and_what_keeps_racks_away(tiny: Scenario) -> None:
    answer = quote(tiny, asked_for(tiny, start="2026-09", mw=0.2))
    assert not answer.fits
    assert answer.earliest is None
    assert answer.floor_usd_per_kw_month is None
    assert [one.deliverable_kw for one in answer.periods] == [100.0, 100.0]
    assert {reason.where for reason in answer.periods[0].binding} >= {"lease", "inference"}


def test_a_request_that_makes_room_in_bring_up_has_a_floor_below_0() -> None:
    # The site grows by 20 kW a month, and idle racks draw 2 kW. Alone, inference comes from 10 kW to 30 in July, which
    # are 3 racks of its 5. After two months of 30 kW for the request it has all 5: 2 racks, 16 GPUs at $2 for 744
    # hours, more.
    limit = {"bring_up": {"mw_per_period": 0.02}}
    own = workload("own", demand=[{"from": "2026-07", "racks": 5}])
    site = scenario(facility(5), 3, policy=limit, workloads=[own])
    answer = quote(site, asked_for(site, start="2026-05", until="2026-07", mw=0.03))
    gain = 2 * 8 * 2 * 744
    assert answer.fits
    assert answer.objective_without_usd <= answer.bound_without_usd
    assert answer.floor_usd_per_kw_month == pytest.approx(-gain / 60)
    assert answer.floor_interval is not None
    assert (answer.floor_interval.low, answer.floor_interval.high) == pytest.approx((-gain / 60, -gain / 60))


def test_a_request_in_gpus_is_cut_to_fewer_step_by_step() -> None:
    steps = [{"from": "2026-05", "gpus": 8}, {"from": "2026-06", "gpus": 24}]
    request = Contract.model_validate(contract("request", ramp=steps))
    assert [step.gpus for step in capped(request, 16.0).ramp] == [8, 16]


def test_a_floor_per_gpu_hour_is_of_the_gpus_that_are_delivered() -> None:
    # A rack of 10 kW with 8 GPUs and one with 2; a request of 20 kW for May takes both, 10 GPUs, which earn $1 each for
    # 744 hours. By the first type it would have 16 GPUs, and the floor be 10 / 16 of that.
    kinds = [rack_type("a"), rack_type("small", gpus=2)]
    racks = [{"name": f"r{i}", "rack_type": kind["name"], "position": f"p{i}"} for i, kind in enumerate(kinds)]
    own = workload("own", rack_types=["a", "small"], value=[{"usd_per_gpu_hour": 1.0}])
    site = scenario(facility(2, rack_types=kinds) | {"racks": racks}, 1, workloads=[own])
    answer = quote(site, asked_for(site, start="2026-05", mw=0.02))
    assert answer.objective_without_usd - (answer.objective_with_usd or 0.0) == pytest.approx(10 * 744)
    assert answer.floor_usd_per_gpu_hour == pytest.approx(1.0)
    assert [(one.demand, one.gpus) for one in answer.periods[0].gives_way] == [("own", 10)]


def test_what_ends_after_the_horizon_says_of_how_much_it_is_priced_and_comes_last() -> None:
    # A lease has both racks in May. From June on they are free: one month of two is inside the horizon.
    lease = contract("lease", ramp=[{"from": "2026-05", "mw": 0.02}], until="2026-06")
    site = scenario(facility(3), 2, contracts=[lease])
    answer = quote(site, asked_for(site, start="2026-05", mw=0.03))
    (*others, later) = answer.alternatives
    assert (later.change, later.beyond_horizon) == ("later", True)
    assert later.why.endswith("its floor and value are of 1 month alone: the horizon ends before 2026-07")
    assert others
    assert not any(one.beyond_horizon for one in others)
    assert max(one.value_usd for one in others) < later.value_usd


def test_dates_that_were_not_looked_at_are_not_denied(tiny: Scenario) -> None:
    cancel = CancelToken()

    def hear(heard: Progress) -> None:
        if "how much" in heard.stage:
            cancel.cancel()

    answer = quote(tiny, asked_for(tiny, start="2026-05", mw=0.2), plan=solve(tiny).plan, cancel=cancel, progress=hear)
    assert (answer.fits, answer.fits_proven, answer.earliest, answer.earliest_proven) == (False, True, None, False)
    assert "no later period was found from which all of it can" in page(answer)


def test_the_page_denies_no_more_than_is_proven(tiny: Scenario) -> None:
    answer = quote(tiny, asked_for(tiny, start="2026-09", mw=0.2))
    assert "no: 100.0 kW of it can be delivered; in full from no later period either" in page(answer)
    unsure = answer.replace(fits_proven=False, earliest_proven=False, periods=())
    assert "no plan was found that serves it in full: how much of it can be delivered is not known" in page(unsure)
    later = answer.replace(earliest="2026-10", earliest_proven=False)
    assert "in full from 2026-10 on, if not from an earlier date" in page(later)


def page(answer: Quoted) -> str:
    """The text above the tables."""
    console = Console(width=300, file=StringIO(), record=True)
    months = tuple(f"2026-{month:02}" for month in range(5, 11))
    _, facts, *_ = quote_page(answer, Calendar(months, "month", False))
    console.print(facts)
    return console.export_text()


def test_a_prospect_of_the_scenario_is_quoted_by_its_name_and_in_full() -> None:
    # Two racks earn 8 GPUs at $2 for 744 hours each; the prospect takes one of them for May, and its fee of $10,000
    # counts in full, whatever its probability.
    maybe = contract("maybe", probability=0.5, until="2026-06")
    site = scenario(facility(2), 1, contracts=[maybe], workloads=[workload("own")])
    request = load_request("maybe", site)
    answer = quote(site, request)
    assert (answer.request, answer.fits) == ("maybe", True)
    assert answer.objective_without_usd - (answer.objective_with_usd or 0.0) == pytest.approx(8 * 2 * 744)
    assert answer.offered_usd == pytest.approx(10_000)
    with pytest.raises(ScenarioError, match="'maybe', which the plan serves already"):
        quote(site, request, prospects=frozenset({"maybe"}))
    with pytest.raises(ScenarioError, match="capalloc quote SCENARIO maybe"):
        quote(site, request.replace(tenant="Other"))
    with pytest.raises(ScenarioError, match="perhaps: no such file, nor a prospect of the scenario, which has 'maybe'"):
        load_request("perhaps", site)


def test_what_is_odd_about_a_request_is_told_with_its_option_or_key(tiny: Scenario) -> None:
    cheap = asked_for(tiny, start="2026-09", mw=0.1, usd_per_kw_month=1.8)
    assert not list(doubts_of(tiny, asked_for(tiny, start="2026-09", mw=0.1, usd_per_kw_month=1800)))
    assert [doubt.split(";")[0] for doubt in doubts_of(tiny, cheap)] == ["--fee: found 1.8"]
    assert "--mw: found 2,640 MW" in " ".join(doubts_of(tiny, asked_for(tiny, start="2026-09", mw=2640)))
    (unsure,) = doubts_of(tiny, cheap.replace(fee=Fee(usd_per_kw_month=100), probability=0.4), Path("asked.yaml"))
    assert unsure.startswith("asked.yaml: probability: found 0.4; a request is quoted as if signed")
