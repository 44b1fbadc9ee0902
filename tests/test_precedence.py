"""Who is served first where not everything can be met: by priority, then by money; prospects after what is signed.

The site by hand runs six racks (``tests.byhand``). From July the lease commits five, and two are own's minimum.
"""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import Any, ClassVar, Self

import numpy as np
import pytest

from capalloc.cancel import CancelToken
from capalloc.engines import Answer, Clock, Engine
from capalloc.exact.params import ExactParams
from capalloc.exact.solve import solve_exact
from capalloc.instance.compile import compile_scenario
from capalloc.instance.model import Bools, Instance
from capalloc.planner.params import PlannerParams
from capalloc.planner.search.commitments import meets_commitments
from capalloc.precedence.delivered import usd_delivered
from capalloc.precedence.planned import plan_in_order
from capalloc.precedence.stages import Stage, stages
from capalloc.progress import Progress
from capalloc.reduction.classes import reduce_instance
from capalloc.reduction.counts import Counts
from capalloc.roster.read import read
from capalloc.schema.plan import Plan, Stats
from capalloc.schema.scenario import Scenario
from capalloc.schema.status import Status
from capalloc.solve import solve
from tests.byhand import by_hand, contract, facility, rack_type, workload
from tests.strategies import random_scenario

both_planners = pytest.mark.parametrize("params", [PlannerParams(), ExactParams()], ids=["classes", "exact"])
Params = PlannerParams | ExactParams


def planned(scenario: Scenario, params: Params, **asked: Any) -> Plan:
    found = solve(scenario, params=params, **asked)
    assert found.plan is not None
    assert found.verdict is not None
    assert found.verdict.verdict == "ok"
    return found.plan


def racks(plan: Plan, demand: str) -> list[int]:
    """Racks of a demand by period of its term."""
    return [row.racks for row in plan.demands if row.demand == demand]


@both_planners
def test_signed_contracts_are_not_shorted_for_internal_work(params: Params) -> None:
    # own's second rack is worth 15 x 64 x 744 = 714,240 a month in penalties alone, the lease's fifth 280,000
    plan = planned(by_hand(), params)
    assert racks(plan, "lease") == [2, 2, 5, 5, 5, 5]
    assert racks(plan, "own") == [4, 4, 1, 1, 1, 1]


@both_planners
def test_the_plan_says_who_gave_way_for_whom_and_what_that_costs(params: Params) -> None:
    # four months of one rack: own loses 64 x (15 + 1.5) an hour, the lease gains 280,000 a month
    hours = 744 + 744 + 720 + 744
    plan = planned(by_hand(), params)
    assert plan.precedence is not None
    assert plan.precedence.less_usd == pytest.approx(64 * 16.5 * hours - 4 * 280_000)
    changes = [
        (one.demand, str(one.start), str(one.until), one.more_kw, one.more_racks) for one in plan.precedence.changes
    ]
    assert changes == [
        ("lease", "2026-07-01", "2026-11-01", 80.0, 1),
        ("own", "2026-07-01", "2026-11-01", -80.0, -1),
    ]
    assert "serves first who comes first" in plan.termination.detail


@both_planners
@pytest.mark.parametrize(
    "changes",
    [
        {"policy": {"priority": "money"}},
        {"workloads": [workload(priority=1)]},
        {"contracts": [contract(priority=0)]},
    ],
    ids=["money", "minimum of priority 1", "contract of priority 0"],
)
def test_money_decides_among_equals(changes: dict[str, Any], params: Params) -> None:
    plan = planned(by_hand(**changes), params)
    assert racks(plan, "lease") == [2, 2, 4, 4, 4, 4]
    assert racks(plan, "own") == [4, 4, 2, 2, 2, 2]
    assert plan.precedence is None
    assert plan.termination.detail == "no plan is worth more"


