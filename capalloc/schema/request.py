"""Requests for groups of racks, and where racks of them stand (models/README.md, Placement files)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from pydantic import Field

from capalloc.schema.facility import Facility, TableRow
from capalloc.schema.hardware import RackType
from capalloc.schema.record import Amount, Flag, Kilowatts, Name, PositiveCount, PositiveKilowatts, Record, Share

Together = Literal["row", "fabric_block", "hall", "none"]
"""What all racks of a request stand in."""
PlacementObjective = Literal["racks", "kw", "requests", "value"]
"""What is maximised: racks placed, their kW, requests placed whole, or their value."""
Standing = Literal["nameplate", "expected", "none"]
"""What the racks that stand in the facility's own table draw; ``none`` leaves them out altogether."""


class Request(TableRow):
    """A group of equal racks to place (``requests.csv``)."""

    name: Name = Field(alias="request")
    racks: PositiveCount
    """Racks in the group."""
    power_kw: PositiveKilowatts | None = None
    """Draw of one rack; None means the nameplate of its rack type."""
    cooling_kw: Kilowatts | None = None
    """Heat of one rack; None means its draw. Counts against a zone's total where it has one, else as liquid_fraction
    splits it."""
    together: Together = "none"
    all_or_nothing: Flag = False
    """Whether a part of the group is worth nothing."""
    value: Amount = 1.0
    """Worth of one placed rack under the objective ``value``."""
    rack_type: Name | None = None
    """A rack type of the facility or one that ships: what the request leaves open, and how its positions are cooled."""
    liquid_fraction: Share | None = None
    """Share of the heat that leaves by liquid; None means that of the rack type, or 0 without one."""

    def filled(self, kinds: Mapping[str, RackType]) -> Request:
        """The request with its draw, heat and liquid share as given, or else as its rack type among ``kinds`` says."""
        kind = kinds.get(self.rack_type or "")
        if kind is None:
            return self
        own = {"power_kw": self.power_kw, "liquid_fraction": self.liquid_fraction}
        typical = {"power_kw": kind.nameplate_kw, "liquid_fraction": kind.liquid_fraction}
        return self.model_copy(update=typical | {key: value for key, value in own.items() if value is not None})

    @property
    def draw_kw(self) -> float:
        """Draw of one rack of a request that says it or that is filled."""
        assert self.power_kw is not None, "a request that names a rack type is filled first"
        return self.power_kw

    @property
    def heat_kw(self) -> float:
        """cooling_kw with its default filled in."""
        return self.draw_kw if self.cooling_kw is None else self.cooling_kw


class Placed(Record):
    """A rack of a request on a position (``placed.csv``)."""

    request: Name
    """A request."""
    position: Name
    """Where a rack of it stands."""


def filled_requests(facility: Facility, requests: Iterable[Request]) -> tuple[Request, ...]:
    """Requests with what their rack types say, those of the facility."""
    kinds = {kind.name: kind for kind in facility.rack_types}
    return tuple(request.filled(kinds) for request in requests)
