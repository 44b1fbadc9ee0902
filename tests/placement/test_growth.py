"""Construction looks at little more for each rack on a site ten times as large: counted, not timed."""

from __future__ import annotations

from collections.abc import Callable
from math import log
from random import Random
from typing import Any

import numpy as np
import pytest

from benchmarks.placement.families import Instance
from benchmarks.placement.leafy import leafy
from capalloc.placement.core.construct import FIRST_FIT
from capalloc.placement.core.memory import pack
from capalloc.placement.core.params import SearchParams
from capalloc.placement.core.records import Group, Header
from capalloc.placement.core.start import Starter
from capalloc.placement.problem.lower import lower_facility
from capalloc.placement.problem.requests import lower_requests
from capalloc.schema.request import Request
from tests.placement.random_cases import ON

SMALL, LARGE = 500, 5_000
PER_LOG = 4.0
"""Looks for each rack that is asked for, by the binary logarithm of their number; 0.3 to 2.4 are found."""
GROWTH = 1.5
"""What looks for each rack may grow by beyond the logarithm."""


def _own_leaf_a_position(racks: int, seed: int) -> Instance:
    facility, requests = leafy(racks, seed)
    positions = tuple(place.replace(row=f"{place.row}-{place.index}") for place in facility.positions)
    return facility.replace(positions=positions), requests


def _with(**keys: Any) -> Callable[[int, int], Instance]:
    def make(racks: int, seed: int) -> Instance:
        facility, requests = leafy(racks, seed)
        return facility, tuple(request.replace(**keys) for request in requests)

    return make


def _groups(racks: int, seed: int) -> Instance:
    """Groups of one to eight racks, some of all or nothing, kept together in a row or hall or nowhere."""
    facility, requests = leafy(racks, seed)
    dice = Random(seed)
    asked: list[Request] = []
    while sum(request.racks for request in asked) < racks:
        keys = {"racks": dice.randint(1, 8), "together": dice.choice(("row", "hall", "none"))}
        asked.append(requests[len(asked)].replace(**keys, all_or_nothing=dice.random() < 0.5))
    return facility, tuple(asked)


def _two_corded(racks: int, seed: int) -> Instance:
    """Every position hangs on two rows' nodes of which each must bear the loss of the other's panel."""
    facility, requests = leafy(racks, seed)
    dice, leaves = Random(seed), sorted({place.feed_a for place in facility.positions})
    other = dict(zip(leaves, dice.sample(leaves, len(leaves)), strict=True))
    power = tuple(node.replace(contingency=node.parent is None and dice.random() < 0.3) for node in facility.power)
    positions = tuple(
        place
        if other[place.feed_a].split("-")[0] == place.feed_a.split("-")[0]
        else place.replace(feed_b=other[place.feed_a])
        for place in facility.positions
    )
    return facility.replace(power=power, positions=positions), requests


FAMILIES: dict[str, Callable[[int, int], Instance]] = {
    "anywhere": leafy,
    "rows": _with(together="row"),
    "halls": _with(together="hall"),
    "in whole": _with(all_or_nothing=True),
    "a leaf a position": _own_leaf_a_position,
    "groups": _groups,
    "two cords": _two_corded,
}


def _looks(instance: Instance, score: int) -> float:
    """Looks for each rack that is asked for."""
    facility, requests = instance
    problem = lower_facility(facility, ON)
    groups = lower_requests(problem, requests, (), "kw")
    memory = pack(problem, groups, np.zeros(len(groups.racks)), 0)
    Starter(groups, SearchParams()).place(memory, np.arange(len(groups.racks)), score)
    assert memory[Group.PLACED].sum() > 0.4 * groups.racks.sum()
    return float(memory.m[Header.LOOKS]) / int(groups.racks.sum())


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("seed", [3, 4])
def test_looks_for_each_rack_grow_like_the_logarithm(family: str, seed: int) -> None:
    small, large = (_looks(FAMILIES[family](racks, seed), FIRST_FIT) for racks in (SMALL, LARGE))
    assert large <= PER_LOG * log(LARGE, 2)
    assert large <= GROWTH * small * log(LARGE) / log(SMALL)
