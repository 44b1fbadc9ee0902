"""Halls and rows that a sentence names: ``row r3 of hall h1``, ``Hall h1: rows r1, r2 and r3``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal

from capalloc.imports.maintenance.words import Words

Kind = Literal["hall", "row"]
_KIND = re.compile(r"\b(hall|row)(s?)[\s:#]+", re.IGNORECASE)
_TOKEN = re.compile(r"[^\s,;()]+")
_AND = re.compile(r"\s*(?:,|&|\band\b)\s*(?:and\s+)?", re.IGNORECASE)
_TO = re.compile(r"\s*(?:[-\u2013\u2014]|\bto\b|\bthrough\b)\s*([^\s,;()]+)", re.IGNORECASE)
_FIGURES = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Room:
    """A hall or row, as a text names it."""

    kind: Kind
    text: str
    """What stands there."""
    known: bool
    """Whether some hall or row of the site has that name."""
    start: int = 0
    end: int = 0
    """Where it stands."""


def rooms_of(sentence: str, names: Mapping[Kind, Words]) -> Iterator[Room]:
    """The halls and rows that a sentence names by these words, from left to right."""
    for found in _KIND.finditer(sentence):
        kind: Kind = "hall" if found[1].lower() == "hall" else "row"
        own = names[kind].at(sentence, found.start()) is not None  # a hall may be called "Hall 1"
        start = found.start() if own else found.end()
        yield from _listed(sentence, start, kind, names[kind], several=bool(found[2]))


def _listed(sentence: str, start: int, kind: Kind, names: Words, *, several: bool) -> Iterator[Room]:
    """One room, and more behind commas and "and"; of what the site does not know, what is written alike."""
    room = _room(sentence, start, kind, names)
    while room is not None:
        yield room
        more = _AND.match(sentence, room.end)
        after = None if more is None else _room(sentence, more.end(), kind, names)
        room = after if after is not None and _goes_on(room, after, several=several) else None


def _goes_on(room: Room, after: Room, *, several: bool) -> bool:
    figures = _FIGURES.search(after.text) is not None
    return after.known or (figures and (several or _shape(after.text) == _shape(room.text)))


def _room(sentence: str, start: int, kind: Kind, names: Words) -> Room | None:
    name = names.at(sentence, start)
    if name is None:
        token = _TOKEN.match(sentence, start)
        text = "" if token is None else token[0].rstrip(".:!?")
        return Room(kind, text, known=False, start=start, end=start + len(text)) if text else None
    end = start + len(name)
    last = _TO.match(sentence, end)
    if last is not None and _shape(last[1]) == _shape(name):
        return Room(kind, sentence[start : last.end()], known=False, start=start, end=last.end())
    return Room(kind, name, known=True, start=start, end=end)


def _shape(name: str) -> str:
    return _FIGURES.sub("0", name.rstrip(".:!?"))


def in_halls(rooms: Sequence[Room]) -> list[tuple[Room | None, Room]]:
    """Each row with the hall that it is said to be in, None where no hall is named.

    Of several halls each has the rows beside it, before or behind; where they cannot be told apart, a row has a hall
    that is not known.
    """
    rows = [room for room in rooms if room.kind == "row"]
    halls = {room.text: room for room in rooms if room.kind == "hall"}
    if len(halls) < 2:
        hall = next(iter(halls.values()), None)
        return [(hall, row) for row in rows]
    runs = [list(run) for _, run in groupby(rooms, key=lambda room: room.kind)]
    if len(runs) % 2 or any(len(run) > 1 for run in runs if run[0].kind == "hall"):
        some = Room("hall", " or ".join(halls), known=False)
        return [(some, row) for row in rows]
    return [pair for first, second in _twos(runs) for pair in _beside(first, second)]


def _twos(runs: Sequence[list[Room]]) -> Iterable[tuple[list[Room], list[Room]]]:
    return list(pairwise(runs))[::2]


def _beside(first: list[Room], second: list[Room]) -> Iterator[tuple[Room, Room]]:
    halls, rows = (first, second) if first[0].kind == "hall" else (second, first)
    yield from ((halls[0], row) for row in rows)
