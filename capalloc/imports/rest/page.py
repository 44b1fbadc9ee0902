"""One answer of a list endpoint: its objects, how many there are in all, and what is wrong with it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from capalloc.errors import Problem
from capalloc.imports.rest.objects import Object

_NAMED = ("sites", "locations", "racks", "power-panels", "power-feeds")
"""Endpoints whose objects always have names."""


@dataclass(frozen=True, slots=True)
class Page:
    """Objects of a page, or of a list that somebody saved."""

    objects: tuple[Object, ...]
    count: int | None
    """Objects on all pages, where the answer says so."""


def page(text: str, endpoint: str, file: str) -> Page | Problem:
    """The page that a text holds, or what is wrong with it; ``file`` is where people find the text."""
    try:
        answer = json.loads(text)
    except json.JSONDecodeError as error:
        message = f"is not whole JSON ({error.msg} at column {error.colno}); was the answer cut off?"
        return Problem(file, error.lineno, "", message)
    except RecursionError:
        return Problem(file, 0, "", "is nested too deeply to be an answer")
    objects = answer.get("results") if isinstance(answer, Mapping) else answer
    if not isinstance(objects, Sequence) or isinstance(objects, str):
        return Problem(file, 0, "", f'expected a list of {endpoint}, or an answer with "results"{_said(answer)}')
    for index, one in enumerate(objects):
        if found := complaint(one, endpoint):
            return Problem(file, 0, f"results.{index}", found)
    return Page(tuple(objects), _count(answer))


def _said(answer: object) -> str:
    """What a server says in place of a list, as in {"detail": "Invalid token"}."""
    detail = answer.get("detail") if isinstance(answer, Mapping) else None
    return f"; found: {detail}" if isinstance(detail, str) else ""


def complaint(one: object, endpoint: str) -> str:
    """What is wrong with an object; empty where nothing is."""
    if not isinstance(one, Mapping):
        return f"expected an object of {endpoint}, found {type(one).__name__}"
    needed = ("id", "name") if endpoint in _NAMED else ("id",)
    lost = [key for key in needed if not one.get(key)]
    return f"has no {' and no '.join(lost)}; was the answer saved whole?" if lost else ""


def repeated(objects: Iterable[Object]) -> str | None:
    """The id of an object that is there twice."""
    counts = Counter(str(one["id"]) for one in objects)
    return next((name for name, count in counts.items() if count > 1), None)


def _count(answer: Any) -> int | None:
    count = answer.get("count") if isinstance(answer, Mapping) else None
    return count if isinstance(count, int) else None
