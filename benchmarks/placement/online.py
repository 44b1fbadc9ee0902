"""Requests that come and go one at a time, and what a rack costs as facilities grow: each size a process of its own."""

from __future__ import annotations

from dataclasses import replace

from ..process import run_module
from ..registry import Options
from ..report import say
from .families import FAMILIES
from .laps import Laps

SIZES = (1_000, 10_000, 100_000)
"""Positions of the halls, racks of the trees."""
_KILLED_AFTER_S = 900.0


def measure(options: Options, rows: list[Laps]) -> None:
    """Add the rows of every size: floors of Colossus halls, then constructive answers on trees."""
    for family in ("colossus", "tree"):
        for size in options.racks or SIZES:
            say(f"online, {family}, {size:,} positions")
            rows += _measured(family, size, options.seed)


def _measured(family: str, size: int, seed: int) -> list[Laps]:
    ended = run_module(
        *("placement.online_process", family, "--racks", str(size), "--seed", str(seed)),
        time_limit=_KILLED_AFTER_S,
    )
    if ended.code:
        found = [Laps("none", "us", 0, 0, 0.0, 0.0, 0.0, 0.0, ended.failure)]
    else:
        found = [Laps(**one) for one in ended.answer]
    positions = len(FAMILIES[family].make(size, seed)[0].positions)
    return [replace(one, family=family, positions=positions) for one in found]
