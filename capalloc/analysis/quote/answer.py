"""The answer to a request for capacity."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from capalloc.analysis.base import Base, given_or_planned
from capalloc.analysis.quote.alternatives import alternatives, beside_fitting, beside_short
from capalloc.analysis.quote.dates import Earliest, earliest_after
from capalloc.analysis.quote.deliverable import Most, most_of
from capalloc.analysis.quote.desk import Desk, Served
from capalloc.analysis.quote.limits import Limits
from capalloc.analysis.quote.months import offered_periods, short_periods
from capalloc.analysis.quote.offer import Offer
from capalloc.analysis.quote.price import compared_at, offered_usd
from capalloc.analysis.quote.request import offers_fee, request_faults
from capalloc.calendar import format_day
from capalloc.cancel import CancelToken
from capalloc.errors import NoAnswerError, Problem, ScenarioError
from capalloc.exact.params import ExactParams
from capalloc.planner.params import PlannerParams
from capalloc.progress import OnProgress
from capalloc.schema.checks.fault import refuse
from capalloc.schema.demand import Contract
from capalloc.schema.plan import Plan
from capalloc.schema.quoted import Alternative, Interval, Quoted, QuotedPeriod
from capalloc.schema.scenario import Scenario

_DEFAULTS = PlannerParams()
MOST_ALTERNATIVES = 5
_LEAST_KW = 0.05
_WIDE_SHARE, _LEAST_USD_PER_KW = 0.1, 1.0
"""Share of the floor, and USD a kW-month, from which on what a gap hides is told."""


def quote(
    scenario: Scenario,
    request: Contract,
    *,
    plan: Plan | None = None,
    prospects: frozenset[str] = frozenset(),
    most_alternatives: int = MOST_ALTERNATIVES,
    params: PlannerParams | ExactParams = _DEFAULTS,
    cancel: CancelToken | None = None,
    progress: OnProgress | None = None,
) -> Quoted:
    """Price a request for capacity against the best plan without it.

    ``request`` is a contract that the scenario does not have; a fee of 0 means that none is offered. ``plan`` is the
    plan without it; one is made first where none is given, with the ``prospects`` named. Demands of that plan keep what
    it delivers of their commitments and minima; what they have above gives way where that costs least.

    Raises ScenarioError where the request does not go with the scenario, PlanFileError where the plan is not one of it,
    NoAnswerError where the scenario has no plan, or where the answer was cancelled before there was any.
    """
    refuse(request_faults(scenario, request))
    base = given_or_planned(scenario, plan, prospects=prospects, params=params, cancel=cancel, progress=progress)
    return quote_from(
        base, request, most_alternatives=most_alternatives, params=params, cancel=cancel, progress=progress
    )


def quote_from(
    base: Base,
    request: Contract,
    *,
    most_alternatives: int = MOST_ALTERNATIVES,
    params: PlannerParams | ExactParams = _DEFAULTS,
    cancel: CancelToken | None = None,
    progress: OnProgress | None = None,
) -> Quoted:
    """The same, of a plan that is known to keep its scenario's rules."""
    if request.name in base.prospects:
        message = f"found {request.name!r}, which the plan serves already; expected a plan made without that --prospect"
        raise ScenarioError([Problem("", 0, "REQUEST", message)])
    desk = Desk(base, params, cancel or CancelToken(), progress or (lambda _: None))
    return _Question(desk, request, most_alternatives).answer()


