"""One sample: a scenario in which everything that is not sure has come out somehow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from capalloc.analysis.edits import contract_of
from capalloc.analysis.sampling.distributions import count_at, months_until, value_at
from capalloc.analysis.sampling.facts import YEAR_DAYS, Fact, Failed, Given, Late, Signing, Wanted, after
from capalloc.analysis.sampling.hypercube import levels
from capalloc.calendar import add_months
from capalloc.errors import Problem, ScenarioError
from capalloc.schema.checks.asked import seed_faults
from capalloc.schema.checks.fault import Fault, refuse
from capalloc.schema.checks.references import faults
from capalloc.schema.event import Notice
from capalloc.schema.scenario import Scenario
from capalloc.schema.uncertainty import DemandDoubt, Failures, NoticeChance, Slip, Uncertainty

_MOST_DAYS = 36_525
_DIGITS = 9
"""Of shares: what lies beyond is below a rack of any site."""
Level = Callable[[str], float]
"""The quantile level of what has a name."""


def sample(scenario: Scenario, number: int, *, seed: int | None = None, since: date = date.min) -> Scenario:
    """The sample of that number, from 1 to ``uncertainty.samples``: an ordinary scenario, in which nothing is unsure.

    The seed is that of ``uncertainty`` unless it is given; the same scenario, number and seed give the same sample.
    Before the day ``since``, workloads want what the scenario says.
    Raises ScenarioError where the scenario is at fault, nothing in it is unsure, or there is no such sample.
    """
    doubts = doubts_of(scenario, seed)
    refuse(_number_faults(number, doubts.samples))
    sure = scenario.replace(uncertainty=None, name=f"{scenario.name}, sample {number}")
    drawn = _Draw(doubts, lambda name: float(levels(name, doubts.samples, doubts.seed)[number - 1]))
    return after(sure, drawn.facts(sure), since)


def all_facts(scenario: Scenario) -> Iterator[tuple[Fact, ...]]:
    """What comes out in each sample, the first first; of things that come out as the scenario has them, nothing."""
    doubts = doubts_of(scenario)
    columns = {name: levels(name, doubts.samples, doubts.seed) for name in doubtful(scenario)}
    for index in range(doubts.samples):
        draw = _Draw(doubts, lambda name, index=index: float(columns[name][index]))  # type: ignore[misc]
        yield tuple(draw.facts(scenario))


def doubts_of(scenario: Scenario, seed: int | None = None) -> Uncertainty:
    """What is not sure in a scenario, with another seed where one is given. Raises ScenarioError where nothing is."""
    refuse((*faults(scenario), *(() if seed is None else seed_faults(seed))))
    doubts = scenario.uncertainty
    if doubts is None:
        message = "is missing: nothing in this scenario is unsure, so that all samples would be the scenario itself"
        raise ScenarioError([Problem("", 0, "uncertainty", message)])
    return doubts if seed is None else doubts.replace(seed=int(seed))


def doubtful(scenario: Scenario) -> tuple[str, ...]:
    """The names of what is drawn: one column of the hypercube each."""
    seen: list[str] = []

    def note(name: str) -> float:
        seen.append(name)
        return 0.0

    tuple(_Draw(doubts_of(scenario), note).facts(scenario))
    return tuple(dict.fromkeys(seen))


def _number_faults(number: object, samples: int) -> Iterator[Fault]:
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= samples:
        message = f"found {number!r}, expected a sample from 1 to {samples:,} (uncertainty.samples)"
        yield Fault(("sample",), message)


@dataclass(frozen=True, slots=True)
class _Draw:
    """What is unsure, and how it comes out."""

    doubts: Uncertainty
    level: Level

    def facts(self, scenario: Scenario) -> Iterator[Fact]:
        """What comes out, in the order in which it is applied."""
        signing = list(self._prospects(scenario)) if self.doubts.prospects else []
        yield from signing
        yield from self._slips()
        signed = {fact.contract for fact in signing if fact.signs}
        unsigned = {one.name for one in scenario.contracts if one.probability < 1} - signed
        yield from self._notices(scenario, unsigned)
        yield from map(self._demand, self.doubts.demand)
        for failing in self.doubts.failures:
            yield self._failures(scenario, failing)

    def _prospects(self, scenario: Scenario) -> Iterator[Signing]:
        for contract in scenario.contracts:
            if contract.probability < 1:
                signs = self.level(f"prospect {contract.name}") < contract.probability
                yield Signing(contract.name, signs)

    def _slips(self) -> Iterator[Late]:
        for slip in self.doubts.supplies:
            days = self._late(slip)
            if days != 0:
                yield Late(*slip.subject, days, slip.announced_days)

    def _late(self, slip: Slip) -> int | None:
        """Whole days that it comes later; None: it does not come."""
        level = self.level(" ".join(slip.subject) if slip.cause is None else f"cause {slip.cause}")
        comes = 1 - slip.never
        if level >= comes:
            return None
        return _whole_days(value_at(slip.delay_days, level / comes))

    def _notices(self, scenario: Scenario, unsigned: set[str]) -> Iterator[Given]:
        for chance in self.doubts.notices:
            on = self._given(chance, scenario)
            if on is not None and chance.contract not in unsigned:
                yield Given(Notice(type="notice", contract=chance.contract, by=chance.by, on=on))

    def _given(self, chance: NoticeChance, scenario: Scenario) -> date | None:
        """The day of notice, where it comes within horizon and contract."""
        start = max(chance.start or date.min, scenario.horizon.start)
        end = min(scenario.horizon.end, contract_of(scenario, chance.contract).until)
        months = months_until(chance.monthly, self.level(f"notice {chance.contract}"))
        if start >= end or months > 12 * (end.year - start.year + 1):
            return None
        on = add_months(start, int(months))
        return on if on < end else None

    def _demand(self, doubt: DemandDoubt) -> Wanted:
        factor, drift = 1.0, None
        if doubt.factor is not None:
            factor = max(0.0, value_at(doubt.factor, self.level(f"factor {doubt.workload}")))
        if doubt.yearly_drift is not None:
            drift = max(-1.0, value_at(doubt.yearly_drift, self.level(f"drift {doubt.workload}")))
        return Wanted(doubt.workload, factor, drift)

    def _failures(self, scenario: Scenario, failing: Failures) -> Failed:
        racks = sum(
            rack.rack_type == failing.rack_type and rack.status != "retired" for rack in scenario.facility.racks
        )
        days = (scenario.horizon.end - scenario.horizon.start).days
        mean = failing.yearly * racks * days / YEAR_DAYS
        failed = count_at(mean, self.level(f"failures {failing.rack_type}"))

        def share(count: float) -> float:
            return round(min(1.0, count * failing.repair_days / (racks * days)), _DIGITS)

        return Failed(failing.rack_type, share(failed), share(mean))


def _whole_days(days: float) -> int:
    return min(_MOST_DAYS, max(0, int(days + 0.5)))
