"""Every planner on every facility as a process of its own, its answer checked in this one."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast, get_args

from capalloc.report.figures import DASH
from capalloc.schema.request import Placed, PlacementObjective

from ..measured import verdict_of
from ..process import Ended, run_module
from ..registry import Options
from ..report import Section, reporting, say
from .answer import figure
from .families import FAMILIES, Instance
from .laps import Laps
from .laps import table as laps_table
from .measured import MeasuredPlacement, related, table
from .names import ONLINE, OURS, PEERS, REBALANCER
from .online import measure as measure_online

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
    """Measure every family and size; 1 where an answer of ours was not accepted."""
    _refuse(options)
    families = options.families or (*FAMILIES, ONLINE)
    rows: list[MeasuredPlacement] = []
    laps: list[Laps] = []
    with reporting(options, lambda: _sections(related(rows), laps)):
        for family in (family for family in families if family != ONLINE):
            for size in options.racks or FAMILIES[family].sizes:
                _measure(family, size, options, rows)
        if ONLINE in families:
            measure_online(options, laps)
    ours = [row.verdict for row in rows if row.planner in OURS] + [lap.verdict for lap in laps]
    return int(any(verdict != "ok" for verdict in ours))


def _sections(rows: list[MeasuredPlacement], laps: list[Laps]) -> tuple[Section, ...]:
    return (
        Section("placement", rows, table(rows), named=4),
        Section("placement-online", laps, laps_table(laps), named=3),
    )


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


def _measure(family: str, size: int, options: Options, rows: list[MeasuredPlacement]) -> None:
    """Add the rows of a facility, by objective."""
    instance = FAMILIES[family].make(size, options.seed)
    objectives = cast("tuple[PlacementObjective, ...]", options.objectives)  # _refuse has looked at them
    for objective in objectives or FAMILIES[family].objectives:
        task = Task(family, size, objective, instance)
        for planner in (*OURS, *_peers(family, options.against)):
            say(f"{task}: {planner}")
            rows.append(_measured(task, planner, options))


def _peers(family: str, against: Sequence[str]) -> list[str]:
    """The peers that know the family."""
    return [peer for peer in against if family == "tree" or peer not in REBALANCER]


def _measured(task: Task, planner: str, options: Options) -> MeasuredPlacement:
    with tempfile.TemporaryDirectory() as folder:
        placed = Path(folder) / "placed.csv"
        ended = run_module(
            *("placement.process", planner, str(placed)),
            *("--family", task.family, "--racks", str(task.size), "--objective", task.objective),
            *("--seed", str(options.seed), "--time-limit", str(options.time_limit)),
            *("--rebalancer", options.rebalancer),
            time_limit=options.time_limit + _KILLED_AFTER_S,
        )
        row = _row(task, planner, ended)
        if ended.code:
            return replace(row, verdict=ended.failure)
        return _judged(replace(row, **ended.answer), task, _read(placed))


def _row(task: Task, planner: str, ended: Ended) -> MeasuredPlacement:
    facility, requests = task.instance
    return MeasuredPlacement(
        family=task.family,
        positions=len(facility.positions),
        requests=len(requests),
        objective=task.objective,
        planner=planner,
        process_s=ended.seconds,
        peak_mb=ended.peak_mb,
        verdict=DASH,
    )


def _read(path: Path) -> tuple[Placed, ...]:
    lines = (line.split(",") for line in path.read_text(encoding="utf-8").splitlines())
    return tuple(Placed(request=request, position=position) for request, position in lines)


def _judged(row: MeasuredPlacement, task: Task, placed: tuple[Placed, ...]) -> MeasuredPlacement:
    """The row with the checker's verdict, and the figure where that is ``ok``."""
    from capalloc.verify.placed import verify_placed

    verdict = verdict_of([violation.rule for violation in verify_placed(*task.instance, placed)])
    if verdict != "ok":
        return replace(row, verdict=verdict)
    return replace(row, verdict=verdict, racks=len(placed), figure=figure(task.objective, task.instance[1], placed))
