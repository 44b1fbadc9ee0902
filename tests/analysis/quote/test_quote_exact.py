"""Quotes of over thirty seeded scenarios beside the exact model: a plain search over single racks, date by date."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

import pytest

from capalloc.analysis.base import Base, planned_base
from capalloc.analysis.quote import asked_for, quote_from
from capalloc.analysis.quote.offer import quantity_of
from capalloc.analysis.quote.request import counting, forced, shifted
from capalloc.calendar import add_days
from capalloc.exact.params import ExactParams
from capalloc.roster.figures import delivered_racks
from capalloc.roster.read import read
from capalloc.schema.demand import Contract, Locality
from capalloc.schema.plan import Plan
from capalloc.schema.quoted import Alternative, Quoted
from capalloc.solve import Result, solve
from tests.strategies import random_scenario

_CENT = 0.01
_EXACT = ExactParams()


@dataclass(frozen=True)
class Asked:
    """A request of a scenario, with its answer."""

    base: Base
    request: Contract
    answer: Quoted


def asked(seed: int) -> Asked | None:
    """A request of one to three racks of a drawn scenario; None where the scenario has no plan."""
    scenario, rng = random_scenario(seed), random.Random(seed)
    if solve(scenario, params=_EXACT).plan is None:
        return None
    base = planned_base(scenario)
    periods = base.instance.periods
    kinds = [kind for kind in scenario.facility.rack_types if kind.gpus]
    start = rng.randrange(len(periods))
    request = asked_for(
        scenario,
        start=periods[start].start.isoformat(),
        until=rng.choice([None, periods[start].end.isoformat()]),
        mw=round(rng.randint(1, 3) * kinds[0].nameplate_kw / 1000, 6),
        rack_types=[kind.name for kind in kinds[: rng.randint(1, len(kinds))]],
    )
    if seed % 2:
        request = special(request, rng, [kind.name for kind in kinds])
    return Asked(base, request, quote_from(base, request, most_alternatives=2))


def special(request: Contract, rng: random.Random, types: list[str]) -> Contract:
    """The same with two steps, and rules of its own."""
    (step,) = request.ramp
    later = add_days(step.start, rng.choice([7, 31]))
    ramp = (step, step.replace(start=later, mw=step.amount * 2, fee_factor=0.5)) if later < request.until else (step,)
    changes: list[dict[str, Any]] = [
        {"isolation": "row"},
        {"homogeneous": True, "rack_types": tuple(types)},
        {"locality": Locality(level="row", min_racks=2)},
        {"buffer_share": 0.5},
        {"draw": "expected", "basis": "it_expected"},
    ]
    return request.replace(ramp=ramp, **rng.choice(changes))


def exactly(base: Base, contract: Contract) -> Result:
    """The best plan with the request forced in, over single racks."""
    return solve(forced(base.scenario, contract), params=_EXACT, keep=base.plan)


def most_kw(base: Base, contract: Contract, period: str) -> float:
    """The most that can be delivered in a period, over single racks."""
    when = next(one for one in base.instance.periods if one.label == period)
    result = solve(counting(base.scenario, contract, when), params=_EXACT, keep=base.plan)
    assert result.plan is not None
    instance, number = result.instance, result.instance.demand_names.index(contract.name)
    data = instance.demands[number]
    units = data.unit @ delivered_racks(instance, read(instance, result.plan))[number]
    return float(min(units[when.index], data.committed[when.index]) * data.kw_per_unit)


@pytest.mark.parametrize("seed", range(44))
def test_a_quote_equals_a_plain_search_over_single_racks(seed: int) -> None:
    one = asked(seed)
    if one is None:
        pytest.skip("the scenario has no plan")
    base, answer = one.base, one.answer
    forced_in = exactly(base, one.request).plan
    assert answer.fits == (forced_in is not None)
    if forced_in is not None:
        _is_the_loss(base, answer, forced_in)
    _is_deliverable(one)
    _is_the_first_date(one)
    _are_priced(one)


def _is_the_loss(base: Base, answer: Quoted, forced_in: Plan) -> None:
    """The floor times the quantity is what the exact objective loses, within the printed interval."""
    without = solve(base.scenario, params=_EXACT).plan
    assert without is not None
    lost = without.objective_usd - forced_in.objective_usd
    assert answer.floor_interval is not None
    low, high = (x * answer.discounted_kw_months for x in (answer.floor_interval.low, answer.floor_interval.high))
    assert low - _CENT <= lost <= high + _CENT
    discount = dict(zip((p.label for p in base.instance.periods), base.instance.discount.tolist(), strict=True))
    monthly = sum(discount[one.period] * (one.displaced_usd or 0.0) for one in answer.periods)
    assert answer.objective_with_usd is not None
    assert monthly == pytest.approx(answer.objective_without_usd - answer.objective_with_usd, abs=_CENT)


def _is_deliverable(one: Asked) -> None:
    for period in one.answer.periods:
        if period.committed_kw:
            assert period.deliverable_kw == pytest.approx(most_kw(one.base, one.request, period.period), abs=1e-6)


def _is_the_first_date(one: Asked) -> None:
    """The first period from which the exact model serves the whole ramp."""
    horizon = one.base.scenario.horizon
    found = None
    for number in range(len(one.base.instance.periods)):
        later = shifted(one.request, horizon.period, number)
        if later.ramp[-1].start >= horizon.end:
            break
        if exactly(one.base, later).plan is not None:
            found = next(p.label for p in one.base.instance.periods if p.end > later.ramp[0].start)
            break
    assert one.answer.earliest == found


def _are_priced(one: Asked) -> None:
    """What every alternative costs is what the exact model loses by it, within its interval."""
    without = solve(one.base.scenario, params=_EXACT).plan
    assert without is not None
    for other in one.answer.alternatives:
        contract = rebuilt(one.request, other)
        result = exactly(one.base, contract)
        assert result.plan is not None
        data = result.instance.demands[result.instance.demand_names.index(contract.name)]
        months = quantity_of(data, result.instance.discount).discounted_kw_months
        assert other.floor_interval is not None
        lost = without.objective_usd - result.plan.objective_usd
        assert other.floor_interval.low * months - _CENT <= lost <= other.floor_interval.high * months + _CENT


def rebuilt(request: Contract, other: Alternative) -> Contract:
    """The contract of an alternative, from what the answer says of it."""
    moved = other.start - request.ramp[0].start
    ramp = [step.replace(start=step.start + moved) for step in request.ramp if step.start + moved < other.until]
    if other.change == "smaller":
        ramp = [step.replace(mw=min(step.amount, other.mw)) for step in ramp]
    return request.replace(ramp=tuple(ramp), until=other.until, rack_types=other.rack_types)


def test_most_of_these_requests_differ_in_whether_they_fit() -> None:
    found = [one.answer.fits for seed in range(20) if (one := asked(seed)) is not None]
    assert 0.2 * len(found) < sum(found) < 0.8 * len(found)
