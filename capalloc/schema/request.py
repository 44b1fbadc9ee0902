"""Requests for groups of racks, and where racks of them stand (models/README.md, Placement files)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from capalloc.schema.facility import TableRow
from capalloc.schema.record import Amount, Flag, Kilowatts, Name, PositiveCount, PositiveKilowatts, Record

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
    power_kw: PositiveKilowatts
    """Draw of one rack."""
    cooling_kw: Kilowatts | None = None
    """Heat of one rack; None means power_kw. Counts against a zone's total where it has one, else against its air."""
    together: Together = "none"
    all_or_nothing: Flag = False
    """Whether a part of the group is worth nothing."""
    value: Amount = 1.0
    """Worth of one placed rack under the objective ``value``."""

    @property
    def heat_kw(self) -> float:
        """cooling_kw with its default filled in."""
        return self.power_kw if self.cooling_kw is None else self.cooling_kw


class Placed(Record):
    """A rack of a request on a position (``placed.csv``)."""

    request: Name
    position: Name
