"""How full the halls of a facility are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from capalloc.schema.facility import Facility
from capalloc.schema.request import Placed, Request, filled_requests


@dataclass(frozen=True, slots=True)
class HallUse:
    """Positions of a hall by what stands there."""

    hall: str
    positions: int
    own: int
    """Positions of racks of the facility's own table."""
    placed: int
    """Positions of racks of requests."""
    placed_kw: float
    later: int = 0
    """Of ``own``, those of racks that do not stand there yet."""

    @property
    def free(self) -> int:
        """Positions on which nothing stands."""
        return self.positions - self.own - self.placed


def hall_uses(
    facility: Facility,
    requests: Sequence[Request],
    placed: Iterable[Placed],
    own: Mapping[str, str],
    to_come: Collection[str] = (),
) -> tuple[HallUse, ...]:
    """Each hall in the order of the table; ``own`` has the rack of its own table on each position that one holds.

    ``to_come`` are those of these racks that do not stand there yet.
    """
    hall_of = {position.name: position.hall for position in facility.positions}
    power_kw = {request.name: request.draw_kw for request in filled_requests(facility, requests)}
    groups = Counter((hall_of[line.position], line.request) for line in placed)
    racks, kw = Counter[str](), dict.fromkeys(hall_of.values(), 0.0)
    for (hall, request), count in sorted(groups.items()):
        racks[hall] += count
        kw[hall] += count * power_kw[request]
    held = Counter(hall_of[name] for name in own)
    later = Counter(hall_of[name] for name, rack in own.items() if rack in to_come)
    sizes = Counter(hall_of.values())
    return tuple(HallUse(hall, sizes[hall], held[hall], racks[hall], kw[hall], later[hall]) for hall in kw)
