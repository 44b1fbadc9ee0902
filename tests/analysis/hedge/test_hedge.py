"""Hedges by hand: racks held back where that pays, the exact model's enumeration, and what no sample may break."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

import numpy as np
import pytest

from capalloc import ExactParams, generate, sample, solve, verify
from capalloc.analysis.hedge import Hedged, hedge
from capalloc.cancel import CancelToken
from capalloc.errors import NoAnswerError, ScenarioError
from capalloc.planner.stochastic.extensive import Search
from capalloc.progress import Progress
from capalloc.runner.here import Here
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Pin, Scenario
from capalloc.schema.status import Status
from capalloc.schema.uncertainty import Uncertainty
from capalloc.solve import Result
from tests.byhand import by_hand, contract, facility, workload

RACKS = 10


def prospect(**changes: Any) -> dict[str, Any]:
    """Five racks from June on, with a chance of a half; they pay less than own work, 345,600 a month."""
    ramp = [{"from": "2026-06", "mw": 0.4}]
    return contract(name="maybe", tenant="Maybe", probability=0.5, ramp=ramp, fee={"usd_per_month": 3e5}) | changes


def site(move_usd: float, **changes: Any) -> Scenario:
    """Ten racks that one's own workload would fill in May, and half of which a prospect may want from June on."""
    power = [{"name": name, "kind": "ups", "rated_kw": 2000, "contingency": True} for name in ("u1", "u2")]
    asked = {
        "facility": facility(power=power),
        "contracts": [prospect()],
        "workloads": [workload(demand=[{"from": "2026-05", "racks": RACKS}])],
        "policy": {"move_cost_usd_per_rack": move_usd},
        "uncertainty": {"prospects": True, "samples": 10},
    }
    return by_hand(**(asked | changes))


@cache
def hedged(move_usd: float, alpha: float = 0.95, weight: float = 0.0) -> tuple[Hedged, Plan, Scenario]:
    doubts = {"prospects": True, "samples": 10, "risk": {"alpha": alpha, "weight": weight}}
    scenario = site(move_usd, uncertainty=doubts)
    answer, result = hedge(scenario, engine=Here())
    assert result.plan is not None
    return answer, result.plan, scenario


def racks_in_may(plan: Plan) -> int:
    return next((row.racks for row in plan.demands if row.demand == "own" and row.period == "2026-05"), 0)


def test_racks_are_held_back_where_moving_them_costs_more_than_they_earn() -> None:
    # a rack earns 64 * 1.5 * 24 * 31 = 71,424 USD in May; with a chance of a half it has to move in June: 100,000
    _, plan, scenario = hedged(200_000)
    assert racks_in_may(plan) == RACKS - 5
    assert verify(scenario, plan).verdict == "ok"


def test_no_rack_is_held_back_where_moving_costs_less() -> None:
    # with a chance of a half 50,000 USD, less than the 71,424 of May
    _, plan, _ = hedged(100_000)
    assert racks_in_may(plan) == RACKS


def test_who_fears_the_worst_holds_back_what_the_mean_does_not() -> None:
    # the worst half are the samples in which the prospect signs: five moves at 100,000 against five times 71,424
    _, plan, _ = hedged(100_000, 0.5, 1.0)
    assert racks_in_may(plan) == RACKS - 5


def two_feeds(move_usd: float, **cause: str) -> Scenario:
    """Four racks that own work would fill in May; a lease takes four from June on, when feeds for two each may come.

    A rack draws 80 kW, 100 kW with pue 1.25, and 10 kW are static. Where no feed comes own work leaves four racks,
    where one comes two.
    """
    supplies = [
        {"name": "g1", "node": "grid", "kw": 410},
        *({"name": name, "node": "grid", "kw": 200, "from": "2026-06"} for name in ("g2", "g3")),
    ]
    power = [
        {"name": "grid", "kind": "utility", "rated_kw": 1000, "load": "facility", "static_load_kw": 10},
        *(
            {"name": name, "kind": "ups", "parent": "grid", "rated_kw": 2000, "contingency": True}
            for name in ("u1", "u2")
        ),
    ]
    racks = facility()["racks"][:8]
    slips = [{"supply": one, "delay_days": {"min": 0, "max": 0}, "never": 0.5, **cause} for one in ("g2", "g3")]
    return by_hand(
        facility=facility(power=power, supplies=supplies, racks=racks),
        contracts=[contract(ramp=[{"from": "2026-06", "mw": 0.32}], fee={"usd_per_month": 5e6}, draw="nameplate")],
        workloads=[workload(demand=[{"from": "2026-05", "racks": 4}], draw="nameplate")],
        policy={"move_cost_usd_per_rack": move_usd, "idle": "off"},
        uncertainty={"supplies": slips, "samples": 20},
    )


