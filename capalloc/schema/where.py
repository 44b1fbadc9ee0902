"""Where a demand may stand: halls, rows, cooling zones, power nodes and labels, by name."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from capalloc.schema.facility import Position, Rack
from capalloc.schema.record import Name, Record, Text

KEYS = ("hall", "row", "zone", "node", "label")


def _listed(value: Any) -> Any:
    """One name as a list of one."""
    return value if isinstance(value, list | tuple) or value is None else (value,)


Names = Annotated[
    tuple[Name, ...],
    BeforeValidator(_listed, json_schema_input_type=Name | tuple[Name, ...]),
    Field(min_length=1),
]
"""One name, or a list of them."""
Texts = Annotated[
    tuple[Text, ...],
    BeforeValidator(_listed, json_schema_input_type=Text | tuple[Text, ...]),
    Field(min_length=1),
]
"""As :data:`Names`, for the values of a label."""


class Where(Record):
    """Places that match each of the keys given by one of its names at least, and no name under ``not``."""

    hall: Names | None = None
    """Halls."""
    row: Names | None = None
    """``row`` or ``hall/row``."""
    zone: Names | None = None
    """Cooling zones."""
    node: Names | None = None
    """Power nodes: a position hangs on one when any of its feeds lies at or below it."""
    label: dict[Name, Texts] | None = None
    """Values by label, of the position or of the rack that stands there."""
    but_not: Where | None = Field(default=None, alias="not")
    """Places that match any of these keys are left out."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not any(getattr(self, key) for key in (*KEYS, "but_not")):
            raise ValueError(f"expected at least one of {', '.join(KEYS)}, not")
        if self.but_not is not None and self.but_not.but_not is not None:
            raise ValueError("not may not stand inside not")
        return self

    def allows(self, place: Position, rack: Rack, nodes: Collection[str]) -> bool:
        """Whether the rack may stand at the place; ``nodes`` are all at or above its feeds."""
        left_out = self.but_not is not None and any(self.but_not._matches(place, rack, nodes))
        return not left_out and all(self._matches(place, rack, nodes))

    def _matches(self, place: Position, rack: Rack, nodes: Collection[str]) -> Iterator[bool]:
        """Whether the rack matches each of the keys, labels one by one."""
        if self.hall is not None:
            yield place.hall in self.hall
        if self.row is not None:
            yield place.row in self.row or place.row_key in self.row
        if self.zone is not None:
            yield place.cooling_zone in self.zone
        if self.node is not None:
            yield any(node in nodes for node in self.node)
        for key, values in (self.label or {}).items():
            yield place.labels.get(key) in values or rack.labels.get(key) in values
