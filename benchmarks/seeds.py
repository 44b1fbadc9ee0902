"""``capalloc bench seeds``: how plans spread over the seeds of a site, beside peers and the release before."""

from __future__ import annotations

import math
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from capalloc.report.figures import DASH, count
from capalloc.report.table import Column, Grid, grid, words

from .measured import shown, shown_gap
from .names import PEERS
from .plan import OURS, MeasuredPlan, Size, ours, peer_row, related, sizes
from .process import run_module
from .registry import Options
from .report import Section, reporting, say
from .shapes import SHAPES

PREVIOUS = "previous"
SIZES = (Size(500, 24, 6), Size(3_500, 36, 8))
_GENERATE_S = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """One planner on the sites of all seeds."""

    size: Size
    shape: str
    halls: int
    planner: str
    process_s: tuple[float, ...]
    """Seconds of each whole process."""
    gaps: tuple[float | None, ...]
    """To the lowest bound that any planner proved for the site; None without a plan."""
    ratios: tuple[float, ...]
    """Its process over ours; none for ours."""
    peak_mb: float
    verdicts: dict[str, int]


def run(options: Options) -> int:
    """Measure every size and shape; 1 where a plan of ours was not accepted. Raises ValueError for unknown names."""
    _refuse(options)
    spreads: list[Spread] = []
    with reporting(options, lambda: [Section("seeds", spreads, table(spreads), named=4)]):
        for size in sizes(options, SIZES):
            for shape in options.shapes:
                spreads += _measured(size, shape, options)
    return int(any(spread.planner == OURS and spread.verdicts.keys() != {"ok"} for spread in spreads))


def _refuse(options: Options) -> None:
    for found, known, what in ((options.against, PEERS, "peers"), (options.shapes, SHAPES, "shapes")):
        if unknown := sorted(set(found) - known.keys()):
            raise ValueError(f"found the {what} {', '.join(unknown)}, expected some of {', '.join(known)}")
    if options.against and set(options.shapes) - {"money"}:
        raise ValueError("peers know no rules but those of the shape money: --against needs --shape money")
    if options.previous and not (Path(options.previous) / "capalloc" / "__main__.py").is_file():
        raise ValueError(
            f"--previous: found {options.previous}, expected a folder with the package capalloc in it: a checkout, or "
            "the site-packages of an environment"
        )


def _measured(size: Size, shape: str, options: Options) -> Iterator[Spread]:
    """What each planner took on the sites of all seeds."""
    by_planner: dict[str, list[MeasuredPlan]] = {}
    for seed in range(options.seed, options.seed + options.seeds):
        for row in _of_seed(size, shape, seed, options):
            by_planner.setdefault(row.planner, []).append(row)
    for planner, rows in by_planner.items():
        yield Spread(
            size=size,
            shape=shape,
            halls=options.halls,
            planner=planner,
            process_s=tuple(row.process_s for row in rows),
            gaps=tuple(row.gap for row in rows),
            ratios=tuple(
                row.process_s / mine.process_s for row, mine in zip(rows, by_planner[OURS], strict=True) if row != mine
            ),
            peak_mb=max(row.peak_mb for row in rows),
            verdicts=dict(Counter(row.verdict for row in rows)),
        )


def _of_seed(size: Size, shape: str, seed: int, options: Options) -> list[MeasuredPlan]:
    """A row for each planner on the site of a seed."""
    with tempfile.TemporaryDirectory() as folder:
        figures = (size.racks, options.halls, size.months, size.demands, seed)
        made = run_module("shapes", shape, folder, *map(str, figures), time_limit=_GENERATE_S)
        if made.code:
            raise RuntimeError(f"no site was made: {made.failure}")
        scenario, plan = Path(folder) / "scenario.yaml", Path(folder) / "plan.json"
        limit = () if options.own_limit is None else ("--time-limit", str(options.own_limit))
        say(f"{size}, {shape}, seed {seed}")
        rows = [ours(size, OURS, scenario, plan, options, limit)]
        if options.previous:
            rows.append(ours(size, PREVIOUS, scenario, plan, options, limit, Path(options.previous).resolve()))
        rows += [peer_row(size, peer, scenario, plan, options) for peer in options.against]
        return related(rows)


def percentile(values: Sequence[float], share: float) -> float:
    """The least value that so large a share of them does not pass."""
    return sorted(values)[max(math.ceil(share * len(values)) - 1, 0)]


def gap_percentile(spread: Spread, share: float) -> float:
    """The same of gaps; inf where it is of a site without a plan."""
    return percentile([math.inf if gap is None else gap for gap in spread.gaps], share)


def table(spreads: Sequence[Spread]) -> Grid:
    """A line for each planner, size and shape."""
    columns = [
        *map(words, ("Racks x months x demands", "Halls", "Shape", "Planner")),
        *map(Column, ("Seeds", "Process s, 10th", "50th", "90th", "Worst", "Peak MB", "Gap, 50th", "90th", "Worst")),
        Column("Ratio, 50th"),
        words("Check"),
    ]
    return grid("Plans over seeds", columns, [_cells(spread) for spread in spreads])


def _cells(spread: Spread) -> tuple[str, ...]:
    return (
        str(spread.size),
        str(spread.halls),
        spread.shape,
        spread.planner,
        count(len(spread.process_s)),
        *(shown(percentile(spread.process_s, share), 1) for share in (0.1, 0.5, 0.9, 1.0)),
        count(round(spread.peak_mb)),
        *(_gap(gap_percentile(spread, share)) for share in (0.5, 0.9, 1.0)),
        shown(percentile(spread.ratios, 0.5), 1) if spread.ratios else DASH,
        ", ".join(f"{number} {verdict}" for verdict, number in spread.verdicts.items()),
    )


def _gap(gap: float) -> str:
    return shown_gap(gap) if math.isfinite(gap) else "no plan"
