"""``capalloc bench examples``: every example planned as a whole process, and its plan checked.

The first run of an example reads files that the machine may not have cached; the least of the others is "warm".
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from capalloc.report.figures import count, percent
from capalloc.report.table import Column, Grid, grid, words
from capalloc.roster.ending import relative_gap

from .home import HOME, IN_CHECKOUT
from .process import Ended, capalloc
from .registry import Options
from .report import Section, reporting, say


@dataclass(frozen=True, slots=True)
class Timing:
    """One example: seconds of the first and of the fastest later run, peak memory, and what came out."""

    example: str
    racks: int
    periods: int
    first_s: float
    warm_s: float
    peak_mb: float
    gap: float
    """To the bound of plans that keep its priorities."""
    verdict: str


def run(options: Options) -> int:
    """Time every example; 1 where a plan is not accepted. Raises ValueError where there are no examples."""
    if not IN_CHECKOUT:
        raise ValueError("the examples are those of a checkout, and this capalloc is an installed one")
    timings: list[Timing] = []
    with reporting(options, lambda: [Section("examples", timings, table(timings))]):
        for scenario in sorted((HOME / "examples").glob("*.yaml")):
            say(scenario.stem)
            timings.append(measure(scenario, max(options.runs, 2)))
    return int(any(timing.verdict != "ok" for timing in timings))


def measure(scenario: Path, runs: int) -> Timing:
    """Plan a scenario ``runs`` times in fresh processes, then check the plan in another."""
    with tempfile.TemporaryDirectory() as folder:
        plan = Path(folder) / "plan.json"
        ended = [_planned(scenario, plan) for _ in range(runs)]
        found = json.loads(plan.read_text(encoding="utf-8"))
        verdict = json.loads(capalloc("check", str(scenario), str(plan), "--json").out)
    return Timing(
        example=scenario.stem,
        racks=found["stats"]["racks"],
        periods=found["stats"]["periods"],
        first_s=ended[0].seconds,
        warm_s=min(one.seconds for one in ended[1:]),
        peak_mb=max(one.peak_mb for one in ended),
        gap=relative_gap(found["objective_usd"], (found.get("precedence") or found)["bound_usd"]),
        verdict=verdict["verdict"],
    )


def _planned(scenario: Path, plan: Path) -> Ended:
    ended = capalloc("plan", str(scenario), "-q", "-o", str(plan))
    if ended.code:
        raise RuntimeError(f"capalloc plan {scenario} failed: {ended.err.strip()}")
    return ended


def table(timings: list[Timing]) -> Grid:
    """A line for each example."""
    heads = ("Racks", "Periods", "First s", "Warm s", "Peak MB", "Gap")
    columns = [words("Example"), *(Column(head) for head in heads), words("Check")]
    return grid("Examples", columns, [_cells(timing) for timing in timings])


def _cells(timing: Timing) -> tuple[str, ...]:
    seconds = f"{timing.first_s:.2f}", f"{timing.warm_s:.2f}"
    sizes = count(timing.racks), str(timing.periods)
    return (timing.example, *sizes, *seconds, count(round(timing.peak_mb)), percent(timing.gap, 4), timing.verdict)
