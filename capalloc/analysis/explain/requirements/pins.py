"""Pins: racks, rows or halls kept on a demand or idle; repairs say where instead, or drop one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from capalloc.analysis.edits import demand_of, with_demand
from capalloc.analysis.explain.family import Family
from capalloc.analysis.explain.requirement import Kind, Requirement
from capalloc.analysis.explain.span import Span
from capalloc.calendar import format_day
from capalloc.instance.model import Instance
from capalloc.schema.scenario import IDLE, Pin, Scenario
from capalloc.schema.where import Where


def requirements(instance: Instance) -> Iterator[Requirement]:
    """Every pin."""
    for index, pin in enumerate(instance.scenario.pins):
        place = next(
            f"{word} {name}" for word, name in (("rack", pin.rack), ("row", pin.row), ("hall", pin.hall)) if name
        )
        said = [(word, day) for word, day in (("from", pin.start), ("until", pin.until)) if day is not None]
        when = "".join(f" {word} {format_day(day)}" for word, day in said)
        says = f"{IDLE if pin.demand == IDLE else 'serves ' + pin.demand}{when}"
        yield Requirement(Kind.PIN, place, says, scenario=partial(_without, pin=pin), index=index)


def families(instance: Instance, one: Requirement, span: Span) -> Iterator[Family]:
    """A pin of a place that becomes the demand's ``where``; the pin dropped."""
    if one.kind is Kind.PIN:
        yield from _instead(instance.scenario, one, instance.scenario.pins[one.index])
        edit = partial(_without, pin=instance.scenario.pins[one.index])
        yield Family.single(one, edit, f"{one.where}: pin dropped ({one.says})", "what the pin is for")


def _instead(scenario: Scenario, one: Requirement, pin: Pin) -> Iterator[Family]:
    """A pin of a whole row or hall means every rack there; ``where`` keeps a demand to it with as many as it wants."""
    of_place = pin.rack is None and pin.demand != IDLE and pin.start is None and pin.until is None
    if of_place and demand_of(scenario, pin.demand).where is None:
        where = Where(row=pin.row and (pin.row,), hall=pin.hall and (pin.hall,))
        says = f"{pin.demand}: where {one.where} in place of the pin of every rack there"
        edit = partial(_with_where, pin=pin, where=where)
        yield Family.single(one, edit, says, "what the pin is for")


def _with_where(scenario: Scenario, pin: Pin, where: Where) -> Scenario:
    return with_demand(_without(scenario, pin), pin.demand, where=where)


def _without(scenario: Scenario, pin: Pin) -> Scenario:
    return scenario.replace(pins=tuple(one for one in scenario.pins if one != pin))
