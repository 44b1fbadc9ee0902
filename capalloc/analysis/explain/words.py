"""How explanations say power, counts and dates."""

from __future__ import annotations

from capalloc.calendar import format_days
from capalloc.schema.record import Record
from capalloc.units import KW_PER_MW

_MW_FROM_KW = 10_000


def power(kw: float) -> str:
    """kW, or from 10 MW on MW, with its unit and every digit that counts."""
    return f"{kw / KW_PER_MW:,.10g} MW" if abs(kw) >= _MW_FROM_KW else f"{kw:,.10g} kW"


def amount(of: float, unit: str) -> str:
    """So many MW (said as :func:`power` does), GPUs or racks."""
    if unit == "mw":
        return power(of * KW_PER_MW)
    return f"{of:,.10g} " + ("GPUs" if unit == "gpus" else "rack" if of == 1 else "racks")


def counted(count: int, what: str) -> str:
    """``1 rack``, ``2 racks``."""
    return f"{count:,} {what}{'s' * (count > 1)}"


def dates(record: Record, start: str = "available_from", until: str = "available_until") -> str:
    """``from 2026-07 until 2026-09``, as far as given."""
    return format_days(getattr(record, start), getattr(record, until))
