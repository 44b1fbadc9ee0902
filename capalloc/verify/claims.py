"""What a plan says of itself, as far as its own figures tell. Reported under the ramp rule, as figures are."""

from __future__ import annotations

from collections.abc import Iterator

from capalloc.schema.rules import Rule
from capalloc.schema.status import Status
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found
from capalloc.verify.exact import shown

_GAP, _USD = 1e-6, 0.01
"""A plan this near to its bound, as a share of it or in USD, may be called optimal (models/README.md)."""


def claims(case: Case) -> Iterator[Violation]:
    """A status that bound and objective do not bear out, and the name of another scenario."""
    plan = case.plan
    away = plan.bound_usd - plan.objective_usd
    if plan.status is Status.OPTIMAL and away > max(_GAP * abs(plan.bound_usd), _USD) * (1 + _GAP):
        message = (
            f"the plan says that it is optimal, and that one worth {shown(away)} USD more is not ruled out: "
            f"its bound is {shown(plan.bound_usd)} USD"
        )
        yield found(Rule.RAMP, "status", None, away, 0, "USD", message)
    if plan.status is Status.INFEASIBLE and plan.assignments:
        message = f"the plan says that none exists, and has {len(plan.assignments)} assignments"
        yield found(Rule.RAMP, "status", None, len(plan.assignments), 0, "assignments", message)
    if plan.scenario != case.scenario.name:
        message = f"the plan says that it is of '{plan.scenario}'; the scenario is '{case.scenario.name}'"
        yield found(Rule.RAMP, "scenario", None, 1, 0, "names", message)
