"""The line that says which scenario and which plan an answer is about."""

from __future__ import annotations

from capalloc.report.figures import gap_between, usd
from capalloc.schema.about import About

DIGITS = 12
"""Of a digest, as pages show it."""


def about_line(about: About) -> str:
    """Scenario, plan by the first digits of its digest, its worth and gap."""
    made = ", planned now" if about.planned_now else ""
    asked = f", with {', '.join(about.prospects)}" if about.prospects else ""
    worth = f"{usd(about.objective_usd)}, {gap_between(about.objective_usd, about.bound_usd, about.gap)}"
    return f"{about.scenario}{asked}: plan {about.plan_sha256[:DIGITS]}{made}, {about.status}, {worth}"
