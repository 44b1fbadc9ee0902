"""The plan that a question starts from: what is refused, what is named, what is made."""

from typing import Any

import pytest

from capalloc.analysis.base import base_of, planned_base
from capalloc.errors import NoAnswerError, PlanFileError
from capalloc.formats import plan_sha256
from capalloc.schema.scenario import Scenario
from capalloc.solve import solve
from tests.strategies import facility, scenario, workload


def _site(**changes: Any) -> Scenario:
    return scenario(facility(), workloads=[workload("training")], **changes)


def test_a_plan_of_the_scenario_is_taken_and_named_by_its_digest() -> None:
    site = _site()
    plan = solve(site).plan
    assert plan is not None
    base = base_of(site, plan)
    assert not base.about.planned_now
    assert base.about.plan_sha256 == plan_sha256(plan)
    assert base.about.objective_usd == plan.objective_usd


def test_the_digest_leaves_the_seconds_out_and_nothing_else() -> None:
    plan = solve(_site()).plan
    assert plan is not None
    slower = plan.replace(stats=plan.stats.replace(seconds=plan.stats.seconds.replace(plan=1e3)))
    assert plan_sha256(slower) == plan_sha256(plan)
    assert plan_sha256(plan.replace(assignments=plan.assignments[1:])) != plan_sha256(plan)


def test_a_plan_of_another_version_of_the_scenario_is_refused() -> None:
    plan = solve(_site()).plan
    assert plan is not None
    changed = _site().replace(policy=_site().policy.replace(discount_rate=0.08))
    with pytest.raises(PlanFileError, match=r"today\.json: was made for another version of it, not for the scenario"):
        base_of(changed, plan, name="today.json")


def test_a_plan_that_breaks_a_rule_is_refused_with_the_fault() -> None:
    site = _site()
    plan = solve(site).plan
    assert plan is not None
    assert plan.assignments
    broken = plan.replace(objective_usd=plan.objective_usd + 1.0)
    with pytest.raises(PlanFileError, match="breaks the scenario's rules: "):
        base_of(site, broken)


def test_without_a_plan_one_is_made_and_said_so() -> None:
    base = planned_base(_site())
    assert base.about.planned_now
    assert base.roster.serving.shape == (len(base.instance.racks.names), len(base.instance.periods))


def test_a_scenario_without_a_plan_has_no_answer_and_says_why() -> None:
    site = _site()
    dark = site.facility.replace(
        power=tuple(node.replace(static_load_kw=node.rated_kw * 2) for node in site.facility.power)
    )
    with pytest.raises(NoAnswerError, match="has no plan to ask about"):
        planned_base(site.replace(facility=dark))
