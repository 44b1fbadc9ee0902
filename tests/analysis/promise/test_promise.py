"""Promises on a site by hand: what may be signed is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from capalloc import promise, quote
from capalloc.analysis.base import given_or_planned
from capalloc.analysis.outcome import incumbent_of
from capalloc.analysis.promise import fared_from, signing
from capalloc.analysis.promise.care import as_told
from capalloc.analysis.promise.signing import Fared
from capalloc.analysis.risk import Running, resampled
from capalloc.analysis.sampling import Late
from capalloc.cancel import CancelToken
from capalloc.errors import ScenarioError
from capalloc.progress import Progress
from capalloc.report.promise import promise_page
from capalloc.runner.here import Here
from capalloc.schema.demand import Contract, RampStep
from capalloc.schema.promised import NotCountedOn, Promised
from capalloc.schema.scenario import Scenario
from capalloc.schema.uncertainty import Uncertainty
from capalloc.solve import solve
from tests.byhand import by_hand, contract, facility, workload


def unsure(slip: dict[str, Any], **changes: Any) -> Scenario:
    """The grid carries 2 racks, 160 kW, until ``g2`` comes in July: 5 racks, 400 kW."""
    supplies = [
        {"name": "g1", "node": "grid", "kw": 210.0},
        {"name": "g2", "node": "grid", "kw": 300.0, "from": "2026-07"},
    ]
    doubts = {"supplies": [{"supply": "g2", **slip}], "samples": 200}
    site = {"contracts": [], "workloads": [], "policy": {"idle": "off"}} | changes
    return by_hand(facility=facility(supplies=supplies), uncertainty=doubts, **site)


EVEN = {"delay_days": {"min": 0, "max": 0}, "never": 0.5}
"""It comes on its date, or never: equally likely."""


def wanted(mw: float = 0.4, start: str = "2026-07", **changes: Any) -> Contract:
    return Contract.model_validate(
        contract(name="new", ramp=[{"from": start, "mw": mw}], draw="nameplate", fee={"usd_per_kw_month": 0}, **changes)
    )


def promised(scenario: Scenario, request: Contract, confidence: float = 0.95, **options: Any) -> Promised:
    return promise(scenario, request, confidence=confidence, engine=Here(), **options)


@pytest.mark.parametrize(("confidence", "kw"), [(0.95, 160), (0.6, 160), (0.4, 400), (0.05, 400)])
def test_of_two_equally_likely_dates_the_newsvendors_quantile_is_the_promise(confidence: float, kw: float) -> None:
    answer = promised(unsure(EVEN), wanted(), confidence)
    assert answer.promised_kw == kw
    assert answer.all_chance == 0.5
    assert answer.broken == (0 if kw == 160 else 100)
    assert [one.safe_kw for one in answer.periods] == [kw] * len(answer.periods)


def test_all_of_it_may_be_signed_from_the_latest_date_on() -> None:
    # Up to 45 days late: by mid-August, so that from September on it is there in every sample.
    answer = promised(unsure({"delay_days": {"min": 0, "max": 45}}), wanted())
    assert answer.promised_kw == 160
    assert answer.earliest == date(2026, 9, 1)
    assert [one.promised_kw for one in answer.starts[:3]] == [160, 160, 400]
    assert answer.starts[2].all_chance == 1


def test_a_site_that_is_sure_enough_promises_all() -> None:
    answer = promised(unsure({"delay_days": {"min": 0, "max": 0}, "never": 0.01}), wanted())
    assert (answer.promised_kw, answer.earliest) == (400, date(2026, 7, 1))
    assert answer.broken == 2  # of 200, where 4 may
    assert answer.not_counted_on == ()


def test_others_keep_their_commitments_in_every_sample() -> None:
    # The lease has 2 racks: where g2 never comes nothing is left, and where it does 3 racks.
    lease = contract(ramp=[{"from": "2026-05", "mw": 0.16}], draw="nameplate")
    answer = promised(unsure(EVEN, contracts=[lease]), wanted(), 0.4)
    assert answer.promised_kw == 240
    assert promised(unsure(EVEN, contracts=[lease]), wanted()).promised_kw == 0


def test_what_fails_before_plans_may_change_keeps_nothing_from_a_request_that_begins_later() -> None:
    # Six racks run. With the request alone in mind own work has its minimum of three in May, and one of them stands by
    # for what fails, known in June: two serve in May then, where three did beside no request. That is past; from July
    # on three of own work, its spare and two of the request are six.
    own = workload(demand=[{"from": "2026-05", "racks": 6, "min": 3}], draw="nameplate")
    doubts = {
        "failures": [{"rack_type": "hgx", "yearly": 0.5, "repair_days": 30}],
        "samples": 60,
        "decide_until": "2026-06",
    }
    site = by_hand(contracts=[], workloads=[own], policy={"idle": "off"}, facility=facility(), uncertainty=doubts)
    answer = promised(site, wanted(0.16))
    assert answer.unplanned == ()
    assert (answer.promised_kw, answer.all_chance) == (160, 1.0)


def test_the_floor_is_what_own_work_loses_by_hand() -> None:
    # Own work has every rack that carries power: each rack of 64 GPUs that the promise takes loses 1.5 USD a GPU-hour.
    # 160 kW are 2 racks in every sample, from July to the horizon's end. A month has its own hours, so that the floor
    # is the mean over months of 2 x 64 x 1.5 x hours / 160.
    own = workload(demand=[{"from": "2026-05", "racks": 12}], value=[{"usd_per_gpu_hour": 1.5}], draw="nameplate")
    scenario = unsure(EVEN, workloads=[own])
    answer = promised(scenario, wanted())
    assert answer.promised_kw == 160
    periods = [period for period in scenario.horizon.periods if period.start >= date(2026, 7, 1)]
    hours = sum((period.end - period.start).days * 24 for period in periods)
    assert answer.floor_usd_per_kw_month == pytest.approx(2 * 64 * 1.5 * hours / (160 * len(periods)), rel=1e-6)
    assert answer.floor_error == pytest.approx(0, abs=1e-6)


def test_the_floor_is_the_same_beside_an_incumbent_that_costs_nothing_to_leave() -> None:
    own = workload(demand=[{"from": "2026-05", "racks": 12}], value=[{"usd_per_gpu_hour": 1.5}], draw="nameplate")
    scenario = unsure(EVEN, workloads=[own])
    plan = solve(scenario.replace(uncertainty=None)).plan
    assert plan is not None
    beside = promised(scenario.replace(incumbent=incumbent_of(scenario, plan)), wanted(0.16))
    assert beside.floor_usd_per_kw_month == pytest.approx(promised(scenario, wanted(0.16)).floor_usd_per_kw_month)


def test_the_floor_is_that_of_the_quote_where_a_rack_delivers_more_than_is_paid() -> None:
    # 100 kW take 2 racks of 80 kW: the fee pays 100 of 160 kW, as `quote` counts.
    own = workload(demand=[{"from": "2026-05", "racks": 12}], value=[{"usd_per_gpu_hour": 1.5}], draw="nameplate")
    scenario = unsure({"delay_days": {"min": 0, "max": 0}}, workloads=[own])
    answer, quoted = promised(scenario, wanted(0.1)), quote(scenario.replace(uncertainty=None), wanted(0.1))
    assert answer.promised_kw == 100
    assert answer.floor_usd_per_kw_month == pytest.approx(quoted.floor_usd_per_kw_month, rel=1e-6)


def test_the_floor_is_that_of_the_quote_where_a_request_begins_and_ends_within_a_month() -> None:
    own = workload(demand=[{"from": "2026-05", "racks": 12}], value=[{"usd_per_gpu_hour": 1.5}], draw="nameplate")
    scenario = unsure({"delay_days": {"min": 0, "max": 0}}, workloads=[own])
    request = wanted(0.1, "2026-07-16", until="2026-09-08")
    answer, quoted = promised(scenario, request), quote(scenario.replace(uncertainty=None), request)
    assert answer.promised_kw == 100
    assert answer.floor_usd_per_kw_month == pytest.approx(quoted.floor_usd_per_kw_month, rel=1e-6)
    # 16 of 31 days of July, all of August, 7 of 30 days of September
    assert answer.kw_months == pytest.approx(100 * (16 / 31 + 1 + 7 / 30), rel=1e-9)


def test_what_comes_after_its_term_does_not_keep_a_request_out() -> None:
    # The lease takes the two sure racks from August on, and nothing may be moved: before, they are free.
    lease = contract(ramp=[{"from": "2026-08", "mw": 0.16}], draw="nameplate")
    scenario = unsure(EVEN, contracts=[lease], policy={"idle": "off", "max_moves_per_period": 0})
    answer = promised(scenario, wanted(0.16, "2026-06", until="2026-08"))
    assert (answer.promised_kw, answer.broken) == (160, 0)
    assert [one.period for one in answer.periods] == ["2026-06", "2026-07"]


def test_the_floor_counts_idle_racks_that_stand_in_though_all_of_it_cannot_be_had() -> None:
    # Seven racks, three for the lease and three for the request. Where a rack fails the idle one stands in until plans
    # may change; all of the request all the time cannot be had then. 204 kW-months of 6 x 240 are missed on average, at
    # 1,000 dollars, and the rest pays for them.
    racks = [{"name": f"k{i:02}", "rack_type": "hgx", "position": f"p{i}"} for i in range(7)]
    doubts = {"failures": [{"rack_type": "hgx", "yearly": 0.15, "repair_days": 30}], "samples": 40}
    scenario = by_hand(
        contracts=[contract(ramp=[{"from": "2026-05", "mw": 0.24}], draw="nameplate")],
        workloads=[],
        facility=facility(racks=racks),
        policy={"idle": "off"},
        uncertainty=doubts | {"decide_until": "2026-07"},
    )
    answer = promised(scenario, wanted(0.24, "2026-05"), confidence=0.4)
    assert answer.promised_kw == 240
    assert answer.short_kw_months == pytest.approx(204)
    assert answer.floor_usd_per_kw_month == pytest.approx(204_000 / (6 * 240 - 204))


def test_steps_of_a_ramp_that_are_delivered_as_they_are_do_not_count() -> None:
    ramp = [{"from": "2026-06", "mw": 0.08}, {"from": "2026-08", "mw": 0.4}]
    request = wanted().replace(ramp=tuple(map(RampStep.model_validate, ramp)))
    answer = promised(unsure({"delay_days": {"min": 0, "max": 45}}), request)
    assert (answer.asked_kw, answer.promised_kw) == (400, 160)  # up to mid-August late: 160 kW in all of August
    assert [one.promised_kw for one in answer.periods] == [80, 80, 160, 160, 160]
    assert [one.promised_kw for one in answer.starts[:2]] == [160, 400]
    assert answer.earliest == date(2026, 7, 1)


def test_a_request_for_gpus_is_promised_in_gpus() -> None:
    answer = promised(unsure(EVEN), Contract.model_validate(gpus(300)))
    assert (answer.asked_kw, answer.promised_gpus, answer.promised_kw) == (375, 128, 160)  # 64 GPUs to 80 kW


def gpus(number: int) -> dict[str, Any]:
    return contract(
        name="new", ramp=[{"from": "2026-07", "gpus": number}], draw="nameplate", fee={"usd_per_kw_month": 0}
    )


def test_a_prospect_is_promised_with_the_events_that_name_it() -> None:
    # Its event begins it a month later than its ramp says: in August all of 400 kW is there.
    prospect = contract(
        name="new",
        ramp=[{"from": "2026-07", "mw": 0.4}],
        draw="nameplate",
        fee={"usd_per_kw_month": 100},
        probability=0.5,
        termination={"notice_days": 90, "by": "either"},
    )
    events = [{"type": "delay", "contract": "new", "until": "2026-08-01"}]
    doubts = {
        "supplies": [{"supply": "g2", "delay_days": {"min": 0, "max": 30}}],
        "notices": [{"contract": "new", "monthly": 0.1, "by": "tenant"}],
        "samples": 100,
    }
    scenario = unsure(EVEN, contracts=[prospect]).model_dump(by_alias=True, exclude_unset=True)
    whole = Scenario.model_validate(scenario | {"events": events, "uncertainty": doubts})
    request = whole.contracts[0]
    assert promised(whole, request).promised_kw == 400
    before = Scenario.model_validate(scenario | {"uncertainty": doubts})
    assert promised(before, request).promised_kw == 160


def test_samples_without_a_plan_count_as_broken() -> None:
    # Where g2 never comes the lease cannot have what it must: no plan, and nothing that may be signed.
    lease = contract(ramp=[{"from": "2026-07", "mw": 0.24}], draw="nameplate", commitment="hard")
    answer = promised(unsure({"delay_days": {"min": 0, "max": 0}, "never": 0.3}, contracts=[lease]), wanted(0.16))
    assert len(answer.unplanned) == 60
    assert (answer.promised_kw, answer.broken) == (0, None)
    assert any(note == f"sample {answer.unplanned[0]} has no plan: no plan keeps every rule" for note in answer.notes)
    few = promised(unsure({"delay_days": {"min": 0, "max": 0}, "never": 0.01}, contracts=[lease]), wanted(0.16))
    assert (few.promised_kw, few.broken, len(few.unplanned)) == (160, 2, 2)
    assert any("counted as broken and in no floor: 2 samples" in note for note in few.notes)


def two_halls(racks: int, **policy: Any) -> Scenario:
    """Hall a is sure and full of own work; hall b, as large, comes in July or never: equally likely."""
    kw = 80.0 * racks * 1.25 + 10
    power = [
        {"name": "ga", "kind": "utility", "rated_kw": kw, "load": "facility"},
        {"name": "gb", "kind": "utility", "rated_kw": kw, "load": "facility"},
    ]
    positions = [
        {"name": f"{hall}{i}", "hall": hall, "row": f"r{hall}", "index": i, "feed_a": f"g{hall}"}
        for hall in "ab"
        for i in range(racks)
    ]
    site = facility(
        power=power,
        positions=positions,
        racks=[{"name": f"k{one['name']}", "rack_type": "hgx", "position": one["name"]} for one in positions],
        supplies=[
            {"name": "sa", "node": "ga", "kw": kw},
            {"name": "sb", "node": "gb", "kw": kw, "from": "2026-07"},
        ],
    )
    own = workload(demand=[{"from": "2026-05", "racks": racks}], value=[{"usd_per_gpu_hour": 1.5}], draw="nameplate")
    doubts = {"supplies": [{"supply": "sb", **EVEN}], "samples": 60}
    return by_hand(facility=site, workloads=[own], contracts=[], uncertainty=doubts, policy={"idle": "off"} | policy)


@pytest.mark.parametrize(("racks", "policy"), [(2, {"max_moves_per_period": 0}), (4, {"handover_days": 10})])
def test_where_the_plan_of_least_loss_counts_on_what_may_not_come_another_is_followed(
    racks: int, policy: dict[str, Any]
) -> None:
    # At least loss the promise stands in hall b, beside own work, and where that never comes nothing may be moved.
    answer = promised(two_halls(racks, **policy), wanted(0.08 * racks))
    assert (answer.promised_kw, answer.broken) == (80 * racks, 0)
    assert [one.name for one in answer.not_counted_on] == ["sb"]
    assert any("without counting on sb" in note for note in answer.notes)


@pytest.mark.parametrize(
    ("racks", "policy", "early"), [(2, {"max_moves_per_period": 0}, 61), (4, {"handover_days": 10}, 30)]
)
@pytest.mark.parametrize(
    "known", [{}, {"failures": [{"rack_type": "hgx", "yearly": 0.0001, "repair_days": 1}]}], ids=["nothing", "failures"]
)
def test_what_is_not_counted_on_is_used_once_it_has_come_and_not_before(
    racks: int, policy: dict[str, Any], early: int, known: dict[str, Any]
) -> None:
    # Own work gives way `early` days before July, and stands in hall b from then on in the half of samples in which
    # that has come; in the others it has none of the 123 days from July on either. In June other things become known.
    scenario = two_halls(racks, **policy)
    assert scenario.uncertainty is not None
    doubts = scenario.uncertainty.model_dump(by_alias=True, exclude_unset=True)
    answer = promised(scenario.replace(uncertainty=Uncertainty.model_validate(doubts | known)), wanted(0.08 * racks))
    assert (answer.promised_kw, answer.broken) == (80 * racks, 0)
    days = early + 123 / 2
    assert answer.floor_usd_per_kw_month == pytest.approx(64 * 1.5 * 24 * days / (80 * 4), rel=1e-6)


def test_a_commitment_that_waits_for_what_may_not_come_keeps_no_promise_out() -> None:
    # The lease takes half of hall b in July. Where that never comes it has nothing, with the promise and without; the
    # promise then stands in hall a, where nothing may be moved.
    scenario = two_halls(2, max_moves_per_period=0)
    fee = {"usd_per_kw_month": 100}
    lease = contract(ramp=[{"from": "2026-07", "mw": 0.08}], draw="nameplate", fee=fee, where={"hall": ["b"]})
    answer = promised(scenario.replace(contracts=(Contract.model_validate(lease),)), wanted(0.08))
    assert (answer.promised_kw, answer.broken) == (80, 0)
    assert any("without counting on sb" in note for note in answer.notes)


def test_where_the_careful_way_is_stopped_nothing_is_said_to_be_found_out() -> None:
    cancel = CancelToken()

    def heard(progress: Progress) -> None:
        if "with care" in progress.stage:
            cancel.cancel()

    answer = promised(two_halls(2, max_moves_per_period=0), wanted(0.16), cancel=cancel, progress=heard)
    assert (answer.promised_kw, answer.broken, answer.found_out) == (0, None, False)
    assert "planned with more care, was not found out" in answer.notes[-1]
    page = printed(answer)
    assert "May be signed  not found out, at 95 %" in page
    assert "nothing" not in page


def test_where_it_is_given_up_before_one_holds_nothing_is_said_to_be_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    follow = signing.fares

    def always_broken(*asked: Any) -> Fared | None:
        fared = follow(*asked)
        return None if fared is None else replace(fared, broken=fared.followed, late=())

    monkeypatch.setattr(signing, "fares", always_broken)
    answer = promised(unsure(EVEN), wanted())
    assert (answer.promised_kw, answer.found_out) == (0, False)
    assert "none of them held; a smaller one may" in answer.notes[-1]


def test_where_nothing_can_be_delivered_nothing_is_said_to_be_signed() -> None:
    lease = contract(ramp=[{"from": "2026-05", "mw": 0.16}], draw="nameplate")
    answer = promised(unsure(EVEN, contracts=[lease]), wanted())
    assert (answer.promised_kw, answer.found_out) == (0, True)
    assert "May be signed  nothing, at 95 %" in printed(answer)


def printed(answer: Promised) -> str:
    console = Console(width=130, file=StringIO(), color_system=None)
    with console.capture() as captured:
        for part in promise_page(answer):
            console.print(part)
    return captured.get()


@pytest.mark.parametrize("number", [66, 100, 131])
def test_all_of_it_is_all_whatever_its_digits(number: int) -> None:
    """A rack of 72 GPUs and 132 kW: 100 GPUs are 183.3333 kW."""
    odd = facility(rack_types=[{**facility()["rack_types"][0], "gpus": 72, "nameplate_kw": 132, "expected_kw": 100}])
    doubts = {"supplies": [{"supply": "g2", "delay_days": {"min": 0, "max": 0}}], "samples": 60}
    supplies = [
        {"name": "g1", "node": "grid", "kw": 900.0},
        {"name": "g2", "node": "grid", "kw": 50, "from": "2026-07"},
    ]
    scenario = by_hand(facility=odd | {"supplies": supplies}, contracts=[], workloads=[], uncertainty=doubts)
    answer = promised(scenario, Contract.model_validate(gpus(number)))
    assert answer.promised_gpus == number
    assert (answer.promised_kw, answer.earliest) == (answer.asked_kw, date(2026, 7, 1))


def test_a_request_from_the_end_of_a_month_has_later_days() -> None:
    ramp = [{"from": "2026-05-30", "mw": 0.08}, {"from": "2026-05-31", "mw": 0.16}]
    request = wanted().replace(ramp=tuple(map(RampStep.model_validate, ramp)))
    answer = promised(unsure(EVEN), request, samples=59)
    assert [one.start for one in answer.starts[:3]] == [date(2026, 5, 30), date(2026, 6, 30), date(2026, 7, 30)]


def test_later_days_are_told_while_enough_of_the_term_is_inside_the_horizon() -> None:
    # From May, 184 days; a quarter of them are 46: from September 61 are left, from October 31.
    answer = promised(unsure(EVEN), wanted(0.16, "2026-05"), samples=59)
    assert answer.starts[-1].start == date(2026, 9, 1)


def test_steps_beyond_the_horizon_are_not_looked_at() -> None:
    ramp = [{"from": "2026-07", "mw": 0.16}, {"from": "2027-01", "mw": 0.4}]
    request = wanted(until="2027-06").replace(ramp=tuple(map(RampStep.model_validate, ramp)))
    answer = promised(unsure(EVEN), request)
    assert (answer.asked_kw, answer.promised_kw, len(answer.starts)) == (160, 160, 1)
    assert any("the horizon ends" in note for note in answer.notes)


def test_a_promise_is_the_same_on_any_number_of_workers() -> None:
    scenario = unsure({"delay_days": {"min": 0, "max": 45}})
    alone = promised(scenario, wanted(), 0.6, samples=8)
    both = promise(scenario, wanted(), confidence=0.6, samples=8, jobs=2)
    assert alone.model_dump_json() == both.model_dump_json()


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.5, float("nan"), True, "0.9"])
def test_what_is_no_confidence_is_refused(confidence: Any) -> None:
    with pytest.raises(ScenarioError, match=r"confidence.*expected a chance from 0.01 to 0.9999"):
        promised(unsure(EVEN), wanted(), confidence)


def test_too_few_samples_are_refused_with_how_many_it_takes() -> None:
    with pytest.raises(ScenarioError, match=r"expected 59 at least for a confidence of 0.95"):
        promised(unsure(EVEN), wanted(), samples=58)


def test_a_scenario_without_doubts_is_refused() -> None:
    with pytest.raises(ScenarioError, match="nothing in this scenario is unsure"):
        promised(unsure(EVEN).replace(uncertainty=None), wanted())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_promises_hold_on_fresh_samples(seed: int) -> None:
    """300 kW that may come late or never: of 2,000 other samples 10 % and two standard errors may break a promise."""
    never = 0.02 * seed
    scenario = unsure({"delay_days": {"min": 0, "p50": 20, "max": 90}, "never": never})
    made = promised(scenario, wanted(start="2026-07"), 0.9, seed=seed)
    assert broken(scenario, wanted(mw=made.promised_kw / 1000), seed + 100) <= 0.1 + 2 * (0.1 * 0.9 / 2000) ** 0.5
    later = next(one for one in made.starts if one.promised_kw == one.asked_kw)
    assert broken(scenario, wanted(start=later.start.isoformat()), seed + 200) <= 0.1 + 2 * (0.1 * 0.9 / 2000) ** 0.5


@pytest.mark.parametrize(("racks", "policy"), [(2, {"max_moves_per_period": 0}), (4, {"handover_days": 10})])
def test_a_promise_that_holds_with_care_holds_with_it_on_fresh_samples(racks: int, policy: dict[str, Any]) -> None:
    # Planned for least loss it stands in hall b, which never comes in half of all samples.
    scenario, request = two_halls(racks, **policy), wanted(0.08 * racks)
    made = promised(scenario, request)
    assert [(one.kind, one.name, one.days) for one in made.not_counted_on] == [("supply", "sb", None)]
    assert broken(scenario, request, 101, made.not_counted_on) == 0
    assert broken(scenario, request, 101) == pytest.approx(0.5, abs=0.03)


def test_what_is_not_counted_on_is_known_as_long_before_as_the_scenario_says() -> None:
    scenario = two_halls(2)
    slip = {"supply": "sb", **EVEN, "announced_days": 30}
    doubts = Uncertainty.model_validate({"supplies": [slip], "samples": 60})
    told = (NotCountedOn(kind="supply", name="sb"),)
    assert as_told(scenario.replace(uncertainty=doubts), told) == (Late("supply", "sb", None, 30),)
    assert as_told(scenario, told) == (Late("supply", "sb", None, 0),)


def broken(scenario: Scenario, signed: Contract, seed: int, not_counted_on: Sequence[NotCountedOn] = ()) -> float:
    """Share of 2,000 samples that break a contract which is followed through them."""
    base, running = given_or_planned(resampled(scenario, 2000, seed), None), Running(engine=Here())
    fared = fared_from(base, signed, not_counted_on=not_counted_on, running=running)
    assert fared is not None
    assert fared.followed == 2000
    return fared.broken / fared.followed
