"""Synthetic sites in the shape of Colossus, of any size.

Halls with UPS groups 4N/3, rows of eight racks on two busways, blocks of eight rows on one UPS pair, liquid and air
zones, roots with dated supplies, and a few deliveries without a position.

Every rule has a place of its own where it is the first to bind once all racks are wanted, whatever the seed and size:
the loss of a UPS in every other group and the switchboard in the rest, the liquid loop of the NVL racks in each
group, and at the roots the supplies of one third of the horizon. Everywhere else limits have room.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, cycle
from random import Random

from capalloc.calendar import add_months
from capalloc.schema.facility import CoolingZone, Facility, Position, PowerNode, Rack, Supply
from capalloc.schema.hardware import Cooling, RackType

PUE = 1.2
ROW_RACKS = 8
BLOCK_ROWS = 8
"""Rows of a fabric block; they hang on one UPS pair."""
GROUP_ROWS = 48
"""About so many rows on a UPS group."""
MOST_GROUPS = 64
MOST_DELIVERIES = 160
PAIRS = tuple(combinations(range(1, 5), 2))
"""The six pairs of the four UPS of a group."""
TIGHT = 0.92
"""Share of what its racks draw under load that a group can carry, by its switchboard or after the loss of a UPS."""
ROOM = 1.05
"""What a limit that never binds has, as a share of the most that is drawn."""
DENSE_FIT = 0.9
"""Share of the NVL racks under load that the liquid loop of their group can cool."""


def _kind(
    name: str, gpu: str, gpus: int, draws: tuple[float, float, float], liquid: float, cooling: Cooling
) -> RackType:
    nameplate, expected, idle = draws
    return RackType(
        name=name,
        gpu=gpu,
        gpus=gpus,
        nameplate_kw=nameplate,
        expected_kw=expected,
        idle_kw=idle,
        liquid_fraction=liquid,
        cooling=cooling,
    )


HGX = _kind("hgx", "H100", 64, (81.6, 68.0, 20.0), 0.75, "liquid")
NVL = _kind("nvl72", "GB200", 72, (132.0, 120.0, 36.0), 0.87, "liquid")
AIR = _kind("hgx-air", "H100", 32, (44.0, 36.0, 12.0), 0.0, "air")
RACK_TYPES = (HGX, NVL, AIR)
RACK_ORDER = (NVL, HGX, AIR)
"""Order in which the rows of a group stand."""


@dataclass(frozen=True, slots=True)
class Row:
    """Eight positions in a line, for one type of rack."""

    name: str
    hall: str
    group: str
    block: str
    pair: tuple[int, int]
    """The two UPS of its group that feed it."""
    kind: RackType
    racks: int

    @property
    def nameplate_kw(self) -> float:
        """Most that its racks draw."""
        return self.racks * self.kind.nameplate_kw

    @property
    def carried_kw(self) -> float:
        """What its racks draw under load, as far as they can be cooled."""
        return self.racks * self.kind.expected_kw * (DENSE_FIT if self.kind is NVL else 1.0)

    @property
    def zone(self) -> str:
        """Its cooling zone: NVL racks have a liquid loop of their own in each group."""
        return f"{self.group}-nvl" if self.kind is NVL else self.group


def site(racks: int, halls: int, start: date, periods: int, rng: Random) -> Facility:
    """A facility with so many racks in so many halls (fewer where there are too few rows)."""
    rows = tuple(_rows(racks, halls, rng))
    groups = {name: [row for row in rows if row.group == name] for name in dict.fromkeys(row.group for row in rows)}
    return Facility(
        name="synthetic",
        description=f"{racks} racks, generated",
        pue=PUE,
        rack_types=RACK_TYPES,
        power=tuple(_power(groups)),
        supplies=tuple(_supplies(groups, start, periods, rng)),
        positions=tuple(_positions(rows)),
        cooling=tuple(_zones(rows)),
        racks=tuple(_racks(rows, racks, start, periods)),
    )


def _rows(racks: int, halls: int, rng: Random) -> Iterator[Row]:
    count = math.ceil(racks / ROW_RACKS)
    halls = min(halls, count)
    kinds = _kinds(count, rng.uniform(0.05, 0.2), rng.uniform(0.05, 0.2))
    for hall in range(halls):
        first, end = _part(count, halls, hall)
        groups = _groups(end - first, halls)
        for group in range(groups):
            begin, stop = (first + row for row in _part(end - first, groups, group))
            name = f"h{hall + 1}{_letters(group)}"
            for place, row in enumerate(sorted(range(begin, stop), key=lambda row: RACK_ORDER.index(kinds[row]))):
                yield _row(name, f"h{hall + 1}", place, kinds[row], min(ROW_RACKS, racks - ROW_RACKS * (begin + place)))


def _groups(rows: int, halls: int) -> int:
    """UPS groups of a hall: two at least, and three on a site, so that each kind and each root has one."""
    most = max(2, MOST_GROUPS // halls)
    return min(rows, most, max(math.ceil(rows / GROUP_ROWS), 2, math.ceil(3 / halls)))


def _row(group: str, hall: str, place: int, kind: RackType, racks: int) -> Row:
    block = place // BLOCK_ROWS
    pair = PAIRS[block % len(PAIRS)]
    return Row(f"{group}-r{place + 1}", hall, group, f"{group}-b{block + 1}", pair, kind, racks)


def _part(count: int, parts: int, index: int) -> tuple[int, int]:
    """Begin and end of one of nearly equal parts."""
    return index * count // parts, (index + 1) * count // parts


def _letters(index: int) -> str:
    return chr(ord("a") + index) if index < 26 else f"z{index}"


def _kinds(rows: int, nvl: float, air: float) -> list[RackType]:
    """Types of the rows, NVL and air spread evenly over them; HGX alone where two rows or fewer stand."""
    if rows < 3:
        return [HGX] * rows
    kinds = [HGX] * rows
    for kind, share, offset in ((AIR, air, 1), (NVL, nvl, 0)):
        wanted = math.ceil(rows * share)
        for number in range(wanted):
            kinds[number * rows // wanted + offset] = kind
    return kinds


def _root_names(groups: int) -> tuple[str, ...]:
    return ("grid-1", "grid-2", "generation")[: max(1, min(3, groups))]


def _by_root(groups: dict[str, list[Row]]) -> dict[str, list[str]]:
    """Names of the groups below each root, each to one root in turn."""
    roots = _root_names(len(groups))
    return {root: list(groups)[i :: len(roots)] for i, root in enumerate(roots)}


def _power(groups: dict[str, list[Row]]) -> Iterator[PowerNode]:
    by_ups = dict(zip(groups, cycle((True, False)), strict=False))
    for root, fed in _by_root(groups).items():
        kind = "generation" if root == "generation" else "utility"
        boards = {name: PUE * sum(row.nameplate_kw for row in groups[name]) for name in fed}
        yield PowerNode(name=root, kind=kind, rated_kw=math.ceil(1.2 * sum(boards.values())), load="facility")
        for name in fed:
            yield from _group(name, root, groups[name], by_ups[name])


def _group(group: str, root: str, rows: Sequence[Row], by_ups: bool) -> Iterator[PowerNode]:
    """A switchboard, its four UPS and the busways of the rows; tight ``by_ups``, or else by the switchboard."""
    nameplate = PUE * sum(row.nameplate_kw for row in rows)
    static = math.floor(nameplate / 200)
    most = ROOM * nameplate if by_ups else TIGHT * PUE * sum(row.carried_kw for row in rows)
    yield PowerNode(
        name=f"{group}-msb",
        kind="switchboard",
        parent=root,
        rated_kw=math.ceil((most + static) / 0.8),
        max_utilization=0.8,
        static_load_kw=static,
        load="facility",
    )
    yield from _ups(group, rows, by_ups)
    for row in rows:
        yield from _busways(row)


def _ups(group: str, rows: Sequence[Row], tight: bool) -> Iterator[PowerNode]:
    """Four UPS that carry each other's rows; where they are tight, the loss of one binds before normal operation."""
    draws = [row.carried_kw if tight else row.nameplate_kw for row in rows]
    rated = math.ceil((TIGHT if tight else ROOM) * max(_ups_need_kw(rows, draws, ups) for ups in range(1, 5)))
    for ups in range(1, 5):
        yield PowerNode(
            name=f"{group}-ups{ups}",
            kind="ups",
            parent=f"{group}-msb",
            rated_kw=rated,
            max_utilization=0.8,
            contingency=True,
        )


