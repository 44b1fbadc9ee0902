"""What is sellable can be sold: a contract of that size is planned beside the plan; one rack or one lot more is not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from capalloc import ExactParams, solve
from capalloc.analysis.edits import with_policy
from capalloc.analysis.surplus import surplus
from capalloc.calendar import format_day
from capalloc.schema.checks.references import faults
from capalloc.schema.demand import Contract
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import IDLE, Pin, Scenario
from capalloc.schema.surplus import Sellable
from tests.analysis.surplus.brute_force import sale, standing
from tests.analysis.surplus.test_surplus_brute_force import SEEDS, planned

LOT = 16
SOME = SEEDS[::2]


def pinned(scenario: Scenario, plan: Plan) -> Scenario:
    """The scenario in which everybody keeps what the plan gives them, and spares serve nobody."""
    held = [(one.rack, one.demand, one.start, one.until) for one in plan.assignments]
    held += [(one.rack, IDLE, one.start, one.until) for one in plan.buffers]
    pins = tuple(Pin(rack=rack, demand=demand, start=start, until=until) for rack, demand, start, until in held)
    # Others could grow into what is sold, or be short of what they miss already: only the sale has to be met.
    return with_policy(standing(scenario, plan).replace(pins=(*scenario.pins, *pins)), shortfall="price")


def is_possible(scenario: Scenario, plan: Plan, sales: list[Contract]) -> bool:
    """Whether a plan exists in which nobody moves and every sale is delivered in full."""
    beside = pinned(scenario, plan)
    beside = beside.replace(contracts=(*beside.contracts, *sales))
    found = solve(beside, prospects=frozenset(plan.prospects), params=ExactParams(time_limit=20))
    return found.plan is not None


def spans(scenario: Scenario, plan: Plan) -> Iterator[tuple[Sellable, str, str, bool]]:
    """Every answer of a plan with the days it speaks of, and whether planning can find no more.

    Lastingly the same racks are sold all the way; a contract that changes racks on the way may get more.
    """
    found, periods = surplus(scenario, plan, lots=(LOT,)), scenario.horizon.periods
    exact = not coupled(scenario)
    for one, lasting, period in zip(found.periods, found.lasting.periods, periods, strict=True):
        start = format_day(period.start)
        yield one, start, format_day(period.end), exact
        yield lasting, start, format_day(periods[-1].end), False


def at_least(scenario: Scenario, kw: float, start: str, until: str) -> list[Contract]:
    most = max(kind.nameplate_kw for kind in scenario.facility.rack_types)
    return [sale(scenario, start, until, kw / 1000, flexible_mw=most / 1000, commitment="hard")]


def lots(scenario: Scenario, count: int, start: str, until: str) -> list[Contract]:
    """So many contracts of one lot each, of any one type, whole in one block, or row where there is none."""
    blocks = {place.fabric_block for place in scenario.facility.positions}
    level = "row" if blocks == {None} else "fabric_block"
    racks = {-(-LOT // kind.gpus) for kind in scenario.facility.rack_types if kind.gpus}
    lot = sale(
        scenario,
        start,
        until,
        ramp=[{"from": start, "gpus": LOT}],
        homogeneous=True,
        commitment="hard",
        locality={"level": level, "min_racks": max(racks)},
    )
    return [lot.replace(name=f"lot-{i}") for i in range(count)]


def drawn(seed: int) -> tuple[Scenario, Plan] | None:
    """A scenario with a plan whose deliveries can be written down where they stand; None for any other."""
    found = planned(seed)
    return None if found is None or tuple(faults(standing(*found))) else found


def coupled(scenario: Scenario) -> bool:
    """Bring-up is limited: idle racks could be switched on before to make room, so that more may be possible."""
    bring_up = scenario.policy.bring_up
    return bring_up.racks_per_period is not None or bring_up.mw_per_period is not None


@pytest.mark.parametrize("seed", SOME)
def test_the_surplus_can_be_sold_and_one_kw_more_cannot(seed: int) -> None:
    found = drawn(seed)
    if found is None:
        return
    scenario, plan = found
    for one, start, until, exact in spans(scenario, plan):
        if one.sellable_kw > 0:
            assert is_possible(scenario, plan, at_least(scenario, one.sellable_kw, start, until))
        if exact:
            assert not is_possible(scenario, plan, at_least(scenario, one.sellable_kw + 0.001, start, until))


@pytest.mark.parametrize("seed", SOME)
def test_the_lots_can_be_sold_together_and_one_more_cannot(seed: int) -> None:
    found = drawn(seed)
    if found is None or len({kind.gpus for kind in found[0].facility.rack_types}) > 1:
        return
    scenario, plan = found
    if len({place.fabric_block is None for place in scenario.facility.positions}) > 1:
        return  # one contract's lots are in blocks or in rows
    for one, start, until, exact in spans(scenario, plan):
        count = one.lots[0].count
        if count:
            assert is_possible(scenario, plan, lots(scenario, count, start, until))
        if exact:
            assert not is_possible(scenario, plan, lots(scenario, count + 1, start, until))
