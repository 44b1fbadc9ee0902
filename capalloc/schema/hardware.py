"""Rack types."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from capalloc.schema.record import Count, Kilowatts, Name, PositiveKilowatts, Share, Sourced

Cooling = Literal["liquid", "air", "hybrid"]

_SERVES: dict[Cooling, frozenset[Cooling]] = {
    "liquid": frozenset({"liquid"}),
    "air": frozenset({"air"}),
    "hybrid": frozenset({"liquid", "air", "hybrid"}),
}


def cooling_fits(position: Cooling, rack_type: Cooling) -> bool:
    """Whether a position cooled as ``position`` can hold a rack type cooled as ``rack_type``."""
    return rack_type in _SERVES[position]


class RackType(Sourced):
    """A kind of rack: its GPUs, its power draw and how its heat leaves."""

    name: Name
    """Its name."""
    gpu: Name
    """Accelerator model, such as ``H100``, or ``none``."""
    gpus: Count
    """GPUs in one rack; 0 for a rack of CPUs or storage, which only demands that count kW may accept."""
    nameplate_kw: PositiveKilowatts
    """Most it can draw, in kW."""
    expected_kw: PositiveKilowatts
    """What it is expected to draw under load, in kW."""
    idle_kw: Kilowatts
    """What it draws powered but serving nobody, in kW."""
    liquid_fraction: Share
    """Share of its heat that leaves by liquid; the rest leaves by air."""
    cooling: Cooling
    """The position that it needs."""

    @model_validator(mode="after")
    def _draws_in_order(self) -> Self:
        if not self.idle_kw <= self.expected_kw <= self.nameplate_kw:
            raise ValueError(
                f"idle_kw {self.idle_kw:g} <= expected_kw {self.expected_kw:g} <= nameplate_kw "
                f"{self.nameplate_kw:g} does not hold; give the three draws in that order"
            )
        return self
