"""A scenario taken to pieces, and whether a plan keeps some of them alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from capalloc.analysis.edits import Edit
from capalloc.analysis.explain.oracle import is_feasible
from capalloc.analysis.explain.requirement import Commitment, Kind, Piece, Requirement
from capalloc.analysis.explain.requirements import limits, requirements
from capalloc.analysis.explain.requirements.commitments import commitments, committed_only, set_aside
from capalloc.analysis.explain.requirements.racks import keep_stays
from capalloc.analysis.explain.rows import without_limits
from capalloc.errors import ScenarioError
from capalloc.instance.compile import compile_scenario
from capalloc.instance.model import Instance
from capalloc.planner.lp.deadline import Deadline
from capalloc.schema.checks.references import faults
from capalloc.schema.scenario import Scenario


class Problem:
    """Answers whether a scenario is feasible with some of its pieces alone."""

    def __init__(self, scenario: Scenario, prospects: frozenset[str], deadline: Deadline) -> None:
        self.scenario = scenario
        self.prospects = prospects
        self.deadline = deadline
        self.base = compile_scenario(scenario, prospects)
        self.asked = 0
        self._compiled: dict[frozenset[Requirement], Instance] = {frozenset(): self.base}
        self.commitments = tuple(commitments(self.base))
        self.requirements = tuple(self._requirements())

    def _requirements(self) -> Iterable[Requirement]:
        """Limits after what makes them tight, and the reserve last: it conflicts only where all else could be kept."""
        scenario = self.scenario
        found = tuple(requirements(self.base))
        edits = [one.scenario for one in found if one.scenario is not None]
        fine = not faults(_edited(scenario, edits))
        kept = [one for one in found if fine or one.scenario is None or not faults(one.scenario(scenario))]
        self._ordered = tuple(kept)
        limited = {one.row: one for one in limits.requirements(self.base)}
        for one in limits.requirements(self._instance(frozenset(kept))):
            limited.setdefault(one.row, one)
        return sorted((*kept, *limited.values()), key=lambda one: one.kind is Kind.RESERVE)

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
        instance = without_limits(instance, frozenset(one.row for one in dropped if one.row is not None))
        return is_feasible(committed_only(instance, commitments), self.deadline)

    def conflict(self, pieces: Iterable[Piece]) -> bool:
        """Whether no plan keeps even these pieces alone."""
        kept = frozenset(pieces)
        dropped = [one for one in self.requirements if one not in kept]
        return not self.feasible(dropped, [one for one in kept if isinstance(one, Commitment)])

    def allows_with(self, aside: Collection[Commitment], change: Callable[[Instance], Instance]) -> bool:
        """Whether the instance, changed, has a plan that meets every commitment but those set aside."""
        self.asked += 1
        instance = committed_only(self.base, [one for one in self.commitments if one not in aside])
        return is_feasible(change(instance), self.deadline)

    def allows(self, scenario: Scenario, aside: Collection[Commitment] = ()) -> bool:
        """Whether a changed scenario has a plan that meets what it must but for what is set aside; not with faults."""
        self.asked += 1
        try:
            instance = compile_scenario(scenario, self.prospects)
        except ScenarioError:
            return False
        return is_feasible(set_aside(instance, aside), self.deadline)


def _edited(scenario: Scenario, edits: Sequence[Edit], careful: bool = False) -> Scenario:
    """The scenario with every edit; ``careful`` leaves out what brings faults."""
    for edit in edits:
        edited = edit(scenario)
        scenario = scenario if careful and faults(edited) else edited
    return scenario
