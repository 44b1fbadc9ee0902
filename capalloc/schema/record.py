"""What every record of the schema shares: frozen, no unknown keys, numbers that are numbers."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from capalloc.calendar import format_day, parse_day

MOST_SEED = 2**31 - 1
"""Largest seed that every solver takes."""
_MOST = 2**53 - 1
"""Largest count: up to there every program reads JSON's numbers as they are written."""


class Record(BaseModel):
    """Base of every schema record. Fields may be set by their name or by their key in a file."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        populate_by_name=True,
        use_attribute_docstrings=True,
        allow_inf_nan=False,
    )

    def replace(self, **changes: Any) -> Self:
        """A copy with some fields changed, by name, and validated as a whole; records inside it are shared.

        Raises pydantic's ValidationError where the result would be no valid record.
        """
        kept = {name: getattr(self, name) for name in self.model_fields_set}
        return self.model_validate(kept | changes, by_alias=False, by_name=True)


def exactly_one(*groups: tuple[str, ...]) -> ConfigDict:
    """Of each group of keys one is given: said in the record's JSON Schema, where validators of the record check it."""
    choices: list[Any] = [{"oneOf": [{"required": [key]} for key in keys]} for keys in groups]
    return ConfigDict(json_schema_extra={"allOf": choices})


def require_one(record: Record, keys: tuple[str, ...]) -> None:
    """Raise ValueError with a sentence unless exactly one of the keys is given."""
    given = [key for key in keys if getattr(record, key) is not None]
    if len(given) != 1:
        raise ValueError(f"expected exactly one of {', '.join(keys)}; found {', '.join(given) or 'none'}")


class Sourced(Record):
    """A record that says where its values come from."""

    source: str | None = None
    """Who reported the values, or how they were derived."""
    confidence: Literal["reported", "derived", "assumed"] | None = None
    """How sure they are."""


def _day(value: Any) -> date:
    if type(value) is date:
        return value
    if isinstance(value, str):
        return parse_day(value)
    raise ValueError(f"{value!r} is not a date; write a day as 2026-05-18 or a month as 2026-05")


_DayText = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$")]
Day = Annotated[
    date,
    BeforeValidator(_day, json_schema_input_type=_DayText),
    PlainSerializer(format_day, return_type=str, when_used="json"),
]
"""A day; a month written alone means its first day."""


def _to_nine(value: float) -> float:
    return round(value, 9)


def _to_twelve(value: float) -> float:
    return round(value, 12)


def _countable(value: int) -> int:
    if value > _MOST:
        raise ValueError(f"found a number of {value.bit_length()} bits, expected a count up to {_MOST:,}")
    return value


def _number_as_text(value: Any) -> Any:
    return str(value) if type(value) is int else value


Name = Annotated[str, Field(min_length=1)]
Text = Annotated[Name, BeforeValidator(_number_as_text, json_schema_input_type=Name | int)]
"""A label's value: tables write ``3`` for the text that YAML reads as a whole number."""
Number = Annotated[float, Field(strict=True)]
Amount = Annotated[float, Field(strict=True, ge=0)]
Positive = Annotated[float, Field(strict=True, gt=0)]
Kilowatts = Annotated[float, Field(strict=True, ge=0), AfterValidator(_to_nine)]
"""To a microwatt: what scripts write beyond that, as in 0.30000000000000004, is binary noise."""
PositiveKilowatts = Annotated[float, Field(strict=True, gt=0), AfterValidator(_to_nine)]
Share = Annotated[float, Field(strict=True, ge=0, le=1), AfterValidator(_to_twelve)]
PositiveShare = Annotated[float, Field(strict=True, gt=0, le=1), AfterValidator(_to_twelve)]
Factor = Annotated[float, Field(strict=True, gt=0), AfterValidator(_to_twelve)]
Count = Annotated[int, Field(strict=True, ge=0), AfterValidator(_countable)]
PositiveCount = Annotated[int, Field(strict=True, ge=1), AfterValidator(_countable)]
Flag = Annotated[bool, Field(strict=True)]


def leaves(annotation: Any) -> set[type]:
    """The types that a field's annotation is made of, inside options, tuples and unions."""
    parts = get_args(annotation)
    if parts:
        return {leaf for part in parts for leaf in leaves(part)}
    return {annotation} if isinstance(annotation, type) else set()
