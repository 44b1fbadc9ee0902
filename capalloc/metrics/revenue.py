"""How much of a plan's revenue is firm, and how much hangs on prospects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from capalloc.instance.model import Instance
from capalloc.metrics.earnings import Earnings, earnings_of
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
    horizon = instance.scenario.horizon
    for one in earnings_of(instance, roster):
        if isinstance(one.data.demand, Contract):
            yield revenue_between(one, one.data.demand, horizon.start, horizon.start, horizon.end)


def revenue_between(one: Earnings, contract: Contract, on: date, start: date, end: date) -> Revenue:
    """A contract's fees of the days [start, end), where notice may be given on day ``on`` or later."""
    usd = one.revenue_usd(start, end)
    if one.prospect:
        return Revenue(one.data.name, 0.0, 0.0, None, prospect_usd=usd, probability=contract.probability)
    firm = one.firm_usd(on, start, end)
    return Revenue(one.data.name, firm, usd - firm, one.firm_until(on))
