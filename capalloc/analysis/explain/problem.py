"""A scenario taken to pieces: what contracts commit, window by window, and everything else it requires."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from capalloc.analysis.explain.demand_rules import (
    demand_requirements,
    event_requirements,
    pin_requirements,
    policy_requirements,
    tenant_requirements,
)
from capalloc.analysis.explain.edits import Edit, with_site
from capalloc.analysis.explain.oracle import is_feasible
from capalloc.analysis.explain.requirement import Kind, Requirement
from capalloc.analysis.explain.site_rules import keep_stays, limit_requirements, site_requirements, without_rows
from capalloc.errors import ScenarioError
from capalloc.instance.compile import compile_scenario
from capalloc.instance.model import DemandData, Instance
from capalloc.reduction.windows import window_starts
from capalloc.schema.checks.references import faults
from capalloc.schema.demand import Contract
from capalloc.schema.facility import Position
from capalloc.schema.scenario import Scenario


@dataclass(frozen=True, slots=True, order=True)
class Commitment:
    """What a contract commits in a window of periods [first, end): neighbours that are alike."""

    first: int
    end: int
    contract: str


Item = Commitment | Requirement


class Problem:
    """Answers whether a scenario is feasible with some of its pieces alone."""

    def __init__(self, scenario: Scenario, prospects: frozenset[str], deadline: float) -> None:
        self.scenario = scenario
        self.prospects = prospects
        self.deadline = deadline
        self.base = compile_scenario(scenario, prospects)
        self.asked = 0
        self._compiled: dict[frozenset[Requirement], Instance] = {frozenset(): self.base}
        self.commitments = tuple(_commitments(self.base))
        self.requirements = tuple(self._requirements())

    def _requirements(self) -> Iterable[Requirement]:
        scenario = self.scenario
        found = [
            *pin_requirements(scenario),
            *event_requirements(scenario, self.prospects),
            *policy_requirements(scenario),
            *demand_requirements(scenario, tuple(data.demand for data in self.base.demands)),
            *tenant_requirements(scenario),
            *site_requirements(scenario),
            *_positions(scenario, len(self.base.deliveries)),
        ]
        edits = [one.scenario for one in found if one.scenario is not None]
        fine = not faults(_edited(scenario, edits))
        kept = [one for one in found if fine or one.scenario is None or not faults(one.scenario(scenario))]
        self._ordered = tuple(kept)
        limits = {one.row: one for one in limit_requirements(self.base)}
        for one in limit_requirements(self._instance(frozenset(kept))):
            limits.setdefault(one.row, one)
        return (*kept, *limits.values())

    def variants(self) -> tuple[Instance, ...]:
        """The instances compiled so far, without some requirements."""
        return tuple(self._compiled.values())

    def _instance(self, dropped: frozenset[Requirement]) -> Instance:
        """The instance without those of the requirements that are of the scenario."""
        edits = frozenset(one for one in dropped if one.scenario is not None)
        if edits not in self._compiled:
            self._compiled[edits] = keep_stays(self._without(edits), self.base)
        return self._compiled[edits]

    def _without(self, dropped: frozenset[Requirement]) -> Instance:
        edits = [one.scenario for one in self._ordered if one in dropped and one.scenario is not None]
        try:
            return compile_scenario(_edited(self.scenario, edits), self.prospects)
        except ScenarioError:  # two of them do not go together: the later one stays in force
            return compile_scenario(_edited(self.scenario, edits, careful=True), self.prospects)

    def feasible(self, dropped: Collection[Requirement], commitments: Collection[Commitment]) -> bool:
        """Whether a plan meets these commitments and every requirement but those dropped.

        Raises OutOfTimeError when that is not known by the deadline.
        """
        self.asked += 1
        instance = self._instance(frozenset(dropped))
        for one in dropped:
            if one.instance is not None:
                instance = one.instance(instance)
        instance = without_rows(instance, frozenset(one.row for one in dropped if one.row is not None))
        return is_feasible(_committed_only(instance, commitments), self.deadline)

    def conflict(self, pieces: Iterable[Item]) -> bool:
        """Whether no plan keeps even these pieces alone."""
        kept = frozenset(pieces)
        dropped = [one for one in self.requirements if one not in kept]
        return not self.feasible(dropped, [one for one in kept if isinstance(one, Commitment)])

    def allows_with(self, aside: Collection[Commitment], change: Callable[[Instance], Instance]) -> bool:
        """Whether the instance, changed, has a plan that meets every commitment but those set aside."""
        self.asked += 1
        instance = _committed_only(self.base, [one for one in self.commitments if one not in aside])
        return is_feasible(change(instance), self.deadline)

    def allows(self, scenario: Scenario) -> bool:
        """Whether any plan of a changed scenario exists; a scenario with faults has none."""
        self.asked += 1
        try:
            instance = compile_scenario(scenario, self.prospects)
        except ScenarioError:
            return False
        return is_feasible(instance, self.deadline)


def _edited(scenario: Scenario, edits: Sequence[Edit], careful: bool = False) -> Scenario:
    """The scenario with every edit; ``careful`` leaves out what brings faults."""
    for edit in edits:
        edited = edit(scenario)
        scenario = scenario if careful and faults(edited) else edited
    return scenario


def _commitments(instance: Instance) -> Iterable[Commitment]:
    starts = window_starts(instance)
    ends = np.append(starts[1:], len(instance.periods))
    for first, end in zip(starts.tolist(), ends.tolist(), strict=True):
        for data in instance.demands:
            if isinstance(data.demand, Contract) and data.committed[first] > 0:
                yield Commitment(first, end, data.name)


def _committed_only(instance: Instance, kept: Collection[Commitment]) -> Instance:
    """Contracts commit nothing but what is kept."""

    def new(data: DemandData) -> DemandData:
        if not isinstance(data.demand, Contract):
            return data
        mask = np.zeros(len(instance.periods), dtype=bool)
        for one in kept:
            mask[one.first : one.end] |= one.contract == data.name
        return replace(data, committed=np.where(mask, data.committed, 0))

    return replace(instance, demands=tuple(map(new, instance.demands)))


def _positions(scenario: Scenario, deliveries: int) -> Iterable[Requirement]:
    if deliveries:
        places = scenario.facility.positions
        says = f"{len(places):,} positions for the racks that stand and {deliveries:,} deliveries"
        yield Requirement(
            Kind.POSITIONS, "site", says, scenario=partial(more_positions, each=_each(places, deliveries))
        )


def _each(places: Sequence[Position], deliveries: int) -> int:
    """Copies of each sort of position that leave every delivery a choice."""
    return max(1, -(-2 * deliveries // len(_sorts(places))))


def _sorts(places: Sequence[Position]) -> list[Position]:
    """One position of each sort: the same feeds, zone and groups."""
    sorts = {(p.feed_a, p.feed_b, p.split_a, p.cooling_zone, p.row_key, p.fabric_block): p for p in places}
    return list(sorts.values())


def more_positions(scenario: Scenario, each: int, sorts: int | None = None) -> Scenario:
    """The scenario with ``each`` more positions, cooled for any rack, of each (or the first ``sorts``) of its sorts."""
    places = scenario.facility.positions
    more = (
        place.replace(name=f"{place.name} (more {n})", cooling="hybrid")
        for n in range(1, each + 1)
        for place in _sorts(places)[:sorts]
    )
    return with_site(scenario, positions=(*places, *more))
