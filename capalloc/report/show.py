"""What ``capalloc show`` prints: one thing after the other."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from capalloc.report.show_demand import demand_page
from capalloc.report.show_node import node_page
from capalloc.report.show_parts import Calendar
from capalloc.report.show_place import place_page, position_page, zone_page
from capalloc.report.show_rack import rack_page
from capalloc.report.show_site import site_page
from capalloc.schema.shown import (
    DemandShown,
    NodeShown,
    PlaceShown,
    PositionShown,
    RackShown,
    Shown,
    Thing,
    ZoneShown,
)
from capalloc.schema.tree import SiteShown


def shown_page(
    answer: Shown, period: str, all_periods: bool = False, depth: int | None = None
) -> Iterator[RenderableType]:
    """Every thing of an answer.

    ``period`` is the horizon's unit, ``all_periods`` gives each period its own line, ``depth`` is that of the tree.
    """
    calendar = Calendar(answer.horizon, period, all_periods)
    for thing in answer.things:
        yield from _page(thing, calendar, depth)


def _page(thing: Thing, calendar: Calendar, depth: int | None) -> Iterator[RenderableType]:
    match thing:
        case NodeShown():
            yield from node_page(thing, calendar)
        case PlaceShown():
            yield from place_page(thing, calendar)
        case ZoneShown():
            yield from zone_page(thing, calendar)
        case PositionShown():
            yield from position_page(thing, calendar)
        case RackShown():
            yield from rack_page(thing, calendar)
        case DemandShown():
            yield from demand_page(thing, calendar)
        case SiteShown():
            yield from site_page(thing, calendar, depth)
