"""What the plan says, on top of the page."""

from __future__ import annotations

from capalloc.analysis.picture import Pictured
from capalloc.report.figures import gap_between, usd
from capalloc.report.html.section import Section


def summary(pictured: Pictured) -> Section:
    """The section on top."""
    plan = pictured.plan
    facts = [
        ("Verdict", pictured.verdict.verdict),
        ("Status", f"{plan.status}, {gap_between(plan.objective_usd, plan.bound_usd, plan.gap)}"),
        ("Objective", f"{usd(plan.objective_usd)} (discounted)"),
    ]
    return Section("summary", "Summary", {"facts": facts})
