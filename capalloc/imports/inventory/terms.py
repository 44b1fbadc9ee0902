"""What an agreement commits to and charges, step by step."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from capalloc.imports.inventory.records import Agreement, AgreementLine

_KW_PER_UNIT = {"kw": 1.0, "mw": 1000.0}
_POWER = re.compile(r"(?<![a-z])(kw|mw)(?![a-z])")
_GPUS = re.compile(r"(?<![a-z])gpus?(?![a-z])")


@dataclass(frozen=True, slots=True)
class Step:
    """What holds from a day on."""

    start: date
    kw: float
    gpus: float
    charge: float
    """Of a month, in the agreement's currency."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days of an agreement; ``until`` is the first day after it, None where it runs on."""

    start: date
    until: date | None


def span_of(one: Agreement, start: date) -> Span | None:
    """The days that an agreement runs; ``start`` where it names no first day, None where dates of it cannot be."""
    try:
        first, until = _day(one.start) or start, _after(one.end)
        for line in one.lines:
            _day(line.start), _after(line.end)
    except (ValueError, OverflowError):
        return None
    return Span(first, until) if until is None or first < until else None


def steps_of(one: Agreement, start: date, until: date) -> list[Step]:
    """The steps in order: a step for each change of what lines say, or a single one with the monthly charge.

    A line is of power where its unit is in kW or MW, and of GPUs where it is in those; every line adds to the charge.
    The days of the agreement are those of :func:`span_of`, which says whether its dates can be read.
    """
    if not one.lines:
        return [replace(_step(start, ()), charge=one.monthly_charge or 0.0)]
    lines = [(line, _day(line.start) or start, _after(line.end) or until) for line in one.lines]
    days = sorted({start, *(day for _, *days in lines for day in days if start < day < until)})
    steps = [_step(day, [line for line, first, end in lines if first <= day < end]) for day in days]
    return [steps[0], *(after for before, after in pairwise(steps) if replace(after, start=before.start) != before)]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _after(last: str | None) -> date | None:
    day = _day(last)
    return None if day is None else day + timedelta(days=1)


def _step(day: date, lines: Sequence[AgreementLine]) -> Step:
    return Step(
        start=day,
        kw=sum(line.quantity * _kw(line.unit) for line in lines),
        gpus=sum(line.quantity for line in lines if _GPUS.search(line.unit.lower()) and not _kw(line.unit)),
        charge=sum(line.monthly_charge for line in lines),
    )


def _kw(unit: str) -> float:
    found = _POWER.search(unit.lower())
    return _KW_PER_UNIT[found[1]] if found else 0.0
