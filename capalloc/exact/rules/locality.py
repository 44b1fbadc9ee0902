"""Locality: a demand occupies a row, block or hall in lots of at least its minimum of one rack type."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from capalloc.exact.model import ExactModel
from capalloc.instance.model import Instance


def may_serve(instance: Instance, r: int, p: int, d: int, t: int) -> bool:
    """Whether the rack stands in a fabric block, where lots are formed by block."""
    locality = instance.demands[d].demand.locality
    return not (locality and locality.level == "fabric_block" and instance.positions.block[p] < 0)


def add(exact: ExactModel, d: int, t: int) -> None:
    """At each place of the level and for each type: none, or at least as many racks as a lot has."""
    locality = exact.instance.demands[d].demand.locality
    if locality is None:
        return
    group, kinds = exact.groups(locality.level), exact.instance.racks.type
    lots: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for s in exact.racks(d, t):
        lots[group[s.position], int(kinds[s.rack])].append(s.literal)
    for key, uses in exact.binaries(f"lot {d} {t}", set(lots)).items():
        for literal in lots[key]:
            exact.model.add_implication(literal, uses)
        exact.model.add(sum(lots[key]) >= locality.min_racks * uses)
