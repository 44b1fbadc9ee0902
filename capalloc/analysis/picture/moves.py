"""Racks that begin or cease to serve a demand, or change hands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from capalloc.analysis.picture.pictured import Pictured
from capalloc.instance.model import NOBODY, Ints


@dataclass(frozen=True, slots=True)
class Switch:
    """Racks that do the same from a period on that they did not do in the period before."""

    period: int
    before: int
    """Demand that they served in the period before; NOBODY where none."""
    last: int
    """Demand that they served last, whenever that was."""
    now: int
    """Demand that they serve from this period on."""
    racks: Ints
    """(n,)"""


def switches_of(pictured: Pictured) -> Iterator[Switch]:
    """Period by period against the one before; the first against the incumbent, where there is one."""
    instance, serving = pictured.site.instance, pictured.site.roster.serving
    last = np.maximum(instance.racks.last, NOBODY)
    before = np.maximum(instance.racks.held, NOBODY)
    first = 0 if pictured.scenario.incumbent is not None else 1
    if first and serving.shape[1]:
        before = last = serving[:, 0]
    for period in pictured.periods[first:]:
        now = serving[:, period.index]
        yield from _switches(period.index, np.column_stack((before, last, now)))
        before, last = now, np.where(now == NOBODY, last, now)


def _switches(period: int, demands: Ints) -> Iterator[Switch]:
    changed = np.flatnonzero(demands[:, 0] != demands[:, 2])
    kinds, which = np.unique(demands[changed], axis=0, return_inverse=True)
    for number, (before, last, now) in enumerate(kinds.tolist()):
        yield Switch(period, before, last, now, changed[which.ravel() == number])


@dataclass(frozen=True, slots=True)
class Move:
    """Racks of a row that change hands on a day."""

    day: date
    work: str
    """``hand over``, ``bring into service`` or ``release``."""
    source: str | None
    """The demand that had them, or served from them last; None where they served nobody before."""
    target: str | None
    row: str | None
    """None where they stand nowhere."""
    hall: str | None
    racks: tuple[str, ...]
    counted: bool
    """Whether they leave a demand whose term goes on, which the policy's cost of a move is for."""


def moves_of(pictured: Pictured) -> Iterator[Move]:
    """Moves by day, each with its racks in the order in which they stand."""
    for switch in switches_of(pictured):
        for racks in _by_row(pictured, switch.racks):
            yield _move(pictured, switch, racks)


def _by_row(pictured: Pictured, racks: Ints) -> Iterator[Ints]:
    position, spots = pictured.site.roster.position[racks], pictured.site.instance.positions
    row = np.where(position == NOBODY, NOBODY, spots.row[position])
    order = np.lexsort((position, row))
    yield from np.split(racks[order], np.flatnonzero(np.diff(row[order])) + 1)


def _move(pictured: Pictured, switch: Switch, racks: Ints) -> Move:
    instance, names = pictured.site.instance, pictured.site.instance.demand_names
    place, spots = int(pictured.site.roster.position[racks[0]]), instance.positions
    stands, comes = place != NOBODY, switch.now != NOBODY
    source = switch.before if not comes or switch.last == switch.now else switch.last
    work = "release" if not comes else "bring into service" if switch.last in (NOBODY, switch.now) else "hand over"
    return Move(
        pictured.periods[switch.period].start,
        work,
        None if source == NOBODY else names[source],
        names[switch.now] if comes else None,
        spots.row_names[spots.row[place]] if stands else None,
        spots.hall_names[spots.hall[place]] if stands else None,
        tuple(instance.racks.names[rack] for rack in racks),
        switch.before != NOBODY and bool(instance.demands[switch.before].in_term[switch.period]),
    )
