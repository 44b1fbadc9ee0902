"""Lowers requests to groups of racks that are still to be placed, as arrays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from capalloc.instance.model import Bools, Floats, Ints
from capalloc.placement.problem.layout import COOLINGS, HEATS, LEVELS, NONE, PlacementProblem
from capalloc.schema.facility import Facility, Position
from capalloc.schema.hardware import Cooling, cooling_fits
from capalloc.schema.request import Placed, PlacementObjective, Request
from capalloc.units import MILLIWATTS_PER_W, ROUNDING_NOISE_MILLIWATTS, W_PER_KW, load_milliwatts


class Groups(NamedTuple):
    """N groups of equal racks, one for each request. Power and heat in milliwatts for one rack."""

    racks: Ints
    """Racks still to be placed."""
    power: Ints
    heat: Ints
    """(N, 3) all of it, by liquid and by air."""
    cooling: Ints
    """The bits of how positions may be cooled."""
    level: Ints
    """What it keeps together; see ``LEVELS``."""
    all_or_nothing: Bools
    """A part of what is still to be placed is worth nothing."""
    home: Ints
    """Container that it has to stand in since racks of it stand there already; NONE where it may choose."""
    gain: Floats
    """Worth of each placed rack."""
    bonus: Floats
    """Worth of having every rack placed."""
    rounded: Bools
    """Its power or heat was rounded up to whole milliwatts."""

    def some(self, numbers: Ints) -> Groups:
        """Some of the groups, in that order."""
        return Groups(**{name: column[numbers] for name, column in self._asdict().items()})

    def padded(self, more: int) -> Groups:
        """The groups, and so many empty ones behind them."""
        empty = {name: np.zeros((more, *column.shape[1:]), column.dtype) for name, column in self._asdict().items()}
        return Groups(**{name: np.concatenate((column, empty[name])) for name, column in self._asdict().items()})


def lower_requests(
    problem: PlacementProblem, requests: Sequence[Request], occupied: Sequence[Placed], objective: PlacementObjective
) -> Groups:
    """Lower requests that are checked and filled; ``problem`` holds what stands already."""
    places = {place.name: place for place in problem.facility.positions}
    standing: dict[str, list[Position]] = defaultdict(list)
    for line in occupied:
        standing[line.request].append(places[line.position])
    levels = [LEVELS.index(request.together) for request in requests]
    homes = [_home(problem, level, standing[request.name]) for level, request in zip(levels, requests, strict=True)]
    asks = asks_of(problem.facility, requests)
    racks = np.array([request.racks - len(standing[request.name]) for request in requests], dtype=np.int64)
    stuck = np.array([home is None for home in homes], dtype=bool)
    gains = {
        "racks": np.ones(len(requests)),
        "kw": np.array([request.draw_kw for request in requests], dtype=np.float64),
        "requests": np.zeros(len(requests)),
        "value": np.array([request.value for request in requests], dtype=np.float64),
    }
    return Groups(
        racks=np.where(stuck, 0, racks),
        power=np.array([ask.power for ask in asks], dtype=np.int64),
        heat=np.array([ask.heat for ask in asks], dtype=np.int64).reshape(-1, HEATS),
        cooling=np.array([ask.cooling for ask in asks], dtype=np.int64),
        level=np.array(levels, dtype=np.int64),
        all_or_nothing=np.array([request.all_or_nothing for request in requests], dtype=bool),
        home=np.array([NONE if home is None else home for home in homes], dtype=np.int64),
        gain=gains[objective],
        bonus=np.where((objective == "requests") & ((racks == 0) | ~stuck), 1.0, 0.0),
        rounded=np.array([any(map(_finer, (request.draw_kw, *_heats(request)))) for request in requests], dtype=bool),
    )


class Ask(NamedTuple):
    """What one rack of a request takes. Power and heat in milliwatts."""

    power: int
    heat: tuple[int, ...]
    """All of it, by liquid and by air."""
    cooling: int
    """The bits of how positions may be cooled."""


_SUITED: dict[Cooling | None, int] = {
    needs: sum(1 << bit for bit, position in enumerate(COOLINGS) if needs is None or cooling_fits(position, needs))
    for needs in (None, *COOLINGS)
}
"""The bits of how positions may be cooled for a rack that needs one cooling, or none in particular."""


def asks_of(facility: Facility, requests: Iterable[Request]) -> list[Ask]:
    """What racks of requests that are filled take."""
    kinds = {kind.name: kind.cooling for kind in facility.rack_types}
    return [ask_of(request, kinds.get(request.rack_type or "")) for request in requests]


def ask_of(request: Request, cooling: Cooling | None) -> Ask:
    """Of a rack type that is cooled so; without one, a rack with liquid heat stands where there is liquid."""
    power = load_milliwatts(request.draw_kw)
    if not request.liquid_fraction:
        heat = power if request.cooling_kw is None else load_milliwatts(request.cooling_kw)
        return Ask(power, (heat, 0, heat), _SUITED[cooling])
    return Ask(power, tuple(load_milliwatts(kw) for kw in _heats(request)), _SUITED[cooling or "liquid"])


def _heats(request: Request) -> tuple[float, float, float]:
    """Heat of one rack, and what of it leaves by liquid and by air, in kW."""
    liquid = request.heat_kw * (request.liquid_fraction or 0.0)
    return request.heat_kw, liquid, request.heat_kw - liquid


def _finer(kw: float) -> bool:
    """Whether a load in kW is finer than a milliwatt."""
    return abs(load_milliwatts(kw) - kw * W_PER_KW * MILLIWATTS_PER_W) > ROUNDING_NOISE_MILLIWATTS


def _home(problem: PlacementProblem, level: int, standing: Sequence[Position]) -> int | None:
    """Where the rest of a group has to stand: NONE for anywhere, None for nowhere."""
    if not standing or LEVELS[level] == "none":
        return NONE
    names = set(_names(level, standing))
    if len(names) > 1:
        return None
    home = problem.container(level, names.pop())
    return None if home == NONE else home


def _names(level: int, places: Sequence[Position]) -> Iterator[str | None]:
    for place in places:
        yield (place.row_key, place.fabric_block, place.hall)[level]