def _ups_need_kw(rows: Sequence[Row], draws: Sequence[float], ups: int) -> float:
    """What a UPS carries of its rows' draws after the worst loss of another one."""
    drawn = tuple(zip(rows, draws, strict=True))
    shared = {other: sum(kw / 2 for row, kw in drawn if set(row.pair) == {ups, other}) for other in range(1, 5)}
    return sum(shared.values()) + max(shared.values())


def _busways(row: Row) -> Iterator[PowerNode]:
    for side, ups in zip("ab", row.pair, strict=True):
        limit = math.ceil(ROW_RACKS * row.kind.nameplate_kw)
        yield PowerNode(
            name=f"{row.name}-{side}",
            kind="busway",
            parent=f"{row.group}-ups{ups}",
            rated_kw=math.ceil(limit / 0.8),
            max_utilization=0.8,
            failover_kw=limit,
        )


def _supplies(groups: dict[str, list[Row]], start: date, periods: int, rng: Random) -> Iterator[Supply]:
    """The first grid feed is enough; the second is short in the first third, generation in the last."""
    later, last = (add_months(start, periods * share // 3) for share in (1, 2))
    for root, fed in _by_root(groups).items():
        need = sum(PUE * row.carried_kw + row.nameplate_kw / 150 for name in fed for row in groups[name])
        part = math.ceil(need * rng.uniform(0.65, 0.75))
        rest = math.ceil(ROOM * need) - part
        if root == "grid-1":
            yield Supply(name="grid-1-base", node=root, kw=part + rest)
        elif root == "grid-2":
            yield Supply(name="grid-2-base", node=root, kw=part)
            yield Supply(name="grid-2-more", node=root, kw=rest, start=later, firm=False)
        else:
            yield Supply(name="generation-base", node=root, kw=part)
            yield Supply(name="generation-permit", node=root, kw=rest, until=max(last, add_months(start, 1)))


def _positions(rows: Sequence[Row]) -> Iterator[Position]:
    for row in rows:
        for place in range(1, row.racks + 1):
            yield Position(
                name=f"{row.name}-p{place}",
                hall=row.hall,
                row=row.name,
                index=place,
                feed_a=f"{row.name}-a",
                feed_b=f"{row.name}-b",
                cooling_zone=row.zone,
                fabric_block=row.block,
                cooling=row.kind.cooling,
            )


def _zones(rows: Sequence[Row]) -> Iterator[CoolingZone]:
    """Zones that take the heat under load with a little to spare, but for that of the NVL racks."""
    members: dict[str, list[Row]] = {}
    for row in rows:
        members.setdefault(row.zone, []).append(row)
    for name, inside in members.items():
        heat = sum(row.racks * row.kind.expected_kw for row in inside)
        liquid = sum(row.racks * row.kind.expected_kw * row.kind.liquid_fraction for row in inside)
        fit = DENSE_FIT if inside[0].kind is NVL else 1.08
        yield CoolingZone(name=name, liquid_kw=math.ceil(fit * liquid), air_kw=math.ceil(1.08 * (heat - liquid)))


def _racks(rows: Sequence[Row], racks: int, start: date, periods: int) -> Iterator[Rack]:
    """Every position has its rack, but some HGX racks arrive during the horizon and are still to be placed."""
    arriving = _arriving(rows, racks)
    batches = [add_months(start, min(periods - 1, 1 + batch * periods // 4)) for batch in range(2)]
    for row in rows:
        for place in range(1, row.racks + 1):
            name = f"{row.name}-{place}"
            if (row.name, place) in arriving:
                due = batches[arriving[row.name, place] % len(batches)]
                yield Rack(name=name, rack_type=row.kind.name, available_from=due, status="planned")
            else:
                yield Rack(name=name, rack_type=row.kind.name, position=f"{row.name}-p{place}")


def _arriving(rows: Sequence[Row], racks: int) -> dict[tuple[str, int], int]:
    """Places of the racks that arrive, with their number: whole rows spread over the site."""
    count = min(racks // 12, 16 + racks // 100, MOST_DELIVERIES)
    hgx = [row for row in rows if row.kind is HGX]
    stride = max(1, len(hgx) // max(1, math.ceil(count / ROW_RACKS)))
    places = [(row.name, place) for row in hgx[::stride] for place in range(1, row.racks + 1)]
    return {place: number for number, place in enumerate(places[:count])}
