"""Requests that come and go one at a time, and what a rack costs as facilities grow: each size a process of its own."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

from benchmarks.placement.families import FAMILIES
from benchmarks.placement.laps import Laps
from benchmarks.placement.measured import failure
from benchmarks.process import run_python
from benchmarks.registry import Options

SIZES = (1_000, 10_000, 100_000)
"""Positions of the halls, racks of the trees."""
_KILLED_AFTER_S = 900.0


def measure(options: Options, rows: list[Laps]) -> None:
    """Add the rows of every size: floors of Colossus halls, then constructive answers on trees."""
    for family in ("colossus", "tree"):
        for size in options.racks or SIZES:
            print(f"bench: online, {family}, {size:,} positions", file=sys.stderr, flush=True)
            rows += _measured(family, size, options.seed)


def _measured(family: str, size: int, seed: int) -> list[Laps]:
    ended = run_python(
        *("-m", "benchmarks.placement.online_process", family, "--racks", str(size), "--seed", str(seed)),
        time_limit=_KILLED_AFTER_S,
    )
    if ended.code:
        found = [Laps("none", "us", 0, 0, 0.0, 0.0, 0.0, 0.0, failure(ended))]
    else:
        found = [Laps(**one) for one in json.loads(ended.out.splitlines()[-1])]
    positions = len(FAMILIES[family].make(size, seed)[0].positions)
    return [replace(one, family=family, positions=positions) for one in found]
