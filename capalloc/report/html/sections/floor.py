"""The floor map: what stands where, who has it when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.floor import Floor, Layout, floor_of, layout_of, ranks, wide_columns
from capalloc.analysis.picture.runs import changes
from capalloc.instance.model import Ints
from capalloc.report.html.section import Section

_NARROW = 42.0
"""Cells that a map of a narrow window is wide."""


def floor(pictured: Pictured) -> Section:
    """The section of the floor map."""
    wide = wide_columns(pictured)
    layouts = [layout_of(pictured, columns) for columns in (wide, min(wide, _NARROW))]
    return Section("floor", "Floor", {"compared": False}, _data(pictured, layouts))


def _data(pictured: Pictured, layouts: Sequence[Layout]) -> dict[str, Any]:
    instance, facility = pictured.site.instance, pictured.scenario.facility
    spots, nodes = instance.positions, pictured.site.loads.forest.index
    return {
        "halls": list(spots.hall_names),
        "rows": list(spots.row_names),
        "blocks": list(spots.block_names),
        "types": list(instance.type_names),
        "racks": list(instance.racks.names),
        "rackType": instance.racks.type.tolist(),
        "tenants": {one.name: one.tenant for one in pictured.scenario.contracts},
        "positions": list(spots.names),
        "hall": spots.hall.tolist(),
        "row": spots.row.tolist(),
        "rank": ranks(pictured).tolist(),
        "block": spots.block.tolist(),
        "feedA": [nodes[position.feed_a] for position in facility.positions],
        "feedB": [-1 if position.feed_b is None else nodes[position.feed_b] for position in facility.positions],
        "layouts": [
            {
                "columns": one.columns,
                "height": one.height,
                "hallY": list(one.hall_y),
                "rowX": list(one.row_x),
                "rowY": list(one.row_y),
            }
            for one in layouts
        ],
        **_states(floor_of(pictured)),
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
