"""``capalloc bench plan``: generated scenarios planned as whole processes, beside peers over the unreduced model."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from benchmarks.names import PEERS, TOO_LARGE
from benchmarks.process import Ended, capalloc, run_python
from benchmarks.registry import Options
from benchmarks.report import publish
from capalloc.report.figures import DASH, count, percent
from capalloc.report.table import Column, Grid, grid, words

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


@dataclass(frozen=True, slots=True)
class Measured:
    """One planner on one scenario; a figure is None where there is none."""

    racks: int
    months: int
    demands: int
    planner: str
    process_s: float
    peak_mb: float
    verdict: str
    """``ok``, ``rejected: RULE``, ``bound`` where no plan was asked for, or why there is no answer."""
    build_s: float | None = None
    """Seconds until the model stood: compile for ours."""
    solve_s: float | None = None
    """Seconds of search: plan and place for ours."""
    objective_usd: float | None = None
    """As recomputed by ``capalloc check``."""
    bound_usd: float | None = None
    gap: float | None = None
    """To the lowest bound that any planner of this run proved for the scenario."""
    ratio: float | None = None
    """Its build and solve seconds over ours."""
    process_ratio: float | None = None
    """Its build and solve seconds over those of our whole process."""

    @property
    def worked_s(self) -> float | None:
        """Seconds of building and solving."""
        return None if self.build_s is None or self.solve_s is None else self.build_s + self.solve_s


def run(options: Options) -> int:
    """Measure every size; Ctrl-C shows what there is. 1 where a plan of ours was not accepted."""
    unknown = sorted(set(options.against) - PEERS.keys())
    if unknown:
        raise ValueError(f"found the peers {', '.join(unknown)}, expected some of {', '.join(PEERS)}")
    rows: list[Measured] = []
    try:
        for size in sizes(options):
            measure(size, options, rows)
    except KeyboardInterrupt:
        _show(related(rows), replace(options, save=False))
        raise
    _show(related(rows), options)
    return int(any(row.planner in (OURS, ONE_SECOND) and row.verdict != "ok" for row in rows))


def _show(rows: list[Measured], options: Options) -> None:
    if options.as_json:
        print(json.dumps([asdict(row) for row in rows], indent=1))
    else:
        publish("plan", table(rows), options.save)


def sizes(options: Options) -> Iterator[Size]:
    """The sizes asked for; one that is not among SIZES has the months and demands of the next larger one."""
    for racks in options.racks or tuple(size.racks for size in SIZES):
        like = next((size for size in SIZES if size.racks >= racks), SIZES[-1])
        yield Size(racks, options.periods or like.months, options.demands or like.demands)


def measure(size: Size, options: Options, rows: list[Measured]) -> None:
    """Generate the scenario, and add a row for ours, ours in a second, and each peer."""
    with tempfile.TemporaryDirectory() as folder:
        _say(f"{size}: generating")
        made = capalloc(
            *("generate", "--racks", str(size.racks), "--periods", str(size.months), "--demands", str(size.demands)),
            *("--seed", str(options.seed), "-o", folder),
        )
        if made.code:
            raise RuntimeError(f"capalloc generate failed: {made.err.strip()}")
        scenario, plan = Path(folder) / "scenario.yaml", Path(folder) / "plan.json"
        for planner, limit in ((OURS, ()), (ONE_SECOND, ("--time-limit", "1"))):
            _say(f"{size}: {planner}")
            rows.append(_ours(size, planner, scenario, plan, options, limit))
        for peer in options.against:
            _say(f"{size}: {peer}, up to {options.time_limit:g} s")
            rows.append(_peer(size, peer, scenario, plan, options))


def _ours(size: Size, planner: str, scenario: Path, plan: Path, options: Options, limit: tuple[str, ...]) -> Measured:
    plan.unlink(missing_ok=True)
    asked = ("--seed", str(options.seed), "--gap", str(options.gap), *limit)
    ended = capalloc("plan", str(scenario), "-q", *asked, "-o", str(plan))
    row = _row(size, planner, ended)
    if not plan.exists():
        return replace(row, verdict=f"no plan: {ended.err.strip()[-80:]}")
    found = json.loads(plan.read_text(encoding="utf-8"))
    seconds = found["stats"]["seconds"]
    return _judged(
        replace(
            row,
            build_s=seconds["compile"],
            solve_s=seconds["plan"] + seconds["place"],
            bound_usd=found["bound_usd"],
        ),
        scenario,
        plan,
    )


def _peer(size: Size, peer: str, scenario: Path, plan: Path, options: Options) -> Measured:
    plan.unlink(missing_ok=True)
    asked = ("--gap", str(options.gap), "--time-limit", str(options.time_limit), "--seed", str(options.seed))
    ended = run_python(
        *("-m", "benchmarks.peers", peer, str(scenario), str(plan), *asked),
        time_limit=options.time_limit + _KILLED_AFTER_S,
    )
    row = _row(size, peer, ended)
    if ended.code:
        return replace(row, verdict=_failure(ended))
    found = json.loads(ended.out.splitlines()[-1])
    row = replace(row, build_s=found["build_s"], solve_s=found["solve_s"], bound_usd=found["bound_usd"])
    if plan.exists():
        return _judged(row, scenario, plan)
    return replace(row, verdict="out of time" if row.bound_usd is None or peer != "highs-ipm" else "bound")


def _row(size: Size, planner: str, ended: Ended) -> Measured:
    return Measured(size.racks, size.months, size.demands, planner, ended.seconds, ended.peak_mb, verdict=DASH)


def _failure(ended: Ended) -> str:
    if ended.cut:
        return "out of time"
    if ended.code == TOO_LARGE:
        return "too large"
    last = (ended.err.strip().splitlines() or [""])[-1]
    return f"failed ({ended.code}): {last[-60:]}"


def _judged(row: Measured, scenario: Path, plan: Path) -> Measured:
    """The row with the verdict of ``capalloc check`` on the plan."""
    ended = capalloc("check", str(scenario), str(plan), "--json")
    verdict = json.loads(ended.out)
    ok = verdict["verdict"] == "ok"
    word = "ok" if ok else f"rejected: {verdict['violations'][0]['rule']}"
    return replace(row, verdict=word, objective_usd=verdict["objective_usd"] if ok else None)


def related(rows: list[Measured]) -> list[Measured]:
    """The rows with their gaps and ratios, each against the rows of its own scenario."""
    related_rows = []
    for row in rows:
        beside = [other for other in rows if _size(other) == _size(row)]
        ours = next((other for other in beside if other.planner == OURS and other.worked_s), None)
        related_rows.append(replace(row, gap=_gap(row, beside), **_ratios(row, ours)))
    return related_rows


def _size(row: Measured) -> Size:
    return Size(row.racks, row.months, row.demands)


def _gap(row: Measured, beside: list[Measured]) -> float | None:
    bound = min((other.bound_usd for other in beside if other.bound_usd is not None), default=None)
    if bound is None or row.objective_usd is None:
        return None
    return max(bound - row.objective_usd, 0.0) / abs(bound)


def _ratios(row: Measured, ours: Measured | None) -> dict[str, float]:
    if ours is None or not ours.worked_s or row.worked_s is None or row.planner in (OURS, ONE_SECOND):
        return {}
    return {"ratio": row.worked_s / ours.worked_s, "process_ratio": row.worked_s / ours.process_s}


def table(rows: list[Measured]) -> Grid:
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


def _cells(row: Measured) -> tuple[str, ...]:
    def shown(value: float | None, digits: int) -> str:
        return DASH if value is None else f"{value:,.{digits}f}"

    return (
        str(_size(row)),
        row.planner,
        shown(row.build_s, 2),
        shown(row.solve_s, 2),
        shown(row.process_s, 1),
        count(round(row.peak_mb)),
        DASH if row.gap is None else percent(row.gap, 2),
        shown(row.ratio, 1),
        shown(row.process_ratio, 1),
        row.verdict,
    )


def _say(sentence: str) -> None:
    print(f"bench: {sentence}", file=sys.stderr, flush=True)
