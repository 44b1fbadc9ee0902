"""How many groups of a size still fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.console import RenderableType
from rich.text import Text

from capalloc.placement.floor import Slots
from capalloc.report.figures import DASH, count, plural
from capalloc.report.table import Column, Grid, grid, words
from capalloc.schema.request import Together

_LINES_SHOWN = 40
_WHERE = {"row": "in one row", "fabric_block": "in one fabric block", "hall": "in one hall", "none": "anywhere"}


def slots_page(facility: str, racks: int, together: Together, found: Mapping[str, Slots]) -> Iterator[RenderableType]:
    """The site, its halls and its fabric blocks by kind of rack."""
    title = f"{facility}: groups of {plural(racks, 'rack')} {_WHERE[together]} that still fit, at least"
    site = {name: {"site": slots.site} for name, slots in found.items()}
    yield _grid(title, "Site", site)
    if any(slots.halls for slots in found.values()):
        yield from _part("Halls, each filled alone", "Hall", {name: slots.halls for name, slots in found.items()})
    if any(slots.blocks for slots in found.values()):
        blocks = {name: slots.blocks for name, slots in found.items()}
        yield from _part("Fabric blocks, each filled alone", "Fabric block", blocks)


def _part(title: str, head: str, by_kind: Mapping[str, Mapping[str, int]]) -> Iterator[RenderableType]:
    yield _grid(title, head, by_kind)
    more = max(len(counts) for counts in by_kind.values()) - _LINES_SHOWN
    if more > 0:
        yield Text(f"… and {count(more)} more; --json lists them all")


def _grid(title: str, head: str, by_kind: Mapping[str, Mapping[str, int]]) -> Grid:
    places = list(dict.fromkeys(place for counts in by_kind.values() for place in counts))[:_LINES_SHOWN]
    columns = [words(head), *(Column(name) for name in by_kind)]
    cells = ((place, *(_cell(counts, place) for counts in by_kind.values())) for place in places)
    return grid(title, columns, cells)


def _cell(counts: Mapping[str, int], place: str) -> str:
    return count(counts[place]) if place in counts else DASH
