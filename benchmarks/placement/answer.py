"""What a planner hands back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from capalloc.schema.request import Placed, PlacementObjective, Request


@dataclass(frozen=True, slots=True)
class Answer:
    """Placed racks, and the seconds they took; ``bound`` is None where none was proven."""

    placed: tuple[Placed, ...]
    core_s: float
    """Seconds of placing alone: of the search where a model is built for it."""
    total_s: float
    """Seconds from the facility in memory to the answer."""
    bound: float | None = None


def figure(objective: PlacementObjective, requests: tuple[Request, ...], placed: tuple[Placed, ...]) -> float:
    """The objective's figure of what is placed."""
    racks = Counter(line.request for line in placed)
    return float(sum(_worth(objective, request, racks[request.name]) for request in requests))


def _worth(objective: PlacementObjective, request: Request, racks: int) -> float:
    """What so many racks of a request are worth."""
    worth = {
        "racks": float(racks),
        "kw": racks * request.draw_kw,
        "requests": float(racks == request.racks),
        "value": racks * request.value,
    }
    return worth[objective]
