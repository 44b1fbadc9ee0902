"""Racks that the plan switches off although the policy leaves idle racks powered."""

from __future__ import annotations

from rich.text import Text

from capalloc.calendar import format_day
from capalloc.report.figures import plural
from capalloc.schema.plan import Plan


def off(plan: Plan) -> Text:
    """How many racks are off, when, and why."""
    racks = len({entry.rack for entry in plan.off})
    first = format_day(min(entry.start for entry in plan.off))
    last = format_day(max(entry.until for entry in plan.off))
    return Text(
        f"Off: {plural(racks, 'rack')} that serve nobody, at times from {first} until {last} (excluded): under idle: "
        "powered they would draw idle_kw; the plan has switched them off, to make room or as nothing is lost by it.",
        style="dim",
    )
