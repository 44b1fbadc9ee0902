"""``capalloc bench hedge``: what knowing more is worth on sites where things are not sure, on samples drawn afresh.

On every site what is expected where all is known is to be at least that of the hedge, and that at least that of the
first periods of the forecast's best plan, within the intervals that samples leave.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from capalloc.calendar import add_months
from capalloc.formats import expand
from capalloc.report.figures import DASH, count, usd
from capalloc.report.table import Column, Grid, grid, words
from capalloc.schema.scenario import Scenario
from capalloc.schema.uncertainty import Uncertainty

from .calibration import unsure_site
from .home import HOME, IN_CHECKOUT
from .process import capalloc
from .registry import Options
from .report import Section, reporting, say

COLOSSUS = "colossus1-unsure"
SAMPLES = 20


Figures = tuple[float, float, float]
"""A mean in USD, and where its 95 % interval begins and ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What was expected on one site, on fresh samples; None where there is no hedge."""

    site: str
    samples: int = 0
    wait_and_see: Figures | None = None
    hedged: Figures | None = None
    forecast: Figures | None = None
    evpi: Figures | None = None
    vss: Figures | None = None
    gap: Figures | None = None
    """What the bound on any first periods is above the hedge."""
    left_out: int = 0
    """Fresh samples."""
    unplanned: int = 0
    unkept: int = 0
    process_s: float
    verdict: str
    """What is not as it must be, or ``ok``."""


def run(options: Options) -> int:
    """Hedge every site; 1 where one is not as it must be.

    Sites are generated, of the sizes that are given or of 20 to 40 racks, and then Colossus 1 in a checkout too.
    """
    rows: list[Worth] = []
    with reporting(options, lambda: [Section("hedge", rows, table(rows), named=1)]):
        rows.extend(_rows(options))
    return int(any(row.verdict != "ok" for row in rows))


def _rows(options: Options) -> Iterator[Worth]:
    for racks in options.racks or (None,):
        for seed in range(options.seed, options.seed + options.seeds):
            yield _of_seed(seed, racks)
    if IN_CHECKOUT and not options.racks:
        yield measured(COLOSSUS, HOME / "examples" / f"{COLOSSUS}.yaml")


def _of_seed(seed: int, racks: int | None) -> Worth:
    site = unsure(seed, racks)
    with tempfile.TemporaryDirectory() as folder:
        expand(site, folder)
        return measured(f"seed {seed}", Path(folder) / "scenario.yaml")


def unsure(seed: int, racks: int | None = None) -> Scenario:
    """A generated site on which dates, a prospect, what workloads want and repairs are not sure."""
    dice = Random(f"hedge {seed}")
    scenario, asked = unsure_site(seed, racks)
    asked = asked.replace(probability=round(dice.uniform(0.2, 0.8), 2))
    policy = scenario.policy.replace(shortfall="price", move_cost_usd_per_rack=1000 * dice.randint(10, 200))
    return scenario.replace(
        contracts=(*scenario.contracts, asked), policy=policy, uncertainty=_doubts(scenario, dice, seed)
    )


def _doubts(scenario: Scenario, dice: Random, seed: int) -> Uncertainty:
    """Doubts of the site, and those of a hedge."""
    assert scenario.uncertainty is not None
    factor = {"p10": round(dice.uniform(0.4, 0.9), 2), "p50": 1.0, "p90": round(dice.uniform(1.1, 1.8), 2)}
    least = scenario.uncertainty.model_dump(mode="json", by_alias=True, exclude_unset=True)
    kinds = sorted({rack.rack_type for rack in scenario.facility.racks})
    return Uncertainty.model_validate(
        least
        | {
            "prospects": True,
            "demand": [{"workload": one.name, "factor": factor} for one in scenario.workloads],
            "failures": [{"rack_type": kinds[0], "yearly": round(dice.uniform(0.05, 0.4), 2), "repair_days": 20}],
            "decide_until": add_months(scenario.horizon.start, dice.randint(1, 2)).isoformat(),
            "samples": SAMPLES,
            "seed": seed,
        }
    )


def measured(site: str, scenario: Path) -> Worth:
    """Hedge a scenario in a process of its own, and check the plan in another."""
    say(site)
    with tempfile.TemporaryDirectory() as folder:
        plan = Path(folder) / "plan.json"
        ended = capalloc("plan", str(scenario), "--hedge", "--json", "-q", "-o", str(plan))
        if ended.code:
            return Worth(site=site, process_s=ended.seconds, verdict=ended.failure)
        accepted = json.loads(capalloc("check", str(scenario), str(plan), "--json").out)["verdict"]
    answer = json.loads(ended.out)
    fresh = answer["fresh"]
    return Worth(
        site=site,
        samples=answer["samples"],
        wait_and_see=_figures(fresh["wait_and_see"]),
        hedged=_figures(fresh["hedged"]),
        forecast=_figures(fresh["forecast"]),
        evpi=_figures(fresh["evpi"]),
        vss=_figures(fresh["vss"]),
        gap=_figures(fresh["gap"]),
        left_out=fresh["left_out"],
        unplanned=len(answer["unplanned"]),
        unkept=len(answer["unkept"]),
        process_s=ended.seconds,
        verdict=", ".join(_wrong(answer, accepted)) or "ok",
    )


def _figures(estimate: dict[str, float] | None) -> Figures | None:
    return None if estimate is None else (estimate["usd"], estimate["low_usd"], estimate["high_usd"])


def _wrong(answer: dict[str, Any], verdict: str) -> Iterator[str]:
    """What is not as it must be."""
    fresh, cent = answer["fresh"], 0.01
    if verdict != "ok":
        yield verdict
    if answer["unkept"]:
        yield f"not kept in {len(answer['unkept'])} samples"
    for key, says in (("evpi", "hedge above wait and see"), ("vss", "forecast above hedge")):
        if fresh[key] is None or fresh[key]["high_usd"] < -cent:
            yield says if fresh[key] else "too few samples"
    if answer["counted_usd"] > answer["bound_usd"] + cent:
        yield "hedge above its bound"


def table(rows: Sequence[Worth]) -> Grid:
    """A line for each site."""
    heads = ("Samples", "Hedged", "EVPI", "VSS", "To bound", "s")
    columns = [words("Site"), *map(Column, heads), words("Check")]
    return grid("Worth of knowing and of hedging, USD", columns, [_cells(row) for row in rows])


def _cells(row: Worth) -> tuple[str, ...]:
    hedged = DASH if row.hedged is None else usd(row.hedged[0])
    worth = (_within(one) for one in (row.evpi, row.vss, row.gap))
    return row.site, count(row.samples), hedged, *worth, f"{row.process_s:.0f}", row.verdict


def _within(figures: Figures | None) -> str:
    """A mean, and how far the interval goes to either side."""
    return DASH if figures is None else f"{figures[0]:,.0f} ± {figures[2] - figures[0]:,.0f}"
