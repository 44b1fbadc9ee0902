"""One check a rule, and a verdict that reads the same every time."""

from __future__ import annotations

from capalloc.schema.rules import Rule
from capalloc.verify import CHECKS, verify
from tests.verify.tiny import RACKS, plan, scenario, serve, site


def test_every_rule_has_its_check_in_order() -> None:
    assert list(CHECKS) == list(Rule)
    assert len(set(CHECKS.values())) == len(Rule)


def test_plan_without_assignments_is_accepted() -> None:
    case = scenario()
    verdict = verify(case, plan(case))
    assert (verdict.verdict, verdict.violations, verdict.objective_usd) == ("ok", (), 0.0)


def test_violations_come_by_rule_then_period_then_place() -> None:
    # u1 and u2 carry 30 kW of 20 kW in every month, 60 kW of 20 kW after a loss
    case = scenario(site(nodes={"u1": {"rated_kw": 20.0}, "u2": {"rated_kw": 20.0}}))
    found = verify(case, plan(case, serve("job", RACKS[:6]))).violations
    months = ("2026-05", "2026-06", "2026-07")
    assert [(violation.rule, violation.period, violation.where) for violation in found] == [
        (rule, month, ups) for rule in (Rule.POWER, Rule.FAILOVER) for month in months for ups in ("u1", "u2")
    ]
