"""What a repair is worth: like compared with like, by plans that are made and verified.

Two differences to the best plan of the scenario as it is, under the same terms: what the repair alone changes, with
shortfalls priced or forbidden as the scenario has it, and what it brings or costs to meet everything with the repair.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from capalloc.analysis.edits import forbidding, pricing
from capalloc.analysis.explain.record import Change, Repair
from capalloc.analysis.explain.repairs import Chosen
from capalloc.analysis.explain.requirement import Kind
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario
from capalloc.schema.status import Status

_DATES = (Kind.SUPPLY_DATES, Kind.NODE_DATES)
_Planned = Callable[[Scenario, Plan | None], Plan | None]
"""A verified plan of a scenario, worth no less than the one to begin from; None where none exists."""
_Exists = Callable[[Scenario], bool]


@dataclass(frozen=True, slots=True)
class Basis:
    """A scenario under the terms that repairs of it are compared by."""

    scenario: Scenario
    """As it is; with every shortfall priced where that has no plan."""
    plan: Plan | None
    """Its best plan; None where there is none even so."""

    @classmethod
    def of(cls, scenario: Scenario, planned: _Planned, exists: _Exists) -> Basis:
        """The scenario's own terms where a plan keeps them."""
        for terms in (scenario, priced := pricing(scenario)):
            if exists(terms):
                return cls(terms, planned(terms, None))
        return cls(priced, None)

    def repaired(self, made: Sequence[Chosen], planned: _Planned, exists: _Exists) -> Repair | None:
        """The figures of changes made together; None where no plan exists with them."""
        changed = self.scenario
        for chosen in made:
            changed = chosen.apply(changed)
        hard = forbidding(changed)
        met = planned(hard, None) if exists(hard) else None
        alone = planned(changed, self._begin(met))
        return None if alone is None else self._record(made, alone, met)

    def _begin(self, met: Plan | None) -> Plan | None:
        """A plan to begin from: one that meets everything serves first who comes first, whatever it is worth."""
        if met is None or self.plan is None or self.scenario.policy.priority == "contracts":
            return met or self.plan
        return max(met, self.plan, key=lambda plan: plan.objective_usd)

    def _record(self, made: Sequence[Chosen], alone: Plan, met: Plan | None) -> Repair:
        pairs = [pair for chosen in made for pair in chosen.made]
        return Repair(
            changes=tuple(changes(made)),
            objective_usd=alone.objective_usd,
            alone_usd=self._more(alone),
            alone_uncertain_usd=self._uncertain(alone),
            all_met_usd=self._more(met),
            all_met_uncertain_usd=self._uncertain(met),
            commitments_met=met is not None,
            lost_fee_usd=self._lost(alone),
            not_counted=tuple(dict.fromkeys(family.unpriced for family, _ in pairs if family.unpriced)),
        )

    def _more(self, plan: Plan | None) -> float | None:
        """What a plan is worth more than the scenario's own."""
        return None if plan is None or self.plan is None else round(plan.objective_usd - self.plan.objective_usd, 2)

    def _uncertain(self, plan: Plan | None) -> float | None:
        """How far that may be off, either way, where one of the two is not proven to be the best."""
        return None if plan is None or self.plan is None else max(_unproven(plan), _unproven(self.plan))

    def _lost(self, plan: Plan) -> float | None:
        """Contract fees of a plan below those of full delivery in the scenario as it is."""
        if self.plan is None:
            return None
        promised = _fees(self.scenario, self.plan) + sum(shortfall.lost_fee_usd for shortfall in self.plan.shortfalls)
        return round(promised - _fees(self.scenario, plan), 2) + 0.0


def changes(made: Sequence[Chosen]) -> list[Change]:
    """The changes of repairs made together, each once; a delay and the date that it delays are one."""
    pairs = [pair for chosen in made for pair in chosen.made]
    found = dict.fromkeys(Change(kind=family.kind, where=family.where, says=family.says(n)) for family, n in pairs)
    delayed = {one.where for one in found if one.kind is Kind.DELAY}
    dates = [one for one in found if one.kind in _DATES and one.where in delayed]
    return [_with_dates(one, dates) if one.kind is Kind.DELAY else one for one in found if one not in dates]


def _with_dates(delay: Change, dates: Sequence[Change]) -> Change:
    """A change of a delay with those of the same thing's dates."""
    more = [one.says.removeprefix(f"{one.where}: ") for one in dates if one.where == delay.where]
    return delay.replace(says=", and ".join([delay.says, *more]))


def _unproven(plan: Plan) -> float:
    """What a plan that gives as much to what comes first could be worth more."""
    if plan.status is Status.OPTIMAL:
        return 0.0
    return round(max(plan.most_usd - plan.objective_usd, 0.0), 2)


def _fees(scenario: Scenario, plan: Plan) -> float:
    contracts = {contract.name for contract in scenario.all_contracts}
    return sum(row.revenue_usd for row in plan.demands if row.demand in contracts)
