"""What else could be offered: later, smaller, shorter, other rack types, other halls, each planned and verified."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from capalloc.analysis.quote.deliverable import Most
from capalloc.analysis.quote.desk import ROUGH, Desk
from capalloc.analysis.quote.limits import Limits
from capalloc.analysis.quote.months import offered_periods
from capalloc.analysis.quote.offer import Offer
from capalloc.analysis.quote.request import in_halls, of_size, of_types, shifted, shortened
from capalloc.calendar import Period, format_day
from capalloc.instance.model import NOBODY
from capalloc.schema.demand import Contract
from capalloc.schema.quoted import Alternative, Change, QuotedPeriod
from capalloc.units import KW_PER_MW

_OTHERS = 2
"""Most other rack types, and most other halls, that are tried."""
_CHEAPER = 0.99
"""Beside a request that fits, what is not cheaper by so much is no alternative."""
_LEAST_USD = 0.005


@dataclass(frozen=True)
class Candidate:
    """Something else that might be offered."""

    change: Change
    contract: Contract
    why: str
    offer: Offer | None = None
    """Where it has been planned already."""


def alternatives(
    desk: Desk, candidates: Iterator[Candidate], most: int, price: float, below: float | None
) -> tuple[Alternative, ...]:
    """The first candidates that can be served, by falling value at a price; ``below`` is the floor to undercut."""
    found: list[Alternative] = []
    if below is not None and below < _LEAST_USD:
        return ()  # nothing can be cheaper
    for one in candidates:
        if len(found) == most or desk.cancel.cancelled:
            break
        offer = one.offer or desk.serve(one.contract, f"planning what else could be offered: {one.change}", ROUGH).offer
        if offer is None or (below is not None and (offer.floor or 0.0) > below * _CHEAPER):
            continue
        found.append(_record(one, offer, price))
    return tuple(sorted(found, key=lambda one: (_less_is_priced(one), -one.value_usd)))


def _less_is_priced(one: Alternative) -> bool:
    """Whether its value is of fewer months than that of the others: it comes after them."""
    return one.change == "later" and one.beyond_horizon


def _record(one: Candidate, offer: Offer, price: float) -> Alternative:
    contract, where = one.contract, one.contract.where
    halls = where.hall if where is not None else None
    beyond = contract.until > offer.base.scenario.horizon.end
    return Alternative(
        change=one.change,
        start=contract.ramp[0].start,
        until=contract.until,
        mw=max(row.committed_kw for row in offer.rows.values()) / KW_PER_MW,
        rack_types=contract.rack_types,
        hall=halls[0] if halls is not None and len(halls) == 1 else None,
        floor_usd_per_kw_month=offer.floor,
        floor_interval=offer.floor_interval,
        kw_months=offer.quantity.kw_months,
        beyond_horizon=beyond,
        value_usd=price * offer.quantity.discounted_kw_months - offer.lost_usd,
        why=f"{one.why}; {_months_priced(offer)}" if beyond else one.why,
    )


def _months_priced(offer: Offer) -> str:
    horizon = offer.base.scenario.horizon
    periods = f"{len(offer.rows)} {horizon.period}{'' if len(offer.rows) == 1 else 's'}"
    return f"its floor and value are of {periods} alone: the horizon ends before {format_day(horizon.end)}"


def beside_short(
    desk: Desk, request: Contract, limits: Limits, most: Most | None, later: Offer | None
) -> Iterator[Candidate]:
    """Candidates for a request that does not fit."""
    if later is not None:
        yield Candidate("later", later.contract, "the first date from which all of it fits", later)
    if most is not None:
        yield from _as_much_as_fits(request, limits, most)
        yield from _as_long_as_it_fits(desk, request, limits, most)
    yield from _elsewhere(desk, request)


def _as_much_as_fits(request: Contract, limits: Limits, most: Most) -> Iterator[Candidate]:
    least = int(min(most.together[most.short].tolist(), default=0))
    units = _round_units(most, least)
    size = "as much as" if units == least else "a round figure below what"
    smaller = of_size(request, units * most.data.kw_per_unit, most.data.kw_per_unit)
    if smaller is not None and limits.allow(smaller):
        yield Candidate("smaller", smaller, f"{size} can be delivered throughout")


def _round_units(most: Most, units: int) -> int:
    """On a large site a whole hundredth of what is asked for: a plan at the very limit is hard to find."""
    step = int(most.data.committed.max()) // 100
    return units // step * step if step >= most.data.unit.max() else units


def _as_long_as_it_fits(desk: Desk, request: Contract, limits: Limits, most: Most) -> Iterator[Candidate]:
    if not len(most.short):
        return
    end = desk.base.instance.periods[int(most.short[0])].start
    if end > request.ramp[0].start:
        shorter = shortened(request, end)
        if limits.allow(shorter):
            yield Candidate("shorter", shorter, f"all of it fits until {format_day(end)}")


def _elsewhere(desk: Desk, request: Contract) -> Iterator[Candidate]:
    """The same of other rack types, and in other halls."""
    for name, contract, change in (*_other_types(desk, request), *_other_halls(desk, request)):
        yield Candidate(change, contract, f"in place of {name}")


def _other_types(desk: Desk, request: Contract) -> Iterator[tuple[str, Contract, Change]]:
    site, hours = desk.base.scenario.facility, request.fee.usd_per_gpu_hour is not None
    there = {rack.rack_type for rack in site.racks}
    needs_gpus = hours or request.ramp[0].unit == "gpus"
    others = [kind for kind in site.rack_types if kind.name in there and kind.name not in request.rack_types]
    for kind in [kind for kind in others if kind.gpus or not needs_gpus][:_OTHERS]:
        yield ", ".join(request.rack_types), of_types(request, [kind.name]), "other type"


def _other_halls(desk: Desk, request: Contract) -> Iterator[tuple[str, Contract, Change]]:
    asked = request.where.hall if request.where is not None else None
    if asked is None:
        return
    others = [hall for hall in desk.base.instance.positions.hall_names if hall not in asked]
    for hall in others[:_OTHERS]:
        yield ", ".join(asked), in_halls(request, [hall]), "other hall"


def beside_fitting(desk: Desk, offer: Offer, limits: Limits, price: float) -> Iterator[Candidate]:
    """Candidates for a request that fits: what may cost less."""
    rates = _Rates.of(offer)
    yield from _cheaper_later(desk, offer, limits, rates)
    yield from _without_anybody(desk, offer, limits)
    yield from _worth_its_price(offer, rates, price)
    yield from _elsewhere(desk, offer.contract)


@dataclass(frozen=True)
class _Rates:
    """What a request displaces, period by period of its term."""

    periods: tuple[Period, ...]
    usd: tuple[float, ...]
    """Discounted."""
    kw_months: tuple[float, ...]
    """Discounted."""

    @classmethod
    def of(cls, offer: Offer) -> _Rates:
        """Those of an offer."""
        by_label: dict[str, QuotedPeriod] = {one.period: one for one in offered_periods(offer)}
        periods = tuple(period for period in offer.instance.periods if period.label in offer.rows)
        weights = [float(offer.instance.discount[period.index]) for period in periods]
        usd = [w * (by_label[p.label].displaced_usd or 0.0) for p, w in zip(periods, weights, strict=True)]
        kw = [w * by_label[p.label].committed_kw * p.months for p, w in zip(periods, weights, strict=True)]
        return cls(periods, tuple(usd), tuple(kw))

    def later(self, shift: int, kept: int) -> float:
        """About what a kW-month would displace so many periods later, of which ``kept`` lie inside the horizon.

        What the request has displaced in its last period stands for those after it.
        """
        more = max(kept - (len(self.usd) - shift), 0)
        usd = sum(self.usd[shift : shift + kept]) + more * self.usd[-1]
        return usd / (sum(self.kw_months[shift : shift + kept]) + more * self.kw_months[-1])


def _cheaper_later(desk: Desk, offer: Offer, limits: Limits, rates: _Rates) -> Iterator[Candidate]:
    """From the date at which it displaces least, while half of its term at least lies inside the horizon."""
    unit, length = desk.base.scenario.horizon.period, len(rates.usd)
    left = len(desk.base.instance.periods) - rates.periods[0].index
    best, chosen = rates.later(0, length) * _CHEAPER, None
    for shift in range(1, min(length, left - (length + 1) // 2 + 1)):
        later, rate = shifted(offer.contract, unit, shift), rates.later(shift, min(length, left - shift))
        if rate < best and limits.allow(later):
            best, chosen = rate, later
    if chosen is not None:
        yield Candidate("later", chosen, "what gives way is worth less then")


def _without_anybody(desk: Desk, offer: Offer, limits: Limits) -> Iterator[Candidate]:
    """As much as stands idle all the time; half of it where less than a rack does."""
    base, data = desk.base, offer.data
    takes = offer.instance.racks.eligible[:, offer.number]
    idle = (base.roster.serving == NOBODY) & (base.roster.buffer == NOBODY) & base.instance.racks.usable
    units = data.unit[base.instance.racks.type] * takes
    free = min(int(units[idle[:, t]].sum()) for t in np.flatnonzero(data.in_term).tolist())
    asked = int(data.committed.max())
    whole = 0 < free < asked
    smaller = of_size(offer.contract, (free if whole else asked / 2) * data.kw_per_unit, data.kw_per_unit)
    if offer.lost_usd > 0 and smaller is not None and limits.allow(smaller):
        yield Candidate(
            "smaller", smaller, "as much as stands idle" if whole else "half of it, where others lose least"
        )


def _worth_its_price(offer: Offer, rates: _Rates, price: float) -> Iterator[Candidate]:
    """As many periods as bring most at the price."""
    gains = np.cumsum(price * np.array(rates.kw_months) - np.array(rates.usd))
    until = int(np.argmax(gains)) + 1
    if until < len(gains) and gains[until - 1] > 0:
        end = rates.periods[until].start
        why = f"from {format_day(end)} on it displaces more than it brings"
        yield Candidate("shorter", shortened(offer.contract, end), why)
