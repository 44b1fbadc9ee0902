"""Dated changes to the facility and the contracts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from capalloc.schema.demand import Contract
from capalloc.schema.record import Amount, Day, Flag, Name, PositiveCount, Record, exactly_one, require_one
from capalloc.schema.where import Texts


class Notice(Record):
    """A party gives notice on a contract."""

    type: Literal["notice"]
    """``notice``."""
    contract: Name
    """Name of a contract."""
    by: Literal["provider", "tenant"]
    """Who gives it; termination.by must allow it."""
    on: Day
    """Day of the notice."""


class Outage(Record):
    """A power node has no capacity, or a row, a hall or what has a label no available rack, in [from, until)."""

    model_config = exactly_one(("node", "row", "hall", "label"))

    type: Literal["outage"]
    """``outage``."""
    node: Name | None = None
    """A power node."""
    row: Name | None = None
    """A row, as row or hall/row."""
    hall: Name | None = None
    """A hall."""
    label: Annotated[dict[Name, Texts], Field(min_length=1, max_length=1)] | None = None
    """One label with one value or several: of positions, and of racks wherever they stand."""
    start: Day = Field(alias="from")
    """First day."""
    until: Day
    """First day after it."""

    @model_validator(mode="after")
    def _one_place_and_time(self) -> Self:
        require_one(self, ("node", "row", "hall", "label"))
        if self.until <= self.start:
            raise ValueError(f"until {self.until} is not after from {self.start}")
        return self

    @property
    def place(self) -> str:
        """What is out, in words: ``row w1``."""
        if self.label is not None:
            return " ".join(f"{key} {' or '.join(values)}" for key, values in self.label.items())
        named = (("node", self.node), ("row", self.row), ("hall", self.hall))
        return next(f"{kind} {name}" for kind, name in named if name is not None)

    def on_label(self, labels: Mapping[str, str]) -> bool:
        """Whether it is an outage of one of these labels."""
        return any(labels.get(key) in values for key, values in (self.label or {}).items())


class Delay(Record):
    """Something comes later: by ``days``, or not before ``until``."""

    model_config = exactly_one(("node", "supply", "rack_type", "contract"), ("days", "until"))

    type: Literal["delay"]
    """``delay``."""
    node: Name | None = None
    """A power node with available_from."""
    supply: Name | None = None
    """A supply with from."""
    rack_type: Name | None = None
    """A rack type of which racks are planned."""
    contract: Name | None = None
    """A contract."""
    days: PositiveCount | None = None
    """So many days later."""
    until: Day | None = None
    """Not before this day."""

    @model_validator(mode="after")
    def _one_subject_and_length(self) -> Self:
        require_one(self, ("node", "supply", "rack_type", "contract"))
        require_one(self, ("days", "until"))
        return self


class NewSupply(Record):
    """A further supply into a root."""

    type: Literal["supply"]
    """``supply``."""
    name: Name
    """Its name."""
    node: Name
    """The root that it feeds."""
    kw: Amount
    """What it carries."""
    start: Day | None = Field(default=None, alias="from")
    """First day."""
    until: Day | None = None
    """First day after it."""
    firm: Flag = True
    """False for an interruptible supply."""


class Sign(Record):
    """A contract is signed: it is planned from that day on, whatever its probability."""

    type: Literal["sign"]
    """``sign``."""
    contract: Contract
    """A whole contract, or one with a preset; a prospect that it signs leaves contracts."""
    on: Day
    """Day of the signature."""

    @field_validator("contract", mode="before")
    @classmethod
    def _whole(cls, value: object) -> object:
        if isinstance(value, str):
            raise ValueError(
                f"found the name {value!r}, expected the whole contract: move its mapping here out of `contracts`, "
                "where it would be a second one of that name"
            )
        return value


Event = Annotated[Notice | Outage | Delay | NewSupply | Sign, Field(discriminator="type")]
