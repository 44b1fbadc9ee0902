"""The script of reservations knows its own by their names, whatever others have made. Its scontrol is a stub here."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from capalloc.exports.slurm.tenants import mark_of
from tests.exports.slurm.sites import files_of

_SCONTROL = """#!/bin/sh
case "$*" in
  '--oneliner show reservation') cat there ;;
  'delete reservation '*) echo "$3" >> deleted ;;
  'create reservation '*) echo "$3" >> created ;;
esac
"""
_DAYS = "2126-06-01_2126-06-05"
_OURS = f"capalloc-tiny_gone_{_DAYS}"


def run(folder: Path, names: list[str], *options: str) -> tuple[list[str], str]:
    """What the script of the plan of ``tiny`` takes away of such reservations, and what it says on stderr."""
    (folder / "scontrol").write_text(_SCONTROL)
    (folder / "scontrol").chmod(0o755)
    (folder / "there").write_text("".join(map(_shown, names)))
    (folder / "reservations.sh").write_text(files_of("tiny")["reservations.sh"])
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    command = ["sh", "reservations.sh", *options]
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    deleted = folder / "deleted"
    return deleted.read_text().split() if deleted.exists() else [], ended.stderr


def _shown(name: str) -> str:
    days = "StartTime=2126-06-01T00:00:00 EndTime=2126-06-05T00:00:00 Duration=4-00:00:00"
    return f"ReservationName={name} {days} Nodes=r1-1 NodeCnt=1 Accounts=example-ai State=INACTIVE\n"


def test_what_an_earlier_plan_of_the_site_made_is_taken_away(tmp_path: Path) -> None:
    assert run(tmp_path, [_OURS, f"{_OURS}_2"], "--replace")[0] == [_OURS, f"{_OURS}_2"]


@pytest.mark.parametrize(
    "name",
    [
        f"maint-ups_{_DAYS}",
        f"lease_{_DAYS}",
        f"tiny_lease_{_DAYS}",
        f"capalloc_lease_{_DAYS}",
        f"capalloc-tiny-2_lease_{_DAYS}",
        f"my-capalloc-tiny_lease_{_DAYS}",
        f"CAPALLOC-TINY_lease_{_DAYS}",
        f"capalloc-tiny_lease_{_DAYS}_by-hand",
        "capalloc-tiny_lease",
        f"other Comment=ReservationName={_OURS}",
    ],
)
def test_what_others_made_stays_though_its_name_looks_alike(name: str, tmp_path: Path) -> None:
    deleted, said = run(tmp_path, [name, _OURS], "--replace")
    assert deleted == [_OURS]
    assert said == ""


def test_nothing_is_taken_away_unless_it_is_asked_for(tmp_path: Path) -> None:
    assert run(tmp_path, [_OURS])[0] == []
    assert run(tmp_path, [_OURS], "--replace", "--dry-run")[0] == []


def test_its_help_says_how_it_knows_its_own(tmp_path: Path) -> None:
    (tmp_path / "reservations.sh").write_text(files_of("tiny")["reservations.sh"])
    command = ["sh", str(tmp_path / "reservations.sh"), "--help"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "It knows its own by their names, capalloc-SITE_DEMAND_FROM_UNTIL" in said
    assert "planned" not in said


def test_no_two_sites_share_a_mark_and_none_begins_with_another() -> None:
    sites = [
        "a",
        "a_b",
        "a-b",
        "A",
        "a_b_c",
        "東京",
        "北京",
        "all",
        "x" * 60,
        "x" * 61,
        "x" * 62,
        "a b",
        "1",
        "n1",
        ".",
    ]
    marks = [mark_of(site) for site in sites]
    assert not any(other.startswith(mark) for mark in marks for other in marks if other is not mark)
    assert mark_of("colossus1") == "capalloc-colossus1_"