@dataclass(frozen=True)
class _Question:
    """A request on its way to an answer."""

    desk: Desk
    request: Contract
    most_alternatives: int

    def answer(self) -> Quoted:
        """Whether it fits, and all that follows."""
        limits = Limits.of(self.desk.base, self.request)
        served = (
            self.desk.serve(self.request, "pricing the request") if limits.allow(self.request) else Served(None, True)
        )
        self._go_on(served.offer is not None)
        price = compared_at(self.desk.base, self.request, limits.quantity.discounted_kw_months)
        if served.offer is not None:
            return self._fitting(served.offer, limits, price)
        return self._short(served, limits, price)

    def _go_on(self, answered: bool) -> None:
        if self.desk.cancel.cancelled and not answered:
            raise NoAnswerError("stopped before it was known whether the request fits")

    def _fitting(self, offer: Offer, limits: Limits, price: float) -> Quoted:
        candidates = beside_fitting(self.desk, offer, limits, price)
        others = alternatives(self.desk, candidates, self.most_alternatives, price, offer.floor)
        hours = offer.gpu_hours
        offered = offer.paid_usd(self.request) if offers_fee(self.request) else None
        return self._quoted(
            limits,
            price,
            tuple(offered_periods(offer)),
            others,
            fits=True,
            earliest=next(iter(offer.rows)),
            floor_usd_per_kw_month=offer.floor,
            floor_interval=offer.floor_interval,
            floor_usd_per_gpu_hour=offer.lost_usd / hours if hours else None,
            objective_without_usd=offer.without_usd,
            objective_with_usd=offer.plan.objective_usd,
            bound_with_usd=offer.plan.bound_usd,
            offered_usd=offered,
            margin_usd=None if offered is None else offered - offer.lost_usd,
            margin_interval=None if offered is None else _above(offered, offer.lost_interval),
            notes=(*_wide(offer), *self._beyond(), *self._stopped()),
        )

    def _short(self, served: Served, limits: Limits, price: float) -> Quoted:
        most = most_of(self.desk, self.request, limits)
        self._go_on(most is not None)
        later = earliest_after(self.desk, self.request, limits)
        candidates = beside_short(self.desk, self.request, limits, most, later.offer)
        others = alternatives(self.desk, candidates, self.most_alternatives, price, None)
        base = self.desk.base
        return self._quoted(
            limits,
            price,
            () if most is None else tuple(short_periods(most)),
            others,
            fits=False,
            fits_proven=served.impossible,
            earliest_proven=served.impossible and later.proven,
            earliest=None if later.offer is None else next(iter(later.offer.rows)),
            objective_without_usd=base.plan.objective_usd,
            offered_usd=offered_usd(base, self.request) if offers_fee(self.request) else None,
            notes=(*self._unsure(served, most, later), *self._beyond(), *self._stopped()),
        )

    def _beyond(self) -> Iterator[str]:
        """What of the request lies outside the horizon."""
        end = self.desk.base.scenario.horizon.end
        if self.request.until > end:
            yield f"the horizon ends before {format_day(end)}; what the request asks for after it is not looked at"

    def _stopped(self) -> Iterator[str]:
        if self.desk.cancel.cancelled:
            yield "stopped: dates and alternatives that were not looked at yet are missing"

    def _unsure(self, served: Served, most: Most | None, later: Earliest) -> Sequence[str]:
        """What is not proven, in sentences."""
        limit = f"in {self.desk.params.time_limit:g} s"
        said = []
        if not served.impossible:
            said.append(f"no plan that serves it in full was found {limit}; that none exists is not proven")
        if most is None:
            said.append(f"how much could be delivered was not found {limit}")
        elif most.unsure_kw > _LEAST_KW:
            said.append(f"up to {most.unsure_kw:,.1f} kW more might be deliverable on average: the search ended there")
        if later.not_known:
            said.append(f"whether it fits from {', '.join(later.not_known)} was not found {limit}")
        return said

    def _quoted(
        self,
        limits: Limits,
        price: float,
        periods: tuple[QuotedPeriod, ...],
        others: tuple[Alternative, ...],
        **found: object,
    ) -> Quoted:
        request, base = self.request, self.desk.base
        return Quoted.model_validate(
            {
                "about": base.about,
                "request": request.name,
                "start": request.ramp[0].start,
                "until": request.until,
                "rack_types": request.rack_types,
                "kw_months": limits.quantity.kw_months,
                "discounted_kw_months": limits.quantity.discounted_kw_months,
                "bound_without_usd": base.plan.bound_usd,
                "compared_at_usd_per_kw_month": price,
                "periods": periods,
                "alternatives": others,
                **found,
            }
        )


def _wide(offer: Offer) -> Iterator[str]:
    """Where the gap of the plan without the request hides more than the floor can bear."""
    hidden = offer.base.plan.bound_usd - offer.without_usd
    per_kw = offer.per_kw_month(hidden) or 0.0
    if per_kw > max(_WIDE_SHARE * (offer.floor or 0.0), _LEAST_USD_PER_KW):
        yield (
            f"the plan without the request may be worth up to ${hidden:,.0f} more, and the floor be higher by that: a "
            "plan nearer to its bound (`capalloc plan --gap`, a longer --time-limit) narrows that"
        )


def _above(offered: float, lost: Interval) -> Interval:
    return Interval(low=offered - lost.high, high=offered - lost.low)
