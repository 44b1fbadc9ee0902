"""Every placed rack is one that a request asks for, on one free position of the facility."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from capalloc.schema.hardware import cooling_fits
from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import found
from capalloc.verify.placed.case import PlacedCase


def check(case: PlacedCase) -> Iterator[Violation]:
    """Positions that are unknown, taken or shared; racks that no request asks for."""
    yield from _positions(case)
    yield from _requests(case)
    yield from _cooling(case)


def _positions(case: PlacedCase) -> Iterator[Violation]:
    for position, racks in Counter(line.position for line in case.placed).items():
        if position not in case.positions:
            yield _bad(position, racks, 0, f"{position} is no position of the facility")
        elif position in case.holders:
            message = f"position {position} belongs to rack {case.holders[position]} of the facility"
            yield _bad(position, racks, 0, message)
        elif racks > 1:
            yield _bad(position, racks, 1, f"{racks} racks stand on position {position}")


def _requests(case: PlacedCase) -> Iterator[Violation]:
    for name, racks in Counter(line.request for line in case.placed).items():
        if name not in case.requests:
            yield _bad(name, racks, 0, f"{racks} racks of {name} stand, which is no request")
        elif racks > case.requests[name].racks:
            asked = case.requests[name].racks
            yield _bad(name, racks, asked, f"{racks} racks of {name} stand, which asks for {asked}")


def _cooling(case: PlacedCase) -> Iterator[Violation]:
    """Racks added where positions are cooled otherwise than they need."""
    kinds = {kind.name: kind.cooling for kind in case.facility.rack_types}
    for line in case.added:
        request, position = case.requests.get(line.request), case.positions.get(line.position)
        if request is None or position is None:
            continue
        need = kinds.get(request.rack_type or "")
        if request.rack_type is None and request.liquid_fraction:
            need = "liquid"
        if need is not None and not cooling_fits(position.cooling, need):
            message = f"{line.request} needs {need} cooling, but position {line.position} has {position.cooling}"
            yield _bad(line.position, 1, 0, message)


def _bad(where: str, racks: int, limit: int, message: str) -> Violation:
    return found(Rule.POSITION, where, None, racks, limit, "racks", message)
