"""The answer to a request for capacity."""

from __future__ import annotations

from capalloc.analysis.base import Base, base_of, planned_base
from capalloc.analysis.quote.dates import earliest
from capalloc.analysis.quote.desk import Desk, Most
from capalloc.analysis.quote.months import offered_periods, short_periods
from capalloc.analysis.quote.offer import Offer, quantity_of
from capalloc.analysis.quote.request import forced, offers_fee, request_faults
from capalloc.cancel import CancelToken
from capalloc.instance.compile import compile_scenario
from capalloc.planner.params import PlannerParams
from capalloc.progress import OnProgress
from capalloc.schema.checks.fault import refuse
from capalloc.schema.demand import Contract
from capalloc.schema.plan import Plan
from capalloc.schema.quoted import Interval, Quoted
from capalloc.schema.scenario import Scenario

_DEFAULTS = PlannerParams()


def quote(
    scenario: Scenario,
    request: Contract,
    *,
    plan: Plan | None = None,
    prospects: frozenset[str] = frozenset(),
    params: PlannerParams = _DEFAULTS,
    cancel: CancelToken | None = None,
    progress: OnProgress | None = None,
) -> Quoted:
    """Price a request for capacity against the best plan without it.

    ``request`` is a contract that the scenario does not have; a fee of 0 means that none is offered. ``plan`` is the
    plan without it; one is made first where none is given, with the ``prospects`` named. Demands of that plan keep what
    it delivers of their commitments and minima; what they have above gives way where that costs least.

    Raises ScenarioError where the request does not go with the scenario, PlanFileError where the plan is not one of it,
    NoAnswerError where the scenario has no plan.
    """
    refuse(request_faults(scenario, request))
    if plan is None:
        base = planned_base(scenario, prospects=prospects, params=params, cancel=cancel, progress=progress)
    else:
        base = base_of(scenario, plan)
    return quote_from(base, request, params=params, cancel=cancel, progress=progress)


def quote_from(
    base: Base,
    request: Contract,
    *,
    params: PlannerParams = _DEFAULTS,
    cancel: CancelToken | None = None,
    progress: OnProgress | None = None,
) -> Quoted:
    """The same, of a plan that is known to keep its scenario's rules."""
    desk = Desk(base, params, cancel or CancelToken(), progress or (lambda _: None))
    offer = desk.serve(request, "pricing the request")
    if offer is not None:
        return _fits(offer)
    most = desk.most(request, "looking for how much could be delivered")
    return _short(desk, request, most)


def _fits(offer: Offer) -> Quoted:
    request, quantity = offer.contract, offer.quantity
    offered = offer.paid_usd(request) if offers_fee(request) else None
    first = next(iter(offer.rows))
    hours = offer.paid_usd(
        request.replace(fee=request.fee.replace(usd_per_month=None, usd_per_kw_month=None, usd_per_gpu_hour=1.0))
    )
    lost = offer.lost_interval
    return Quoted(
        about=offer.base.about,
        request=request.name,
        start=request.ramp[0].start,
        until=request.until,
        rack_types=request.rack_types,
        fits=True,
        earliest=first,
        floor_usd_per_kw_month=offer.floor,
        floor_interval=offer.floor_interval,
        floor_usd_per_gpu_hour=offer.lost_usd / hours if hours else None,
        kw_months=quantity.kw_months,
        discounted_kw_months=quantity.discounted_kw_months,
        objective_without_usd=offer.without_usd,
        bound_without_usd=offer.base.plan.bound_usd,
        objective_with_usd=offer.plan.objective_usd,
        bound_with_usd=offer.plan.bound_usd,
        offered_usd=offered,
        margin_usd=None if offered is None else offered - offer.lost_usd,
        margin_interval=None if offered is None else Interval(low=offered - lost.high, high=offered - lost.low),
        compared_at_usd_per_kw_month=None,
        periods=tuple(offered_periods(offer)),
    )


def _short(desk: Desk, request: Contract, most: Most | None) -> Quoted:
    base = desk.base
    quantity = quantity_of(compile_scenario(forced(base.scenario, request), base.prospects), request.name)
    return Quoted(
        about=base.about,
        request=request.name,
        start=request.ramp[0].start,
        until=request.until,
        rack_types=request.rack_types,
        fits=False,
        earliest=earliest(desk, request),
        floor_usd_per_kw_month=None,
        floor_interval=None,
        floor_usd_per_gpu_hour=None,
        kw_months=quantity.kw_months,
        discounted_kw_months=quantity.discounted_kw_months,
        objective_without_usd=base.plan.objective_usd,
        bound_without_usd=base.plan.bound_usd,
        objective_with_usd=None,
        bound_with_usd=None,
        offered_usd=None,
        margin_usd=None,
        margin_interval=None,
        compared_at_usd_per_kw_month=None,
        periods=() if most is None else tuple(short_periods(base, most, request.name)),
    )