@both_planners
def test_a_minimum_of_a_higher_priority_comes_before_contracts(params: Params) -> None:
    # a penalty of a cent: money would leave own's minimum short, and so would contracts first
    cheap = workload(penalty_usd_per_gpu_hour=0.01, priority=2)
    assert racks(planned(by_hand(workloads=[cheap]), params), "own")[2:] == [2, 2, 2, 2]
    money = planned(by_hand(workloads=[cheap], policy={"priority": "money"}), params)
    assert racks(money, "own")[2:] == [1, 1, 1, 1]


@both_planners
def test_what_a_workload_has_above_its_minimum_comes_after_every_commitment(params: Params) -> None:
    # own is worth 100 USD a GPU-hour: money gives it all six racks, and its priority is that of the lease
    dear = workload(value=[{"usd_per_gpu_hour": 100.0}], demand=[{"from": "2026-05", "racks": 8}], priority=1)
    assert racks(planned(by_hand(workloads=[dear]), params), "lease") == [2, 2, 5, 5, 5, 5]
    money = planned(by_hand(workloads=[dear], policy={"priority": "money"}), params)
    assert racks(money, "lease") == [0] * 6


@both_planners
@pytest.mark.parametrize(("first", "served"), [(2, [[4] * 6, [2] * 6]), (1, [[2] * 6, [4] * 6])])
def test_of_two_contracts_the_one_of_higher_priority_comes_first(
    first: int, served: list[list[int]], params: Params
) -> None:
    # four racks each, of six; the second pays more
    ramp = [{"from": "2026-05", "mw": 0.32}]
    poor = contract(name="poor", ramp=ramp, fee={"usd_per_month": 1e5}, priority=first)
    rich = contract(name="rich", ramp=ramp, fee={"usd_per_month": 1e6})
    plan = planned(by_hand(contracts=[poor, rich], workloads=[]), params)
    assert [racks(plan, "poor"), racks(plan, "rich")] == served


@both_planners
def test_a_month_without_a_fee_is_a_commitment_too(params: Params) -> None:
    # nothing is paid before July, and nothing is due: own would take all six racks
    ramp = [{"from": "2026-05", "mw": 0.16, "fee_factor": 0.0}, {"from": "2026-07", "mw": 0.4}]
    lease = contract(ramp=ramp, shortfall={})
    assert racks(planned(by_hand(contracts=[lease]), params), "lease") == [2, 2, 5, 5, 5, 5]


@both_planners
def test_a_hard_minimum_is_kept_before_a_contract_that_is_priced(params: Params) -> None:
    plan = planned(by_hand(workloads=[workload(commitment="hard")]), params)
    assert racks(plan, "own") == [4, 4, 2, 2, 2, 2]
    assert racks(plan, "lease") == [2, 2, 4, 4, 4, 4]
    assert plan.precedence is None


@both_planners
def test_what_is_pinned_to_internal_work_stays_there(params: Params) -> None:
    pins = [{"rack": f"k0{number}", "demand": "own"} for number in range(3)]
    plan = planned(by_hand(pins=pins), params)
    assert racks(plan, "own")[2:] == [3, 3, 3, 3]
    assert racks(plan, "lease")[2:] == [3, 3, 3, 3]


PROSPECT = contract(name="prospect", probability=0.5, fee={"usd_per_month": 9e6})
"""It would pay nine times what the lease does."""
ASKED = frozenset({"prospect"})


@both_planners
@pytest.mark.parametrize("priority", [None, 1, 3])
def test_a_prospect_displaces_no_signed_contract(priority: int | None, params: Params) -> None:
    # five of six racks are the lease's from July, and two until then; a prospect's own priority changes nothing
    scenario = by_hand(contracts=[contract(), PROSPECT | {"priority": priority}])
    plan = planned(scenario, params, prospects=ASKED)
    assert racks(plan, "lease") == [2, 2, 5, 5, 5, 5]
    assert racks(plan, "prospect") == [2, 2, 1, 1, 1, 1]
    assert not plan.allow_displacing


