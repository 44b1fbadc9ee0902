"""The request beside what is not sure: the scenario without it, and with it as it is planned in samples."""

from __future__ import annotations

import numpy as np

from capalloc.analysis.quote.request import counting
from capalloc.instance.model import Instance
from capalloc.schema.demand import Contract, Fee
from capalloc.schema.scenario import Scenario
from capalloc.units import W_PER_KW

_TIMES = 2.0


def beside(scenario: Scenario, request: Contract) -> Scenario:
    """The scenario without the request, should it be one of its prospects, and without its own tenant's notice."""
    doubts = scenario.uncertainty
    if doubts is not None:
        kept = tuple(one for one in doubts.notices if one.contract != request.name)
        doubts = doubts.replace(notices=kept)
    others = tuple(one for one in scenario.contracts if one.name != request.name)
    return scenario.replace(contracts=others, uncertainty=doubts)


def at_most(scenario: Scenario, request: Contract) -> Scenario:
    """The scenario in which only what the request gets counts, its largest step from its first day to the end."""
    largest = max(request.ramp, key=lambda step: step.amount)
    always = (largest.replace(start=request.ramp[0].start),)
    return counting(scenario, request.replace(ramp=always, until=scenario.horizon.end))


def paying(scenario: Scenario, request: Contract, usd_per_kw_month: float) -> Scenario:
    """The scenario with the request as a signed contract at a fee."""
    own = request.replace(
        fee=Fee(usd_per_kw_month=usd_per_kw_month),
        commitment="priced",
        probability=1.0,
        flexible_mw=0.0,
        ramp=tuple(step.replace(fee_factor=1.0) for step in request.ramp),
    )
    return scenario.replace(contracts=(*scenario.contracts, own))


def above_all_usd(instance: Instance) -> float:
    """USD per kW-month above what any demand brings with any rack, so that the request is served where it can be."""
    months = np.array([period.months for period in instance.periods])
    most = 0.0
    for data in instance.demands:
        types = list(data.types)
        for curve in data.curves:
            by_kw = (curve.measure[types] * W_PER_KW / data.draw_w[types]).max(initial=0.0)
            most = max(most, float((curve.slopes / months[:, None]).max(initial=0.0) * by_kw))
    return _TIMES * max(most, 1.0)
