"""Maintenance notices become outages of the days that they touch, at the places that they name."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from capalloc import load_scenario
from capalloc.errors import ScenarioError
from capalloc.formats import load_events
from capalloc.imports.maintenance import (
    Objects,
    Outages,
    Wanted,
    events_page,
    objects_page,
    outages_of,
    read_notices,
    read_objects,
)
from capalloc.imports.missing import Tally, missing_lines
from capalloc.schema.event import Outage
from capalloc.schema.scenario import Scenario
from tests.imports.maintenance.calendars import calendar, event, notice

EXAMPLES = Path(__file__).parents[3] / "examples"
NIGHT = (":20260610T220000Z", ":20260611T040000Z")
"""Two days of June, six hours."""
TWO_DAYS = ("2026-06-10", "2026-06-12")


@pytest.fixture(scope="module")
def tiny() -> Scenario:
    return load_scenario(EXAMPLES / "tiny.yaml")


class Asked:
    """An import, and what it has counted."""

    def __init__(
        self,
        scenario: Scenario,
        path: Path,
        zone: str | None = None,
        objects: Objects | None = None,
        wanted: Wanted | None = None,
    ) -> None:
        tally = Tally()
        notices = read_notices([path], scenario.horizon.end, None if zone is None else ZoneInfo(zone), tally)
        known = objects or Objects(scenario.facility)
        self.outages: Outages = outages_of(scenario, notices, known, wanted or Wanted(), tally)
        self.counted = {one.what: one.count for one in tally.missing()}
        self.lines = missing_lines(tally.missing())

    @property
    def found(self) -> list[tuple[str, str, str]]:
        return [(one.place, one.start.isoformat(), one.until.isoformat()) for one, _ in self.outages.found]


def test_objects_are_power_nodes_halls_rows_and_labels(tiny: Scenario, tmp_path: Path) -> None:
    racks = tuple(
        one.model_copy(update={"labels": {"serial": f"A-{number}"}}) for number, one in enumerate(tiny.facility.racks)
    )
    power = tuple(
        one.model_copy(update={"labels": {"circuit": "CKT-9"} if one.name == "ups2" else {}})
        for one in tiny.facility.power
    )
    labelled = tiny.replace(facility=tiny.facility.replace(racks=racks, power=power))
    path = calendar(tmp_path / "x.ics", notice("1", *NIGHT, "ups1", "h1", "r2", "h1/r3", "CKT-9", "A-3"))
    asked = Asked(labelled, path)
    assert asked.found == [
        (place, *TWO_DAYS) for place in ("hall h1", "node ups1", "node ups2", "row h1/r3", "row r2", "serial A-3")
    ]
    assert asked.counted == {}


@pytest.mark.parametrize(
    ("start", "end", "zone", "days"),
    [
        (":20260610T220000Z", ":20260611T040000Z", None, ("2026-06-10", "2026-06-12")),
        (":20260610T220000Z", ":20260611T040000Z", "America/Chicago", ("2026-06-10", "2026-06-11")),  # 17:00 to 23:00
        (":20260610T220000Z", ":20260611T000000Z", None, ("2026-06-10", "2026-06-11")),  # ends as the day begins
        (";TZID=Asia/Tokyo:20260611T010000", ";TZID=Asia/Tokyo:20260611T020000", None, ("2026-06-11", "2026-06-12")),
        (";TZID=Asia/Tokyo:20260611T010000", ";TZID=Asia/Tokyo:20260611T020000", "UTC", ("2026-06-10", "2026-06-11")),
        (":20260610T220000", ":20260611T040000", "UTC", ("2026-06-10", "2026-06-12")),  # floating: the site's own time
        (";VALUE=DATE:20260610", ";VALUE=DATE:20260612", "UTC", ("2026-06-10", "2026-06-12")),
        (";VALUE=DATE:20260610", "", None, ("2026-06-10", "2026-06-11")),
        (":20260610T220000Z", "", None, ("2026-06-10", "2026-06-11")),  # at a time, without a length
    ],
)
def test_days_are_those_that_a_notice_touches(
    tiny: Scenario, tmp_path: Path, start: str, end: str, zone: str | None, days: tuple[str, str]
) -> None:
    asked = Asked(tiny, calendar(tmp_path / "x.ics", notice("1", start, end, "ups1")), zone)
    assert asked.found == [("node ups1", *days)]


@pytest.mark.parametrize(
    ("more", "wanted", "outages", "counted"),
    [
        ({"impact": "NO-IMPACT"}, Wanted(), 0, "notices without impact"),
        ({"impact": "X-WHATEVER"}, Wanted(), 1, None),  # the convention: an unknown impact is an outage
        ({"impact": "REDUCED-REDUNDANCY"}, Wanted(), 1, None),
        ({"impact": "reduced-redundancy"}, Wanted(reduced_redundancy=False), 0, "notices of reduced redundancy"),
        ({"impact": "DEGRADED"}, Wanted(), 1, None),
        ({"impact": "DEGRADED"}, Wanted(degraded=False), 0, "notices of degraded service"),
        ({"x_maintnote_status": "CANCELLED"}, Wanted(), 0, "notices that are cancelled"),
        ({"x_maintnote_status": "COMPLETED"}, Wanted(), 0, "notices that are completed"),
        ({"x_maintnote_status": "IN-PROCESS"}, Wanted(), 1, None),
        ({"status": "TENTATIVE"}, Wanted(), 0, "notices that are tentative"),
        ({"status": "TENTATIVE"}, Wanted(tentative=True), 1, None),
    ],
)
def test_status_and_impact_decide(
    tiny: Scenario, tmp_path: Path, more: dict[str, str], wanted: Wanted, outages: int, counted: str | None
) -> None:
    asked = Asked(tiny, calendar(tmp_path / "x.ics", notice("1", *NIGHT, "ups1", **more)), wanted=wanted)
    assert len(asked.found) == outages
    assert asked.counted == ({} if counted is None else {counted: 1})


def test_an_object_may_have_an_impact_of_its_own(tiny: Scenario, tmp_path: Path) -> None:
    own = "X-MAINTNOTE-OBJECT-ID;X-MAINTNOTE-OBJECT-IMPACT=NO-IMPACT:ups2"
    asked = Asked(
        tiny, calendar(tmp_path / "x.ics", notice("1", *NIGHT, "ups1").replace("END:VEVENT", f"{own}\r\nEND:VEVENT"))
    )
    assert asked.found == [("node ups1", *TWO_DAYS)]
    assert asked.counted == {"notices without impact": 1}


def test_the_latest_version_counts_whatever_the_order(tiny: Scenario, tmp_path: Path) -> None:
    path = calendar(
        tmp_path / "x.ics",
        notice("1", ":20260801T000000Z", ":20260802T000000Z", "ups1", sequence="2"),
        notice("1", *NIGHT, "ups1", sequence="10", x_maintnote_status="CANCELLED"),
        notice("1", *NIGHT, "ups1"),
    )
    asked = Asked(tiny, path)
    assert asked.found == []
    assert asked.counted == {"versions of notices that a later version replaces": 2, "notices that are cancelled": 1}


def test_other_calendars_name_places_by_location_or_in_words(tiny: Scenario, tmp_path: Path) -> None:
    path = calendar(
        tmp_path / "x.ics",
        event("1", *NIGHT, "SUMMARY:Batteries", "LOCATION:ups1\\, r2"),
        event("2", *NIGHT, "SUMMARY:Clean row r3 of Hall h1"),
        event("3", *NIGHT, "SUMMARY:Test of ups2\\, near ups22 and xups3"),
        event("4", *NIGHT, "SUMMARY:Party", "LOCATION:Roof"),
        event("5", *NIGHT, "SUMMARY:h1 and r1"),
    )
    asked = Asked(tiny, path)
    assert [place for place, *_ in asked.found] == ["node ups1", "node ups2", "row h1/r3", "row r2"]
    what = "2 objects of notices that are no place of the site: 'Roof' (x.ics: Party), 'h1 and r1' (x.ics: h1 and r1)"
    assert asked.lines == [f"{what}; say what they are in the file of --objects"]


def test_a_file_says_what_objects_are_and_is_begun_with_those_that_are_not_known(
    tiny: Scenario, tmp_path: Path
) -> None:
    path = calendar(tmp_path / "x.ics", notice("1", *NIGHT, "CKT: 1 #", "both", x_maintnote_provider="acme"))
    asked = Asked(tiny, path)
    assert asked.found == []
    objects = tmp_path / "objects.yaml"
    objects.write_text(objects_page(asked.outages.unknown))
    assert read_objects(objects) == {}
    text = objects.read_text().replace("'CKT: 1 #': ", "acme CKT: 1 #: {node: ups1}").replace("acme C", "'acme C")
    text = text.replace("#: {", "#': {").replace("'both':", "'both': [{row: r1}, {label: {serial: [A, B]}}]")
    objects.write_text(text)
    asked = Asked(tiny, path, objects=Objects(tiny.facility, read_objects(objects)))
    assert [place for place, *_ in asked.found] == ["node ups1", "row r1", "serial A or B"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("objects: {a: {node: x, row: y}}", "expected exactly one of node, row, hall, label; found node, row"),
        ("objects: {a: 3}", "objects.a"),
        ("things: {}", "things"),
        ("- a", "found a list, expected a mapping"),
        ("objects: {a: {node: ", "is not YAML"),
    ],
)
def test_a_file_of_objects_with_a_fault_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "objects.yaml"
    path.write_text(text)
    with pytest.raises(ScenarioError, match=message):
        read_objects(path)


def test_what_repeats_is_there_as_often_as_it_does(tiny: Scenario, tmp_path: Path) -> None:
    times = (";TZID=America/Chicago:20260601T220000", ";TZID=America/Chicago:20260602T000000")
    path = calendar(
        tmp_path / "x.ics",
        event("1", *times, "RRULE:FREQ=MONTHLY", "EXDATE;TZID=America/Chicago:20260701T220000", "SUMMARY:Test of ups1"),
        event(
            "1",
            ";TZID=America/Chicago:20260803T220000",
            ";TZID=America/Chicago:20260804T010000",
            "RECURRENCE-ID;TZID=America/Chicago:20260801T220000",
            "SUMMARY:Test of ups1\\, later",
        ),
        event("2", ";VALUE=DATE:20260901", "", "RDATE;VALUE=DATE:20260915", "SUMMARY:Test of ups2"),
    )
    # Monthly from June to the end of October, without July, and in August on the third.
    assert Asked(tiny, path).found == [
        ("node ups1", "2026-06-01", "2026-06-02"),
        ("node ups1", "2026-08-03", "2026-08-05"),
        ("node ups1", "2026-09-01", "2026-09-02"),
        ("node ups2", "2026-09-01", "2026-09-02"),
        ("node ups2", "2026-09-15", "2026-09-16"),
        ("node ups1", "2026-10-01", "2026-10-02"),
    ]


_TZ = ";TZID=America/Chicago"
_LATE = (f"{_TZ}:20260601T220000", f"{_TZ}:20260601T230000")
"""An hour before midnight in Chicago, which is the next day in UTC."""
_TEST = "SUMMARY:Test of ups1"


def apart(when: str, *lines: str) -> str:
    """The version of one time of the event 1: on the tenth of July."""
    return event("1", ":20260710T030000Z", ":20260710T040000Z", f"RECURRENCE-ID{when}", _TEST, *lines)


@pytest.mark.parametrize(
    ("lines", "more", "starts"),
    [
        (["RRULE:FREQ=MONTHLY;COUNT=3"], "", ["06-01", "07-01", "08-01"]),
        (["RRULE:FREQ=MONTHLY;COUNT=3"], apart(f"{_TZ}:20260701T220000"), ["06-01", "07-10", "08-01"]),
        (["RRULE:FREQ=MONTHLY;COUNT=3"], apart(":20260702T030000Z"), ["06-01", "07-10", "08-01"]),  # the same moment
        (["RRULE:FREQ=MONTHLY;COUNT=3"], apart(":20260701T220000"), ["06-01", "07-10", "08-01"]),
        (["RRULE:FREQ=MONTHLY;COUNT=3"], apart(";VALUE=DATE:20260701"), ["06-01", "07-10", "08-01"]),
        (["RRULE:FREQ=MONTHLY;COUNT=3"], apart(":20260702T030000Z", "STATUS:CANCELLED"), ["06-01", "08-01"]),
        (["RRULE:FREQ=MONTHLY;COUNT=3", "EXDATE:20260702T030000Z"], "", ["06-01", "08-01"]),
        (["RRULE:FREQ=MONTHLY;COUNT=3", "EXDATE;VALUE=DATE:20260701"], "", ["06-01", "08-01"]),
        (["RRULE:FREQ=MONTHLY;UNTIL=20260801"], "", ["06-01", "07-01", "08-01"]),
        (["RRULE:FREQ=MONTHLY;UNTIL=20260801T215959"], "", ["06-01", "07-01"]),
        (["RRULE:FREQ=MONTHLY;UNTIL=20260802T030000Z"], "", ["06-01", "07-01", "08-01"]),
        (["RDATE:20260702T030000Z"], "", ["06-01", "07-02"]),
    ],
)
def test_times_are_left_out_and_end_however_a_calendar_writes_them(
    tiny: Scenario, tmp_path: Path, lines: list[str], more: str, starts: list[str]
) -> None:
    found = Asked(tiny, calendar(tmp_path / "x.ics", event("1", *_LATE, _TEST, *lines), more)).found
    assert [start.removeprefix("2026-") for _, start, _ in found] == starts


@pytest.mark.parametrize("until", ["20260801", "20260801T000000Z", "20260801T000000"])
def test_whole_days_end_however_a_calendar_writes_it(tiny: Scenario, tmp_path: Path, until: str) -> None:
    days = (";VALUE=DATE:20260601", ";VALUE=DATE:20260602", f"RRULE:FREQ=MONTHLY;UNTIL={until}")
    moved = event("1", ";VALUE=DATE:20260710", "", "RECURRENCE-ID:20260701T000000Z", _TEST)
    found = Asked(tiny, calendar(tmp_path / "x.ics", event("1", *days, _TEST), moved)).found
    assert [start for _, start, _ in found] == ["2026-06-01", "2026-07-10", "2026-08-01"]


def test_one_of_several_times_on_a_day_is_moved_alone(tiny: Scenario, tmp_path: Path) -> None:
    twice = event("1", ":20260601T000000Z", ":20260601T003000Z", "RRULE:FREQ=HOURLY;INTERVAL=12;COUNT=2", _TEST)
    found = Asked(tiny, calendar(tmp_path / "x.ics", twice, apart(":20260601T120000Z"))).found
    assert [start for _, start, _ in found] == ["2026-06-01", "2026-07-10"]


def test_a_calendar_that_is_sent_to_cancel_has_no_outages(tiny: Scenario, tmp_path: Path) -> None:
    path = calendar(tmp_path / "x.ics", notice("1", *NIGHT, "ups1", x_maintnote_status="CONFIRMED"))
    path.write_text(path.read_text().replace("BEGIN:VEVENT", "METHOD:CANCEL\nBEGIN:VEVENT"))
    asked = Asked(tiny, path)
    assert (asked.found, asked.counted) == ([], {"notices that are cancelled": 1})


def test_what_is_cancelled_whole_is_so_with_the_times_that_were_moved(tiny: Scenario, tmp_path: Path) -> None:
    series = event("1", *_LATE, _TEST, "RRULE:FREQ=MONTHLY;COUNT=3", "SEQUENCE:2", "STATUS:CANCELLED")
    moved = event("1", ":20260710T030000Z", ":20260710T040000Z", "RECURRENCE-ID:20260702T030000Z", _TEST, "SEQUENCE:1")
    assert Asked(tiny, calendar(tmp_path / "x.ics", series, moved)).found == []
    kept = Asked(tiny, calendar(tmp_path / "y.ics", series.replace("CANCELLED", "CONFIRMED"), moved)).found
    assert [start for _, start, _ in kept] == ["2026-06-01", "2026-07-10", "2026-08-01"]


def test_a_zone_that_nobody_knows_is_told(tiny: Scenario, tmp_path: Path) -> None:
    strange = (";TZID=Mars/Base:20260610T220000", ";TZID=Mars/Base:20260611T040000")
    asked = Asked(tiny, calendar(tmp_path / "x.ics", notice("1", *strange, "ups1")), "UTC")
    assert asked.found == [("node ups1", *TWO_DAYS)]
    assert asked.counted == {"notices of a time zone that is not known, taken as the site's": 1}


def test_an_outage_without_an_end_in_sight_is_one(tiny: Scenario, tmp_path: Path) -> None:
    asked = Asked(tiny, calendar(tmp_path / "x.ics", notice("1", ":20260610T220000Z", ":99991231T235959Z", "ups1")))
    assert asked.found == [("node ups1", "2026-06-10", "9999-12-31")]


NO_TIME, NO_RULE = "notices without a time that can be read", "notices that repeat in a way that cannot be read"
OUTSIDE = "notices outside the horizon"


@pytest.mark.parametrize(
    ("broken", "counted"),
    [
        (event("1", ":20260612T000000Z", ":20260610T000000Z", "SUMMARY:ups1"), "notices that end before they begin"),
        (event("1", ":soon", ":20260610T000000Z", "SUMMARY:ups1"), NO_TIME),
        ("BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:ups1\r\nEND:VEVENT\r\n", NO_TIME),
        (event("1", ":20260610T000000Z", ";VALUE=DATE:20260611", "SUMMARY:ups1"), NO_TIME),
        (event("1", ":20260610T000000Z", "", "DURATION:P9999999D", "SUMMARY:ups1"), NO_TIME),
        (event("1", *NIGHT, "RECURRENCE-ID:soon", "SUMMARY:ups1"), NO_TIME),
        (event("1", *NIGHT, "RRULE:FREQ=SOMETIMES", "SUMMARY:ups1"), NO_RULE),
        (event("1", *NIGHT, "RRULE:FREQ=DAILY;UNTIL=soon", "SUMMARY:ups1"), NO_RULE),
        (event("1", *NIGHT, "RRULE:FREQ=DAILY", "EXRULE:FREQ=WEEKLY", "SUMMARY:ups1"), NO_RULE),
        (event("1", *NIGHT, "RECURRENCE-ID;RANGE=THISANDFUTURE:20260610T220000Z", "SUMMARY:ups1"), NO_RULE),
        (event("1", ":20200101T000000Z", ":20200102T000000Z", "SUMMARY:ups1"), OUTSIDE),
        (event("1", ":20261101T000000Z", ":20261102T000000Z", "SUMMARY:ups1"), OUTSIDE),
    ],
)
def test_what_cannot_be_read_is_counted(tiny: Scenario, tmp_path: Path, broken: str, counted: str) -> None:
    asked = Asked(tiny, calendar(tmp_path / "x.ics", broken, notice("2", *NIGHT, "ups2")))
    assert asked.found == [("node ups2", *TWO_DAYS)]
    assert asked.counted == {counted: 1}


@pytest.mark.parametrize("content", [b"", b"hello", b"\xff\xfe\x00", b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"])
def test_what_is_no_calendar_is_refused(tiny: Scenario, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.ics"
    path.write_bytes(content)
    with pytest.raises(ScenarioError, match=r"x\.ics: found no calendar"):
        Asked(tiny, path)


def test_outages_that_the_scenario_has_are_not_written_twice(tiny: Scenario, tmp_path: Path) -> None:
    there = Outage(type="outage", node="ups1", start=date(2026, 6, 10), until=date(2026, 6, 12))
    path = calendar(tmp_path / "x.ics", notice("1", *NIGHT, "ups1"), notice("2", *NIGHT, "ups2"))
    asked = Asked(tiny.replace(events=(there,)), path)
    assert asked.found == [("node ups2", *TWO_DAYS)]
    assert asked.counted == {"outages that the scenario has already": 1}


@pytest.mark.parametrize("uid", ["0123456789abcdef01234567-1@capalloc", "0123456789ABCDEF01234567-2@CAPALLOC"])
def test_what_a_plan_has_put_there_is_no_outage(tiny: Scenario, tmp_path: Path, uid: str) -> None:
    ours = event(uid, *NIGHT, "SUMMARY:3 racks brought into service for lease\\, row r2", "LOCATION:ups1")
    asked = Asked(tiny, calendar(tmp_path / "x.ics", ours, notice("1", *NIGHT, "ups2")))
    assert asked.found == [("node ups2", *TWO_DAYS)]
    assert asked.counted == {"events that a plan has put there": 1}


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        (";VALUE=DATE:20260610", ";VALUE=DATE:20260613", "2026-06-10 through 2026-06-12"),
        (";VALUE=DATE:20260610", ";VALUE=DATE:20260611", "2026-06-10"),
        (":20260610T220000Z", ":20260611T040000Z", "2026-06-10 22:00+00:00 to 2026-06-11 04:00+00:00"),
    ],
)
def test_a_notice_of_whole_days_is_told_with_its_last_day(
    tiny: Scenario, tmp_path: Path, start: str, end: str, told: str
) -> None:
    page = events_page(Asked(tiny, calendar(tmp_path / "x.ics", notice("1", start, end, "ups1"))).outages)
    assert f"# WO-1 ({told})\n" in page


def test_the_file_of_events_is_read_back(tiny: Scenario, tmp_path: Path) -> None:
    hostile = "SUMMARY:events: [] # {\\n- {type: outage\\, node: feeder} \x1b[31m"
    path = calendar(
        tmp_path / "x.ics", notice("1", *NIGHT, "ups1", "r2").replace("END:VEVENT", f"{hostile}\r\nEND:VEVENT")
    )
    outages = Asked(tiny, path).outages
    written = tmp_path / "events.yaml"
    written.write_text(events_page(outages))
    assert load_events(written) == tuple(outage for outage, _ in outages.found)
    assert events_page(outages) == events_page(Asked(tiny, path).outages)
    assert "\x1b" not in written.read_text()