@both_planners
def test_a_prospect_may_displace_where_that_is_allowed(params: Params) -> None:
    scenario = by_hand(contracts=[contract(), PROSPECT])
    plan = planned(scenario, params, prospects=ASKED, allow_displacing=True)
    assert racks(plan, "prospect") == [2, 2, 5, 5, 5, 5]
    assert racks(plan, "lease") == [2, 2, 1, 1, 1, 1]
    assert plan.allow_displacing


@both_planners
@pytest.mark.parametrize("changes", [{"policy": {"priority": "money"}}, {"priority": 0}])
def test_where_money_decides_a_prospect_leaves_contracts_what_they_had_without_it(
    changes: dict[str, Any], params: Params
) -> None:
    # without it, the lease has four racks and own two; own's two are not signed
    lease = contract(**{key: value for key, value in changes.items() if key == "priority"})
    policy = changes.get("policy", {})
    plan = planned(by_hand(contracts=[lease, PROSPECT], policy=policy), params, prospects=ASKED)
    assert racks(plan, "lease") == [2, 2, 4, 4, 4, 4]
    assert racks(plan, "prospect") == [2, 2, 2, 2, 2, 2]


@both_planners
def test_a_contract_that_an_event_signs_is_signed(params: Params) -> None:
    # half a chance or not: with the signature it is a contract as the lease is, and pays more
    signed = [{"type": "sign", "on": "2026-05", "contract": PROSPECT}]
    plan = planned(by_hand(events=signed), params)
    assert racks(plan, "prospect") == [2, 2, 5, 5, 5, 5]


@both_planners
def test_a_hard_prospect_that_would_displace_leaves_no_plan(params: Params) -> None:
    hard = PROSPECT | {"commitment": "hard"}
    scenario = by_hand(contracts=[contract(), hard])
    found = solve(scenario, params=params, prospects=ASKED)
    assert found.plan is None
    assert found.outcome.reason == "infeasible"
    assert "displacing signed contracts" in found.outcome.detail
    plan = planned(scenario, params, prospects=ASKED, allow_displacing=True)
    assert racks(plan, "prospect") == [2, 2, 5, 5, 5, 5]


def test_a_plan_that_was_allowed_to_displace_answers_another_question() -> None:
    scenario = by_hand(contracts=[contract(), PROSPECT])
    displacing = planned(scenario, PlannerParams(), prospects=ASKED, allow_displacing=True)
    plan = planned(scenario, PlannerParams(), prospects=ASKED, start=displacing)
    assert racks(plan, "lease") == [2, 2, 5, 5, 5, 5]
    assert planned(scenario, PlannerParams(), prospects=ASKED, start=plan).assignments == plan.assignments


def test_a_plan_to_begin_from_that_serves_another_first_is_not_the_answer() -> None:
    money = planned(by_hand(policy={"priority": "money"}), PlannerParams())
    plan = planned(by_hand(), PlannerParams(), start=money)
    assert racks(plan, "lease") == [2, 2, 5, 5, 5, 5]
    assert plan.precedence is not None


def test_nothing_is_searched_for_twice_where_no_commitment_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[str] = []
    result = solve(by_hand(facility=roomy()), progress=lambda one: found.append(one.stage))
    assert result.plan is not None
    assert "priority" not in found


def roomy() -> dict[str, Any]:
    site = facility()
    for node in site["power"]:
        node["rated_kw"] = 10_000
    return site


def level_usd(instance: Instance, stage: Stage, plan: Plan) -> float:
    return usd_delivered(stage.of(instance), read(instance, plan), stage.first)


@pytest.mark.parametrize("seed", range(60))
def test_no_commitment_is_short_of_what_its_priority_could_have_alone(seed: int) -> None:
    scenario = random_scenario(seed)
    instance = compile_scenario(scenario)
    todo = list(stages(instance, allow_displacing=False))
    if not todo:
        return
    part = todo[0].of(instance)
    alone = solve_exact(part)
    for params in (PlannerParams(), ExactParams()):
        result = solve(scenario, params=params)
        assert (result.plan is None) == (alone.roster is None)
        if result.plan is not None and alone.roster is not None:
            got, could = (
                level_usd(instance, todo[0], result.plan),
                usd_delivered(part, alone.roster, todo[0].first),
            )
            assert got >= could - 0.02


