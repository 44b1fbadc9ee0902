"""What a planner hands back."""

from __future__ import annotations

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
    racks: dict[str, int] = {}
    for line in placed:
        racks[line.request] = racks.get(line.request, 0) + 1
    by_name = {request.name: request for request in requests}
    worth = {
        "racks": lambda request, count: count,
        "kw": lambda request, count: count * request.power_kw,
        "requests": lambda request, count: float(count == request.racks),
        "value": lambda request, count: count * request.value,
    }[objective]
    return float(sum(worth(by_name[name], count) for name, count in racks.items()))
