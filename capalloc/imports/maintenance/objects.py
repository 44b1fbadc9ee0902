"""What notices name, as places of a site: by the site's own names and labels, or by a file that says so."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from capalloc.errors import Problem, ScenarioError
from capalloc.formats.document import read_mapping
from capalloc.formats.node import Rejected
from capalloc.formats.problems import first_problems
from capalloc.formats.wording import messages
from capalloc.imports.maintenance.alike import Alike
from capalloc.imports.maintenance.place import Place
from capalloc.imports.maintenance.rooms import Kind, Room, in_halls, rooms_of
from capalloc.imports.maintenance.words import Words
from capalloc.schema.facility import Facility
from capalloc.schema.record import Name, Record

_SHORTEST = 3
"""Letters of a node's name that a sentence can be searched for."""
_NARROWER = re.compile(
    r"\b(rows?|racks?|cabinets?|positions?|panels?|breakers?|circuits?|switchboards?|ups|pdus?|rpps?|busways?)\b", re.I
)
"""Words for what is less than a hall."""


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


@dataclass(frozen=True, slots=True)
class Named:
    """What a text names."""

    places: tuple[Place, ...] = ()
    unknown: tuple[str, ...] = ()
    """What of it is no place of the site, or may be several."""
    around: tuple[str, ...] = ()
    """Halls that it names as where something in them is: not the whole of them is meant."""

    def __bool__(self) -> bool:
        """Whether anything of the site is named."""
        return bool(self.places or self.unknown)


class Objects:
    """The places of a site by what notices may call them."""

    def __init__(self, site: Facility, said: Mapping[str, Sequence[Place]] | None = None) -> None:
        """``said``: what a file says that objects are, which counts first."""
        self._said = said or {}
        named: dict[str, dict[str, Place]] = defaultdict(dict)
        for name, place in (*_by_name(site), *_by_label(site)):
            named[name].setdefault(_words(place), place)
        alike = Alike(site)
        self._named = {name: alike.distinct(places) for name, places in named.items()}
        self._nodes = Words(node.name for node in site.power if len(node.name) >= _SHORTEST)
        rows = {one.row for one in site.positions}, {one.row_key for one in site.positions}
        self._rooms: dict[Kind, Words] = {
            "hall": Words(one.hall for one in site.positions),
            "row": Words(set().union(*rows)),
        }
        self._site = site.name

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

    def in_words(self, sentence: str) -> Named:
        """What a sentence names: power nodes as whole words, ``hall H``, ``row R``, and both of them together.

        A hall beside anything narrower is where that is, known or not, and no place of its own.
        """
        if places := self.places(sentence):
            return Named(places)
        rooms, nodes, narrower = self._read(sentence)
        return self._named_by(rooms, nodes, narrower=narrower)

    def in_place(self, text: str) -> Named:
        """What the place of an event is: as a whole, or part by part between commas; ``h1, r2`` is a row of a hall."""
        if places := self.places(text):
            return Named(places)
        parts = [part.strip() for part in re.split("[,;]", text) if part.strip() not in ("", self._site)]
        rooms: list[Room] = []
        others: list[Place] = []
        strange: list[str] = []
        for part in parts:
            found, named, more = self._part(part)
            rooms += found
            others += named
            strange += [part] if more or not (found or named) else []
        if not rooms and not others:
            return Named()
        exact = tuple(place for place in others if place.node is not None or not strange)
        said = self._named_by(rooms, exact, narrower=bool(others or strange))
        return Named(said.places, (*said.unknown, *strange), said.around)

    def _part(self, part: str) -> tuple[list[Room], tuple[Place, ...], bool]:
        """A part of a place: rooms, what else it is, and whether it is of something in a hall that is not known."""
        kinds: list[Kind] = [kind for kind, names in self._rooms.items() if names.at(part, 0) == part]
        if len(kinds) == 1 or (kinds and len(self._named[part]) == 1):
            return [Room(kinds[0], part, known=True)], (), False
        rooms, nodes, narrower = self._read(part)
        places = self.places(part)
        if places and (part in self._said or not rooms):
            return [], places, False
        return rooms, nodes, narrower and not nodes and not in_halls(rooms)

    def _read(self, sentence: str) -> tuple[list[Room], tuple[Place, ...], bool]:
        """Rooms and nodes that a sentence names, and whether it is of anything less than a hall."""
        rooms = list(rooms_of(sentence, self._rooms))
        rest = _without(sentence, rooms)
        nodes = tuple(Place(node=name) for name in self._nodes.found(rest))
        return rooms, nodes, bool(nodes or _NARROWER.search(rest))

    def _named_by(self, rooms: Sequence[Room], others: tuple[Place, ...], *, narrower: bool) -> Named:
        """Rooms and what else a text names, as places."""
        rows, halls = in_halls(rooms), [room for room in rooms if room.kind == "hall"]
        if not rows and not narrower:
            asked = [(f"hall {hall.text}", hall.known) for hall in halls]
            around: tuple[str, ...] = ()
        else:
            asked = [self._row(hall, row) for hall, row in rows]
            around = () if rows else tuple(hall.text for hall in halls if hall.known)
        found = {text: self.places(text) for text, _ in asked}
        places = (*others, *(place for several in found.values() for place in several))
        strange = tuple(text for text, known in asked if not found[text] and (known or places))
        return Named(places, strange, around)

    def _row(self, hall: Room | None, row: Room) -> tuple[str, bool]:
        """How a row is called that may be in a hall, and whether the site has any such word."""
        if hall is None:
            return f"row {row.text}", row.known
        inside = row.text if row.text.startswith(f"{hall.text}/") else f"{hall.text}/{row.text}"
        named = hall.known and row.known and f"row {inside}" in self._named
        return f"row {inside}" if named else f"hall {hall.text} row {row.text}", hall.known or row.known


def _without(sentence: str, rooms: Iterable[Room]) -> str:
    """A sentence in which rooms have been left blank."""
    for room in rooms:
        sentence = sentence[: room.start] + " " * (room.end - room.start) + sentence[room.end :]
    return sentence


def _by_name(site: Facility) -> Iterator[tuple[str, Place]]:
    """What names mean, alone and behind the words hall and row; a row that several halls have means several."""
    yield from ((node.name, Place(node=node.name)) for node in site.power)
    halls_of: dict[str, set[str]] = defaultdict(set)
    for position in site.positions:
        halls_of[position.row].add(position.hall)
        yield from _called("hall", position.hall, Place(hall=position.hall))
        yield from _called("row", position.row_key, Place(row=position.row_key))
    for row, halls in sorted(halls_of.items()):
        keys = [row] if len(halls) == 1 else [f"{hall}/{row}" for hall in sorted(halls)]
        for key in keys:
            yield from _called("row", row, Place(row=key))


def _called(kind: Kind, name: str, place: Place) -> Iterator[tuple[str, Place]]:
    yield name, place
    yield f"{kind} {name}", place


def _by_label(site: Facility) -> Iterator[tuple[str, Place]]:
    for node in site.power:
        yield from ((value, Place(node=node.name)) for value in node.labels.values())
    for one in (*site.positions, *site.racks):
        yield from ((value, Place(label={key: (value,)})) for key, value in one.labels.items())


def _words(place: Place) -> str:
    return " ".join(f"{key} {value}" for key, value in place.given.items())
