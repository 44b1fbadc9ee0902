"""Which rules lines break, checked from models/README.md and without the checker that ships."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from capalloc.schema.request import Placed, Request
from capalloc.schema.rules import Rule
from tests.placement.case import Case
from tests.placement.optimum import PLACE


def broken(case: Case, placed: Sequence[Placed]) -> set[Rule]:
    """The rules that a placement breaks; its requests and positions are known, no request has racks too many."""
    return {*_limits(case, placed), *_positions(case, placed), *_locality(case, placed)}


def _limits(case: Case, placed: Sequence[Placed]) -> Iterator[Rule]:
    """Limits, each raised to the load of what stood before."""
    yield from (row.rule for row, _, most in case.limits if case.load(row, placed) > most)


def _positions(case: Case, placed: Sequence[Placed]) -> Iterator[Rule]:
    """Positions that are shared, taken, cooled otherwise or without power; what stood and is gone."""
    racks = Counter(line.position for line in placed) + Counter(case.own.keys())
    requests, added = {request.name: request for request in case.requests}, set(placed) - set(case.occupied)
    unsuited = any(not case.suits(requests[line.request], line.position) for line in added)
    if unsuited or any(count > 1 for count in racks.values()):
        yield Rule.POSITION
    if not all(case.power.lit(case.positions[line.position]) for line in added):
        yield Rule.AVAILABILITY
    if not set(placed) >= set(case.occupied):
        yield Rule.PINS


def _locality(case: Case, placed: Sequence[Placed]) -> Iterator[Rule]:
    """Requests of which something was placed stand together, and whole where they ask for that."""
    added = {line.request for line in set(placed) - set(case.occupied)}
    for request in case.requests:
        if request.name in added and not _fine(
            case, request, [line for line in placed if line.request == request.name]
        ):
            yield Rule.LOCALITY


def _fine(case: Case, request: Request, lines: Sequence[Placed]) -> bool:
    places = {PLACE[request.together](case.positions[line.position]) for line in lines}
    return len(places) == 1 and None not in places and (len(lines) == request.racks or not request.all_or_nothing)
