"""Requests that are equal in all but their name, which a model counts together, unless it is a plain one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from capalloc.schema.request import PlacementObjective, Request


@dataclass(frozen=True, slots=True)
class Kind:
    """Requests that are equal but for their names."""

    request: Request
    numbers: tuple[int, ...]
    """Numbers of the requests, in order."""
    plain: bool = False
    """One request by itself, which has a place of its own whether it needs one or not."""

    @property
    def first(self) -> int:
        """Number of the first of them, by which the kind is known."""
        return self.numbers[0]

    @property
    def singly(self) -> bool:
        """Whether racks are placed one by one: nothing keeps them together, and a part of a group will do."""
        alone = self.request.racks == 1 or (self.request.together == "none" and not self.request.all_or_nothing)
        return alone and not self.plain

    @property
    def racks(self) -> int:
        """Racks of all the requests."""
        return self.request.racks * len(self.numbers)

    def worth(self, objective: PlacementObjective) -> float:
        """Worth of a placed rack; 0 where only whole requests count, unless a rack is one."""
        alone = float(self.request.racks == 1)
        return {"racks": 1.0, "kw": self.request.draw_kw, "value": self.request.value, "requests": alone}[objective]


def kinds_of(requests: Sequence[Request], *, plain: bool = False) -> list[Kind]:
    """The kinds, in the order in which they first appear; ``plain``: every request is one."""
    if plain:
        return [Kind(request, (number,), plain=True) for number, request in enumerate(requests)]
    equal: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for number, request in enumerate(requests):
        equal[_signature(request)].append(number)
    return [Kind(requests[numbers[0]], tuple(numbers)) for numbers in equal.values()]


def _signature(request: Request) -> tuple[object, ...]:
    where = request.together, request.all_or_nothing
    return request.racks, request.draw_kw, request.heat_kw, where, request.value


def disaggregated(
    numbers: Iterator[int], racks: int, counts: Iterator[tuple[int, int]]
) -> Iterator[tuple[int, int, int]]:
    """(request, cell, racks): counts by cell, shared out to requests of a kind one after the other."""
    left, number = 0, -1
    for cell, count in counts:
        here = count
        while here:
            if not left:
                left, number = racks, next(numbers)
            some = min(left, here)
            yield number, cell, some
            left, here = left - some, here - some
