"""What is known when: the days of a sample on which a plan is looked at again, with all that has come out by then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from capalloc.analysis.sampling import Fact, Late, Signing, all_facts, doubts_of
from capalloc.schema.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Step:
    """A period's first day on which something has become known."""

    day: date
    facts: tuple[Fact, ...]
    """All that is known on it, in the order in which it is applied."""


@dataclass(frozen=True, slots=True)
class Path:
    """One sample as time reveals it."""

    number: int
    steps: tuple[Step, ...]
    common: int = 0
    """So many steps from the first on are those of another sample too: a plan made for them serves both."""

    @property
    def facts(self) -> tuple[Fact, ...]:
        """All that becomes known within the horizon."""
        return self.steps[-1].facts if self.steps else ()


def stands_until(scenario: Scenario) -> date:
    """The first day of a period on which a plan may be changed: ``decide_until``, or the end of the first period."""
    periods = scenario.horizon.periods
    day = doubts_of(scenario).decide_until or periods[0].end
    return next((period.start for period in periods if period.start >= day), scenario.horizon.end)


def paths_of(scenario: Scenario, prospects: frozenset[str], also: Collection[date] = ()) -> tuple[Path, ...]:
    """Each sample as time reveals it, the first first; ``prospects`` are those that plans serve, signed or not.

    On days ``also``, period starts, plans are looked at again even where nothing new has become known.
    """
    paths = [
        Path(number, tuple(_steps(scenario, _news(facts, scenario, prospects), also)))
        for number, facts in enumerate(all_facts(scenario), start=1)
    ]
    beginnings = Counter(path.steps[:length] for path in paths for length in range(1, len(path.steps) + 1))
    return tuple(Path(path.number, path.steps, _common(path.steps, beginnings)) for path in paths)


def _common(steps: tuple[Step, ...], beginnings: Counter[tuple[Step, ...]]) -> int:
    return sum(beginnings[steps[:length]] > 1 for length in range(1, len(steps) + 1))


def _news(facts: Sequence[Fact], scenario: Scenario, prospects: frozenset[str]) -> tuple[Fact, ...]:
    """Without prospects that no plan serves and that do not sign; what is late comes when it acts.

    So samples that differ in nothing that a plan could heed are planned once.
    """
    heeded = (fact for fact in facts if not isinstance(fact, Signing) or fact.signs or fact.contract in prospects)
    return tuple(fact.in_whole_periods(scenario) if isinstance(fact, Late) else fact for fact in heeded)


def _steps(scenario: Scenario, facts: Sequence[Fact], also: Collection[date]) -> Iterator[Step]:
    days = [heeded_from(fact, scenario) for fact in facts]
    for day in sorted({day for day in days if day is not None}.union(also)):
        yield Step(
            day, tuple(fact for fact, known in zip(facts, days, strict=True) if known is not None and known <= day)
        )


def heeded_from(fact: Fact, scenario: Scenario) -> date | None:
    """The first period's start from which on a plan may heed a fact; None: not within the horizon.

    A plan stands until then, but for what is late: what does not come cannot be used.
    """
    known = fact.known(scenario)
    if not isinstance(fact, Late):
        known = max(known, stands_until(scenario))
    return next((period.start for period in scenario.horizon.periods if period.start >= known), None)
