"""The page of a plan beside another one: what is different, and what moved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from capalloc.analysis.picture import Pictured
from capalloc.report.apart import apart
from capalloc.report.html.page import rendered, shared_data
from capalloc.report.html.sections import sections_of
from capalloc.report.html.sections.compare import compare, shades_of_two
from capalloc.schema.diff import Diff


def compared_html(first: Pictured, second: Pictured, answer: Diff, names: tuple[str, str]) -> str:
    """What the second plan changes of the first, above the report of the second. ``answer`` is their difference."""
    both = compare((first, second), names, answer)
    summary, *rest = sections_of(second)
    moved = not answer.same and both.values["floor"]
    known = [replace(one, values={**one.values, "compared": moved}) for one in rest]
    sections = [both, replace(summary, title="Second plan"), *known]
    return rendered(f"{apart(second.plan.scenario)}: two capacity plans", sections, _data(first, second))


def _data(first: Pictured, second: Pictured) -> dict[str, Any]:
    return shared_data(second) | {"shades": shades_of_two(first, second)}
