"""Runs every check over a plan."""

from __future__ import annotations

from collections.abc import Iterable

from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario
from capalloc.schema.verdict import Verdict, Violation
from capalloc.verify.case import Case, case_of
from capalloc.verify.checks import CHECKS
from capalloc.verify.money import Recount, recount_case
from capalloc.verify.unchecked import unchecked


def verify(scenario: Scenario, plan: Plan) -> Verdict:
    """Check a plan against its scenario, rule by rule, and recount its money.

    The scenario must be one that ``formats.load_scenario`` accepts (no faults between its records). The plan may say
    anything: what makes no sense is a violation of the rule that fits best. Violations are sorted by rule, period,
    place and message; figures that the assignments do not bear out stand under the ramp rule. Amounts and limits are
    in the unit that each violation names; the objective is in discounted USD.
    """
    case = case_of(scenario, plan)
    violations = tuple(violation for check in CHECKS.values() for violation in _sorted(case, check(case)))
    return Verdict(
        verdict="violated" if violations else "ok",
        violations=violations,
        objective_usd=recount_case(case).objective_usd,
        not_checked=unchecked(case),
    )


def recount(scenario: Scenario, plan: Plan) -> Recount:
    """The figures that the assignments of a plan give, whatever the plan states."""
    return recount_case(case_of(scenario, plan))


def _sorted(case: Case, violations: Iterable[Violation]) -> list[Violation]:
    order = {period.label: period.index for period in case.periods}
    return sorted(violations, key=lambda found: (order.get(found.period, -1), found.where, found.message))
