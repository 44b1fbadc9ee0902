"""``capalloc import ics``: what it writes and says, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from capalloc.formats import load_events
from tests.cli.commands import Run
from tests.imports.maintenance.calendars import calendar, event, notice

NIGHT = (":20260610T220000Z", ":20260611T040000Z")


@pytest.fixture
def notices(tmp_path: Path) -> Path:
    return calendar(tmp_path / "notices.ics", notice("1", *NIGHT, "ups1", "CKT-7", summary="Batteries"))


def test_outages_are_written_and_what_is_none_is_counted(run: Run, tiny: Path, notices: Path, tmp_path: Path) -> None:
    events = tmp_path / "outages.yaml"
    ended = run("import", "ics", notices, tiny, "-o", events)
    assert (ended.code, ended.out) == (0, f"{events}: 1 outage\n")
    assert [one.place for one in load_events(events) if one.type == "outage"] == ["node ups1"]
    assert "  # WO-1: Batteries (2026-06-10 22:00+00:00 to 2026-06-11 04:00+00:00)\n" in events.read_text()
    what = "1 object of notices that is no place of the site: 'CKT-7' (notices.ics: WO-1)"
    assert ended.err.splitlines() == [
        f"capalloc: {what}; say what they are in the file of --objects",
        "capalloc: 1 outage is shorter than a month, and counts for the whole month in this scenario",
    ]
    assert run("whatif", tiny, events, "-q").code == 0


def test_json_has_events_and_counts(run: Run, tiny: Path, notices: Path, tmp_path: Path) -> None:
    ended = run("import", "ics", notices, tiny, "-o", tmp_path / "outages.yaml", "--json")
    said = json.loads(ended.out)
    assert said["events"] == [{"type": "outage", "node": "ups1", "from": "2026-06-10", "until": "2026-06-12"}]
    assert [(one["count"], one["where"]) for one in said["missing"]] == [(1, ["'CKT-7' (notices.ics: WO-1)"])]


def test_a_file_of_objects_is_begun_and_then_used(run: Run, tiny: Path, notices: Path, tmp_path: Path) -> None:
    objects, events = tmp_path / "objects.yaml", tmp_path / "outages.yaml"
    ended = run("import", "ics", notices, tiny, "-o", events, "--objects", objects)
    assert f"capalloc: {objects}: begun with 1 object; say there what it is, and import again" in ended.err
    objects.write_text(objects.read_text().replace("'CKT-7':", "'CKT-7': {node: ups3}"))
    assert run("import", "ics", notices, tiny, "-o", events, "--objects", objects).out == f"{events}: 2 outages\n"


def test_a_folder_of_calendars_is_read_in_order_of_names(run: Run, tiny: Path, notices: Path, tmp_path: Path) -> None:
    calendar(tmp_path / "z.ICS", event("2", *NIGHT, "SUMMARY:Test of ups2"))
    events = tmp_path / "outages.yaml"
    assert run("import", "ics", tmp_path, tiny, "-o", events).out == f"{events}: 2 outages\n"


def test_notices_of_reduced_redundancy_are_told(run: Run, tiny: Path, tmp_path: Path) -> None:
    path = calendar(tmp_path / "x.ics", notice("1", *NIGHT, "ups1", impact="REDUCED-REDUNDANCY"))
    events = tmp_path / "outages.yaml"
    ended = run("import", "ics", path, tiny, "-o", events)
    assert "1 outage takes redundancy alone; with --no-reduced-redundancy it is none" in ended.err
    ended = run("import", "ics", path, tiny, "-o", events, "--no-reduced-redundancy")
    assert ended.out == f"{events}: 0 outages\n"
    assert events.read_text().endswith("events: []\n")
    assert "1 notice of reduced redundancy: x.ics: WO-1, ups1; racks run on their other feed meanwhile" in ended.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{folder}/none.ics", "{tiny}", "-o", "{folder}/o.yaml"], "none.ics: "),
        (["{folder}/empty", "{tiny}", "-o", "{folder}/o.yaml"], "found no calendar in the folder, expected"),
        (["{tiny}", "{tiny}", "-o", "{folder}/o.yaml"], "found no calendar (iCalendar, .ics)"),
        (["{notices}", "{notices}", "-o", "{folder}/o.yaml"], "notices.ics"),
        (["{notices}", "{tiny}", "-o", "{tiny}"], "is read by this command; the result needs another name"),
        (["{notices}", "{tiny}", "-o", "{notices}"], "is no name of a file of events"),
        (["{notices}", "{tiny}", "-o", "{folder}/other.yaml"], "is there already and is not a file of events"),
        (["{notices}", "{tiny}", "-o", "{folder}/o.yaml", "--time-zone", "Mars/Base"], "found 'Mars/Base'"),
        (["{notices}", "{tiny}", "-o", "{folder}/o.yaml", "--time-zone", "../etc"], "--time-zone: found '../etc'"),
        (["{notices}", "{tiny}", "-o", "{folder}/o.yaml", "--objects", "{tiny}"], "tiny.yaml"),
    ],
)  # fmt: skip
def test_bad_input_is_refused(
    run: Run, tiny: Path, notices: Path, tmp_path: Path, arguments: list[str], message: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "other.yaml").write_text("mine")
    given = [one.format(folder=tmp_path, tiny=tiny, notices=notices) for one in arguments]
    before = {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    ended = run("import", "ics", *given)
    assert ended.code == 2
    assert message in ended.err
    assert "Traceback" not in ended.err
    assert {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before
