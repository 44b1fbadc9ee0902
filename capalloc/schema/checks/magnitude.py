"""Sizes beyond which a number or a date is surely a slip, and beyond which whole watts would not fit 64 bits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from math import inf
from typing import Any

from capalloc.calendar import format_day
from capalloc.schema.checks.cached_check import cached_check
from capalloc.schema.checks.fault import Fault, Loc
from capalloc.schema.demand import Contract
from capalloc.schema.event import Delay, NewSupply, Notice, Sign
from capalloc.schema.facility import Facility
from capalloc.schema.plan import Plan
from capalloc.schema.record import Record, leaves
from capalloc.schema.scenario import Scenario

MOST_PERIODS = 10_000
EARLIEST, LATEST = date(1900, 1, 1), date(2500, 1, 1)
"""Dates from which days and months are counted on or back lie in between."""

MOST_KW = 1e9
_LIMITS = {"kw": MOST_KW, "mw": 1e6, "days": 36_525, "months": 1_200, "rate": 10}
"""Largest value by the last word of the key: a terawatt, a hundred years, 1,000 % a year."""
_DRAWS = ("nameplate_kw", "expected_kw", "power_kw")
LEAST_KW = 0.001
"""Draws are counted in whole watts."""
_LARGEST_COUNT, _LARGEST_AMOUNT = 10**9, 1e15


def too_large(record: Record, loc: Loc = ()) -> Iterator[Fault]:
    """A fault for each number of a record, and of the records in it, that is beyond its limit or too small."""
    for name, key in _watched(type(record)):
        value = getattr(record, name)
        if isinstance(value, int | float):
            limit = _limit(name, value)
            if value > limit:
                message = f"found {value:g}, expected at most {limit:g}; mind the unit"
                yield Fault((*loc, key), message)
            if name in _DRAWS and value < LEAST_KW:
                message = f"found {value:g} kW, expected at least {LEAST_KW:g} kW; mind the unit"
                yield Fault((*loc, key), message)
        elif isinstance(value, Facility):
            yield from (Fault((*loc, key, *fault.loc), fault.message) for fault in _site_too_large(value))
        elif isinstance(value, Record) and not isinstance(value, Plan):
            yield from too_large(value, (*loc, key))
        elif isinstance(value, tuple):
            yield from _each_too_large(value, (*loc, key))


@cached_check
def _site_too_large(site: Facility) -> tuple[Fault, ...]:
    return tuple(too_large(site))


@cache
def _watched(kind: type[Record]) -> tuple[tuple[str, str], ...]:
    """(field, key in files) of the fields that hold numbers or further records."""
    return tuple(
        (name, field.alias or name)
        for name, field in kind.model_fields.items()
        if any(leaf in (int, float) or issubclass(leaf, Record) for leaf in leaves(field.annotation))
    )


def _each_too_large(values: tuple[Any, ...], loc: Loc) -> Iterator[Fault]:
    doubtful = {kind: _doubtful(kind, values) for kind in set(map(type, values)) if issubclass(kind, Record)}
    for index, value in enumerate(values) if any(doubtful.values()) else ():
        if doubtful.get(type(value)):
            yield from too_large(value, (*loc, index))


def _doubtful(kind: type[Record], values: tuple[Any, ...]) -> bool:
    """Whether a record of the kind may hold a number beyond its limit: one that large or small, or a further record."""
    for name, _ in _watched(kind):
        limit = min(_limit(name, 1), _limit(name, 1.0))
        least = LEAST_KW if name in _DRAWS else -inf
        for value in values:
            number = getattr(value, name, None)
            if number is not None and not (isinstance(number, int | float) and least <= number <= limit):
                return True
    return False


def _limit(name: str, value: float) -> float:
    by_unit = _LIMITS.get(name.rpartition("_")[2])
    return by_unit or (_LARGEST_COUNT if isinstance(value, int) else _LARGEST_AMOUNT)


def too_far(scenario: Scenario) -> Iterator[Fault]:
    """A fault for a horizon of endless periods, and for each date that days are added to far off the calendar."""
    horizon = scenario.horizon
    yield from _off(((("horizon", "start"), horizon.start), (("horizon", "end"), horizon.end)))
    yield from tables_too_far(scenario.facility)
    yield from _off(_counted_dates(scenario))
    days = {"month": 28, "week": 7, "day": 1}[horizon.period]
    if horizon.end <= LATEST and (horizon.end - horizon.start).days / days > MOST_PERIODS:
        yield Fault(("horizon", "end"), f"the horizon has more than {MOST_PERIODS:,} periods")


@cached_check
def tables_too_far(facility: Facility) -> tuple[Fault, ...]:
    """A fault for each date of a facility's tables that is far off the calendar."""
    return tuple(_off(_table_dates(facility)))


def _off(dates: Iterable[tuple[Loc, date | None]]) -> Iterator[Fault]:
    for loc, day in dates:
        if day is not None and not EARLIEST <= day <= LATEST:
            message = f"found {format_day(day)}, expected a date from {EARLIEST.year} to {LATEST.year}"
            yield Fault(loc, message)


def _counted_dates(scenario: Scenario) -> Iterator[tuple[Loc, date | None]]:
    for index, contract in enumerate(scenario.contracts):
        yield from _ramp_dates(("contracts", index), contract)
    for index, event in enumerate(scenario.events):
        if isinstance(event, Notice):
            yield ("events", index, "on"), event.on
        elif isinstance(event, Delay):
            yield ("events", index, "until"), event.until
        elif isinstance(event, NewSupply):
            yield ("events", index, "from"), event.start
        elif isinstance(event, Sign):
            yield from _ramp_dates(("events", index, "contract"), event.contract)


def _table_dates(facility: Facility) -> Iterator[tuple[Loc, date | None]]:
    for index, node in enumerate(facility.power):
        yield ("facility", "power", index, "available_from"), node.available_from
    for index, rack in enumerate(facility.racks):
        yield ("facility", "racks", index, "available_from"), rack.available_from
    for index, supply in enumerate(facility.supplies):
        yield ("facility", "supplies", index, "from"), supply.start


def _ramp_dates(loc: Loc, contract: Contract) -> Iterator[tuple[Loc, date]]:
    for index, step in enumerate(contract.ramp):
        yield (*loc, "ramp", index, "from"), step.start
