"""What notices name, as places of a site: by the site's own names and labels, or by a file that says so."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, ValidationError, model_validator

from capalloc.errors import Problem, ScenarioError
from capalloc.formats.document import read_mapping
from capalloc.formats.node import Rejected
from capalloc.formats.problems import first_problems
from capalloc.formats.wording import messages
from capalloc.schema.facility import Facility
from capalloc.schema.record import Name, Record
from capalloc.schema.where import Texts

_SHORTEST = 3
"""Letters of a node's name that a sentence can be searched for."""


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


class _File(Record):
    """The file."""

    objects: dict[Name, Place | Annotated[tuple[Place, ...], Field(min_length=1)] | None]
    """By object, or by provider and object; nothing where it has not been said yet."""


def read_objects(path: Path) -> dict[str, tuple[Place, ...]]:
    """What a file says that objects are. Raises ScenarioError with all problems."""
    problems: list[Problem] = []
    try:
        root = read_mapping(path, str(path), problems)
        said = _File.model_validate(root.plain).objects
    except Rejected as error:
        raise ScenarioError(first_problems([*problems, *error.problems])) from error
    except ValidationError as error:
        raise ScenarioError([root.problem(loc, text) for loc, text in messages(_File, error)]) from error
    if problems:
        raise ScenarioError(first_problems(problems))
    given = ((name, place) for name, place in said.items() if place is not None)
    return {name: place if isinstance(place, tuple) else (place,) for name, place in given}


class Objects:
    """The places of a site by what notices may call them."""

    def __init__(self, site: Facility, said: Mapping[str, Sequence[Place]] | None = None) -> None:
        """``said``: what a file says that objects are, which counts first."""
        self._said = said or {}
        self._named: dict[str, dict[str, Place]] = defaultdict(dict)
        for name, place in (*_by_name(site), *_by_label(site)):
            self._named[name].setdefault(_words(place), place)
        self._nodes = [node.name for node in site.power if len(node.name) >= _SHORTEST]

    def places(self, name: str, provider: str = "") -> tuple[Place, ...]:
        """What an object is; nothing where that is not known, or may be several things."""
        for key in (f"{provider} {name}", name):
            if key in self._said:
                return tuple(self._said[key])
        found = self._named.get(name, {})
        return tuple(found.values()) if len(found) == 1 else ()

    def could_be(self, name: str) -> tuple[str, ...]:
        """The several things that a name may mean, in words; nothing where it is at most one."""
        found = self._named.get(name, {})
        return tuple(found) if len(found) > 1 else ()

    def in_words(self, sentence: str) -> tuple[Place, ...]:
        """What a sentence names: power nodes as whole words, ``hall H`` and ``row R``."""
        nodes = [Place(node=name) for name in self._nodes if name in sentence and _is_word(name, sentence)]
        rooms = [place for kind in ("hall", "row") for place in self._rooms(kind, sentence)]
        return (*nodes, *rooms)

    def _rooms(self, kind: str, sentence: str) -> Iterator[Place]:
        for found in re.finditer(rf"\b{kind}\s+([^\s,;:.]+)", sentence, re.IGNORECASE):
            place = self._named.get(found[1], {}).get(f"{kind} {found[1]}")
            if place is not None:
                yield place


def _by_name(site: Facility) -> Iterator[tuple[str, Place]]:
    yield from ((node.name, Place(node=node.name)) for node in site.power)
    halls_of: dict[str, set[str]] = defaultdict(set)
    for position in site.positions:
        halls_of[position.row].add(position.hall)
        yield position.hall, Place(hall=position.hall)
        yield position.row_key, Place(row=position.row_key)
    yield from ((row, Place(row=row)) for row, halls in sorted(halls_of.items()) if len(halls) == 1)


def _by_label(site: Facility) -> Iterator[tuple[str, Place]]:
    for node in site.power:
        yield from ((value, Place(node=node.name)) for value in node.labels.values())
    for one in (*site.positions, *site.racks):
        yield from ((value, Place(label={key: (value,)})) for key, value in one.labels.items())


def _words(place: Place) -> str:
    return " ".join(f"{key} {value}" for key, value in place.given.items())


def _is_word(name: str, sentence: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", sentence) is not None
