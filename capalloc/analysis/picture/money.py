"""What a plan earns over time, how firm that is, and what one more kW would be worth where and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from capalloc.analysis.picture.pictured import Pictured
from capalloc.instance.model import Floats
from capalloc.schema.revenue import RevenuePeriod


@dataclass(frozen=True, slots=True, eq=False)
class Earned:
    """A demand's money in each of T periods, USD, not discounted."""

    name: str
    contract: bool
    prospect: bool
    usd: Floats
    """(T,) a contract's fee, of a prospect as if it had signed, or a workload's value."""
    penalty_usd: Floats
    """(T,)"""


@dataclass(frozen=True, slots=True, eq=False)
class Fees:
    """Fees of all contracts in each of T periods by how sure they are, USD, not discounted."""

    firm_usd: Floats
    at_risk_usd: Floats
    prospect_usd: Floats


def earned_by_demand(pictured: Pictured) -> list[Earned]:
    """Contracts, then workloads, each in the scenario's order."""
    usd = _by_demand(pictured, lambda row: row.fee_usd + row.value_usd)
    penalty = _by_demand(pictured, lambda row: row.penalty_usd)
    prospects = {one.demand for one in pictured.revenue.contracts if one.firm_until is None}
    contracts = [one.demand for one in pictured.revenue.contracts]
    others = [one.demand for one in pictured.revenue.workloads]
    return [
        Earned(name, name in contracts, name in prospects, usd[name], penalty[name]) for name in (*contracts, *others)
    ]


def fees_by_surety(pictured: Pictured) -> Fees:
    """Fees that are firm, at risk, and of contracts that have not signed."""
    parts: tuple[Callable[[RevenuePeriod], float], ...] = (
        lambda row: row.firm_usd,
        lambda row: row.at_risk_usd,
        lambda row: row.prospect_usd,
    )
    nothing = np.zeros(len(pictured.periods))
    return Fees(*(sum(_by_demand(pictured, part).values(), nothing) for part in parts))


def prices_by_node(pictured: Pictured) -> dict[str, Floats]:
    """(T,) discounted USD that one more kW at a node would be worth for a month; the dearest node first."""
    index = {period.label: period.index for period in pictured.periods}
    found: dict[str, Floats] = defaultdict(lambda: np.zeros(len(index)))
    for row in pictured.plan.prices:
        found[row.node][index[row.period]] = row.usd_per_kw_month
    return dict(sorted(found.items(), key=lambda one: (-one[1].sum(), one[0])))


def _by_demand(pictured: Pictured, part: Callable[[RevenuePeriod], float]) -> dict[str, Floats]:
    index = {period.label: period.index for period in pictured.periods}
    found: dict[str, Floats] = defaultdict(lambda: np.zeros(len(index)))
    for row in pictured.revenue.periods:
        found[row.demand][index[row.period]] = part(row)
    return found
