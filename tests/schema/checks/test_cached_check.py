"""Checks of frozen records run once for each object, and again for each copy."""

from __future__ import annotations

import gc

from capalloc.schema.checks.cached_check import cached_check
from capalloc.schema.checks.references import faults
from capalloc.schema.facility import Rack
from tests.strategies import facility, scenario, workload


def _counted() -> tuple[list[str], Rack]:
    return [], Rack(name="r0", rack_type="a")


def test_a_record_is_checked_once() -> None:
    asked, rack = _counted()

    def count(record: Rack) -> int:
        asked.append(record.name)
        return len(asked)

    check = cached_check(count)
    assert [check(rack), check(rack)] == [1, 1]
    assert asked == ["r0"]


def test_a_copy_and_an_equal_record_are_checked_anew() -> None:
    asked, rack = _counted()

    def remember(record: Rack) -> None:
        asked.append(record.name)

    check = cached_check(remember)
    for record in (rack, rack.replace(name="r1"), Rack(name="r0", rack_type="a")):
        check(record)
    assert asked == ["r0", "r1", "r0"]


def test_nothing_is_kept_of_a_record_that_is_gone() -> None:
    answers: list[str] = []

    def answer(record: Rack) -> object:
        answers.append(record.name)
        return object()

    check = cached_check(answer)
    for number in range(10):
        check(Rack(name=f"r{number}", rack_type="a"))
        gc.collect()
    assert answers == [f"r{number}" for number in range(10)]


def test_a_changed_copy_of_a_sound_scenario_is_not_taken_for_sound() -> None:
    sound = scenario(facility(), workloads=[workload("own")])
    assert faults(sound) == ()
    changed = sound.replace(workloads=(sound.workloads[0].replace(rack_types=("b",)),))
    assert [fault.loc for fault in faults(changed)] == [("workloads", 0, "rack_types", 0)]
    assert faults(sound) == ()
