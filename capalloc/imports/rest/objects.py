"""Objects as REST APIs give them, and who is meant where one names another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from math import isfinite
from typing import Any

from capalloc.imports.inventory.records import Value

Object = Mapping[str, Any]
"""An object with related objects nested, or by their ids alone."""


class Answers:
    """The objects of a system by endpoint; a related object is found by its id in whichever of them has it."""

    def __init__(self, objects: Mapping[str, Sequence[Object]]) -> None:
        self._objects = objects

    def __getitem__(self, endpoint: str) -> Iterator[Object]:
        """The objects of an endpoint; none where it gave no answer."""
        return iter(self._objects.get(endpoint, ()))

    def name(self, related: object) -> str | None:
        """Name of a related object, or of a choice its value; None where there is none."""
        if isinstance(related, Mapping):
            known = related if "name" in related or "value" in related else self._by_id.get(key(related) or "", related)
            related = next((known[word] for word in ("name", "value", "model", "display") if known.get(word)), None)
        return str(related) if related else None

    def word(self, related: object) -> str | None:
        """The same in lower case: statuses, kinds and choices."""
        name = self.name(related)
        return name.lower() if name else None

    @cached_property
    def _by_id(self) -> dict[str, Object]:
        return {str(one["id"]): one for objects in self._objects.values() for one in objects if "id" in one}


def key(related: object) -> str | None:
    """Id of a related object; None where there is none."""
    found = related.get("id") if isinstance(related, Mapping) else related
    return str(found) if found else None


def number(value: object) -> float | None:
    """A number of the API, which writes decimals as text."""
    if isinstance(value, Mapping):
        value = value.get("value")
    try:
        found = float(value) if isinstance(value, int | float | str) and value != "" else None
    except (ValueError, OverflowError):
        return None
    return found if found is not None and isfinite(found) else None


def numbers(value: object) -> tuple[float, ...]:
    """The numbers of a list; none where it is no list."""
    found = map(number, value) if isinstance(value, list | tuple) else ()
    return tuple(one for one in found if one is not None)


def fields(one: Object) -> dict[str, Value]:
    """Custom fields that say something: of a selection the words, of several selections all of them."""
    custom = one.get("custom_fields")
    given = {str(name): _value(value) for name, value in custom.items()} if isinstance(custom, Mapping) else {}
    return {name: value for name, value in given.items() if value is not None}


def _value(value: object) -> Value | None:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value) or None
    if isinstance(value, Mapping):
        return _value(next((value[word] for word in ("value", "name", "display") if word in value), None))
    return str(value) or None


def address(one: Object) -> str:
    """What a person opens to see an object: its page, or else its address in the API without ``/api``."""
    return str(one.get("display_url") or str(one.get("url") or "").replace("/api/", "/", 1))
