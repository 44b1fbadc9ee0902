"""What repairs change, in a planner's words: every step that falls, and one date in one place."""

from __future__ import annotations

from capalloc.analysis.explain import explain
from capalloc.analysis.explain.family import Family
from capalloc.analysis.explain.repairs import Chosen
from capalloc.analysis.explain.requirement import Kind
from capalloc.analysis.explain.worth import changes
from tests.analysis.explain.causes import lease, made, site


def _change(kind: Kind, where: str, says: str) -> Family:
    return Family(kind, where, 1, lambda scenario, _: scenario, lambda _: f"{where}: {says}")


def test_a_supplys_delay_and_its_date_are_one_change() -> None:
    families = (
        _change(Kind.DELAY, "grid-1", "supply not delayed"),
        _change(Kind.SUPPLY_DATES, "grid-2", "from 2027-01 in place of 2027-06"),
        _change(Kind.SUPPLY_DATES, "grid-1", "from 2027-02 in place of 2027-03"),
    )
    assert [change.says for change in changes([Chosen(families, (1, 1, 1))])] == [
        "grid-1: supply not delayed, and from 2027-02 in place of 2027-03",
        "grid-2: from 2027-01 in place of 2027-06",
    ]


def test_every_step_that_falls_is_named() -> None:
    """Steps of 16 and 24 GPUs are two and three racks of 8; the feed carries one."""
    steps = [{"from": "2026-05", "gpus": 16}, {"from": "2026-06", "gpus": 24}]
    answer = explain(made(site(nodes={"grid": {"rated_kw": 15}}), lease(ramp=steps)))
    said = [change.says for found in answer.conflicts for repair in found.repairs for change in repair.changes]
    assert "lease: 8 GPUs in place of 16 GPUs and 24 GPUs from 2026-05" in said