def equals(first: str, second: str) -> Scenario:
    """Two contracts of which a cooling zone holds one; beside one of them their node leaves room for `w`.

    A third, `z`, is short where money alone decides, since `x` is worth more on its rack.
    """
    site = {
        "facility": "s",
        "rack_types": [rack_type(idle_kw=0)],
        "power": [
            {"name": "grid", "kind": "utility", "rated_kw": 1000},
            *({"name": f"n{i}", "kind": "ups", "parent": "grid", "rated_kw": 100} for i in (1, 2, 3)),
        ],
        "positions": [
            {"name": name, "hall": hall, "row": f"r{name}", "index": 0, "feed_a": feed, "cooling_zone": zone}
            for name, hall, feed, zone in (
                ("p1", "h", "n1", "z1"),
                ("p2", "h", "n2", "z1"),
                ("p3", "g", "n1", "z2"),
                ("p4", "k", "n3", "z2"),
            )
        ],
        "cooling": [
            {"name": "z1", "liquid_kw": 70, "air_kw": 30},
            {"name": "z2", "liquid_kw": 500, "air_kw": 300},
        ],
        "racks": [{"name": f"k{i}", "rack_type": "hgx", "position": f"p{i}"} for i in (1, 2, 3, 4)],
    }

    def one(name: str, **where: str) -> dict[str, Any]:
        ramp = [{"from": "2026-05", "mw": 0.08}]
        return contract(
            name=name, tenant=name, ramp=ramp, fee={"usd_per_month": 1e5}, shortfall={}, where=where, priority=1
        )

    def own(name: str, hall: str) -> dict[str, Any]:
        step, value = [{"from": "2026-05", "racks": 1}], [{"usd_per_gpu_hour": 50.0}]
        return workload(name=name, demand=step, value=value, where={"hall": hall})

    return by_hand(
        facility=site,
        policy={"idle": "off"},
        horizon={"start": "2026-05", "end": "2026-07"},
        contracts=[one("a", node=first, hall="h"), one("b", node=second, hall="h"), one("z", hall="k")],
        workloads=[own("w", "g"), own("x", "k")],
    )


@pytest.mark.parametrize("params", [PlannerParams(), ExactParams()])
@pytest.mark.parametrize("nodes", [("n1", "n2"), ("n2", "n1")])
def test_of_equals_that_come_first_those_are_served_that_leave_most_for_the_rest(
    nodes: tuple[str, str], params: PlannerParams | ExactParams
) -> None:
    # the contract on n2 and z: 2 x 2 months x 100,000; w: 64 GPUs x 50 USD x 24 h x 61 days = 4,684,800
    plan = solve(equals(*nodes), params=params).plan
    assert plan is not None
    assert plan.objective_usd == pytest.approx(5_084_800)
    assert plan.bound_usd >= 200_000 + 2 * 4_684_800 - 1  # x on z's rack; no smaller bound is proven
    assert plan.status is Status.FEASIBLE


def stopped_at(stage: str, scenario: Scenario, params: Params, **asked: Any) -> Plan:
    """The plan where somebody asks for what there is as soon as a stage begins."""
    token = CancelToken()

    def hear(progress: Progress) -> None:
        if progress.stage == stage:
            token.cancel()

    return planned(scenario, params, cancel=token, progress=hear, **asked)


def test_a_plan_that_was_stopped_before_the_search_by_priority_says_so() -> None:
    # money alone, whose racks are named then, leaves the lease one rack short from July on
    plan = stopped_at("place", by_hand(), PlannerParams())
    assert racks(plan, "lease")[2:] == [4] * 4
    assert plan.undecided == ("lease",)
    assert (plan.status, plan.termination.reason) == ("feasible", "interrupted")
    assert "before the order of priorities was decided: lease may be short for what comes later" in (
        plan.termination.detail
    )


