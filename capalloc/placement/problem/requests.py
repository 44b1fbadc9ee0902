"""Lowers requests to groups of racks that are still to be placed, as arrays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from capalloc.instance.model import Bools, Floats, Ints
from capalloc.placement.problem.layout import LEVELS, NONE, PlacementProblem
from capalloc.schema.facility import Position
from capalloc.schema.request import Placed, PlacementObjective, Request
from capalloc.units import MILLIWATTS_PER_W, ROUNDING_NOISE_MILLIWATTS, W_PER_KW, load_milliwatts


class Groups(NamedTuple):
    """N groups of equal racks, one for each request. Power and heat in milliwatts for one rack."""

    racks: Ints
    """Racks still to be placed."""
    power: Ints
    heat: Ints
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


def lower_requests(
    problem: PlacementProblem, requests: Sequence[Request], occupied: Sequence[Placed], objective: PlacementObjective
) -> Groups:
    """Lower requests whose references have been checked; ``problem`` holds what stands already."""
    places = {place.name: place for place in problem.facility.positions}
    standing: dict[str, list[Position]] = defaultdict(list)
    for line in occupied:
        standing[line.request].append(places[line.position])
    levels = [LEVELS.index(request.together) for request in requests]
    homes = [_home(problem, level, standing[request.name]) for level, request in zip(levels, requests, strict=True)]
    power = np.array([load_milliwatts(request.power_kw) for request in requests], dtype=np.int64)
    racks = np.array([request.racks - len(standing[request.name]) for request in requests], dtype=np.int64)
    stuck = np.array([home is None for home in homes], dtype=bool)
    gains = {
        "racks": np.ones(len(requests)),
        "kw": np.array([request.power_kw for request in requests], dtype=np.float64),
        "requests": np.zeros(len(requests)),
        "value": np.array([request.value for request in requests], dtype=np.float64),
    }
    return Groups(
        racks=np.where(stuck, 0, racks),
        power=power,
        heat=np.array([load_milliwatts(request.heat_kw) for request in requests], dtype=np.int64),
        level=np.array(levels, dtype=np.int64),
        all_or_nothing=np.array([request.all_or_nothing for request in requests], dtype=bool),
        home=np.array([NONE if home is None else home for home in homes], dtype=np.int64),
        gain=gains[objective],
        bonus=np.where((objective == "requests") & ((racks == 0) | ~stuck), 1.0, 0.0),
        rounded=np.array([_finer(request.power_kw) or _finer(request.heat_kw) for request in requests], dtype=bool),
    )


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
