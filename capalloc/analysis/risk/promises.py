"""What may be promised: what samples deliver by demand and period, where they fall short, and what makes it."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from capalloc.analysis.risk.followed import Key, Outcome
from capalloc.analysis.risk.known import Path
from capalloc.analysis.risk.spread import met_in
from capalloc.analysis.sampling import Fact, Late
from capalloc.calendar import Period
from capalloc.instance.compile import compile_scenario
from capalloc.schema.risk import Cause, Lack, LackAt, Promise
from capalloc.schema.scenario import Scenario

_MOST_PLACES, _MOST_CAUSES = 5, 5
_ERRORS = 2.0
"""Standard errors by which chances differ that are told apart."""


@dataclass(frozen=True, slots=True)
class Samples:
    """The samples in which a plan could be followed, with what it comes to."""

    pairs: tuple[tuple[Path, Outcome], ...]
    asked: int
    """Samples with and without a plan."""
    scenario: Scenario

    @property
    def periods(self) -> tuple[Period, ...]:
        """Of the horizon."""
        return self.scenario.horizon.periods

    @property
    def keys(self) -> list[Key]:
        """Demands and periods of any sample, in the order of the demands."""
        demands = list(dict.fromkeys(demand for _, outcome in self.pairs for demand, _ in outcome.kw))
        known = {key for _, outcome in self.pairs for key in outcome.kw}
        return [
            (demand, period.label) for demand in demands for period in self.periods if (demand, period.label) in known
        ]


def promises_of(planned: Samples) -> Iterator[Promise]:
    """What is delivered to each demand in each period."""
    committed = _committed_kw(planned.scenario)
    for key in planned.keys:
        kw = np.array([outcome.kw[key] for _, outcome in planned.pairs if key in outcome.kw])
        demand, period = key
        yield Promise(
            demand=demand,
            period=period,
            samples=len(kw),
            committed_kw=committed.get(key, 0.0),
            p50_kw=met_in(kw, 0.5),
            p90_kw=met_in(kw, 0.9),
            p95_kw=met_in(kw, 0.95),
        )


def _committed_kw(scenario: Scenario) -> dict[Key, float]:
    """What is committed where nothing unsure happens, to prospects too."""
    names = frozenset(one.name for one in scenario.contracts if scenario.is_prospect(one))
    instance = compile_scenario(scenario.replace(uncertainty=None), names)
    return {
        (data.demand.name, period.label): round(float(units * data.kw_per_unit), 6)
        for data in instance.demands
        for period, units in zip(instance.periods, data.committed.tolist(), strict=True)
    }


def shortfalls_of(planned: Samples) -> Iterator[Lack]:
    """Each demand and period that is short in some sample."""
    count, without = len(planned.pairs), planned.asked - len(planned.pairs)
    starts = {period.label: period.start for period in planned.periods}
    for key in planned.keys:
        short = [(path, outcome) for path, outcome in planned.pairs if key in outcome.short_kw]
        if not short:
            continue
        kw = sum(outcome.short_kw[key] for _, outcome in short)
        demand, period = key
        yield Lack(
            demand=demand,
            period=period,
            chance=len(short) / count,
            chance_at_most=(len(short) + without) / planned.asked,
            mean_kw=kw / count,
            mean_when_short_kw=kw / len(short),
            where=tuple(_where(key, [outcome for _, outcome in short])),
            causes=tuple(_causes(_acting(planned, starts[period]), [key in one.short_kw for _, one in planned.pairs])),
        )


def _where(key: Key, short: Sequence[Outcome]) -> Iterator[LackAt]:
    """What keeps racks away, that first which keeps most of them over all samples."""
    samples: Counter[tuple[str, str]] = Counter()
    racks: Counter[tuple[str, str]] = Counter()
    for outcome in short:
        for reason in outcome.reasons.get(key, ()):
            samples[reason.rule.value, reason.where] += 1
            racks[reason.rule.value, reason.where] += reason.racks
    most = sorted(samples.items(), key=lambda item: (-racks[item[0]], -item[1], item[0]))
    for place, found in most[:_MOST_PLACES]:
        yield LackAt(rule=place[0], where=place[1], share=found / len(short), racks=racks[place] / found)


def _acting(planned: Samples, day: date) -> dict[str, list[bool]]:
    """For each thing that comes out in some sample: whether it has, and acts on a day, in each of them."""
    said: dict[str, list[bool]] = defaultdict(lambda: [False] * len(planned.pairs))
    for number, (path, _) in enumerate(planned.pairs):
        steps = [step for step in path.steps if step.day <= day]
        for fact in steps[-1].facts if steps else ():
            if (words := _words(fact, planned.scenario, day)) is not None:
                said[words][number] = True
    return said


def _words(fact: Fact, scenario: Scenario, day: date) -> str | None:
    """What a fact says on a day; None where it is of the past: what is late has come."""
    if not isinstance(fact, Late):
        return fact.says()
    comes = fact.comes(scenario)
    return f"{fact.name} not there yet" if comes is None or comes > day else None


def _causes(said: Mapping[str, list[bool]], short: Sequence[bool]) -> Iterator[Cause]:
    """What makes a shortfall likelier, by how much, where that is no chance of the samples."""
    found = []
    for fact, out in said.items():
        having = [lacks for lacks, has in zip(short, out, strict=True) if has]
        others = [lacks for lacks, has in zip(short, out, strict=True) if not has]
        if not others:
            continue
        chance, rest = sum(having) / len(having), sum(others) / len(others)
        if chance - rest > _ERRORS * math.sqrt(_spread(short) * (1 / len(having) + 1 / len(others))):
            found.append(Cause(fact=fact, samples=len(having), chance_with=chance, chance_without=rest))
    yield from sorted(found, key=lambda one: (one.chance_without - one.chance_with, one.fact))[:_MOST_CAUSES]


def _spread(short: Sequence[bool]) -> float:
    """The variance of one sample's being short."""
    chance = sum(short) / len(short)
    return chance * (1 - chance)
