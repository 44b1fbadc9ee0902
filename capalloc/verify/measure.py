"""What a rack counts for a demand: in the demand's unit, in kW and in GPUs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, gcd, lcm

from capalloc.schema.demand import Contract, Demand, Workload
from capalloc.schema.facility import Facility
from capalloc.schema.hardware import RackType
from capalloc.verify.exact import NOTHING, exact, mw_as_kw

NOBODY = ""
"""Stands for the demand of idle racks; no demand has an empty name."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How a demand counts racks. ``unit`` is kW, GPUs or racks; factors use its first accepted type."""

    unit: str
    per_rack: Mapping[str, Fraction]
    """Units of one rack, by rack type."""
    kw: Mapping[str, Fraction]
    """kW that one rack counts as, by rack type: the contract's basis, the workload's draw."""
    gpus: Mapping[str, int]
    kw_per_unit: Fraction
    gpus_per_unit: Fraction
    flex: Fraction
    """Units that may be delivered above a contract's commitment."""
    largest: Fraction
    """Units of the largest accepted type."""
    grain: Fraction
    """Accepted racks deliver whole multiples of it; 0 where they deliver nothing."""
    densest: Fraction
    """Most GPUs in a unit of any accepted type."""

    def most_gpus(self, wanted: Fraction) -> Fraction:
        """GPUs of the most that whole racks may deliver where so many units are wanted: less than one rack more."""
        if not wanted or not self.grain:
            return NOTHING
        return (ceil((wanted + self.largest) / self.grain) - 1) * self.grain * self.densest


def draw_kw(demand: Demand, kind: RackType) -> Fraction:
    """kW of the demand's ``draw``, before utilization."""
    return exact(kind.nameplate_kw if demand.draw == "nameplate" else kind.expected_kw)


def measure_of(facility: Facility, demand: Demand) -> Measure:
    """How the demand counts racks of the facility."""
    kinds = {kind.name: kind for kind in facility.rack_types}
    kw = {name: _kw(facility, demand, kind) for name, kind in kinds.items()}
    gpus = {name: kind.gpus for name, kind in kinds.items()}
    unit = _unit(demand)
    per_rack = {name: {"kW": kw[name], "GPUs": Fraction(gpus[name]), "racks": Fraction(1)}[unit] for name in kinds}
    first, accepted = demand.rack_types[0], demand.rack_types
    kw_per_unit = kw[first] / per_rack[first]
    flex = mw_as_kw(demand.flexible_mw) / kw_per_unit if isinstance(demand, Contract) else NOTHING
    return Measure(
        unit=unit,
        per_rack=per_rack,
        kw=kw,
        gpus=gpus,
        kw_per_unit=kw_per_unit,
        gpus_per_unit=gpus[first] / per_rack[first],
        flex=flex,
        largest=max(per_rack[name] for name in accepted),
        grain=_grain([per_rack[name] for name in accepted]),
        densest=max((gpus[name] / per_rack[name] for name in accepted if per_rack[name]), default=NOTHING),
    )


def _grain(amounts: Sequence[Fraction]) -> Fraction:
    """The greatest common divisor of fractions."""
    parts = lcm(*(amount.denominator for amount in amounts))
    return Fraction(gcd(*(int(amount * parts) for amount in amounts)), parts)


def _unit(demand: Demand) -> str:
    if isinstance(demand, Workload):
        return {"gpus": "GPUs", "racks": "racks", "mw": "kW"}[demand.demand[0].unit]
    assert isinstance(demand, Contract)
    return {"gpus": "GPUs", "mw": "kW"}[demand.ramp[0].unit]


def _kw(facility: Facility, demand: Demand, kind: RackType) -> Fraction:
    basis = demand.basis if isinstance(demand, Contract) else None
    if basis == "it_nameplate":
        return exact(kind.nameplate_kw)
    if basis == "it_expected":
        return exact(kind.expected_kw)
    if basis == "facility":
        return exact(kind.expected_kw) * exact(facility.pue)
    return draw_kw(demand, kind)
