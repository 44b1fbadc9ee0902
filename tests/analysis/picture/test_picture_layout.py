"""Where rows stand on a map of the floor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from capalloc import generate, solve
from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.layout import Layout, Sheet, layout_of, ranks
from tests.byhand import by_hand, facility

WIDE = Sheet(0.5, 0.02)


def pictured(positions: Sequence[Any] | None = None) -> Pictured:
    site = facility()
    if positions is not None:
        site |= {"positions": positions, "racks": [{"name": "k", "rack_type": "hgx", "position": positions[0]["name"]}]}
    scenario = by_hand(facility=site, contracts=[], workloads=[])
    plan = solve(scenario).plan
    assert plan is not None
    return Pictured(scenario, plan)


def position(number: int, **changes: Any) -> dict[str, Any]:
    place = {"name": f"p{number}", "hall": "h1", "row": f"r{number}", "index": 0, "feed_a": "u1", "feed_b": "u2"}
    return place | changes


def corners(shown: Pictured, layout: Layout) -> list[tuple[float, float]]:
    row = shown.site.instance.positions.row
    x, y = np.array(layout.row_x)[row], np.array(layout.row_y)[row] + ranks(shown)
    return list(zip(x.tolist(), y.tolist(), strict=True))


def test_rows_stand_side_by_side_below_the_name_of_their_hall() -> None:
    # Three rows of four: a row is a cell wide, the aisle 0.3; two cells of name, a cell below.
    layout = layout_of(pictured(), WIDE)
    assert (layout.row_x, layout.row_y) == ((0.0, 1.3, 2.6), (2.0, 2.0, 2.0))
    assert (layout.hall_y, layout.height) == ((1.5,), 7.0)


def test_positions_of_a_row_are_in_the_order_of_their_index_whatever_the_table_says() -> None:
    index = (7, 3, 5)
    shown = pictured([position(n, row="r", index=i) for n, i in enumerate(index)])
    assert ranks(shown).tolist() == [2, 0, 1]


def test_positions_of_equal_index_do_not_lie_on_each_other() -> None:
    assert ranks(pictured([position(n, row="r") for n in range(3)])).tolist() == [0, 1, 2]


def test_blocks_stay_whole_where_they_fit() -> None:
    # Blocks of eight rows in a narrow map: every block in one line.
    shown = pictured([position(n, fabric_block=f"b{n // 8}") for n in range(80)])
    layout = layout_of(shown, Sheet(1.7, 0.04))
    assert layout.columns < 80
    assert [len(set(layout.row_y[first : first + 8])) for first in range(0, 80, 8)] == [1] * 10


def test_small_halls_stand_beside_each_other() -> None:
    # Nine halls of two rows of one: a name of two cells has room for six, so eight cells from hall to hall.
    shown = pictured([position(n, hall=f"h{n // 2}") for n in range(18)])
    layout = layout_of(shown, WIDE)
    assert layout.hall_x[:2] == (0.0, 8.0)
    assert len(set(layout.hall_y)) < 9


def test_a_block_wider_than_the_map_is_parted() -> None:
    shown = pictured([position(n, fabric_block="b") for n in range(300)])
    layout = layout_of(shown, Sheet(1.7, 0.04))
    assert max(layout.row_x) + 1 <= layout.columns
    assert len(set(layout.row_y)) > 1


@pytest.mark.parametrize("sheet", [WIDE, Sheet(1.7, 0.04)])
def test_no_two_positions_lie_on_each_other_or_beside_the_map(sheet: Sheet) -> None:
    scenario = generate(racks=700, periods=1, demands=2, seed=3)
    plan = solve(scenario).plan
    assert plan is not None
    shown = Pictured(scenario, plan)
    layout = layout_of(shown, sheet)
    found = corners(shown, layout)
    assert len(set(found)) == len(found)
    assert all(0 <= x <= layout.columns - 1 and 0 <= y <= layout.height - 1 for x, y in found)
