"""One planner on one facility, in a process of its own; it writes what it placed, and prints its seconds as JSON.

``python -m benchmarks.placement.process PLANNER PLACED --family ... --racks ... --objective ... --seed ...``; exit code
4: too large to start. Ours is warm: its kernels are compiled, by a small facility, before it is timed.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from capalloc.schema.request import PlacementObjective

from ..process import answering
from .answer import Answer
from .families import FAMILIES, Instance
from .names import CONSTRUCTIVE, OURS, SOLVERS

_HIGHS_THREADS = 2
_WARM = 40
"""Positions of the facility that compiles the kernels."""


def main() -> int:
    """Run a planner."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("planner")
    parser.add_argument("placed", type=Path)
    parser.add_argument("--family", required=True)
    parser.add_argument("--racks", type=int, required=True)
    parser.add_argument("--objective", required=True)
    parser.add_argument("--time-limit", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--rebalancer", default="")
    asked = parser.parse_args()
    return answering(lambda: _answer(asked))


def _answer(asked: argparse.Namespace) -> dict[str, float | None]:
    """Seconds and bound; what is placed is written."""
    answer = found(asked, FAMILIES[asked.family].make(asked.racks, asked.seed))
    lines = (f"{line.request},{line.position}\n" for line in answer.placed)
    asked.placed.write_text("".join(lines), encoding="utf-8")
    return {"core_s": answer.core_s, "total_s": answer.total_s, "bound": answer.bound}


def found(asked: argparse.Namespace, instance: Instance) -> Answer:
    """The answer of the planner asked for."""
    if asked.planner in OURS:
        return _ours(asked, instance)
    if asked.planner in CONSTRUCTIVE:
        return _constructed(asked.planner, instance, asked.objective, asked.seed)
    if asked.planner in SOLVERS:
        from .solvers import solve

        return solve(
            asked.planner,
            *(*instance, asked.objective),
            time_limit=asked.time_limit,
            seed=asked.seed,
            threads=_HIGHS_THREADS,
        )
    from .rebalance import rebalance

    solver = "optimal" if asked.planner == "rebalancer-mip" else "local"
    return rebalance(asked.rebalancer, solver, *instance, time_limit=asked.time_limit, seed=asked.seed)


def _ours(asked: argparse.Namespace, instance: Instance) -> Answer:
    from capalloc.placing import place

    place(*FAMILIES[asked.family].make(_WARM, 0), objective=asked.objective, time_limit=0.01)
    placing = place(*instance, objective=asked.objective, seed=asked.seed, time_limit=OURS[asked.planner])
    return Answer(placing.placed, placing.seconds_core, placing.seconds_total, placing.bound)


def _constructed(name: str, instance: Instance, objective: PlacementObjective, seed: int) -> Answer:
    from .cells import cells_of
    from .constructive import CONSTRUCTIVE as KINDS

    begun = time.perf_counter()
    cells = cells_of(*instance)
    ready = time.perf_counter()
    taken = KINDS[name](cells, seed).place(instance[1], objective)
    core_s = time.perf_counter() - ready
    placed = cells.placed(instance[1], taken)
    return Answer(placed, core_s, time.perf_counter() - begun)


if __name__ == "__main__":
    sys.exit(main())
