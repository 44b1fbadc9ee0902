"""Money at stake is what a plain sum over days loses when the dark racks serve nobody."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from capalloc.analysis.base import Base, planned_base
from capalloc.analysis.impact import impact_of
from capalloc.errors import NoAnswerError
from capalloc.planner.params import PlannerParams
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario
from tests.corpus.dated import dated_record
from tests.corpus.day_by_day import Books, days_from, share_of_month
from tests.strategies import Record

CENT = 0.01


def drawn(seed: int) -> tuple[Record, Base] | None:
    record = dated_record(seed)
    scenario = Scenario.model_validate(record)
    asked = frozenset(contract.name for contract in scenario.contracts if contract.probability < 1)
    try:
        return record, planned_base(scenario, prospects=asked, params=PlannerParams(time_limit=5))
    except NoAnswerError:
        return None


def books(record: Record, plan: Plan) -> Books:
    return Books(record, plan.model_dump(mode="json", by_alias=True))


def without(plan: Plan, racks: set[str], start: date, end: date) -> Plan:
    """The plan in which some racks serve nobody for some days."""
    left = []
    for one in plan.assignments:
        if one.rack not in racks or not (one.start < end and start < one.until):
            left.append(one)
            continue
        if one.start < start:
            left.append(one.replace(until=start))
        if end < one.until:
            left.append(one.replace(start=end))
    return plan.replace(assignments=tuple(left))


def worth(of: Books, name: str, days: list[date]) -> Fraction:
    account = of.accounts[name]
    return sum((account.earned[day] - account.penalty[day] for day in days), Fraction(0))


@pytest.mark.parametrize("first", range(0, 60, 10))
def test_what_is_at_stake_is_what_days_without_the_dark_racks_earn_less(first: int) -> None:
    for seed in range(first, first + 10):
        if (case := drawn(seed)) is None:
            continue
        record, base = case
        before = books(record, base.plan)
        roots = [f"node:{node.name}" for node in base.scenario.facility.power if node.parent is None]
        halls = [f"hall:{name}" for name in base.instance.positions.hall_names[:1]]
        for names in (roots, halls):
            for label, start, end in before.periods():
                answer = impact_of(base, names, period=label)
                after = books(record, without(base.plan, set(answer.racks_dark), start, end))
                for hit in answer.demands:
                    days = [day for day in days_from(start, end) if day in before.accounts[hit.demand].earned]
                    usd = worth(before, hit.demand, days) - worth(after, hit.demand, days)
                    months = sum(map(share_of_month, days), Fraction(0))
                    assert hit.usd_at_stake_per_month == pytest.approx(float(usd / months), abs=CENT, rel=1e-6), seed
                    assert hit.usd_at_stake_per_hour == pytest.approx(float(usd / len(days) / 24), abs=CENT, rel=1e-6)
