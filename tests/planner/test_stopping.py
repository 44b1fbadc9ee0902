"""When a search ends: at its gap, when more work brings little, or at its limit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from capalloc.instance.compile import compile_scenario
from capalloc.planner import strategy
from capalloc.planner.bounds.single_demands import single_demands_usd
from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.model.columns import MONEY_ALONE
from capalloc.planner.params import ClassPlan, PlannerParams, StoppingParams
from capalloc.planner.search.by_window import relaxed_windows
from capalloc.planner.search.watch import Stopping, Watch
from capalloc.planner.strategy import plan_classes
from capalloc.progress import Progress
from capalloc.reduction.classes import Reduction, reduce_instance
from capalloc.roster.ending import Ending
from capalloc.schema.status import Status, StopReason
from capalloc.synthetic.generate import generate

GAPS = (0.05, 0.01, 0.002)
WORK = StoppingParams(least_work=100.0)


def small(seed: int) -> Reduction:
    site = generate(racks=12 + 2 * (seed % 10), halls=1 + seed % 2, periods=3 + seed % 4, demands=3, seed=seed)
    return reduce_instance(compile_scenario(site))


def worked_and_worth(reduction: Reduction, gap: float, monkeypatch: pytest.MonkeyPatch) -> tuple[float, float]:
    """The work of a search to a gap, and the USD of its plan."""
    deadlines, heard = list[Deadline](), list[Progress]()

    def kept(*given: object) -> Deadline:
        deadlines.append(Deadline(*given))  # type: ignore[arg-type]
        return deadlines[-1]

    monkeypatch.setattr("capalloc.planner.strategy.Deadline", kept)
    plan_classes(reduction, PlannerParams(time_limit=np.inf, gap=gap), progress=heard.append)
    return deadlines[0].work, heard[-1].best or 0.0


@pytest.mark.parametrize("seed", range(30))
def test_a_looser_gap_takes_no_more_work_and_a_tighter_one_earns_no_less(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    reduction = small(seed)
    found = [worked_and_worth(reduction, gap, monkeypatch) for gap in GAPS]
    assert [work for work, _ in found] == sorted(work for work, _ in found)
    assert [usd for _, usd in found] == pytest.approx(sorted(usd for _, usd in found), abs=0.01)


def test_the_gap_asked_for_is_enough_at_once_and_half_a_percent_after_the_least_work() -> None:
    # nine tenths of the gap asked for are aimed at: 0.01 -> 0.009
    assert Stopping(0.01, WORK).near(0.0089, work=0.0)
    assert not Stopping(0.01, WORK).near(0.0091, work=1e9)
    assert not Stopping(None, WORK).near(0.004, work=99.0)
    assert Stopping(None, WORK).near(0.004, work=100.0)
    assert not Stopping(None, WORK).near(0.006, work=100.0)


@pytest.mark.parametrize(
    ("gap", "slowed"),
    [(0.0381, True), (0.0379, False)],  # at 200 of 300 it was 0.04; a twentieth of that is 0.002, so 0.038 is the edge
)
def test_a_search_has_slowed_where_its_last_third_brought_less_than_a_twentieth(gap: float, slowed: bool) -> None:
    course = [(50.0, np.inf), (150.0, 0.06), (200.0, 0.04), (250.0, gap)]
    assert Stopping(0.01, WORK).slowed(course, gap, work=300.0) == slowed


def test_no_search_slows_before_its_least_work_its_first_plan_or_where_the_optimum_is_asked_for() -> None:
    course = [(10.0, 0.04), (60.0, 0.04)]
    assert not Stopping(None, WORK).slowed(course, 0.04, work=99.0)
    assert Stopping(None, WORK).slowed(course, 0.04, work=100.0)
    assert not Stopping(0.0, WORK).slowed(course, 0.04, work=100.0)
    assert not Stopping(None, WORK).slowed([(10.0, np.inf), (290.0, 0.04)], 0.04, work=300.0)


def test_no_search_slows_while_its_plan_is_poor() -> None:
    # at 60 it was as far from the bound; a tenth of the bound is the edge
    assert not Stopping(None, WORK).slowed([(10.0, 2.14), (60.0, 0.101)], 0.101, work=100.0)
    assert Stopping(None, WORK).slowed([(10.0, 2.14), (60.0, 0.099)], 0.099, work=100.0)


def test_a_watch_counts_the_work_of_its_deadline() -> None:
    deadline = Deadline(60.0)
    watch = Watch(lambda _: None, deadline, 0.0, Stopping(None, WORK))
    watch.learn(best=90.0, bound=100.0)
    deadline.worked(50.0)
    assert not watch.enough()
    deadline.worked(60.0)
    assert watch.slowed()
    watch.learn(best=99.9)
    assert watch.enough()
    assert not watch.slowed()


def test_windows_without_time_are_bounded_by_what_their_demands_can_earn() -> None:
    instance = small(3).instance
    without, base = relaxed_windows(instance, MONEY_ALONE, Deadline(0.0)).bounds.total(), 0.0
    for data in instance.demands:
        base += sum(float(instance.discount @ curve.base) for curve in data.curves)
    assert without == pytest.approx(single_demands_usd(instance) - base)
    assert relaxed_windows(instance, MONEY_ALONE, Deadline(60.0)).bounds.total() <= without


def test_seconds_that_are_kept_are_not_left_and_no_time_is_left_twice() -> None:
    deadline = Deadline(100.0)
    deadline.keep("prices", 30.0)
    deadline.keep("order", 40.0)
    assert deadline.left() <= 30.0
    deadline.keep("order", 0.0)
    assert 60.0 < deadline.left() <= 70.0
    assert deadline.seconds(most=5.0) == 5.0
    assert Deadline(0.0).seconds(most=5.0, least=2.0) == 2.0
    assert Deadline(0.0).lasting(50.0).left() > 40.0


@pytest.mark.parametrize(
    ("ending", "reason", "said"),
    [
        (Ending(60.0, 30.0, slowed=True), StopReason.GAP_REACHED, "its last third brought less than a twentieth"),
        (Ending(60.0, 60.0), StopReason.TIME_LIMIT, "ended by its time limit 1.0000% from the proven bound; more time"),
        (Ending(60.0, 59.0, late=True), StopReason.TIME_LIMIT, "might bring $10 at most"),
        (
            Ending(1.0, 4.5),
            StopReason.TIME_LIMIT,
            "ended by its time limit of 1 s, and 3.5 s later, for want of a good plan",
        ),
        (Ending(60.0, 60.0, gap=0.02), StopReason.GAP_REACHED, "the search ended 1.0000% from the proven bound"),
        (Ending(60.0, 60.0, gap=0.02, slowed=True), StopReason.GAP_REACHED, "the search ended 1.0000% from"),
    ],
)
def test_a_plan_says_what_ended_its_search_and_what_more_time_might_bring(
    ending: Ending, reason: StopReason, said: str
) -> None:
    _, outcome = ending.with_plan(objective_usd=990.0, bound_usd=1000.0)
    assert outcome.reason is reason
    assert said in outcome.detail


def test_half_a_percent_is_enough_where_no_gap_was_asked_for() -> None:
    _, outcome = Ending(60.0, 60.0).with_plan(objective_usd=996.0, bound_usd=1000.0)
    assert outcome.reason is StopReason.GAP_REACHED
    assert outcome.detail == "the search ended 0.4000% from the proven bound"


def test_no_time_and_no_need_of_a_plan_leave_none() -> None:
    plan = plan_classes(small(3), PlannerParams(time_limit=0.0, needed=False, most_columns=0))
    assert plan.counts is None
    assert plan_classes(small(3), replace(PlannerParams(), time_limit=0.0, most_columns=0)).counts is not None


def test_a_plan_that_is_not_needed_is_not_searched_for_in_gigabytes(monkeypatch: pytest.MonkeyPatch) -> None:
    # Windows one after the other found nothing; all at once are then tried for a small model, and for want of any plan.
    nothing, whole = ClassPlan(Status.UNKNOWN, None, np.inf, (), (), 0, 0, 0), list[Reduction]()
    monkeypatch.setattr(strategy, "_by_window_plan", lambda *_: nothing)

    def planned_whole(reduction: Reduction, *_: object) -> ClassPlan:
        whole.append(reduction)
        return nothing

    monkeypatch.setattr(strategy, "plan_whole", planned_whole)
    for most, needed, tried in ((0, False, 0), (0, True, 1), (10**6, False, 1)):
        whole.clear()
        plan_classes(small(0), PlannerParams(most_columns=0, most_whole_columns=most, needed=needed))
        assert len(whole) == tried, (most, needed)
