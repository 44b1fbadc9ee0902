"""Every planner on every facility as a process of its own, its answer checked in this one."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import get_args

from benchmarks.placement.answer import figure
from benchmarks.placement.families import FAMILIES, Instance
from benchmarks.placement.laps import Laps
from benchmarks.placement.laps import table as laps_table
from benchmarks.placement.measured import Measured, failure, related, table
from benchmarks.placement.names import ONLINE, OURS, PEERS, REBALANCER
from benchmarks.placement.online import measure as measure_online
from benchmarks.process import Ended, run_python
from benchmarks.registry import Options
from benchmarks.report import publish
from capalloc.report.figures import DASH
from capalloc.schema.request import Placed, PlacementObjective

_KILLED_AFTER_S = 90.0
"""Seconds after its time limit at which a planner is ended that does not end itself."""


@dataclass(frozen=True, slots=True)
class Task:
    """A facility to place on, and what is maximised."""

    family: str
    size: int
    objective: PlacementObjective
    instance: Instance

    def __str__(self) -> str:
        return f"{self.family}, {len(self.instance[0].positions):,} positions, {self.objective}"


def run(options: Options) -> int:
    """Measure every family and size; Ctrl-C shows what there is. 1 where an answer of ours was not accepted."""
    _refuse(options)
    families = options.families or (*FAMILIES, ONLINE)
    rows: list[Measured] = []
    laps: list[Laps] = []
    try:
        for family in (family for family in families if family != ONLINE):
            for size in options.racks or FAMILIES[family].sizes:
                _measure(family, size, options, rows)
        if ONLINE in families:
            measure_online(options, laps)
    except KeyboardInterrupt:
        _show(related(rows), laps, replace(options, save=False))
        raise
    _show(related(rows), laps, options)
    ours = [row.verdict for row in rows if row.planner in OURS] + [lap.verdict for lap in laps]
    return int(any(verdict != "ok" for verdict in ours))


def _refuse(options: Options) -> None:
    """Raise ValueError for names that are none, and for a peer that needs an interpreter it was not given."""
    for found, known, what in (
        (options.families, (*FAMILIES, ONLINE), "families"),
        (options.objectives, get_args(PlacementObjective), "objectives"),
        (options.against, tuple(PEERS), "peers"),
    ):
        if unknown := sorted(set(found) - set(known)):
            raise ValueError(f"found the {what} {', '.join(unknown)}, expected some of {', '.join(known)}")
    if set(options.against) & REBALANCER.keys() and not options.rebalancer:
        raise ValueError("the peer rebalancer needs --rebalancer with a Python >= 3.12 that has the package rebalancer")


def _show(rows: list[Measured], laps: list[Laps], options: Options) -> None:
    """One list as JSON, or the tables that have rows."""
    if options.as_json:
        print(json.dumps([asdict(row) for row in (*rows, *laps)], indent=1))
        return
    if rows:
        publish("placement", table(rows), options.save)
    if laps:
        publish("placement-online", laps_table(laps), options.save)


def _measure(family: str, size: int, options: Options, rows: list[Measured]) -> None:
    """Add the rows of a facility, by objective."""
    instance = FAMILIES[family].make(size, options.seed)
    for objective in options.objectives or FAMILIES[family].objectives:
        task = Task(family, size, objective, instance)
        for planner in (*OURS, *_peers(family, options.against)):
            print(f"bench: {task}: {planner}", file=sys.stderr, flush=True)
            rows.append(_measured(task, planner, options))


def _peers(family: str, against: Sequence[str]) -> list[str]:
    """The peers that know the family."""
    return [peer for peer in against if family == "tree" or peer not in REBALANCER]


def _measured(task: Task, planner: str, options: Options) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        placed = Path(folder) / "placed.csv"
        ended = run_python(
            *("-m", "benchmarks.placement.process", planner, str(placed)),
            *("--family", task.family, "--racks", str(task.size), "--objective", task.objective),
            *("--seed", str(options.seed), "--time-limit", str(options.time_limit)),
            *("--rebalancer", options.rebalancer),
            time_limit=options.time_limit + _KILLED_AFTER_S,
        )
        row = _row(task, planner, ended)
        if ended.code:
            return replace(row, verdict=failure(ended))
        return _judged(replace(row, **json.loads(ended.out.splitlines()[-1])), task, _read(placed))


def _row(task: Task, planner: str, ended: Ended) -> Measured:
    facility, requests = task.instance
    size = len(facility.positions), len(requests)
    return Measured(task.family, *size, task.objective, planner, ended.seconds, ended.peak_mb, verdict=DASH)


def _read(path: Path) -> tuple[Placed, ...]:
    lines = (line.split(",") for line in path.read_text(encoding="utf-8").splitlines())
    return tuple(Placed(request=request, position=position) for request, position in lines)


def _judged(row: Measured, task: Task, placed: tuple[Placed, ...]) -> Measured:
    """The row with the checker's verdict, and the figure where that is ``ok``."""
    from capalloc.verify.placed import verify_placed

    violations = verify_placed(*task.instance, placed)
    if violations:
        return replace(row, verdict=f"rejected: {violations[0].rule}")
    return replace(row, verdict="ok", racks=len(placed), figure=figure(task.objective, task.instance[1], placed))
