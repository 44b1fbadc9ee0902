"""A request as a contract: forced in at no fee, counted by what it gets, shifted, cut."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date

from capalloc.calendar import Period, PeriodUnit, add_days, add_months, format_day
from capalloc.schema.checks.contract import contract_faults
from capalloc.schema.checks.fault import Fault
from capalloc.schema.checks.usual import unusual
from capalloc.schema.demand import Contract, Fee, RampStep, ShortfallTerms, Workload
from capalloc.schema.scenario import Scenario
from capalloc.schema.where import Where
from capalloc.units import KW_PER_MW

_MW_DIGITS = 3
NO_FEE = Fee(usd_per_kw_month=0.0)
"""Of a request with which no fee is offered."""


def request_faults(scenario: Scenario, contract: Contract) -> Iterator[Fault]:
    """What is wrong with a request beside a scenario; paths are those inside the contract."""
    known = prospect_named(scenario, contract.name)
    if known is not None and contract != known:
        quoted = f"`capalloc quote SCENARIO {contract.name}` quotes it as it stands there"
        message = f"found {contract.name!r}, a prospect of the scenario: {quoted}; expected another name"
        yield Fault(("name",), message)
        return
    found = [] if known is not None else list(contract_faults(scenario, contract))
    yield from found or _own_faults(scenario, contract)


def prospect_named(scenario: Scenario, name: str) -> Contract | None:
    """The scenario's prospect of that name, if it has one."""
    return next((one for one in scenario.contracts if one.name == name and scenario.is_prospect(one)), None)


def request_doubts(scenario: Scenario, contract: Contract) -> Iterator[Fault]:
    """What is odd about a request and yet no error; paths are those inside the contract."""
    if prospect_named(scenario, contract.name) is not None:
        return  # the scenario's own doubts tell of it
    known, prefix = set(unusual(scenario)), ("contracts", len(scenario.contracts))
    for fault in unusual(_with(scenario, contract)):
        if fault not in known:
            yield Fault(fault.loc[2:] if fault.loc[:2] == prefix else fault.loc, fault.message)
    if contract.probability < 1.0:
        message = f"found {contract.probability:g}; a request is quoted as if signed, and its fee counted in full"
        yield Fault(("probability",), message)


def _own_faults(scenario: Scenario, contract: Contract) -> Iterator[Fault]:
    outside = list(beginning_faults(scenario, contract.ramp[0].start))
    yield from outside
    if not outside and not any(step.amount for step in contract.ramp if step.start < scenario.horizon.end):
        yield Fault(
            ("ramp", 0, contract.ramp[0].unit), "found nothing asked for inside the horizon, expected a step above 0"
        )


def beginning_faults(scenario: Scenario, first: date) -> Iterator[Fault]:
    """A fault where a request begins outside the horizon."""
    horizon = scenario.horizon
    if not horizon.start <= first < horizon.end:
        expected = f"a day of the horizon, from {format_day(horizon.start)} and before {format_day(horizon.end)}"
        yield Fault(("ramp", 0, "from"), f"found a request from {format_day(first)}, expected {expected}")


def offers_fee(contract: Contract) -> bool:
    """Whether the request names a price."""
    return any((contract.fee.usd_per_month, contract.fee.usd_per_kw_month, contract.fee.usd_per_gpu_hour))


def forced(scenario: Scenario, contract: Contract) -> Scenario:
    """The scenario with the request as a contract that must be served in full and pays nothing."""
    return _with(scenario, contract.replace(fee=NO_FEE, commitment="hard", probability=1.0))


def counting(scenario: Scenario, contract: Contract, only: Period | None = None) -> Scenario:
    """The scenario in which nothing is worth anything but what the request gets: 1 USD for a kW and month.

    With ``only``, what it gets in that period.
    """
    ramp = contract.ramp if only is None else _split(contract, only)
    one = contract.replace(
        fee=Fee(usd_per_kw_month=1.0),
        commitment="priced",
        probability=1.0,
        shortfall=ShortfallTerms(),
        flexible_mw=0.0,
        ramp=tuple(
            step.replace(fee_factor=float(only is None or only.start <= step.start < only.end)) for step in ramp
        ),
    )
    events = tuple(
        event.replace(contract=_worthless(event.contract)) if event.type == "sign" else event
        for event in scenario.events
    )
    policy = scenario.policy.replace(discount_rate=0.0, move_cost_usd_per_rack=0.0)
    quiet = scenario.replace(
        workloads=tuple(map(_valueless, scenario.workloads)),
        contracts=tuple(map(_worthless, scenario.contracts)),
        events=events,
        policy=policy,
    )
    return _with(quiet, one)


def _split(contract: Contract, period: Period) -> Iterator[RampStep]:
    """The same steps, and one that begins and ends with the period."""
    first, end = contract.ramp[0].start, contract.until
    days = {step.start for step in contract.ramp} | {day for day in (period.start, period.end) if first < day < end}
    for day in sorted(days):
        yield [step for step in contract.ramp if step.start <= day][-1].replace(start=day)


def _with(scenario: Scenario, contract: Contract) -> Scenario:
    others = [one for one in scenario.contracts if one.name != contract.name]
    return scenario.replace(contracts=(*others, contract))


def _worthless(contract: Contract) -> Contract:
    return contract.replace(fee=NO_FEE, shortfall=ShortfallTerms())


def _valueless(workload: Workload) -> Workload:
    (*_, last) = workload.value
    return workload.replace(value=(last.replace(up_to_gpus=None, usd_per_gpu_hour=0.0),), penalty_usd_per_gpu_hour=0.0)


def shifted(contract: Contract, unit: PeriodUnit, periods: int) -> Contract:
    """The whole ramp and the end, so many periods later; of steps that fall on one day then, the last.

    Months differ in their days: what begins on the 30th and the 31st of January begins on one day of February.
    """

    def later(day: date) -> date:
        return add_months(day, periods) if unit == "month" else add_days(day, periods * (7 if unit == "week" else 1))

    ramp = {later(step.start): step.replace(start=later(step.start)) for step in contract.ramp}
    return _dated(contract, tuple(ramp.values()), max(later(contract.until), add_days(max(ramp), 1)))


def _dated(contract: Contract, ramp: Sequence[RampStep], until: date) -> Contract:
    return contract.replace(ramp=tuple(ramp), until=until)


def shortened(contract: Contract, until: date) -> Contract:
    """The same until an earlier day."""
    return _dated(contract, [step for step in contract.ramp if step.start < until], until)


def capped(contract: Contract, most: float) -> Contract:
    """The same with no step above ``most``, in the unit of its steps."""
    unit = contract.ramp[0].unit
    amount = most if unit == "mw" else int(most)
    ramp = [step.replace(**{unit: amount}) if step.amount > amount else step for step in contract.ramp]
    return contract.replace(ramp=tuple(ramp))


def of_size(request: Contract, kw: float, kw_per_unit: float) -> Contract | None:
    """The request with no step above so many kW, in whole kW or GPUs; None where nothing is left."""
    in_mw = request.ramp[0].unit == "mw"
    most = math.floor(kw + 1e-9) / KW_PER_MW if in_mw else math.floor(kw / kw_per_unit + 1e-9)
    return capped(request, round(float(most), _MW_DIGITS)) if most > 0 else None


def of_types(contract: Contract, rack_types: Sequence[str]) -> Contract:
    """The same with other rack types."""
    return contract.replace(rack_types=tuple(rack_types))


def in_halls(contract: Contract, halls: Sequence[str]) -> Contract:
    """The same in other halls, wherever else it had to stand."""
    return contract.replace(where=Where(hall=tuple(halls)))
