"""Calendars: what a plan says happens when, and a later plan that brings the earlier one up to date."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from icalendar import Calendar, Event

from capalloc import load_scenario, solve
from capalloc.analysis.base import Base
from capalloc.exports.ics import calendar_of, happenings_of
from capalloc.schema.event import Delay
from capalloc.schema.scenario import Scenario

EXAMPLES = Path(__file__).parents[3] / "examples"


def planned(scenario: Scenario) -> Base:
    plan = solve(scenario).plan
    assert plan is not None
    return Base(scenario, plan)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario(EXAMPLES / "tiny.yaml")


@pytest.fixture(scope="module")
def tiny(scenario: Scenario) -> Base:
    return planned(scenario)


@pytest.fixture(scope="module")
def later(scenario: Scenario) -> Base:
    """The supply of August comes a month later."""
    return planned(scenario.replace(events=(Delay(type="delay", supply="second", until=date(2026, 9, 1)),)))


def written(base: Base, earlier: Calendar | None = None) -> Calendar:
    content, _ = calendar_of(base.scenario.name, base.scenario.horizon.start, happenings_of(base), earlier)
    assert isinstance(Calendar.from_ical(content), Calendar)
    return Calendar.from_ical(content)


def by_uid(calendar: Calendar) -> dict[str, Event]:
    found = {str(event.uid): event for event in calendar.events}
    assert len(found) == len(calendar.events)
    return found


def named(calendar: Calendar, begins: str) -> list[tuple[date, int, str]]:
    return [
        (event.start, event.sequence, str(event.status))
        for event in calendar.events
        if str(event.summary).startswith(begins)
    ]


def test_each_move_has_a_day_a_place_and_its_racks(tiny: Base) -> None:
    moves = [event for event in written(tiny).events if "Moves" in event.categories]
    found = [(event.start, str(event.summary), str(event.location)) for event in moves]
    assert [(day, text.partition(",")[0]) for day, text, _ in found] == [
        (date(2026, 6, 1), "inference hands over 3 racks to lease"),
        (date(2026, 7, 1), "inference hands over 3 racks to lease"),
        (date(2026, 8, 1), "2 racks brought into service for inference"),
    ]
    assert all(place.startswith("tiny, hall h1, row h1/r") for *_, place in found)
    racks = {name for event in moves for name in str(event.description).removeprefix("Racks: ").split(", ")}
    assert len(racks) == 3 + 3 + 2


def test_the_same_plan_changes_nothing(tiny: Base) -> None:
    first = written(tiny)
    assert written(tiny, Calendar.from_ical(first.to_ical())).to_ical() == first.to_ical()


def test_a_later_plan_moves_events_and_raises_their_version(tiny: Base, later: Base) -> None:
    first = written(tiny)
    second = written(later, Calendar.from_ical(first.to_ical()))
    assert by_uid(first).keys() <= by_uid(second).keys()
    assert named(first, "supply second") == [(date(2026, 8, 1), 0, "CONFIRMED")]
    assert named(second, "supply second") == [(date(2026, 9, 1), 1, "CONFIRMED")]
    for uid, event in by_uid(second).items():
        old = by_uid(first).get(uid)
        if old is not None:
            changed = (event.summary, event.start, event.status) != (old.summary, old.start, old.status)
            assert event.sequence == old.sequence + changed
            assert (event.stamp > old.stamp) == changed


def test_what_is_planned_no_more_is_cancelled_and_may_come_back(tiny: Base) -> None:
    first = written(tiny)
    kept = [one for one in happenings_of(tiny) if not one.summary.startswith("supply")]
    content, counted = calendar_of("tiny", date(2026, 5, 1), kept, Calendar.from_ical(first.to_ical()))
    assert counted == {"new": 0, "changed": 0, "cancelled": 1, "same": 11}
    gone = Calendar.from_ical(content)
    assert named(gone, "supply second") == [(date(2026, 8, 1), 1, "CANCELLED")]
    assert named(written(tiny, gone), "supply second") == [(date(2026, 8, 1), 2, "CONFIRMED")]


def test_what_is_over_and_what_others_added_stays(tiny: Base) -> None:
    calendar = Calendar.from_ical(written(tiny).to_ical())
    other = Event()
    other.add("uid", "party@example.com")
    other.add("dtstart", date(2026, 9, 1))
    other.add("summary", "Party")
    calendar.add_component(other)
    content, counted = calendar_of("tiny", date(2026, 8, 1), [], calendar)
    # Of twelve events, seven begin before August: five steps (two in May, one in June, two in July) and two moves.
    assert counted == {"new": 0, "changed": 0, "cancelled": 5, "same": 0}
    after = Calendar.from_ical(content)
    assert {str(event.status) for event in after.events if event.start < date(2026, 8, 1)} == {"CONFIRMED"}
    assert by_uid(after)["party@example.com"].status == ""
