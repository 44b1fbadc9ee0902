"""Samples as a hedge sees them: what is wanted in the periods that are decided is known, the rest comes out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from capalloc.analysis.sampling import sample
from capalloc.cancel import CancelToken
from capalloc.instance.compile import compile_scenario
from capalloc.planner.stochastic.block import Block, block_of, reduced
from capalloc.schema.record import MOST_SEED
from capalloc.schema.scenario import Scenario
from capalloc.schema.uncertainty import Uncertainty

BATCHES = 10
"""Independent hypercubes, beside the one that the hedge is of, on which it is judged."""
_LEAST_BATCH = 2


@dataclass(frozen=True, slots=True)
class Draw:
    """A sample of a hypercube."""

    seed: int
    samples: int
    number: int


@dataclass(frozen=True, slots=True)
class Deciding:
    """A scenario, and the periods that are decided now."""

    scenario: Scenario
    until: date
    """The first day after them."""
    first: int
    """How many there are."""
    cubes: dict[tuple[int, int], Scenario] = field(default_factory=dict, compare=False, repr=False)
    """The scenario with the hypercubes seen, by seed and samples: each is checked once."""

    def drawn(self, draw: Draw) -> Scenario:
        """A sample; before the day until which is decided, workloads want what the scenario has them want."""
        key = draw.seed, draw.samples
        if key not in self.cubes:
            doubts = self.scenario.uncertainty or Uncertainty()
            self.cubes[key] = self.scenario.replace(uncertainty=doubts.replace(seed=draw.seed, samples=draw.samples))
        return sample(self.cubes[key], draw.number, since=self.until)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A sample as a block of the program."""

    block: Block
    alone_usd: float | None
    """What it is worth where all is known from the start; None where it has no plan."""


def prepared(deciding: Deciding, draw: Draw, cancel: CancelToken) -> Prepared:
    """One sample, made ready."""
    instance = compile_scenario(deciding.drawn(draw))
    block = block_of(reduced(instance, deciding.first), deciding.first)
    return Prepared(block, block.alone_usd())


def deciding_of(scenario: Scenario) -> Deciding:
    """The periods of a scenario that are decided now: those that begin before ``decide_until``, or the first."""
    periods = scenario.horizon.periods
    day = scenario.uncertainty.decide_until if scenario.uncertainty else None
    first = 1 if day is None else max(1, sum(period.start < day for period in periods))
    return Deciding(scenario, periods[first - 1].end, first)


def draws_of(doubts: Uncertainty) -> tuple[Draw, ...]:
    """The samples that a hedge is of."""
    return _cube(doubts.seed, doubts.samples)


def fresh_draws(doubts: Uncertainty) -> tuple[tuple[Draw, ...], ...]:
    """Samples that it is judged on, in batches: as many as it is of, or some more."""
    size = max(_LEAST_BATCH, -(-doubts.samples // BATCHES))
    return tuple(_cube((doubts.seed + batch) % (MOST_SEED + 1), size) for batch in range(1, BATCHES + 1))


def _cube(seed: int, samples: int) -> tuple[Draw, ...]:
    return tuple(Draw(seed, samples, number) for number in range(1, samples + 1))
