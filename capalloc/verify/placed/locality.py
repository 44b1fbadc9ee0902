"""The racks of a request stand together as it asks, and a request of all or nothing is whole or absent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from capalloc.schema.facility import Position
from capalloc.schema.request import Request, Together
from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import found
from capalloc.verify.placed.case import PlacedCase


def check(case: PlacedCase) -> Iterator[Violation]:
    """Requests that are scattered or stand in part; one whose racks all stood before stays as it is."""
    touched = {line.request for line in case.added}
    standing: dict[str, list[Position]] = {name: [] for name in sorted(touched & case.requests.keys())}
    for line in case.placed:
        position = case.positions.get(line.position)
        if line.request in standing and position is not None:
            standing[line.request].append(position)
    yield from _scattered(case.requests, standing)
    yield from _in_part(case.requests, standing)


def _scattered(requests: Mapping[str, Request], standing: Mapping[str, list[Position]]) -> Iterator[Violation]:
    for name, positions in standing.items():
        together = requests[name].together
        level, places = together.replace("_", " "), {_place(position, together) for position in positions}
        if None in places:
            outside = sum(_place(position, together) is None for position in positions)
            message = f"{outside} racks of {name} stand outside any {level}"
            yield found(Rule.LOCALITY, name, None, outside, 0, "racks", message)
        named = sorted(place for place in places if place is not None)
        if len(named) > 1:
            shown = ", ".join(named[:3]) + (", ..." if len(named) > 3 else "")
            message = f"racks of {name} stand in {len(named)} {level}s ({shown}), expected one"
            yield found(Rule.LOCALITY, name, None, len(named), 1, f"{level}s", message)


def _place(position: Position, together: Together) -> str | None:
    """What the position lies in, at the level of the request; None outside any."""
    if together == "fabric_block":
        return position.fabric_block
    return {"row": position.row_key, "hall": position.hall, "none": ""}[together]


def _in_part(requests: Mapping[str, Request], standing: Mapping[str, list[Position]]) -> Iterator[Violation]:
    for name, positions in standing.items():
        request, racks = requests[name], len(positions)
        if request.all_or_nothing and racks < request.racks:
            message = f"{racks} of {request.racks} racks of {name} stand, which asks for all or nothing"
            yield found(Rule.LOCALITY, name, None, racks, request.racks, "racks", message)
