"""``capalloc bench plan``: generated scenarios planned as whole processes, beside peers over the unreduced model."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from capalloc.report.figures import DASH, count
from capalloc.report.table import Column, Grid, grid, words

from .home import HOME
from .measured import Measured, gap_of, shown, shown_gap, verdict_of, with_rivals
from .names import PEERS
from .process import Ended, capalloc, run_module
from .registry import Options
from .report import Section, reporting, say

OURS = "capalloc"
ONE_SECOND = "capalloc, 1 s"
_KILLED_AFTER_S = 30.0
"""Seconds after its time limit at which a peer is ended that does not end itself."""


@dataclass(frozen=True, slots=True)
class Size:
    """A generated scenario to plan."""

    racks: int
    months: int
    demands: int

    def __str__(self) -> str:
        return f"{self.racks:,} x {self.months} x {self.demands}"


SIZES = (Size(500, 12, 6), Size(3_500, 36, 8), Size(20_000, 36, 16), Size(100_000, 36, 30))


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredPlan(Measured):
    """One planner on one scenario; the ratio is of building and solving alone."""

    racks: int
    months: int
    demands: int
    build_s: float | None = None
    """Seconds until the model stood: compile for ours."""
    solve_s: float | None = None
    """Seconds of search: plan and place for ours."""
    objective_usd: float | None = None
    """As recomputed by ``capalloc check``."""
    bound_usd: float | None = None
    process_ratio: float | None = None
    """Its build and solve seconds over those of our whole process."""

    @property
    def instance(self) -> Size:
        """The size; there is one scenario of each."""
        return Size(self.racks, self.months, self.demands)

    @property
    def reached(self) -> float | None:
        """The objective."""
        return self.objective_usd

    @property
    def proven(self) -> float | None:
        """The bound."""
        return self.bound_usd

    @property
    def worked_s(self) -> float | None:
        """Seconds of building and solving."""
        return None if self.build_s is None or self.solve_s is None else self.build_s + self.solve_s


def run(options: Options) -> int:
    """Measure every size; 1 where a plan of ours was not accepted. Raises ValueError for an unknown peer."""
    unknown = sorted(set(options.against) - PEERS.keys())
    if unknown:
        raise ValueError(f"found the peers {', '.join(unknown)}, expected some of {', '.join(PEERS)}")
    rows: list[MeasuredPlan] = []
    with reporting(options, lambda: [_section(related(rows))]):
        for size in sizes(options):
            measure(size, options, rows)
    return int(any(row.planner in (OURS, ONE_SECOND) and row.verdict != "ok" for row in rows))


def _section(rows: Sequence[MeasuredPlan]) -> Section:
    return Section("plan", rows, table(rows))


def sizes(options: Options, known: Sequence[Size] = SIZES) -> Iterator[Size]:
    """The sizes asked for; one that is not among those known has the months and demands of the next larger one."""
    for racks in options.racks or tuple(size.racks for size in known):
        like = next((size for size in known if size.racks >= racks), known[-1])
        yield Size(racks, options.periods or like.months, options.demands or like.demands)


def measure(size: Size, options: Options, rows: list[MeasuredPlan]) -> None:
    """Generate the scenario, and add a row for ours, ours in a second, and each peer."""
    with tempfile.TemporaryDirectory() as folder:
        say(f"{size}: generating")
        made = capalloc(
            *("generate", "--racks", str(size.racks), "--periods", str(size.months), "--demands", str(size.demands)),
            *("--seed", str(options.seed), "-o", folder),
        )
        if made.code:
            raise RuntimeError(f"capalloc generate failed: {made.err.strip()}")
        scenario, plan = Path(folder) / "scenario.yaml", Path(folder) / "plan.json"
        _let_money_decide(scenario)
        for planner, limit in ((OURS, ()), (ONE_SECOND, ("--time-limit", "1"))):
            say(f"{size}: {planner}")
            rows.append(ours(size, planner, scenario, plan, options, limit))
        for peer in options.against:
            say(f"{size}: {peer}, up to {options.time_limit:g} s")
            rows.append(peer_row(size, peer, scenario, plan, options))


def _let_money_decide(scenario: Path) -> None:
    """Peers know of no priorities."""
    text = scenario.read_text(encoding="utf-8")
    scenario.write_text(text.replace("policy: {", "policy: {priority: money, "), encoding="utf-8")


def ours(
    size: Size,
    planner: str,
    scenario: Path,
    plan: Path,
    options: Options,
    limit: tuple[str, ...] = (),
    home: Path = HOME,
) -> MeasuredPlan:
    """``capalloc plan`` on a scenario, and ``check`` on its plan, by the capalloc in ``home``."""
    plan.unlink(missing_ok=True)
    asked = ("--seed", str(options.seed), "--gap", str(options.gap), *limit)
    ended = capalloc("plan", str(scenario), "-q", *asked, "-o", str(plan), home=home)
    row = _row(size, planner, ended)
    if not plan.exists():
        return replace(row, verdict=f"no plan: {ended.err.strip()[-80:]}".removesuffix(": "))
    found = json.loads(plan.read_text(encoding="utf-8"))
    seconds = found["stats"]["seconds"]
    return _judged(
        replace(
            row,
            build_s=seconds["compile"],
            solve_s=seconds["plan"] + seconds["place"],
            bound_usd=(found.get("precedence") or found)["bound_usd"],
        ),
        scenario,
        plan,
        home,
    )


def peer_row(size: Size, peer: str, scenario: Path, plan: Path, options: Options) -> MeasuredPlan:
    """A peer on a scenario, and ``capalloc check`` on its plan."""
    plan.unlink(missing_ok=True)
    asked = ("--gap", str(options.gap), "--time-limit", str(options.time_limit), "--seed", str(options.seed))
    ended = run_module("peers", peer, str(scenario), str(plan), *asked, time_limit=options.time_limit + _KILLED_AFTER_S)
    row = _row(size, peer, ended)
    if ended.code:
        return replace(row, verdict=ended.failure)
    row = replace(row, **ended.answer)
    if plan.exists():
        return _judged(row, scenario, plan, HOME)
    return replace(row, verdict="out of time" if row.bound_usd is None or peer != "highs-ipm" else "bound")


def _row(size: Size, planner: str, ended: Ended) -> MeasuredPlan:
    return MeasuredPlan(
        racks=size.racks,
        months=size.months,
        demands=size.demands,
        planner=planner,
        process_s=ended.seconds,
        peak_mb=ended.peak_mb,
        verdict=DASH,
    )


def _judged(row: MeasuredPlan, scenario: Path, plan: Path, home: Path) -> MeasuredPlan:
    """The row with the verdict of ``capalloc check`` on the plan."""
    verdict = json.loads(capalloc("check", str(scenario), str(plan), "--json", home=home).out)
    word = verdict_of([violation["rule"] for violation in verdict["violations"]])
    return replace(row, verdict=word, objective_usd=verdict["objective_usd"] if word == "ok" else None)


def related(rows: Sequence[MeasuredPlan]) -> list[MeasuredPlan]:
    """The rows with their gaps and ratios, each against the rows of its own scenario."""
    return [_related(row, rivals) for row, rivals in with_rivals(rows)]


def _related(row: MeasuredPlan, rivals: Sequence[MeasuredPlan]) -> MeasuredPlan:
    row = replace(row, gap=gap_of(row, rivals))
    ours = next((rival for rival in rivals if rival.planner == OURS and rival.worked_s), None)
    if ours is None or not ours.worked_s or row.worked_s is None or row.planner in (OURS, ONE_SECOND):
        return row
    return replace(row, ratio=row.worked_s / ours.worked_s, process_ratio=row.worked_s / ours.process_s)


def table(rows: Sequence[MeasuredPlan]) -> Grid:
    """A line for each planner and scenario."""
    columns = [
        words("Racks x months x demands"),
        words("Planner"),
        Column("Build s"),
        Column("Solve s"),
        Column("Process s"),
        Column("Peak MB"),
        Column("Gap"),
        Column("Ratio"),
        Column("To our process"),
        words("Check"),
    ]
    return grid("Plans, and bounds where a peer gives no plan", columns, [_cells(row) for row in rows])


def _cells(row: MeasuredPlan) -> tuple[str, ...]:
    return (
        str(row.instance),
        row.planner,
        shown(row.build_s, 2),
        shown(row.solve_s, 2),
        shown(row.process_s, 1),
        count(round(row.peak_mb)),
        shown_gap(row.gap),
        shown(row.ratio, 1),
        shown(row.process_ratio, 1),
        row.verdict,
    )
