"""Headroom by hall and contingency node, as text."""

from __future__ import annotations

import io

from rich.console import Console

from capalloc.report.headroom import headroom_by_place
from capalloc.schema.headroom import Fits, Headroom, Room
from capalloc.schema.rules import Rule


def place(kind: str, name: str, left_kw: float, free: int = 0, exact: bool = True) -> Headroom:
    fits = Fits(rack_type="hgx", racks=free, exact=exact, rule=Rule.POSITION, where=name, lost=None)
    room = Room(positions=10, free=free, left_kw=left_kw + 1.0, left_after_loss_kw=left_kw, fits=(fits,))
    return Headroom.model_validate({"kind": kind, "name": name, "period": "2026-05", "room": room})


def page(places: list[Headroom], most: int | None = None, of: int = 0) -> list[str]:
    out = Console(file=io.StringIO(), width=100, highlight=False, markup=False, emoji=False)
    for part in headroom_by_place(places, most, of):
        out.print(part)
    assert isinstance(out.file, io.StringIO)
    return [" ".join(line.split()) for line in out.file.getvalue().splitlines()]


def test_a_line_has_what_is_left_normally_and_after_a_loss_and_the_racks_that_fit() -> None:
    assert "h1 2026-05 101.0 100.0 7 7" in page([place("hall", "h1", 100.0, free=7)])


def test_a_count_that_may_be_higher_is_marked() -> None:
    assert "h1 2026-05 101.0 100.0 7 ≥ 7" in page([place("hall", "h1", 100.0, free=7, exact=False)])


def test_where_no_position_is_free_no_rack_type_has_a_column() -> None:
    assert not any("hgx" in line for line in page([place("hall", "h1", 100.0)]))


def test_neighbours_with_equal_figures_share_a_line() -> None:
    lines = page([place("node", f"u{n}", 5.0 if n < 4 else 6.0) for n in (1, 2, 3, 4, 5)])
    assert "u1 … u3 (3) 2026-05 6.0 5.0 0" in lines
    assert "u4 … u5 2026-05 7.0 6.0 0" in lines


def test_a_hall_and_a_node_never_share_a_line() -> None:
    assert len([line for line in page([place("hall", "a", 5.0), place("node", "b", 5.0)]) if "2026-05" in line]) == 2


def test_a_page_keeps_to_the_tightest_and_says_how_many_more_there_are() -> None:
    halls = [place("hall", f"h{n:02}", 100.0 - n) for n in range(20)]
    nodes = [place("node", f"u{n:02}", float(n)) for n in range(30)]
    lines = page([*halls, *nodes], most=4, of=60)
    assert [line.split()[0] for line in lines if "2026-05" in line] == [
        *("h16", "h17", "h18", "h19"),
        *("u00", "u01", "u02", "u03"),
    ]
    assert "… and 52 more; capalloc show lists them" in lines
    assert len(lines) <= 15


def test_free_positions_that_are_kept_for_racks_to_come_are_told_apart() -> None:
    one = place("hall", "h1", 100.0, free=7)
    lines = page([one.replace(room=one.room.replace(kept=4)), place("hall", "h2", 90.0, free=7)])
    assert "h1 2026-05 101.0 100.0 7 4 7" in lines
    assert "h2 2026-05 91.0 90.0 7 0 7" in lines
    assert any(line.startswith("Kept for later: free positions that racks take when they arrive.") for line in lines)
    assert not any("Kept" in line for line in page([one]))
