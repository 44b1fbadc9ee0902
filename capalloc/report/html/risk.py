"""The page of plans over samples."""

from __future__ import annotations

from capalloc.report.apart import apart
from capalloc.report.html.page import rendered
from capalloc.report.html.scripts import RISK
from capalloc.report.html.sections.risk import risk_section
from capalloc.schema.risk import Risk
from capalloc.schema.scenario import Scenario


def risk_html(scenario: Scenario, answer: Risk) -> str:
    """The report of plans of a scenario over its samples."""
    periods = scenario.horizon.periods
    shared = {
        "periods": [
            {"label": one.label, "from": one.start.isoformat(), "until": one.end.isoformat()} for one in periods
        ]
    }
    return rendered(f"{apart(answer.scenario)}: risk", [risk_section(answer, periods)], shared, RISK)
