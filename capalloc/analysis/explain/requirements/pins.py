"""Pins: racks, rows or halls kept on a demand or idle; the repair of one is to drop it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from capalloc.analysis.explain.family import Family
from capalloc.analysis.explain.requirement import Kind, Requirement
from capalloc.analysis.explain.span import Span
from capalloc.calendar import format_day
from capalloc.instance.model import Instance
from capalloc.schema.scenario import IDLE, Pin, Scenario


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
    """The pin dropped."""
    if one.kind is Kind.PIN:
        edit = partial(_without, pin=instance.scenario.pins[one.index])
        yield Family.single(one, edit, f"{one.where}: pin dropped ({one.says})", "what the pin is for")


def _without(scenario: Scenario, pin: Pin) -> Scenario:
    return scenario.replace(pins=tuple(one for one in scenario.pins if one != pin))
