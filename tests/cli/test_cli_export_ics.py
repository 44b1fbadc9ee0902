"""``capalloc export ics``: a calendar, brought up to date, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from capalloc.formats.calendars import CALENDAR_BYTES
from tests.cli.commands import Run


def test_a_calendar_is_written_and_then_brought_up_to_date(run: Run, tiny: Path, plan: Path, tmp_path: Path) -> None:
    path = tmp_path / "moves.ics"
    ended = run("export", "ics", tiny, plan, "-o", path)
    assert (ended.code, ended.out) == (0, f"{path}\n")
    assert "capalloc: 12 new\n" in ended.err
    first = path.read_bytes()
    assert "capalloc: 12 same\n" in run("export", "ics", tiny, plan, "-o", path).err
    assert path.read_bytes() == first
    # The supply of August comes in September: the same scenario in a file of its own, planned again.
    later = tmp_path / "later.yaml"
    text = tiny.read_text().replace("facility: tiny ", f"facility: {tmp_path.name}-site ")
    assert run("expand", tiny, "-o", tmp_path / f"{tmp_path.name}-site").code == 0
    later.write_text(f"{text}events: [{{type: delay, supply: second, days: 31}}]\n")
    other = tmp_path / "later.ics"
    ended = run("export", "ics", later, "-o", other, "--update", path, "-q")
    assert ended.code == 0
    assert path.read_bytes() == first
    assert b"SEQUENCE:1" in other.read_bytes()


def test_a_calendar_of_somebody_else_is_spared(run: Run, tiny: Path, plan: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.ics"
    path.write_text("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Mine//EN\r\nEND:VCALENDAR\r\n")
    before = path.read_bytes()
    ended = run("export", "ics", tiny, plan, "-o", path)
    assert ended.code == 2
    assert "is there already and is not a calendar of plans" in ended.err
    assert path.read_bytes() == before
    assert run("export", "ics", tiny, plan, "-o", path, "--update", path, "--force", "-q").code == 0
    assert b"-//Mine//EN" in path.read_bytes()


_NONE = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Mine//EN\r\nEND:VCALENDAR\r\n"


@pytest.mark.parametrize(
    "content", ["", "hello", "BEGIN:VCALENDAR\r\n", "BEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\n", 2 * _NONE]
)
def test_an_earlier_calendar_that_is_none_is_refused(
    run: Run, tiny: Path, plan: Path, tmp_path: Path, content: str
) -> None:
    earlier = tmp_path / "earlier.ics"
    earlier.write_text(content)
    ended = run("export", "ics", tiny, plan, "-o", tmp_path / "x.ics", "--update", earlier)
    assert ended.code == 2
    assert f"{earlier}: found no calendar" in ended.err
    assert not (tmp_path / "x.ics").exists()


def test_an_earlier_calendar_that_is_too_large_or_missing_is_refused(
    run: Run, tiny: Path, plan: Path, tmp_path: Path
) -> None:
    large = tmp_path / "large.ics"
    large.write_text(_NONE + "X" * CALENDAR_BYTES)
    for earlier, message in ((large, "is larger than 32 MB"), (tmp_path / "none.ics", "none.ics"), (tmp_path, "is a")):
        ended = run("export", "ics", tiny, plan, "-o", tmp_path / "x.ics", "--update", earlier)
        assert ended.code == 2
        assert message in ended.err
        assert not (tmp_path / "x.ics").exists()


def test_an_event_of_ours_that_somebody_broke_is_refused(run: Run, tiny: Path, plan: Path, tmp_path: Path) -> None:
    path = tmp_path / "moves.ics"
    assert run("export", "ics", tiny, plan, "-o", path, "-q").code == 0
    lines = path.read_text().splitlines()
    path.write_text("\r\n".join(line for line in lines if not line.startswith("DTSTART")) + "\r\n")
    ended = run("export", "ics", tiny, plan, "-o", path)
    assert ended.code == 2
    assert f"{path}: " in ended.err
    assert "Traceback" not in ended.err


def test_another_ending_is_refused(run: Run, tiny: Path, plan: Path, tmp_path: Path) -> None:
    ended = run("export", "ics", tiny, plan, "-o", tmp_path / "moves.txt")
    assert (ended.code, list(tmp_path.glob("moves*"))) == (2, [])
    assert "moves.txt: is no name of a calendar of plans; expected one that ends in .ics" in ended.err
