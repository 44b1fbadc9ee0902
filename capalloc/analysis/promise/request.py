"""The request beside what is not sure: the scenario without it, and with it as it is planned in samples."""

from __future__ import annotations

import numpy as np

from capalloc.analysis.quote.request import counting
from capalloc.instance.model import DemandData, Floats, Instance
from capalloc.schema.demand import Contract, Fee
from capalloc.schema.event import Delay, Notice
from capalloc.schema.scenario import Scenario
from capalloc.units import W_PER_KW

_TIMES = 2.0


def beside(scenario: Scenario, request: Contract) -> Scenario:
    """The scenario without the request, should it be one of its prospects, and without what is said of that alone."""
    doubts = scenario.uncertainty
    if doubts is not None:
        kept = tuple(one for one in doubts.notices if one.contract != request.name)
        doubts = doubts.replace(notices=kept)
    contracts = tuple(one for one in scenario.contracts if one.name != request.name)
    events = tuple(
        one for one in scenario.events if not isinstance(one, Notice | Delay) or one.contract != request.name
    )
    return scenario.replace(contracts=contracts, events=events, uncertainty=doubts)


def is_level(scenario: Scenario, request: Contract) -> bool:
    """Whether a request asks for the same from its first day to the horizon's end."""
    end = scenario.horizon.end
    return request.until >= end and len({step.amount for step in request.ramp if step.start < end}) == 1


def at_most(scenario: Scenario, request: Contract) -> Scenario:
    """The scenario in which only what the request gets counts, its largest step from its first day to the end."""
    largest = max(request.ramp, key=lambda step: step.amount)
    always = (largest.replace(start=request.ramp[0].start),)
    return counting(scenario, request.replace(ramp=always, until=scenario.horizon.end))


def paying(scenario: Scenario, request: Contract, usd_per_kw_month: float) -> Scenario:
    """The scenario with the request as a signed contract at a fee."""
    others = tuple(one for one in scenario.contracts if one.name != request.name)
    return scenario.replace(contracts=(*others, at_fee(request, usd_per_kw_month)))


def at_fee(request: Contract, usd_per_kw_month: float) -> Contract:
    """The request as a signed contract at a fee for what it commits."""
    return request.replace(
        fee=Fee(usd_per_kw_month=usd_per_kw_month),
        commitment="priced",
        probability=1.0,
        flexible_mw=0.0,
        ramp=tuple(step.replace(fee_factor=1.0) for step in request.ramp),
    )


def above_all_usd(instance: Instance, paid: Floats) -> float:
    """USD per kW-month above what any demand brings with any rack, so that the request is served where it can be.

    ``paid`` are the (T,) months of its term: where few days of a period are of it, it still is served; where a rack is
    paid for in part it may not be.
    """
    months = np.array([period.months for period in instance.periods])
    most = max((_most_usd(data, months) for data in instance.demands), default=0.0)
    least = (paid / months)[paid > 0].min(initial=1.0)
    return _TIMES * max(most, 1.0) / float(least)


def _most_usd(data: DemandData, months: Floats) -> float:
    """USD that a kW and month of a demand brings at most."""
    types, most = list(data.types), 0.0
    for curve in data.curves:
        by_kw = (curve.measure[types] * W_PER_KW / data.draw_w[types]).max(initial=0.0)
        most = max(most, float((curve.slopes / months[:, None]).max(initial=0.0) * by_kw))
    return most
