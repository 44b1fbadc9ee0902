"""A place of a site as events name it."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from capalloc.schema.record import Name, Record
from capalloc.schema.where import Texts


class Place(Record):
    """What an object is at the site; exactly one is given."""

    node: Name | None = None
    row: Name | None = None
    hall: Name | None = None
    label: Annotated[dict[Name, Texts], Field(min_length=1, max_length=1)] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = [key for key in ("node", "row", "hall", "label") if getattr(self, key) is not None]
        if len(given) != 1:
            raise ValueError(f"expected exactly one of node, row, hall, label; found {', '.join(given) or 'none'}")
        return self

    @property
    def given(self) -> dict[str, object]:
        """The key that is given, with its value."""
        return self.model_dump(exclude_none=True)
