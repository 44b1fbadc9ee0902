"""One peer on one scenario, in a process of its own: ``python -m benchmarks.peers PEER SCENARIO PLAN``.

It prints what it found as JSON, and writes its plan where it has one. Exit code 4: too large to start.
"""

from __future__ import annotations

import argparse
import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .process import answering

if TYPE_CHECKING:
    from capalloc.schema.scenario import Scenario

    from .unreduced import Found

SIXTEEN_GIB = 16 << 30


def main() -> int:
    """Run a peer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peer")
    parser.add_argument("scenario", type=Path)
    parser.add_argument("plan", type=Path)
    parser.add_argument("--gap", type=float, required=True)
    parser.add_argument("--time-limit", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    asked = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (SIXTEEN_GIB, SIXTEEN_GIB))
    return answering(lambda: _answer(asked))


def _answer(asked: argparse.Namespace) -> dict[str, float | None]:
    """What the peer found; the plan is written where there is one."""
    from capalloc.formats import load_scenario, save_plan

    found = _found(asked.peer, load_scenario(asked.scenario), asked.gap, asked.time_limit, asked.seed)
    if found.plan is not None:
        save_plan(found.plan, asked.plan)
    return {"build_s": found.build_s, "solve_s": found.solve_s, "bound_usd": found.bound_usd}


def _found(peer: str, scenario: Scenario, gap: float, time_limit: float, seed: int) -> Found:
    from ortools.math_opt.python import mathopt

    from .split import solve_split
    from .unreduced import Way, solve_unreduced

    if peer == "pop":
        return solve_split(scenario, gap, time_limit, seed)
    ways = {
        "highs-ipm": Way(mathopt.SolverType.HIGHS, integer=False),
        "highs-mip": Way(mathopt.SolverType.HIGHS, integer=True),
        "cp-sat": Way(mathopt.SolverType.CP_SAT, integer=True),
    }
    return solve_unreduced(scenario, ways[peer], gap, time_limit, seed)


if __name__ == "__main__":
    sys.exit(main())