@pytest.mark.parametrize(("move_usd", "apart", "together"), [(120_000, 2, 4), (200_000, 2, 0)])
def test_feeds_of_one_cause_are_hedged_otherwise_than_those_on_their_own(
    move_usd: float, apart: int, together: int
) -> None:
    # a rack earns 71,424 USD in May. On their own, two racks are left with a chance of 3/4, the other two with 1/4: at
    # 120,000 a move 90,000 and 30,000, at 200,000 150,000 and 50,000. Together all four with a half: 60,000 or 100,000
    for scenario, racks in ((two_feeds(move_usd), apart), (two_feeds(move_usd, cause="utility"), together)):
        answer, result = hedge(scenario, engine=Here())
        assert result.plan is not None
        assert racks_in_may(result.plan) == racks
        assert answer.unkept == ()


@cache
def enumerated(move_usd: float) -> dict[int, tuple[float, ...]]:
    """The exact model's objective in each sample after each number of racks that serve in May."""
    scenario = site(move_usd)
    worth: dict[tuple[int, bool], float] = {}
    found: dict[int, tuple[float, ...]] = {}
    samples = [sample(scenario, number) for number in range(1, 11)]
    for racks in range(RACKS + 1):
        pins = tuple(
            Pin.model_validate({"rack": f"k{i:02}", "demand": "own" if i < racks else "idle", "until": "2026-06"})
            for i in range(RACKS)
        )
        for one in samples:
            key = racks, bool(one.events)
            if key not in worth:
                plan = solve(one.replace(pins=pins), params=ExactParams(time_limit=60)).plan
                assert plan is not None
                assert plan.status is Status.OPTIMAL
                worth[key] = plan.objective_usd
        found[racks] = tuple(worth[racks, bool(one.events)] for one in samples)
    return found


def cvar(usd: tuple[float, ...], alpha: float) -> float:
    """The mean of the worst, with a part of the last one."""
    left, total = (1 - alpha) * len(usd), 0.0
    for one in sorted(usd):
        total += one * min(max(left, 0.0), 1.0)
        left -= 1
    return total / ((1 - alpha) * len(usd))


@pytest.mark.parametrize(("move_usd", "alpha", "weight"), [(200_000, 0.95, 0.0), (100_000, 0.7, 0.4)])
def test_it_is_worth_what_the_exact_model_finds_by_trying_everything(
    move_usd: float, alpha: float, weight: float
) -> None:
    answer, plan, _ = hedged(move_usd, alpha, weight)
    worth = {
        racks: (1 - weight) * float(np.mean(usd)) + weight * cvar(usd, alpha)
        for racks, usd in enumerated(move_usd).items()
    }
    assert answer.counted_usd == pytest.approx(max(worth.values()), rel=1e-3)
    assert answer.bound_usd == pytest.approx(answer.counted_usd, rel=1e-5)
    assert worth[racks_in_may(plan)] == pytest.approx(max(worth.values()), rel=1e-6)
    assert answer.mean_usd == pytest.approx(np.mean(enumerated(move_usd)[racks_in_may(plan)]), rel=1e-6)
    assert answer.cvar_usd == pytest.approx(cvar(enumerated(move_usd)[racks_in_may(plan)], alpha), rel=1e-6)


