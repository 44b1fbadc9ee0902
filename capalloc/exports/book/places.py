"""Racks: who has which from when, who gives which to whom, and where deliveries stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from capalloc.analysis.diff.places import Places, placed_by, places_of
from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.marks import Kind, marks_of
from capalloc.analysis.picture.moves import moves_of
from capalloc.exports.book.table import Cell, Column, Table

COST = "Cost of move USD"
_RACK = (Column("Rack"), Column("Rack type"))
_PLACE = (Column("Hall"), Column("Row"), Column("Position"), Column("Feed A"), Column("Feed B"))
_UNTIL = Column("Until", "day", note="The first day after.")
_DATE = Column("Date", "day")


class Racks:
    """Where the racks of a plan stand."""

    def __init__(self, pictured: Pictured) -> None:
        self._places: Places = places_of([pictured.scenario])
        self._placed = placed_by(pictured.plan)

    def kind(self, rack: str) -> tuple[Cell, ...]:
        """The name and type of a rack."""
        return (rack, self._places.racks[rack].rack_type)

    def place(self, rack: str) -> tuple[Cell, ...]:
        """Hall, row, position and feeds of a rack."""
        spot = self._places.spot(rack, self._placed.get(rack))
        feed_a, feed_b = (*spot.feeds, None, None)[:2]
        return (spot.hall, spot.row, spot.position, feed_a, feed_b)


def assignments_table(pictured: Pictured, racks: Racks) -> Table:
    """A row for each run of days in which a rack serves a demand, or is held for one."""
    plan = pictured.plan
    columns = (*_RACK, Column("Demand"), Column("Does"), Column("From", "day"), _UNTIL, *_PLACE)
    runs = [*(("serves", one) for one in plan.assignments), *(("spare", one) for one in plan.buffers)]
    rows = [
        (*racks.kind(one.rack), one.demand, does, one.start, one.until, *racks.place(one.rack)) for does, one in runs
    ]
    return Table("Assignments", columns, rows)


def moves_table(pictured: Pictured, racks: Racks) -> Table:
    """A row for each rack that changes what it does on a day."""
    columns = (
        _DATE,
        Column("Work"),
        *_RACK,
        Column("From demand", note="That had it, or served from it last."),
        Column("To demand"),
        *_PLACE,
        Column(COST, "usd", total=True, note="Of a rack that leaves a demand whose term goes on."),
    )
    return Table("Moves", columns, list(_moves(pictured, racks)))


def _moves(pictured: Pictured, racks: Racks) -> Iterator[tuple[Cell, ...]]:
    cost = pictured.scenario.policy.move_cost_usd_per_rack
    for move in moves_of(pictured):
        for rack in move.racks:
            hands = (move.source, move.target)
            paid = cost if move.counted else 0.0
            yield (move.day, move.work, *racks.kind(rack), *hands, *racks.place(rack), paid)


def deliveries_table(pictured: Pictured, racks: Racks) -> Table:
    """A row for each rack that comes: to its place by the facility, or to the one that the plan gives it."""
    comes = {rack: mark.day for mark in marks_of(pictured) if mark.kind is Kind.DELIVERY for rack in mark.names}
    comes |= {one.rack: one.start for one in pictured.plan.placements}
    rows = [(day, *racks.kind(rack), *racks.place(rack)) for rack, day in sorted(comes.items(), key=_by_day)]
    return Table("Deliveries", (_DATE, *_RACK, *_PLACE), rows)


def _by_day(one: tuple[str, date]) -> tuple[date, str]:
    rack, day = one
    return day, rack
