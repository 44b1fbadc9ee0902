"""Construction looks at little more for each rack on a site ten times as large: counted, not timed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf, log
from random import Random
from typing import Any

import numpy as np
import pytest

from benchmarks.placement.colossus import colossus
from benchmarks.placement.families import Instance
from benchmarks.placement.leafy import leafy
from capalloc.placement.core.construct import FIRST_FIT
from capalloc.placement.core.index import index_of
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
LEVELS = ("row", "hall", "none")
DRAWN_GROWTH = 2.0
"""The same where power is kept back, or a seed draws all; 0.8 to 1.8 are found, without trees 2.7 to 8."""
CONTAINERS = 16
"""Most containers that a group is tried in: few, so that the small site has as many too."""
LEVELS = ("row", "hall", "none")
DRAWN_GROWTH = 2.5
"""The same for groups of which some are refused by containers that trees let through; 1.9 is found.

A tree knows the most free positions below a node and the most power, not whether one container has both. Up to 256
containers are tried for a group.
"""


def _with(**keys: Any) -> Callable[[int, int], Instance]:
    def make(racks: int, seed: int) -> Instance:
        facility, requests = leafy(racks, seed)
        return facility, tuple(request.replace(**keys) for request in requests)

    return make


def _groups(instance: Instance, dice: Random, most: int, levels: Sequence[str], whole: float) -> Instance:
    """As many racks in groups of up to ``most``, a share of them ``whole``, kept together in one of the levels."""
    facility, requests = instance
    asked, racks = list[Request](), 0
    while racks < len(requests):
        keys = {"racks": dice.randint(1, most), "together": dice.choice(levels)}
        asked.append(requests[len(asked)].replace(**keys, all_or_nothing=dice.random() < whole))
        racks += asked[-1].racks
    return facility, tuple(asked)


def _in_groups(racks: int, seed: int) -> Instance:
    return _groups(leafy(racks, seed), Random(seed), 8, LEVELS, whole=0.5)


def _two_corded(instance: Instance, seed: int) -> Instance:
    """Every position hangs on two rows' nodes of which each must bear the loss of the other's panel."""
    facility, requests = instance
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


def _drawn(racks: int, seed: int) -> Instance:
    """Rows, cords and groups as a seed draws them, the same at each size."""
    dice = Random(seed)
    row = dice.choice((1, 4, 20, 50))
    instance = leafy(racks, seed, row=row)
    if dice.random() < 0.5:
        instance = _two_corded(instance, seed)
    most, levels = min(row, dice.choice((1, 4, 12))), dice.sample(LEVELS, dice.randint(1, 3))
    return _groups(instance, dice, most, levels, whole=dice.random())


FAMILIES: dict[str, Callable[[int, int], Instance]] = {
    "anywhere": leafy,
    "rows": _with(together="row"),
    "halls": _with(together="hall"),
    "in whole": _with(all_or_nothing=True),
    "a leaf a position": lambda racks, seed: leafy(racks, seed, row=1),
    "groups": _in_groups,
    "two cords": lambda racks, seed: _two_corded(leafy(racks, seed), seed),
}
RESERVED: dict[str, Callable[[int, int], Instance]] = {"groups": _in_groups, "halls": colossus}


def _looks(instance: Instance, reserve: float = 0.0) -> float:
    """Looks for each rack that is asked for; a share of a mean rack's power is kept back for each free position."""
    facility, requests = instance
    problem = lower_facility(facility, ON)
    groups = lower_requests(problem, requests, (), "kw")
    memory = pack(problem, groups, np.zeros(len(groups.racks)), 0)
    memory.m[Header.RESERVE] = round(reserve * float(groups.racks @ groups.power) / float(groups.racks.sum()))
    Starter(groups, SearchParams(containers=CONTAINERS)).place(memory, np.arange(len(groups.racks)), FIRST_FIT)
    assert memory[Group.PLACED].sum() > 0.1 * groups.racks.sum()
    return float(memory.m[Header.LOOKS]) / int(groups.racks.sum())


def _grown(make: Callable[[int, int], Instance], seed: int, reserve: float = 0.0) -> float:
    """What looks for each rack grow by beyond the logarithm."""
    small, large = (_looks(make(racks, seed), reserve) for racks in (SMALL, LARGE))
    assert large <= PER_LOG * log(LARGE, 2)
    return large / small / (log(LARGE) / log(SMALL))


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("seed", [3, 4])
def test_looks_for_each_rack_grow_like_the_logarithm(family: str, seed: int) -> None:
    assert _grown(FAMILIES[family], seed) <= GROWTH


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("reserve", [0.0, 0.5])
def test_so_they_do_on_sites_and_groups_drawn_at_random(seed: int, reserve: float) -> None:
    assert _grown(_drawn, seed, reserve) <= DRAWN_GROWTH


@pytest.mark.parametrize("family", RESERVED)
@pytest.mark.parametrize("reserve", SearchParams().reserves)
def test_and_where_power_is_kept_back(family: str, reserve: float) -> None:
    assert _grown(RESERVED[family], 3, reserve) <= DRAWN_GROWTH


@pytest.mark.parametrize("family", ["anywhere", "a leaf a position", "groups", "two cords"])
def test_without_trees_they_would_not(family: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capalloc.placement.core.start.index_of", lambda m, w, levels: index_of(m, w, ()))
    monkeypatch.setattr("tests.placement.test_growth.PER_LOG", inf)
    assert _grown(FAMILIES[family], 3) > DRAWN_GROWTH
