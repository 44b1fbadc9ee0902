"""Numbers as a planner reads them, each with its unit."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from capalloc.units import KW_PER_MW

DASH = "–"  # noqa: RUF001
"""Stands where there is no figure."""
_MW_FROM_KW = 10_000.0
_EXACT_DIGITS, _NOISE = 3, 1e-9
_DIGITS = 6
"""Most digits that power is shown with."""
_SMALL_USD = 0.1
"""Unit prices below it have two significant digits, down to the least."""
_LEAST_RATE = 1e-5


@dataclass(frozen=True, slots=True)
class PowerUnit:
    """The unit that one report shows power in."""

    name: str
    kw: float
    digits: int

    def show(self, kw: float) -> str:
        """A power of ``kw`` in this unit, without its name (a column's head has it)."""
        return f"{_no_minus_zero(kw / self.kw, self.digits):,.{self.digits}f}"

    def show_down(self, kw: float) -> str:
        """The same rounded down, of what can be had: what is shown is there."""
        steps = math.floor(round(kw / self.kw * 10**self.digits, 3))
        return self.show(steps / 10**self.digits * self.kw)

    def exact(self, amounts: Iterable[float]) -> PowerUnit:
        """The same with digits that show amounts of kW as they are; itself where it takes more than three."""
        found = list(amounts)
        more = (replace(self, digits=digits) for digits in range(self.digits, _EXACT_DIGITS + 1))
        return next((unit for unit in more if all(map(unit._shows, found))), self)

    def _shows(self, kw: float) -> bool:
        return abs(round(kw / self.kw, self.digits) - kw / self.kw) < _NOISE

    def telling_apart(self, pairs: Iterable[tuple[float, float]]) -> PowerUnit:
        """The same with as many more digits as tell each of two kW from the other."""
        found = [(one, other) for one, other in pairs if one != other]
        alike = any(self.show(one) == self.show_down(other) for one, other in found)
        return replace(self, digits=self.digits + 1).telling_apart(found) if alike and self.digits < _DIGITS else self

    def named(self, kw: float) -> str:
        """A power of ``kw`` with the unit's name."""
        return f"{self.show(kw)} {self.name}"


MW = PowerUnit("MW", KW_PER_MW, 2)
KW = PowerUnit("kW", 1.0, 1)


def power_unit(amounts_kw: Iterable[float]) -> PowerUnit:
    """MW when some amount reaches 10 MW, else kW."""
    return MW if max(amounts_kw, default=0.0) >= _MW_FROM_KW else KW


def usd(amount: float) -> str:
    """Dollars in the scale that leaves at least three significant digits, such as ``$43.750B``."""
    sign = "-" if round(amount) < 0 else ""
    size = abs(amount)
    for scale, letter in ((1e9, "B"), (1e6, "M")):
        if size >= scale:
            return f"{sign}${size / scale:,.3f}{letter}"
    return f"{sign}${size:,.0f}"


def usd_cents(amount: float) -> str:
    """Dollars and cents, for unit prices."""
    return f"{'-' if round(amount, 2) < 0 else ''}${abs(amount):,.2f}"


def usd_rate(amount: float) -> str:
    """The same with more digits where cents do not show what it is, such as ``$0.0053``."""
    size = abs(amount)
    if not _LEAST_RATE <= size < _SMALL_USD:
        return usd_cents(amount)
    return f"{'-' if amount < 0 else ''}${size:.{1 - math.floor(math.log10(size))}f}"


def percent(share: float, digits: int = 1) -> str:
    """A share as percent, such as ``93.1 %``."""
    return f"{_no_minus_zero(share * 100, digits):.{digits}f} %"


def count(number: int) -> str:
    """A whole number with thousands separated."""
    return f"{number:,d}"


def plural(number: int, noun: str) -> str:
    """A number with its noun, such as ``1 rack`` or ``1,200 racks``."""
    return f"{count(number)} {noun}" + ("" if number == 1 else "s")


def signed(shown: str) -> str:
    """A difference that is written already, with its sign."""
    return shown if shown.startswith("-") else f"+{shown}"


def _no_minus_zero(number: float, digits: int) -> float:
    return round(number, digits) + 0.0


def gap_between(objective_usd: float, bound_usd: float, gap: float) -> str:
    """A gap as percent; in dollars where that is more than all of the bound, which is then near 0."""
    apart = bound_usd - objective_usd
    return f"gap {percent(gap, 3)}" if apart <= abs(bound_usd) else f"bound {usd(bound_usd)}, {usd(apart)} above it"
