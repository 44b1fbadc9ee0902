"""Rows as the columns that the page's tables read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def columns(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Values by name: a list, or, of texts, ``{names, of}``: the different ones, and which of them each row has.

    None is null, and -1 among texts.
    """
    found: dict[str, list[Any]] = {}
    for row in rows:
        for name, value in row.items():
            found.setdefault(name, []).append(value)
    return {name: _packed(values) for name, values in found.items()}


def _packed(values: Sequence[Any]) -> Any:
    if not any(isinstance(value, str) for value in values):
        return [_short(value) for value in values]
    names = list(dict.fromkeys(value for value in values if value is not None))
    number: dict[Any, int] = {None: -1} | {name: n for n, name in enumerate(names)}
    return {"names": names, "of": [number[value] for value in values]}


def _short(value: Any) -> Any:
    """A whole number without its point."""
    return int(value) if isinstance(value, float) and value == int(value) else value
