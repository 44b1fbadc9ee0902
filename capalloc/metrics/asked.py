"""What demands ask for, in the unit that each is written in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from capalloc.calendar import Period
from capalloc.instance.model import DemandData
from capalloc.schema.demand import Contract, Workload
from capalloc.units import W_PER_KW


@dataclass(frozen=True, slots=True)
class Asked:
    """What a demand asks for, in the unit that its own steps are given in (``mw`` as kW)."""

    demand: str
    unit: Literal["mw", "gpus", "racks"]
    wanted: dict[str, float]
    """By period: a contract's commitment, or what a workload can use."""
    least: dict[str, float]
    """By period: a contract's commitment, or a workload's ``min``."""
    in_parts: frozenset[str] = frozenset()
    """Periods of which some days lie under another step, or outside the term."""


def asked_of(data: DemandData, periods: tuple[Period, ...]) -> Asked:
    """What one demand asks for in each period; 0 outside its term."""
    demand = data.demand
    assert isinstance(demand, Contract | Workload)
    unit = demand.ramp[0].unit if isinstance(demand, Contract) else demand.demand[0].unit
    scale = data.parts * (W_PER_KW if unit == "mw" else 1)
    wanted = {period.label: float(data.wanted[period.index]) / scale for period in periods}
    least = {period.label: float(data.committed[period.index]) / scale for period in periods}
    pairs = [(one, periods[one.period]) for one in data.accounts.stretches]
    parts = (period.label for one, period in pairs if (one.start, one.end) != (period.start, period.end))
    return Asked(data.name, unit, wanted, least, frozenset(parts))
