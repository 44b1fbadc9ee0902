"""Meta's Rebalancer on a tree, run by an interpreter that has it (PyPI ``rebalancer``, CPython 3.12 or later)."""

from __future__ import annotations

import json
import subprocess
import time
from collections import defaultdict
from pathlib import Path

from capalloc.schema.facility import Facility
from capalloc.schema.request import Placed, Request

from .answer import Answer

PROGRAM = Path(__file__).with_name("rebalancer_process.py")
_LATE_S = 60.0
"""Seconds after its time limit at which it is ended."""


def rebalance(
    interpreter: str, solver: str, facility: Facility, requests: tuple[Request, ...], *, time_limit: float, seed: int
) -> Answer:
    """Its answer by solver ``local`` or ``optimal``; core seconds are those of its own solving."""
    begun = time.perf_counter()
    task = _task(facility, requests) | {"solver": solver, "time_limit": max(1, round(time_limit)), "seed": seed}
    ended = subprocess.run(
        [interpreter, "-I", str(PROGRAM)],
        input=json.dumps(task),
        capture_output=True,
        text=True,
        timeout=time_limit + _LATE_S,
        check=False,
    )
    if ended.returncode:
        raise RuntimeError(f"{interpreter} ended with {ended.returncode}: {ended.stderr.strip()[-200:]}")
    found = json.loads(ended.stdout)
    placed = _placed(facility, found["rows"])
    return Answer(placed, found["seconds"], time.perf_counter() - begun)


def _task(facility: Facility, requests: tuple[Request, ...]) -> dict[str, object]:
    """The tree as that program reads it; the utility above has no limit."""
    nodes = {node.name: node for node in facility.power}
    rows = {
        row: {"kw": nodes[row].rated_kw, "positions": len(names), "board": nodes[row].parent}
        for row, names in _by_row(facility).items()
    }
    boards = {node.name: node.rated_kw for node in facility.power if node.kind == "switchboard"}
    return {"racks": {request.name: request.draw_kw for request in requests}, "rows": rows, "boards": boards}


def _by_row(facility: Facility) -> dict[str, list[str]]:
    rows: dict[str, list[str]] = defaultdict(list)
    for position in facility.positions:
        rows[position.feed_a].append(position.name)
    return rows


def _placed(facility: Facility, row_of: dict[str, str]) -> tuple[Placed, ...]:
    left = _by_row(facility)
    return tuple(Placed(request=rack, position=left[row].pop()) for rack, row in sorted(row_of.items()))
