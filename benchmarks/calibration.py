"""Do promises hold? ``python -m benchmarks.calibration [SITES] [FRESH] [SEED] [JOBS]`` makes them and draws again.

On each of SITES generated sites (10) a promise is made at 95 % from 200 samples, and is followed as a contract through
FRESH other samples (2,000), planned as the promise is: the share of these that break it may pass 5 % by no more than
two standard errors. Each site's line is on stderr as soon as it is known, the table on stdout when all are.
"""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from capalloc.analysis.base import given_or_planned
from capalloc.analysis.promise import fared_from, promise_from
from capalloc.analysis.quote.request import of_size
from capalloc.analysis.risk import Running, resampled
from capalloc.report.figures import DASH, percent
from capalloc.report.table import Column, grid, words
from capalloc.report.terminal import show
from capalloc.schema.demand import Contract, RampStep
from capalloc.schema.facility import Facility
from capalloc.schema.scenario import Scenario
from capalloc.schema.uncertainty import Uncertainty
from capalloc.synthetic.generate import generate

CONFIDENCE, SAMPLES = 0.95, 200
ERRORS = 2.0
_LET, _TIMES = 0.4, 3.0
"""What contracts take, of what they were generated with, and what is asked for, of the largest step that is left."""


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A promise on one site, and how it fared."""

    site: str
    racks: int
    asked_kw: float
    promised_kw: float
    broken: int
    """Of the samples it was made from."""
    fresh: int
    fresh_broken: float
    """Share of the fresh samples."""
    without: tuple[str, ...]
    """What the promise does not count on."""
    seconds: float
    """Of processors."""

    @property
    def most(self) -> float:
        """The share that may be broken, and two standard errors of it."""
        chance = 1 - CONFIDENCE
        return chance + ERRORS * math.sqrt(chance * CONFIDENCE / self.fresh)


def unsure_site(seed: int, racks: int | None = None) -> tuple[Scenario, Contract]:
    """A generated site, of 20 to 40 racks unless given, where things are not sure, and a request for what is left."""
    dice = Random(f"calibration {seed}")
    drawn = dice.randint(20, 40)
    site = generate(racks or drawn, halls=2, periods=6, demands=4, seed=seed)
    contracts = tuple(_let(contract) for contract in site.contracts)
    facility = _coming(site.facility, dice)
    site = site.replace(contracts=contracts, workloads=site.workloads[:1], events=(), facility=facility)
    kw = _TIMES * 1000 * max(step.mw or 0.0 for contract in contracts for step in contract.ramp)
    request = contracts[-1].replace(
        name="asked",
        tenant="asked",
        probability=1.0,
        priority=0,
        where=None,
        rack_types=tuple(kind.name for kind in facility.rack_types if kind.gpus),
        commitment="priced",
        ramp=(RampStep.model_validate({"from": "2026-07", "mw": round(kw / 1000, 3)}),),
        until=site.horizon.end,
    )
    return site.replace(uncertainty=_doubts(site, dice)), request


def _let(contract: Contract) -> Contract:
    ramp = tuple(step.replace(mw=round(_LET * (step.mw or 0.0), 4)) for step in contract.ramp)
    return contract.replace(ramp=ramp, probability=1.0)


def _coming(facility: Facility, dice: Random) -> Facility:
    """A site whose last hall is still to come, and half of its largest supply."""
    last = max(node.name for node in facility.power if node.kind == "switchboard")
    dates = [date(2026, 6 + dice.randint(0, 2), dice.choice([1, 15])) for _ in range(2)]
    power = tuple(node.replace(available_from=dates[-1]) if node.name == last else node for node in facility.power)
    largest = max(facility.supplies, key=lambda one: one.kw)
    halves = (largest.replace(kw=largest.kw / 2), largest.replace(name="half", kw=largest.kw / 2, start=dates[0]))
    others = (one.replace(start=None) for one in facility.supplies if one.name != largest.name)
    return facility.replace(power=power, supplies=(*others, *halves))


def _doubts(site: Scenario, dice: Random) -> Uncertainty:
    """What is to come may come late, or never; a tenant may give notice."""
    first = site.horizon.start
    slips = [{"supply": one.name, **_slip(dice)} for one in site.facility.supplies if (one.start or first) > first]
    slips += [{"node": node.name, **_slip(dice)} for node in site.facility.power if node.available_from is not None]
    notices = [{"contract": site.contracts[0].name, "monthly": round(dice.uniform(0.01, 0.1), 3), "by": "tenant"}]
    values = {"supplies": slips, "notices": notices, "samples": SAMPLES, "seed": dice.randint(1, 10**6)}
    return Uncertainty.model_validate(values)


def _slip(dice: Random) -> dict[str, object]:
    median = dice.randint(0, 60)
    days = {"min": 0, "p50": median, "max": median + dice.randint(1, 120)}
    return {"delay_days": days, "never": round(dice.choice([0.0, dice.uniform(0, 0.2)]), 3)}


def calibrated(seed: int, fresh: int, running: Running | None = None) -> Calibrated:
    """Make a promise on one site, and follow it through fresh samples."""
    begun, running = sum(os.times()[:4]), running or Running()
    scenario, request = unsure_site(seed)
    base = given_or_planned(scenario, None)
    made = promise_from(base, request, confidence=CONFIDENCE, running=running)
    share = 0.0
    if made.promised_kw:
        signed = of_size(request, made.promised_kw, 1.0)
        assert scenario.uncertainty is not None
        assert signed is not None
        again = resampled(scenario, fresh, scenario.uncertainty.seed + 1)
        fared = fared_from(replace(base, scenario=again), signed, not_counted_on=made.not_counted_on, running=running)
        assert fared is not None
        share = fared.broken / fared.followed
    return Calibrated(
        site=f"seed {seed}",
        racks=len(scenario.facility.racks),
        asked_kw=made.asked_kw,
        promised_kw=made.promised_kw,
        broken=made.broken or 0,
        fresh=fresh,
        fresh_broken=share,
        without=tuple(one.name for one in made.not_counted_on),
        seconds=sum(os.times()[:4]) - begun,
    )


def table(rows: list[Calibrated]) -> Iterator[tuple[str, ...]]:
    """Rows as text."""
    for row in rows:
        yield (
            row.site,
            f"{row.racks}",
            f"{row.asked_kw:,.0f}",
            f"{row.promised_kw:,.0f}",
            f"{row.broken}" if row.promised_kw else DASH,
            percent(row.fresh_broken, 2) if row.promised_kw else DASH,
            percent(row.most, 2),
            ", ".join(row.without) or DASH,
            f"{row.seconds:,.0f}",
        )


def main(sites: int = 10, fresh: int = 2_000, seed: int = 1, jobs: int | None = None) -> int:
    """Print the table; 1 where a promise was broken too often."""
    rows = []
    for number in range(seed, seed + sites):
        rows.append(calibrated(number, fresh, Running(jobs)))
        print(*list(table(rows))[-1], sep="  ", file=sys.stderr, flush=True)
    names = ("Racks", "Asked kW", "Promised kW", f"Broken of {SAMPLES}", f"Of {fresh:,} fresh", "At most")
    columns = [words("Site"), *map(Column, names), words("Not counted on"), Column("Processor s")]
    show([grid("Promises at 95 %", columns, table(rows))])
    return int(any(row.fresh_broken > row.most for row in rows))


if __name__ == "__main__":
    raise SystemExit(main(*map(int, sys.argv[1:])))
