"""One peer on one scenario, in a process of its own: ``python -m benchmarks.peers PEER SCENARIO PLAN``.

It prints what it found as JSON, and writes its plan where it has one. Exit code 4: too large to start.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
from pathlib import Path

from benchmarks.names import TOO_LARGE

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

    from capalloc.errors import TooLargeError
    from capalloc.formats import load_scenario, save_plan

    try:
        found = _found(asked.peer, load_scenario(asked.scenario), asked.gap, asked.time_limit, asked.seed)
    except (TooLargeError, MemoryError) as error:
        print(error or "out of memory", file=sys.stderr)
        return TOO_LARGE
    if found.plan is not None:
        save_plan(found.plan, asked.plan)
    seconds = {"build_s": found.build_s, "solve_s": found.solve_s}
    print(json.dumps({**seconds, "columns": found.columns, "bound_usd": found.bound_usd}))
    return 0


def _found(peer: str, *task: object) -> object:
    from ortools.math_opt.python import mathopt

    from benchmarks.split import solve_split
    from benchmarks.unreduced import Way, solve_unreduced

    ways = {
        "highs-ipm": Way(mathopt.SolverType.HIGHS, whole=False),
        "highs-mip": Way(mathopt.SolverType.HIGHS, whole=True),
        "cp-sat": Way(mathopt.SolverType.CP_SAT, whole=True),
    }
    if peer == "pop":
        return solve_split(*task)
    scenario, *rest = task
    return solve_unreduced(scenario, ways[peer], *rest)


if __name__ == "__main__":
    sys.exit(main())