def test_perfect_information_is_worth_more_than_the_hedge_and_that_more_than_the_forecast() -> None:
    answer, _, _ = hedged(200_000)
    fresh = answer.fresh
    assert fresh.left_out == 0
    # of two samples a batch, one signs: the forecast moves five racks in half of all, the hedge idles five in May
    assert fresh.vss is not None
    assert fresh.vss.usd == pytest.approx(5 * (100_000 - 71_424), rel=1e-6)
    assert fresh.evpi is not None
    assert fresh.evpi.usd == pytest.approx(5 * 71_424 / 2, rel=1e-6)  # known, five racks idle where it signs alone
    assert answer.unkept == ()
    assert answer.unplanned == ()


def test_the_same_seed_gives_the_same_bytes() -> None:
    again, _ = hedge(hedged(200_000)[2], engine=Here())
    assert again.model_dump_json() == hedged(200_000)[0].model_dump_json()


def test_what_a_sample_must_have_in_the_first_period_is_held_in_all() -> None:
    # a rack type of which racks fail: some samples hold spares, so that no sample may use all ten racks in May
    failures = [{"rack_type": "hgx", "yearly": 0.9, "repair_days": 20}]
    scenario = site(0, contracts=[], uncertainty={"failures": failures, "samples": 10})
    answer, result = hedge(scenario, engine=Here())
    most = max(sample(scenario, number).workloads[0].buffer_share for number in range(1, 11))
    spares = next(n for n in range(1, RACKS) if n >= most * (RACKS - n))
    assert result.plan is not None
    assert racks_in_may(result.plan) == RACKS - spares
    assert answer.unkept == ()


def test_what_is_decided_is_seen_to_be_in_every_sample_without_a_search(monkeypatch: pytest.MonkeyPatch) -> None:
    # samples hold spares that the scenario does not ask for: each is built, and the verifier finds no rule broken
    failures = [{"rack_type": "hgx", "yearly": 0.9, "repair_days": 20}]
    scenario = site(0, contracts=[], uncertainty={"failures": failures, "samples": 10})
    began: list[str] = []

    def counted(asked: Scenario, **given: Any) -> Result:
        began.append(asked.name)
        return solve(asked, **given)

    monkeypatch.setattr("capalloc.analysis.hedge.decided.solve", counted)
    answer, _ = hedge(scenario, engine=Here())
    assert answer.unkept == ()
    assert began == [scenario.name]  # the plan itself


def test_samples_without_any_plan_are_reported() -> None:
    # the lease must have five racks in May, and in half of the samples the only feed comes in June
    feed = [{"name": "g", "node": "grid", "kw": 1000, "from": "2026-05"}]
    power = [
        {"name": "grid", "kind": "utility", "rated_kw": 2000},
        *({"name": name, "kind": "ups", "parent": "grid", "rated_kw": 2000} for name in ("u1", "u2")),
    ]
    late = [{"supply": "g", "delay_days": {"min": 0, "max": 0}, "never": 0.5}]
    lease = contract(ramp=[{"from": "2026-05", "mw": 0.4}], commitment="hard")
    scenario = site(
        0,
        facility=facility(power=power, supplies=feed),
        contracts=[lease],
        uncertainty={"supplies": late, "samples": 4},
    )
    answer, _ = hedge(scenario, engine=Here())
    assert len(answer.unplanned) == 2  # reported: no plan of theirs has anything


def test_a_first_period_that_cannot_be_in_every_sample_is_refused() -> None:
    # where the prospect signs it must have five racks in May, and where it does not it must have none
    signing = prospect(ramp=[{"from": "2026-05", "mw": 0.4}], commitment="hard")
    with pytest.raises(NoAnswerError, match="no first periods can be in every sample"):
        hedge(site(0, contracts=[signing]), engine=Here())


def test_nothing_unsure_is_refused() -> None:
    with pytest.raises(ScenarioError, match="uncertainty"):
        hedge(site(0, uncertainty=None), engine=Here())


def test_too_large_a_program_is_refused_with_what_would_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capalloc.analysis.hedge.answer._MOST_COLUMNS", 10)
    with pytest.raises(NoAnswerError, match="expected at most"):
        hedge(site(0), engine=Here())


