"""The floor map: what stands where, who has it when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.floor import Floor, floor_of
from capalloc.analysis.picture.layout import Layout, Sheet, layout_of, ranks
from capalloc.analysis.picture.runs import changes
from capalloc.instance.model import Ints
from capalloc.report.charts.colourings import (
    BLOCK_SHADES,
    BLOCKS,
    BLOCKS_NAMED,
    NO_BLOCK,
    NO_TYPE,
    OTHERS,
    SERVES_NOBODY,
    SPARE,
    STATES,
    TITLES,
)
from capalloc.report.charts.shades import COLOURS, REST, shades_of
from capalloc.report.figures import count
from capalloc.report.html.section import Section

_WIDE, _NARROW = Sheet(0.5, 0.02), Sheet(1.7, 0.04)
"""Of a map in a wide window, and in a narrow one."""


def floor(pictured: Pictured) -> Section:
    """The section of the floor map."""
    return Section(
        "floor", "Floor", {"colourings": TITLES, "note": _note(pictured), "compared": False}, _data(pictured)
    )


def _note(pictured: Pictured) -> str:
    """What one has to know to read the map."""
    others = sum(shade == REST for shade in shades_of(pictured).values())
    said = "Each cell is a position, each strip a row, as they stand in their halls."
    return said + (f" {count(others)} demands beyond the ten that get most share one colour." if others else "")


def _data(pictured: Pictured) -> dict[str, Any]:
    instance, facility = pictured.site.instance, pictured.scenario.facility
    spots, nodes = instance.positions, pictured.site.loads.forest.index
    return {
        "demands": list(instance.demand_names),
        "halls": list(spots.hall_names),
        "rows": list(spots.row_names),
        "blocks": list(spots.block_names),
        "types": list(instance.type_names),
        "racks": list(instance.racks.names),
        "rackType": instance.racks.type.tolist(),
        "tenants": {
            one.name: one.tenant for one in pictured.scenario.all_contracts if one.name in instance.demand_names
        },
        "positions": list(spots.names),
        "hall": spots.hall.tolist(),
        "row": spots.row.tolist(),
        "rank": ranks(pictured).tolist(),
        "block": spots.block.tolist(),
        "feedA": [nodes[position.feed_a] for position in facility.positions],
        "feedB": [-1 if position.feed_b is None else nodes[position.feed_b] for position in facility.positions],
        "layouts": [_layout(layout_of(pictured, sheet)) for sheet in (_WIDE, _NARROW)],
        "keys": _keys(),
        **_states(floor_of(pictured)),
    }


def _layout(layout: Layout) -> dict[str, Any]:
    return {
        "columns": layout.columns,
        "height": layout.height,
        "name": layout.name,
        "hallX": list(layout.hall_x),
        "hallY": list(layout.hall_y),
        "hallRoom": list(layout.hall_room),
        "rowX": list(layout.row_x),
        "rowY": list(layout.row_y),
    }


def _keys() -> Mapping[str, Any]:
    """What colours mean, each a label with a colour."""
    return {
        "states": list(STATES.values()),
        "spare": SPARE,
        "others": OTHERS,
        "rest": REST,
        "types": COLOURS,
        "noType": NO_TYPE,
        "blocks": BLOCK_SHADES,
        "blocksNamed": BLOCKS_NAMED,
        "manyBlocks": BLOCKS,
        "noBlock": NO_BLOCK,
        "servesNobody": SERVES_NOBODY,
    }


def _states(floor: Floor) -> dict[str, Any]:
    racks = [_pattern(racks) for racks in floor.rack]
    return {**patterns(floor.state), "rack": [one[1] if len(one) == 2 else list(one) for one in racks]}


def patterns(states: Ints) -> dict[str, Any]:
    """What each position is like when, (P, T), as the number of a pattern: many have the same."""
    found: dict[tuple[int, ...], int] = {}
    of = [found.setdefault(_pattern(one), len(found)) for one in states]
    return {"patterns": [list(one) for one in found], "pattern": of}


def _pattern(values: Ints) -> tuple[int, ...]:
    """Period, value, period, value ...: where it changes."""
    at = list(changes(values))
    return tuple(np.column_stack((at, values[at])).ravel().tolist())
