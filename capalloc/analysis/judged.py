"""The verdict on a plan file: its rules, and whether it was made for the scenario as it is."""

from __future__ import annotations

from capalloc.formats import scenario_sha256
from capalloc.schema.plan import Plan
from capalloc.schema.rules import Rule
from capalloc.schema.scenario import Scenario
from capalloc.schema.verdict import Unchecked, Verdict, Violation
from capalloc.verify import verify


def judged(scenario: Scenario, plan: Plan, *, edited: bool = False) -> Verdict:
    """What the verifier says of a plan, and a violation where its fingerprint is of another scenario.

    ``edited``: the scenario is known to have changed since, so that the fingerprint says nothing and is named among
    what was not checked. The violation stands last, under the ramp rule as other figures do.
    """
    verdict = verify(scenario, plan)
    if plan.scenario_sha256 == scenario_sha256(scenario):
        return verdict
    if edited:
        why = Unchecked(what="scenario_sha256", why="for which version of the scenario the plan was made")
        return verdict.replace(not_checked=(*verdict.not_checked, why))
    return verdict.replace(verdict="violated", violations=(*verdict.violations, _of_another(scenario, plan)))


def _of_another(scenario: Scenario, plan: Plan) -> Violation:
    other = f"another version of '{scenario.name}'" if plan.scenario == scenario.name else f"'{plan.scenario}'"
    message = (
        f"the plan was made for {other}, as its fingerprint says; where the scenario was edited since, "
        "check --edited judges the plan by it as it is now"
    )
    return Violation(
        rule=Rule.RAMP, where="scenario_sha256", period="", amount=1, limit=0, unit="fingerprints", message=message
    )
