"""What ``capalloc show`` prints: one thing after the other."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from capalloc.analysis.show import Shown
from capalloc.analysis.show.record import NodeShown
from capalloc.report.show_node import node_page
from capalloc.report.show_parts import Calendar
from capalloc.report.show_place import place_page


def shown_page(answer: Shown, period: str, all_periods: bool = False) -> Iterator[RenderableType]:
    """Every thing of an answer; ``period`` is the horizon's unit, ``all_periods`` gives each period its own line."""
    calendar = Calendar(answer.horizon, period, all_periods)
    for thing in answer.things:
        if isinstance(thing, NodeShown):
            yield from node_page(thing, calendar)
        else:
            yield from place_page(thing, calendar)
