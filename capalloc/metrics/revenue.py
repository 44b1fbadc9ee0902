"""How much of a plan's revenue is firm, and how much hangs on prospects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from capalloc.calendar import add_days, add_months, months_between
from capalloc.instance.model import DemandData, Floats, Instance
from capalloc.instance.stretches import Stretch
from capalloc.roster.figures import delivered_racks, revenue_usd
from capalloc.roster.roster import Roster
from capalloc.schema.demand import Contract


@dataclass(frozen=True, slots=True)
class Revenue:
    """A contract's fees over the horizon, undiscounted, split by how sure they are.

    Firm is what a signed contract earns before ``firm_until``: the day when it could end if notice were given on the
    horizon's first day. Where nobody may give notice, all of it is firm. Nothing of a prospect is firm.
    """

    demand: str
    firm_usd: float
    at_risk_usd: float
    firm_until: date | None
    """None for a prospect."""
    prospect_usd: float = 0.0
    """Fees of a prospect that was asked for, as if it had signed."""
    probability: float = 1.0
    """Of the signature; 1 where the contract, or an event of the scenario, has it."""

    @property
    def is_prospect(self) -> bool:
        """Whether it has not signed."""
        return self.probability < 1.0

    @property
    def weighted_usd(self) -> float:
        """Fees of a prospect times the probability that they come."""
        return self.prospect_usd * self.probability


def revenue_of(instance: Instance, roster: Roster) -> Iterator[Revenue]:
    """Firm revenue and revenue at risk of each planned contract, and the fees of prospects."""
    delivered = delivered_racks(instance, roster)
    for d, data in enumerate(instance.demands):
        if isinstance(data.demand, Contract):
            usd = revenue_usd(data, delivered[d])
            if instance.scenario.is_prospect(data.demand):
                yield _prospect(data, usd, data.demand.probability)
            else:
                yield _signed(instance, data, data.demand, usd)


def _prospect(data: DemandData, usd: Floats, probability: float) -> Revenue:
    return Revenue(data.name, 0.0, 0.0, None, prospect_usd=float(usd.sum()), probability=probability)


def _signed(instance: Instance, data: DemandData, contract: Contract, usd: Floats) -> Revenue:
    until = _firm_until(data, contract, instance.scenario.horizon.start)
    share = np.array([_share_before(until, contract, stretch) for stretch in data.accounts.stretches])
    firm = float(usd @ share)
    return Revenue(data.name, firm, float(usd.sum()) - firm, until)


def _firm_until(data: DemandData, contract: Contract, today: date) -> date:
    """The day when the contract ends if whoever may give notice does so on ``today``."""
    if contract.termination.by == "none":
        return data.term.end
    initial = add_months(data.term.start, contract.termination.initial_term_months)
    return min(data.term.end, add_days(max(today, initial), contract.termination.notice_days))


def _share_before(day: date, contract: Contract, stretch: Stretch) -> float:
    """Share of a stretch's fee that is due for its days before ``day``: by hours, or by months of unequal days."""
    until = max(stretch.start, min(stretch.end, day))
    if contract.fee.usd_per_gpu_hour is not None:
        return (until - stretch.start).days / (stretch.end - stretch.start).days
    return months_between(stretch.start, until) / stretch.months
