"""The price that alternatives are compared at."""

from __future__ import annotations

import math

import numpy as np

from capalloc.analysis.base import Base
from capalloc.analysis.quote.request import offers_fee
from capalloc.instance.demands import lower_demand
from capalloc.instance.model import Floats
from capalloc.instance.timeline import ramp_of
from capalloc.schema.demand import Contract
from capalloc.schema.plan import DemandPeriod


def offered_usd(base: Base, contract: Contract) -> float:
    """What the request's fee pays for full service inside the horizon, discounted."""
    instance = base.instance
    data = lower_demand(base.scenario, contract, {contract.name: ramp_of(base.scenario, contract)}, instance.periods)
    by_gpu = contract.fee.usd_per_gpu_hour is not None
    full: Floats = data.accounts.committed.astype(np.float64) * (data.gpus_per_unit if by_gpu else 1.0)
    return float(data.accounts.earned.gain_usd(full) @ instance.discount[data.accounts.period])


def compared_at(base: Base, request: Contract, discounted_kw_months: float) -> float:
    """USD per kW-month: the offered fee, or else what contracts of the plan pay on average, or its workloads earn."""
    if offers_fee(request) and discounted_kw_months:
        return offered_usd(base, request) / discounted_kw_months
    contracts = {contract.name for contract in base.scenario.all_contracts}
    rows = [row for row in base.plan.demands if row.demand in contracts]
    return _average(base, rows) or _average(base, list(base.plan.demands))


def _average(base: Base, rows: list[DemandPeriod]) -> float:
    """Discounted USD for each discounted kW-month that is delivered; 0 where none is."""
    weight = {period.label: float(base.instance.discount[period.index]) for period in base.instance.periods}
    months = {period.label: period.months for period in base.instance.periods}
    usd = math.fsum(weight[row.period] * row.revenue_usd for row in rows)
    kw_months = math.fsum(weight[row.period] * row.delivered_kw * months[row.period] for row in rows)
    return usd / kw_months if kw_months else 0.0
