"""Numbers as a planner reads them, each with its unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from capalloc.units import KW_PER_MW

DASH = "–"  # noqa: RUF001
"""Stands where there is no figure."""
_MW_FROM_KW = 10_000.0


@dataclass(frozen=True, slots=True)
class PowerUnit:
    """The unit that one report shows power in."""

    name: str
    kw: float
    digits: int

    def show(self, kw: float) -> str:
        """A power of ``kw`` in this unit, without its name (a column's head has it)."""
        return f"{_no_minus_zero(kw / self.kw, self.digits):,.{self.digits}f}"

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
