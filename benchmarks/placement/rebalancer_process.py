"""Meta's Rebalancer (PyPI ``rebalancer``) on a tree, in an interpreter of its own: JSON on stdin, JSON on stdout.

In: ``racks`` {rack: kW}, ``rows`` {row: {"kw", "positions", "board"}}, ``boards`` {board: kW}, ``time_limit`` in whole
seconds, ``seed``, ``solver``. Out: ``rows`` {rack: row} of the racks that are placed, ``seconds`` of solving.

Racks are objects, rows are containers, and so is a shelf where every rack starts and none should stay; switchboards are
a scope over the rows. The specs are those of the package's documentation; nothing here imports this repository.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

from rebalancer import ProblemSolver

SHELF = "shelf"
AMPLE = 1e12
ABSOLUTE, HIGHS = 1, 2
"""Members of the package's enumerations, which it takes by number."""


def main() -> None:
    """Solve what stdin says; the library's own log is kept off stdout."""
    answers = os.dup(1)
    os.dup2(2, 1)
    task = json.load(sys.stdin)
    begun = time.perf_counter()
    solution = _solver(task).solve()
    seconds = time.perf_counter() - begun
    rows = {rack: row for rack, row in solution["assignment"].items() if row != SHELF}
    with os.fdopen(answers, "w") as out:
        json.dump({"rows": rows, "seconds": seconds}, out)


def _solver(task: dict[str, Any]) -> ProblemSolver:
    rows = task["rows"]
    solver = ProblemSolver("capalloc", "bench")
    solver.set_log_level("ERR").disable_solution_summary()
    solver.set_object_name("rack").set_container_name("row")
    solver.set_assignment({SHELF: list(task["racks"]), **{row: [] for row in rows}})
    solver.add_object_dimension("kw", task["racks"])
    solver.add_scope("board", {SHELF: SHELF, **{row: rows[row]["board"] for row in rows}})
    _limit(solver, "row", "rack_count", {row: rows[row]["positions"] for row in rows})
    _limit(solver, "row", "kw", {row: rows[row]["kw"] for row in rows})
    _limit(solver, "board", "kw", task["boards"])
    solver.add_goal({"toFreeSpec": {"name": "placed", "containers": [SHELF], "dimension": "kw"}})
    solver.add_solver(_settings(task))
    return solver


def _limit(solver: ProblemSolver, scope: str, dimension: str, limits: dict[str, float]) -> None:
    """No more of a dimension than the limits, which are amounts; the shelf takes all."""
    limit = {"type": ABSOLUTE, "globalLimit": AMPLE, "scopeItemLimits": limits}
    name = f"{scope}-{dimension}"
    spec = {"name": name, "scope": scope, "dimension": dimension, "limit": limit}
    solver.add_constraint({"capacitySpec": spec})


def _settings(task: dict[str, Any]) -> dict[str, Any]:
    """Local search by the move types that found most here: single moves, then swaps, then Kernighan-Lin chains."""
    if task["solver"] == "optimal":
        return {"optimalSolverSpec": {"solverPackage": HIGHS, "solveTime": task["time_limit"], "suppressLogs": True}}
    moves: list[dict[str, Any]] = [{"singleMoveTypeSpec": {}}, {"swapMoveTypeSpec": {}}, {"klSearchMoveTypeSpec": {}}]
    settings = {"solveTime": task["time_limit"], "randomSeed": task["seed"], "moveTypeList": moves}
    return {"localSearchSolverSpec": settings}


if __name__ == "__main__":
    main()
