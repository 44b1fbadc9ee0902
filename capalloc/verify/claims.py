"""What a plan says of itself, as far as its own figures tell. Reported under the ramp rule, as figures are."""

from __future__ import annotations

from collections.abc import Iterator

from capalloc.schema.rules import Rule
from capalloc.schema.status import Status, StopReason
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found
from capalloc.verify.exact import shown

_GAP, _USD = 1e-6, 0.01
"""A plan this near to its bound, as a share of it or in USD, may be called optimal (models/README.md)."""


def claims(case: Case) -> Iterator[Violation]:
    """A status that bound and objective do not bear out, and names and sizes of another scenario."""
    yield from _status(case)
    yield from _ending(case)
    yield from _sizes(case)
    if case.plan.scenario != case.scenario.name:
        message = f"the plan says that it is of '{case.plan.scenario}'; the scenario is '{case.scenario.name}'"
        yield found(Rule.RAMP, "scenario", None, 1, 0, "names", message)


def _status(case: Case) -> Iterator[Violation]:
    plan = case.plan
    away = plan.bound_usd - plan.objective_usd
    if plan.status is Status.OPTIMAL and away > max(_GAP * abs(plan.bound_usd), _USD) * (1 + _GAP):
        message = (
            f"the plan says that it is optimal, and that one worth {shown(away)} USD more is not ruled out: "
            f"its bound is {shown(plan.bound_usd)} USD"
        )
        yield found(Rule.RAMP, "status", None, away, 0, "USD", message)
    if plan.status is Status.INFEASIBLE:
        message = f"the plan says that none exists, and has {len(plan.assignments)} assignments"
        yield found(Rule.RAMP, "status", None, len(plan.assignments), 0, "assignments", message)


def _ending(case: Case) -> Iterator[Violation]:
    """Why the search ended, where that and the status rule each other out."""
    plan = case.plan
    said, ended = plan.status is Status.OPTIMAL, plan.termination.reason is StopReason.OPTIMAL
    if said is not ended or plan.termination.reason is StopReason.INFEASIBLE:
        message = f"the plan is called {plan.status}, and its search says that it ended with {plan.termination.reason}"
        yield found(Rule.RAMP, "termination", None, 1, 0, "reasons", message)
    if said and plan.undecided:
        message = f"the plan says that it is optimal, and that {plan.undecided[0]} may get more"
        yield found(Rule.RAMP, "undecided", None, len(plan.undecided), 0, "demands", message)


def _sizes(case: Case) -> Iterator[Violation]:
    """Sizes that the scenario has too; a plan need not say them."""
    stats = case.plan.stats
    counted = (("racks", stats.racks, len(case.fleet.racks)), ("periods", stats.periods, len(case.periods)))
    for what, says, is_ in counted:
        if says and says != is_:
            message = f"the plan states {says} {what}, the scenario has {is_}"
            yield found(Rule.RAMP, f"stats.{what}", None, says, is_, what, message)