class Counted(Engine):
    """One that counts its searches."""

    searches: ClassVar[int] = 0

    def within(self, seconds: float) -> Self:
        return type(self)(replace(self.params, time_limit=seconds), self.cancel, self.clock)

    def keeping(self, share: float, comes_first: Bools) -> Self:
        return type(self)(self.params, self.cancel, self.clock)

    def silent(self) -> Self:
        return self

    def search(self, instance: Instance) -> Answer:
        Counted.searches += 1
        return super().search(instance)


def test_where_all_that_comes_first_can_be_met_one_more_search_settles_the_order() -> None:
    # money alone leaves the lease four of its five racks; with all five, own has the sixth
    Counted.searches = 0
    engine = Counted(PlannerParams(), None, Clock(lambda _: None))
    answer = plan_in_order(compile_scenario(by_hand()), False, engine, None).answer
    assert answer.roster is not None
    assert answer.undecided == ()
    assert answer.in_order
    assert Counted.searches == 2


def test_where_not_all_can_be_met_each_priority_is_searched_for() -> None:
    # six racks for a lease of five and a minimum of two that is a priority too: never both in full
    Counted.searches = 0
    engine = Counted(PlannerParams(), None, Clock(lambda _: None))
    scenario = by_hand(workloads=[workload(priority=1)])
    answer = plan_in_order(compile_scenario(scenario), False, engine, None).answer
    assert answer.roster is not None
    assert Counted.searches > 2


def test_what_money_alone_did_no_better_has_nothing_to_tell() -> None:
    class Poor(Counted):
        """One that finds a plan of money alone in which nobody is served."""

        def search(self, instance: Instance) -> Answer:
            answer = super().search(instance)
            first = Counted.searches == 1
            if not first or answer.roster is None:
                return answer
            return replace(answer, roster=replace(answer.roster, serving=np.full_like(answer.roster.serving, -1)))

    Counted.searches = 0
    engine = Poor(PlannerParams(), None, Clock(lambda _: None))
    found = plan_in_order(compile_scenario(by_hand()), False, engine, None)
    assert found.answer.roster is not None
    assert found.precedence is None


def test_a_time_limit_that_ends_the_search_by_priority_is_told() -> None:
    class Ended(Engine):
        """One whose searches by priority find nothing in their time."""

        def within(self, seconds: float) -> Engine:
            return Ended(replace(self.params, time_limit=0.0), self.cancel, self.clock)

        def search(self, instance: Instance) -> Answer:
            answer = super().search(instance)
            return replace(answer, roster=None) if self.params.time_limit == 0.0 else answer

    answer = plan_in_order(compile_scenario(by_hand()), False, Ended(PlannerParams(), None, Clock(print)), None).answer
    assert answer.undecided == ("lease",)
    assert answer.roster is not None
    _, outcome = answer.ending(60.0, None, 1.0).with_plan(1.0, 1.0)
    assert (outcome.reason, outcome.limit) == ("time_limit", 60.0)


def test_signed_contracts_may_be_short_for_prospects_where_nobody_had_time_to_look() -> None:
    asked = contract(name="prospect", probability=0.5, fee={"usd_per_month": 9e6})
    scenario = by_hand(contracts=[contract(), asked], policy={"priority": "money"})
    plan = stopped_at("place", scenario, PlannerParams(), prospects=frozenset({"prospect"}))
    assert plan.undecided == ("lease",)


@both_planners
def test_where_all_is_decided_nothing_is_said(params: Params) -> None:
    assert planned(by_hand(), params).undecided == ()
    enough = by_hand(contracts=[contract(ramp=[{"from": "2026-07", "mw": 0.32}])])
    plan = planned(enough, params, cancel=CancelToken())
    assert plan.undecided == ()


