"""Calendars: what a plan says happens when, and a later plan that brings the earlier one up to date."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from icalendar import Calendar, Event

from capalloc import load_scenario, solve
from capalloc.analysis.base import Base
from capalloc.errors import ScenarioError
from capalloc.exports.ics import Happening, calendar_of, happenings_of, read_calendar
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


_ONE = Happening(("site", "release"), date(2026, 6, 1), date(2026, 6, 2), "a releases 2 racks", "Moves")
_FIRST = date(2026, 5, 1)


def updated(tmp_path: Path, old: str, new: str) -> tuple[Calendar, dict[str, int]]:
    """The calendar of one happening, after somebody wrote ``new`` for ``old`` into it."""
    path = tmp_path / "x.ics"
    text = calendar_of("n", _FIRST, [_ONE])[0].decode()
    assert old in text
    path.write_text(text.replace(old, new), newline="")
    content, counted = calendar_of("n", _FIRST, [_ONE], read_calendar(path))
    path.write_bytes(content)
    again, _ = calendar_of("n", _FIRST, [_ONE], read_calendar(path))
    assert again == content
    return Calendar.from_ical(content), counted


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("SUMMARY:a", "SUMMARY:mine\r\nSUMMARY:a"),
        ("STATUS:CONFIRMED", "STATUS:CONFIRMED\r\nSTATUS:CANCELLED"),
        ("CATEGORIES:Moves", "CATEGORIES:Mine\r\nCATEGORIES:Moves"),
        ("20260602", "20260601"),
        ("DTEND;VALUE=DATE:20260602", "DURATION:P3D"),
        ("END:VEVENT", "RRULE:FREQ=DAILY\r\nEND:VEVENT"),
        (";VALUE=DATE:20260601\r\nDTEND;VALUE=DATE:20260602", ":20260601T100000Z\r\nDTEND:20260601T110000Z"),
    ],
)
def test_what_somebody_changed_of_ours_is_set_right(tmp_path: Path, old: str, new: str) -> None:
    calendar, counted = updated(tmp_path, old, new)
    assert counted == {"new": 0, "changed": 1, "cancelled": 0, "same": 0}
    (after,) = calendar.events
    wanted = calendar_of("n", _FIRST, [_ONE])[0].replace(b"SEQUENCE:0", b"SEQUENCE:1").replace(b"T000000Z", b"T000001Z")
    assert sorted(after.to_ical().splitlines()) == sorted(Calendar.from_ical(wanted).events[0].to_ical().splitlines())


def test_what_somebody_added_to_ours_stays(tmp_path: Path) -> None:
    alarm = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT1H\r\nDESCRIPTION:soon\r\nEND:VALARM\r\nEND:VEVENT"
    calendar, counted = updated(tmp_path, "END:VEVENT", alarm)
    assert counted["same"] == 1
    assert b"BEGIN:VALARM" in calendar.to_ical()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("SEQUENCE:0", "SEQUENCE:99999999999", "found SEQUENCE 99999999999, expected 0 to 2000000000"),
        ("SEQUENCE:0", "SEQUENCE:-1", "found SEQUENCE -1, expected"),
        ("SEQUENCE:0", "SEQUENCE:1.5", "1.5"),
        ("DTEND;VALUE=DATE:20260602", "DURATION:P99999999D", "out of range"),
        ("DTEND;VALUE=DATE:20260602", "DTEND;VALUE=DATE:00010101", "out of range"),
    ],
)
def test_an_event_of_ours_that_cannot_be_read_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=f"that can be updated: .*{said}"):
        updated(tmp_path, old, new)


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
