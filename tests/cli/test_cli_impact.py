"""``capalloc impact``: what happens while something is out of service."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from capalloc.report.figures import DASH
from capalloc.schema.impact import Impact
from tests.cli.commands import Run, squeezed


def test_a_ups_that_is_out_leaves_its_racks_on_one_feed(run: Run, tiny: Path, plan: Path) -> None:
    ended = run("impact", tiny, plan, "ups1", "--period", "2026-07", "-q")
    lines = squeezed(ended.out)
    assert (ended.code, ended.err) == (0, "")
    assert "Out ups1 (ups, a contingency)" in lines
    assert "Dark no rack" in lines
    assert "At stake nothing" in lines
    assert "capalloc whatif SCENARIO outage:NODE:FROM:UNTIL` plans again" in " ".join(lines)
    # Row 1 hangs on ups1 and ups2, row 2 on ups1 and ups3: 7 racks of the lease at 100 kW, one of inference at 80 kW.
    assert "One feed 8 racks: 1 of inference, 7 of lease; 780.0 kW" in lines
    # In July ups2 takes all of row 1, four racks at 80 kW, and its half of row 3, 80 kW.
    assert "ups2, ups3 240.0 400.0 500.0 80.0 %" in lines
    assert f"2026-07 0 0.0 780.0 {DASH} ups2 80.0 % yes" in lines


def test_what_is_out_together_is_told_by_kind(run: Run, tiny: Path, plan: Path) -> None:
    ended = run("impact", tiny, plan, "ups1", "ups2", "r1-a", "h1/r3", "second", "-q")
    out = "ups1, ups2 (ups, contingencies); r1-a (busway); h1/r3 (row); second (supply, out in 2026-05 anyway)"
    assert f"Out {out}" in " ".join(ended.out.split())


def test_json_is_the_documented_record(run: Run, tiny: Path, plan: Path) -> None:
    ended = run("impact", tiny, plan, "ups1", "row:h1/r1", "--json", "-q")
    answer = Impact.model_validate_json(ended.out)
    assert answer.nodes == ("ups1", "row:h1/r1")
    assert answer.period == "2026-05"
    assert json.loads(ended.out)["windows"] == []
    assert run("impact", tiny, plan, "ups1", "row:h1/r1", "--json", "-q").out == ended.out


def test_the_list_of_racks_says_whom_to_notify(run: Run, tiny: Path, plan: Path, tmp_path: Path) -> None:
    path = tmp_path / "hit.csv"
    ended = run("impact", tiny, plan, "ups1", "ups2", "--period", "2026-07", "--csv", path)
    assert ended.code == 0
    assert f"capalloc: 10 racks written to {path}" in ended.err
    with path.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    # Row 1 hangs on both and goes dark; racks of rows 2 and 3 are left with ups3.
    assert {(row["row"], row["hit"]) for row in rows} == {("r1", "dark"), ("r2", "one feed"), ("r3", "one feed")}
    assert {row["tenant"] for row in rows if row["demand"] == "lease"} == {"Example AI"}
    assert all(row["does"] == "serves" for row in rows if row["demand"])


def test_the_list_of_racks_takes_the_place_of_nothing_else(run: Run, tiny: Path, plan: Path, tmp_path: Path) -> None:
    path = tmp_path / "hit.csv"
    path.write_text("not ours\n", encoding="utf-8")
    ended = run("impact", tiny, plan, "ups1", "--csv", path, "-q")
    assert (ended.code, path.read_text(encoding="utf-8")) == (2, "not ours\n")
    assert "is there already and is not a list of racks that are hit" in ended.err
    assert run("impact", tiny, plan, "ups1", "--csv", path, "-q", "--force").code == 0
    assert run("impact", tiny, plan, "ups1", "--csv", path, "-q").code == 0
