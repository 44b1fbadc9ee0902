"""Labels of nodes: where their rack stands, and whom it serves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from capalloc.analysis.base import Base
from capalloc.calendar import Period
from capalloc.exports.kueue.names import Names
from capalloc.schema.facility import Position

RACK, RACK_TYPE, DEMAND = "capalloc/rack", "capalloc/rack-type", "capalloc/demand"
_HALL, _ROW, _BLOCK = "capalloc/hall", "capalloc/row", "capalloc/fabric-block"
_HOSTNAME = "kubernetes.io/hostname"
_A_CALL = 200
"""Racks that one call names."""
_SCRIPT = """\
#!/bin/sh
# {about}
# Nodes must have the label {rack} already, with the name of their rack (kueue-names.csv).
failed=0
label() {{
  racks=$1
  shift
  kubectl label nodes --overwrite --selector "{rack} in ($racks)" "$@" || failed=1
}}
"""


def levels_of(positions: Sequence[Position]) -> tuple[str, ...]:
    """The levels of a site from the top down, each inside one place of the level above it.

    Where fabric blocks and rows cut across each other, rows are left out; where blocks span halls, halls are too. A
    rack without a fabric block is one of its own.
    """
    blocked = [place for place in positions if place.fabric_block]
    if not blocked:
        return (_HALL, _ROW, RACK, _HOSTNAME)
    if _inside((place.row_key, place.fabric_block) for place in blocked):
        return (_HALL, _BLOCK, _ROW, RACK, _HOSTNAME) if _in_halls(blocked) else (_BLOCK, _ROW, RACK, _HOSTNAME)
    if _inside((place.fabric_block, place.row_key) for place in blocked):
        return (_HALL, _ROW, _BLOCK, RACK, _HOSTNAME)
    return (_HALL, _BLOCK, RACK, _HOSTNAME) if _in_halls(blocked) else (_BLOCK, RACK, _HOSTNAME)


def _in_halls(positions: Iterable[Position]) -> bool:
    return _inside((place.fabric_block, place.hall) for place in positions)


def _inside(pairs: Iterable[tuple[object, object]]) -> bool:
    """Whether each first of some pairs always comes with the same second."""
    found: dict[object, object] = {}
    return all(found.setdefault(inner, outer) == outer for inner, outer in pairs)


def places_script(base: Base, names: Names, levels: Sequence[str]) -> str:
    """A script that tells each node where its rack stands, as far as the levels ask, and of which type it is."""
    site, at = base.scenario.facility, base.roster.position
    alike: dict[str, list[str]] = {}
    for r, rack in enumerate(site.racks):
        if at[r] >= 0:
            told = _place_labels(site.positions[at[r]], rack.name, names) | {RACK_TYPE: names.types[rack.rack_type,]}
            words = " ".join(f"{key}={value}" for key, value in told.items() if key in (*levels, RACK_TYPE))
            alike.setdefault(words, []).append(names.racks[rack.name,])
    return _script("Where nodes stand: once, and again when racks have come.", alike)


def holders_script(base: Base, names: Names, period: Period) -> str:
    """A script that tells each node whom its rack serves in a period; a rack that serves nobody loses the label."""
    demands = [data.demand for data in base.instance.demands]
    alike: dict[str, list[str]] = {}
    for r, rack in enumerate(base.scenario.facility.racks):
        if base.roster.position[r] >= 0:
            number = base.roster.serving[r, period.index]
            word = f"{DEMAND}-" if number < 0 else f"{DEMAND}={names.demand(demands[number])}"
            alike.setdefault(word, []).append(names.racks[rack.name,])
    days = f"from {period.start.isoformat()} until {period.end.isoformat()}"
    return _script(f"Whom nodes serve {days}. Drain nodes that change hands first: Kueue does not.", alike)


def _place_labels(place: Position, rack: str, names: Names) -> dict[str, str]:
    block = place.fabric_block
    return {
        _HALL: names.halls[place.hall,],
        _ROW: names.rows[place.row_key,],
        _BLOCK: names.blocks[block,] if block else names.racks[rack,],
    }


def _script(about: str, alike: Mapping[str, Sequence[str]]) -> str:
    calls = [
        f"label {','.join(racks[first : first + _A_CALL])} {words}\n"
        for words, racks in sorted(alike.items())
        for first in range(0, len(racks), _A_CALL)
    ]
    return f"{_SCRIPT.format(about=about, rack=RACK)}{''.join(calls)}exit $failed\n"
