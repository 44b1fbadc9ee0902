"""Fabric blocks in the report: what a plan leaves whole, counted by hand, and its table."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from rich.console import Console

from capalloc.metrics import measure
from capalloc.report.blocks import blocks
from capalloc.report.runs import Days
from capalloc.roster.blocks import Fragments
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Horizon, Scenario
from tests.report.conftest import FACILITY

WHOLE = Fragments(whole=1, part=0, shared=0, free=0)


def in_blocks(scenario: Scenario, *names: str | None) -> Scenario:
    """The scenario with its four positions in fabric blocks."""
    positions: Any = FACILITY["positions"]
    places = [
        place | ({} if name is None else {"fabric_block": name}) for place, name in zip(positions, names, strict=True)
    ]
    return Scenario.model_validate({**scenario.model_dump(by_alias=True), "facility": FACILITY | {"positions": places}})


def test_blocks_are_counted_by_what_their_racks_serve(scenario: Scenario, plan: Plan) -> None:
    # r1 serves the tenant, r2 too from July on, r3 research, r4 nobody.
    found = measure(in_blocks(scenario, "x", "x", "y", "y"), plan).blocks
    assert found[1] == Fragments(whole=0, part=2, shared=0, free=0)
    assert found[2] == Fragments(whole=1, part=1, shared=0, free=0)


def test_a_block_of_two_demands_is_shared(scenario: Scenario, plan: Plan) -> None:
    found = measure(in_blocks(scenario, "x", "y", "x", "z"), plan).blocks
    # x: r1 and r3; y: r2 from July on; z: r4.
    assert found[1] == Fragments(whole=0, part=0, shared=1, free=2)
    assert found[2] == Fragments(whole=1, part=0, shared=1, free=1)


def test_a_row_stands_for_positions_without_a_block(scenario: Scenario, plan: Plan) -> None:
    # The one row: two demands and an idle rack. With r1 in a block of its own: the block is whole.
    assert measure(scenario, plan).blocks[2] == Fragments(whole=0, part=0, shared=1, free=0)
    found = measure(in_blocks(scenario, "x", None, None, None), plan).blocks
    assert found[1] == Fragments(whole=1, part=1, shared=0, free=0)
    assert found[2] == Fragments(whole=1, part=0, shared=1, free=0)


HORIZON = Horizon(start=date(2026, 5, 1), end=date(2026, 11, 1), period="month")
DAYS = Days.of(HORIZON)


def page(found: list[Fragments], periods: list[str], all_periods: bool) -> list[list[str]]:
    out = io.StringIO()
    Console(file=out, width=100).print(blocks(found, periods, DAYS, all_periods))
    return [line.split() for line in out.getvalue().splitlines()]


def test_equal_neighbouring_periods_are_one_line() -> None:
    months = ["2026-05", "2026-06", "2026-07"]
    lines = page([WHOLE, WHOLE, Fragments(whole=0, part=1200, shared=2, free=3)], months, False)
    assert ["Month", "Whole", "part", "Shared", "Free"] in lines  # "In" stands above "part"
    assert ["2026-05", "…", "2026-06", "1", "0", "0", "0"] in lines
    assert ["2026-07", "0", "1,200", "2", "3"] in lines
    assert [line[0] for line in page([WHOLE] * 3, months, True)[-3:]] == months