@pytest.mark.parametrize("most_whole_columns", [0, 6000])
def test_a_stop_while_it_is_decided_is_heard(monkeypatch: pytest.MonkeyPatch, most_whole_columns: int) -> None:
    monkeypatch.setattr("capalloc.analysis.hedge.answer.Search", partial(Search, most_whole_columns=most_whole_columns))
    cancel = CancelToken()

    def heard(progress: Progress) -> None:
        if "deciding" in progress.stage:
            cancel.cancel()

    with pytest.raises(NoAnswerError, match="stopped before it was known what is best"):
        hedge(site(0), engine=Here(), cancel=cancel, progress=heard)


def test_a_large_program_gives_what_a_small_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = [hedged(200_000)[0], hedged(100_000, 0.7, 0.4)[0]]
    scenarios = [hedged(200_000)[2], hedged(100_000, 0.7, 0.4)[2]]
    monkeypatch.setattr("capalloc.analysis.hedge.answer.Search", partial(Search, most_whole_columns=0))
    for before, scenario in zip(expected, scenarios, strict=True):
        found, _ = hedge(scenario, engine=Here())
        assert found.counted_usd == pytest.approx(before.counted_usd, rel=1e-6)
        assert found.bound_usd == pytest.approx(before.bound_usd, rel=1e-5)


def generated(seed: int, racks: int, periods: int) -> Scenario:
    """A generated site whose workloads may want more or less and whose racks fail."""
    scenario = generate(racks, periods=periods, seed=seed)
    factor = {"p10": 0.5, "p50": 1.0, "p90": 1.4}
    doubts = {
        "demand": [{"workload": one.name, "factor": factor} for one in scenario.workloads],
        "failures": [{"rack_type": scenario.facility.racks[0].rack_type, "yearly": 0.3, "repair_days": 20}],
        "samples": 8,
        "seed": seed,
    }
    priced = scenario.policy.replace(move_cost_usd_per_rack=50_000, shortfall="price")
    return scenario.replace(uncertainty=Uncertainty.model_validate(doubts), policy=priced)


@pytest.mark.parametrize(("seed", "racks", "periods"), [(1, 24, 3), (2, 40, 4), (3, 24, 3)])
def test_on_generated_sites_it_lies_between_wait_and_see_and_the_forecast(seed: int, racks: int, periods: int) -> None:
    answer, result = hedge(generated(seed, racks, periods), engine=Here())
    fresh = answer.fresh
    assert result.verdict is not None
    assert result.verdict.verdict == "ok"
    assert answer.unkept == ()
    assert answer.counted_usd <= answer.bound_usd
    assert fresh.evpi is not None
    assert fresh.evpi.low_usd >= -1
    assert fresh.vss is not None
    assert fresh.vss.high_usd >= -1
    assert fresh.gap is not None
    assert fresh.gap.high_usd >= -1


@pytest.mark.parametrize(
    "policy", [{"handover_days": 10}, {"bring_up": {"racks_per_period": 4}}, {"max_moves_per_period": 3}]
)
def test_deliveries_that_slip_and_periods_that_are_tied_keep_every_rule(policy: dict[str, Any]) -> None:
    stand = [{"name": f"k{i:02}", "rack_type": "hgx", "position": f"p{i}"} for i in range(6)]
    come = [{"name": f"d{i}", "rack_type": "hgx", "available_from": "2026-06", "status": "planned"} for i in range(4)]
    power = [{"name": name, "kind": "ups", "rated_kw": 2000, "contingency": True} for name in ("u1", "u2")]
    late = [{"rack_type": "hgx", "delay_days": {"min": 0, "max": 60}}]
    scenario = site(
        1000,
        facility=facility(power=power, racks=[*stand, *come]),
        policy={"move_cost_usd_per_rack": 1000, **policy},
        uncertainty={"prospects": True, "supplies": late, "samples": 4, "decide_until": "2026-07"},
    )
    answer, result = hedge(scenario, engine=Here())
    assert answer.unkept == ()
    assert result.plan is not None
    assert racks_in_may(result.plan) <= len(stand)
    assert verify(scenario, result.plan).verdict == "ok"