def test_what_comes_first_can_be_planned_at_once() -> None:
    at_once = planned(by_hand(), PlannerParams(order_first=True))
    after_money = planned(by_hand(), PlannerParams())
    assert (racks(at_once, "lease"), racks(at_once, "own")) == (racks(after_money, "lease"), racks(after_money, "own"))
    assert at_once.objective_usd == pytest.approx(after_money.objective_usd)
    assert at_once.most_usd == pytest.approx(after_money.most_usd)
    assert at_once.status is after_money.status
    assert at_once.precedence is not None
    assert not at_once.precedence.changes


def test_at_once_without_a_plan_leaves_money_alone_the_rest_of_the_time() -> None:
    instance = compile_scenario(by_hand())
    limits: list[tuple[bool, float]] = []

    class Slow(Engine):
        """One whose searches for what comes first take a while, and find nothing."""

        def search(self, part: Instance) -> Answer:
            limits.append((part is instance, self.params.time_limit))
            if part is instance:
                return super().search(part)
            time.sleep(0.2)
            return Answer(None, False, math.inf, Stats())

    answer = plan_in_order(
        instance, False, Slow(PlannerParams(order_first=True, time_limit=30.0), None, Clock(lambda _: None)), None
    ).answer
    assert answer.roster is not None
    assert [own for own, _ in limits].index(True) == 2  # after all in full, and after the first in the order
    assert limits[2][1] <= 29.6
    assert sum(limit > 15 for own, limit in limits if not own) == 1  # all in full is sought once


OTHERWISE = (31, 33, 37, 55, 73, 81, 87, 88, 91, 92, 99, 101, 106, 116, 123, 125, 160, 166, 172, 185, 194, 283)
"""Seeds of scenarios in which money alone serves others than the order of priorities does."""


@pytest.mark.parametrize("seed", [*range(10), *OTHERWISE])
def test_at_once_or_after_money_alone_the_same_is_served(seed: int) -> None:
    scenario = random_scenario(seed)
    names = frozenset(one.name for one in scenario.contracts if one.probability < 1)
    found = [
        solve(scenario, prospects=names, params=PlannerParams(order_first=order_first)) for order_first in (True, False)
    ]
    plans = [one.plan for one in found if one.plan is not None]
    assert len(plans) in {0, 2}
    if plans:
        assert plans[0].objective_usd <= plans[0].most_usd + 1e-6 * abs(plans[0].most_usd) + 0.01
        assert plans[0].objective_usd <= plans[0].bound_usd + 0.01
        at_once, after_money = plans
        assert short_kw(at_once, scenario) == pytest.approx(short_kw(after_money, scenario), abs=1e-3)
        assert at_once.objective_usd == pytest.approx(after_money.objective_usd, rel=1e-3, abs=1.0)
        assert (seed in OTHERWISE) == (after_money.precedence is not None)


def short_kw(plan: Plan, scenario: Scenario) -> dict[int, float]:
    """What commitments and minima are short of, over all periods, by priority."""
    rank = {demand.name: scenario.rank_of(demand, False) for _, demand in scenario.located_demands()}
    short = dict.fromkeys(rank.values(), 0.0)
    for row in plan.demands:
        short[rank[row.demand]] += max(0.0, row.committed_kw - row.delivered_kw)
    return short


def test_time_is_kept_until_those_who_come_first_are_met_whoever_else_is_short() -> None:
    instance = compile_scenario(by_hand())
    reduction = reduce_instance(instance)
    lease, own = (instance.demand_names.index(name) for name in ("lease", "own"))
    first = np.arange(len(instance.demand_names)) == lease
    serve = np.zeros((len(reduction.classes.racks), len(instance.demand_names), len(instance.periods)), dtype=np.int64)
    serve[0, lease] = 5
    nothing = np.zeros_like(serve)
    counts = Counts(serve=serve, off=nothing[:, 0], hold=nothing, place=nothing[:, 0, 0])
    assert (instance.demands[own].committed > 0).any()
    assert meets_commitments(instance, reduction.classes, counts, first)
    assert not meets_commitments(instance, reduction.classes, counts, None)
    assert not meets_commitments(instance, reduction.classes, replace(counts, serve=nothing), first)
