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
_LESS_THAN_HALL = re.compile(
    r"\b(rows?|aisles?|cages?|suites?|bays?|racks?|cabs?|cabinets?|tiles?|positions?|servers?|switch(es)?|panels?|"
    r"breakers?|circuits?|feeds?|taps?|switchboards?|switchgear|ups|sts|ats|pdus?|rpps?|busways?|busbars?|"
    r"transformers?|generators?|gensets?|cra[ch]s?|ahus?|cdus?|chillers?|pumps?)\b",
    re.I,
)
_LESS_THAN_ROW = re.compile(r"\b(racks?|cabs?|cabinets?|positions?|servers?|panels?|breakers?|taps?)\b", re.I)
_TIME = re.compile(
    r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[:.h]\d{2}\b|\b\d+\s?([ap]m|h|hours?|min(utes)?|days?|weeks?)\b|"
    r"\b\d{1,2}(st|nd|rd|th)?\s(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b(\s\d{4})?",
    re.I,
)
"""Figures that are no names."""
_FIGURE = re.compile(r"\d")
_NUMBER = re.compile(r"[\d.,\s-]+")
_EXCEPT = re.compile(r"\b(except|excepted|excluding|unaffected|other than|not|no|without)\b", re.I)
"""Where one of these stands, what is named may be what is not out."""


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
    """Halls and rows that it names as where something in them is: not the whole of them is meant."""

    def __bool__(self) -> bool:
        """Whether anything of the site is named."""
        return bool(self.places or self.unknown)


class Objects:
    """The places of a site by what notices may call them."""

    def __init__(self, site: Facility, said: Mapping[str, Sequence[Place]] | None = None) -> None:
        """``said``: what a file says that objects are, which counts first."""
        self._said = said or {}
        named: dict[str, dict[str, Place]] = defaultdict(dict)
        of_all = _of_all(site)
        for name, place in (*_by_name(site), *_by_label(site, of_all)):
            named[name].setdefault(_words(place), place)
        alike = Alike(site)
        self._named = {name: alike.distinct(places) for name, places in named.items()}
        self._nodes = Words(node.name for node in site.power if len(node.name) >= _SHORTEST)
        rows = {one.row for one in site.positions}, {one.row_key for one in site.positions}
        self._rooms: dict[Kind, Words] = {
            "hall": Words(one.hall for one in site.positions),
            "row": Words(set().union(*rows)),
        }
        self._site = {site.name, *of_all}

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

    def of_event(self, place: str, sentence: str) -> Named:
        """What an event is of, by where it is and what it says: what it says is in a room is meant, not the room."""
        located = self.in_place(place)
        if not located:
            return self.in_words(sentence)
        if any(one.node for one in located.places):
            return located
        rooms = [_room_of(one) for one in located.places if one.label is None]
        inside = self._in_words(sentence, rooms)
        widest = max(map(_rank, located.places), default=_rank(Place(hall="any")))
        less = tuple(one for one in inside.places if _rank(one) < widest)
        is_other = not inside.places if rooms else _LESS_THAN_HALL.search(sentence) is not None
        if not less and not (is_other and located.places):
            return located
        strange = inside.unknown if less else (sentence,)
        return Named(less, (*located.unknown, *strange), (*located.around, *map(_called_by, located.places)))

    def in_words(self, sentence: str) -> Named:
        """What a sentence names: power nodes as whole words, ``hall H``, ``row R``, and both of them together.

        A room beside anything that may be less than all of it is where that is, known or not, and no place of its own.
        """
        return self._in_words(sentence, figures=True)

    def _in_words(self, sentence: str, inside: Sequence[Room] = (), *, figures: bool = False) -> Named:
        """What a sentence names ``inside`` rooms; ``figures``: whatever else has one may be the name of something."""
        if places := self.places(sentence):
            return Named(places)
        read, nodes, rest = self._read(sentence)
        rooms = [*inside, *read]
        if _EXCEPT.search(rest):
            return Named()
        strange = figures and _FIGURE.search(rest) is not None
        if strange or _LESS_THAN_ROW.search(rest):
            return Named(nodes, around=tuple(room.text for room in rooms if room.known))
        return self._named_by(rooms, nodes, narrower=bool(nodes or _LESS_THAN_HALL.search(rest)))

    def in_place(self, text: str) -> Named:
        """What the place of an event is: as a whole, or part by part between commas; ``h1, r2`` is a row of a hall."""
        if places := self.places(text):
            return Named(places)
        parts = [part.strip() for part in re.split("[,;]", text) if part.strip() not in {"", *self._site}]
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
        nodes = tuple(place for place in others if place.node is not None)
        around = [] if not (rooms or nodes) else [_called_by(place) for place in others if place.node is None]
        exact = tuple(others) if not (strange or around) else nodes
        said = self._named_by(rooms, exact, narrower=bool(nodes or strange))
        return Named(said.places, (*said.unknown, *strange), (*said.around, *around))

    def _part(self, part: str) -> tuple[list[Room], tuple[Place, ...], bool]:
        """A part of a place: rooms, what else it is, and whether it is of something in a hall that is not known."""
        kinds: list[Kind] = [kind for kind, names in self._rooms.items() if names.at(part, 0) == part]
        if len(kinds) == 1 or (kinds and len(self._named[part]) == 1):
            return [Room(kinds[0], part, known=True)], (), False
        rooms, nodes, rest = self._read(part)
        places = self.places(part)
        if places and (part in self._said or not rooms):
            return [], places, False
        less = _LESS_THAN_ROW if in_halls(rooms) else _LESS_THAN_HALL
        return rooms, nodes, not nodes and less.search(rest) is not None

    def _read(self, sentence: str) -> tuple[list[Room], tuple[Place, ...], str]:
        """Rooms and nodes that a sentence names, and the rest of it."""
        rooms = list(rooms_of(sentence, self._rooms))
        rest = _without(sentence, rooms)
        nodes = list(self._nodes.found(rest))
        for name in nodes:
            rest = rest.replace(name, "", 1)
        return rooms, tuple(Place(node=name) for name in nodes), _TIME.sub("", rest)

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


def _by_label(site: Facility, of_all: set[str]) -> Iterator[tuple[str, Place]]:
    """What labels mean, but for numbers and what the whole site is labelled with."""
    for name, place in _labelled(site):
        if name not in of_all and not _NUMBER.fullmatch(name):
            yield name, place


def _of_all(site: Facility) -> set[str]:
    """Values of labels that every position has."""
    shared = [set(position.labels.items()) for position in site.positions]
    values = {value for _, value in set.intersection(*shared)} if len(shared) > 1 else set()
    return {value for value in values if not _NUMBER.fullmatch(value)}


def _labelled(site: Facility) -> Iterator[tuple[str, Place]]:
    for node in site.power:
        yield from ((value, Place(node=node.name)) for value in node.labels.values())
    for one in (*site.positions, *site.racks):
        yield from ((value, Place(label={key: (value,)})) for key, value in one.labels.items())


def _words(place: Place) -> str:
    return " ".join(f"{key} {value}" for key, value in place.given.items())


def _rank(place: Place) -> int:
    """What may be a part of another place comes before it."""
    (key,) = place.given
    return ("node", "row", "hall", "label").index(key)


def _room_of(place: Place) -> Room:
    return Room("row" if place.hall is None else "hall", _called_by(place), known=True)


def _called_by(place: Place) -> str:
    """The name of a room, or the value of a label."""
    if place.label is not None:
        return ", ".join(value for values in place.label.values() for value in values)
    return place.hall or place.row or place.node or ""
