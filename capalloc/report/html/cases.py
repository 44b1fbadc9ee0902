"""The page of a what-if: its cases as small charts and as a table."""

from __future__ import annotations

from typing import Any

from capalloc.analysis.base import Base
from capalloc.report.apart import apart
from capalloc.report.html.page import rendered
from capalloc.report.html.scripts import CASES
from capalloc.report.html.section import Section
from capalloc.report.html.sections.cases import multiples, overview
from capalloc.schema.whatif import WhatIf


def cases_html(base: Base, answer: WhatIf) -> str:
    """The report of a what-if that was asked of a base plan."""
    sections: list[Section] = [overview(answer), multiples(base, answer)]
    return rendered(f"{apart(answer.about.scenario)}: what if", sections, _data(base), CASES)


def _data(base: Base) -> dict[str, Any]:
    periods = base.scenario.horizon.periods
    return {
        "periods": [
            {"label": one.label, "from": one.start.isoformat(), "until": one.end.isoformat()} for one in periods
        ]
    }
