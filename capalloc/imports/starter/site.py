"""The tables of a site to begin with: sized so that every rack may draw its nameplate, also after a loss."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from capalloc.calendar import add_months
from capalloc.imports.starter.wish import SCHEMES, Scheme, Wish
from capalloc.schema.facility import CoolingZone, Facility, Position, PowerNode, Rack, Supply

PUE = 1.25
ROW = 8
"""Positions of a row."""
_BUSWAY = 0.8
"""Share of a busway that may be used: the 80 % rule for continuous loads."""
_STEP_KW = 50
DELIVERED_AFTER = 3
"""Months after the start until deliveries, and the second supply, come."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of positions and the UPS of its hall that it hangs on."""

    hall: str
    name: str
    pair: tuple[str, ...]

    @property
    def feeds(self) -> tuple[str, ...]:
        """Its busways."""
        return tuple(f"{self.hall}-{self.name}-{side}" for side, _ in zip("ab", self.pair, strict=False))


def facility_of(wish: Wish) -> Facility:
    """The facility that was asked for."""
    rows = list(_rows(wish))
    return Facility(
        name=wish.name,
        pue=PUE,
        rack_types=(wish.kind,),
        power=tuple(_power(wish, rows)),
        supplies=tuple(_supplies(wish)),
        positions=tuple(_positions(rows, SCHEMES[wish.scheme])),
        cooling=tuple(_cooling(wish, rows)),
        racks=tuple(_racks(wish, rows)),
    )


def _rows(wish: Wish) -> Iterator[Row]:
    """Rows for all racks, the same number in each hall; they hang on the pairs of UPS in turn."""
    pairs = SCHEMES[wish.scheme].pairs
    for hall in range(wish.halls):
        for row in range(ceil(wish.all_racks / wish.halls / ROW)):
            yield Row(f"h{hall + 1}", f"r{row + 1}", pairs[row % len(pairs)])


def _power(wish: Wish, rows: list[Row]) -> Iterator[PowerNode]:
    scheme = SCHEMES[wish.scheme]
    row_kw = ROW * wish.kind.nameplate_kw
    root_kw = _up(_site_kw(wish, wish.all_racks))
    yield PowerNode(name="campus", kind="utility", rated_kw=root_kw, load="facility")
    for hall in _halls(rows):
        own = [row for row in rows if row.hall == hall]
        rated = _up(max(_ups_kw(own, scheme, row_kw)))
        for ups in scheme.ups:
            yield PowerNode(
                name=f"{hall}-ups-{ups}" if len(scheme.ups) > 1 else f"{hall}-ups",
                kind="ups",
                parent="campus",
                rated_kw=rated,
                max_utilization=scheme.max_utilization,
                contingency=scheme.survives,
            )
        for row in own:
            yield from _busways(row, len(scheme.ups), row_kw)


def _busways(row: Row, ups: int, row_kw: float) -> Iterator[PowerNode]:
    rated = _up(row_kw / _BUSWAY)
    for feed, above in zip(row.feeds, row.pair, strict=True):
        yield PowerNode(
            name=feed,
            kind="busway",
            parent=f"{row.hall}-ups-{above}" if ups > 1 else f"{row.hall}-ups",
            rated_kw=rated,
            max_utilization=_BUSWAY,
            failover_kw=rated * _BUSWAY,
        )


def _ups_kw(rows: list[Row], scheme: Scheme, row_kw: float) -> Iterator[float]:
    """What a UPS has to be rated for: in normal operation, and after the loss of each other one."""
    share = 0.5 if scheme.split_a is None else scheme.split_a
    normal: defaultdict[str, float] = defaultdict(float)
    taken: defaultdict[tuple[str, str], float] = defaultdict(float)
    for row in rows:
        shares = (share, 1 - share) if len(row.pair) == 2 else (1.0,)
        for ups, part in zip(row.pair, shares, strict=True):
            normal[ups] += part * row_kw
            for other, lost in zip(row.pair, shares, strict=True):
                taken[ups, other] += lost * row_kw if other != ups else 0.0
    yield from (kw / scheme.max_utilization for kw in normal.values())
    yield from (normal[ups] + kw for (ups, _), kw in taken.items())


def _supplies(wish: Wish) -> Iterator[Supply]:
    """Enough for the racks that stand, and for the others once they come."""
    now, later = _up(_site_kw(wish, wish.racks)), _up(_site_kw(wish, wish.new_racks))
    yield Supply(name="grid-1", node="campus", kw=now)
    if wish.new_racks:
        yield Supply(name="grid-2", node="campus", kw=later, start=add_months(wish.start, DELIVERED_AFTER))


def _positions(rows: list[Row], scheme: Scheme) -> Iterator[Position]:
    for row in rows:
        feed_a, feed_b = (*row.feeds, None)[:2]
        for place in range(1, ROW + 1):
            yield Position(
                name=_place(row, place),
                hall=row.hall,
                row=row.name,
                index=place,
                feed_a=str(feed_a),
                feed_b=feed_b,
                split_a=scheme.split_a,
                cooling_zone=f"{row.hall}-loop",
            )


def _cooling(wish: Wish, rows: list[Row]) -> Iterator[CoolingZone]:
    """A zone a hall, for all its positions at nameplate."""
    for hall in _halls(rows):
        heat = wish.kind.nameplate_kw * ROW * sum(row.hall == hall for row in rows)
        liquid = heat * wish.kind.liquid_fraction
        yield CoolingZone(name=f"{hall}-loop", liquid_kw=_up(liquid), air_kw=_up(heat - liquid))


def _racks(wish: Wish, rows: list[Row]) -> Iterator[Rack]:
    """Racks on the first positions of each hall in turn, then the deliveries, which have none."""
    places = [
        [_place(row, place) for row in rows if row.hall == hall for place in range(1, ROW + 1)] for hall in _halls(rows)
    ]
    for number in range(wish.racks):
        yield Rack(
            name=f"rack-{number + 1}",
            rack_type=wish.rack_type,
            position=places[number % wish.halls][number // wish.halls],
        )
    for number in range(wish.new_racks):
        yield Rack(
            name=f"new-{number + 1}",
            rack_type=wish.rack_type,
            available_from=add_months(wish.start, DELIVERED_AFTER),
            status="planned",
        )


def _halls(rows: list[Row]) -> list[str]:
    return list(dict.fromkeys(row.hall for row in rows))


def _place(row: Row, place: int) -> str:
    return f"{row.hall}-{row.name}-p{place}"


def _site_kw(wish: Wish, racks: int) -> float:
    return racks * wish.kind.nameplate_kw * PUE


def _up(kw: float) -> float:
    """The next size of equipment."""
    return float(ceil(kw / _STEP_KW) * _STEP_KW)
