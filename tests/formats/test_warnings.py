"""Warnings of tables: what may be misread, and of many rows alike a few and their count."""

from __future__ import annotations

from pathlib import Path

from capalloc.formats import load_scenario, warnings_of
from tests.formats.conftest import Files


def test_the_same_of_many_rows_is_told_three_times_and_counted(files: Files) -> None:
    rows = "".join(f"pdu{n},pdu,ups1,0.0{n},yes\n" for n in range(1, 10))
    files.append("site/power.csv", rows)
    places = "".join(f"q{n},h1,r2,{n},pdu{n},,liquid\n" for n in range(1, 10))
    files.write(
        "site/positions.csv", (files.folder / "site/positions.csv").read_text().replace("ups1", "pdu1") + places
    )
    files.append("site/racks.csv", "".join(f"z{n},hgx,q{n}\n" for n in range(1, 10)))
    found = warnings_of(load_scenario(files.scenario))
    assert {Path(one.file).name for one in found} == {"power.csv"}
    assert [(one.line, one.message[:13]) for one in found] == [
        (5, "found 0.01 kW"), (6, "found 0.02 kW"), (7, "found 0.03 kW"), (8, "and 6 more li"),
    ]  # fmt: skip


def test_a_share_of_1_000_is_no_thousand_and_a_rating_may_be(files: Files) -> None:
    rows = "grid,utility,,400.000,,1.000\nups1,ups,grid,200,yes,1.000\nups2,ups,grid,200,yes,\n"
    files.write("site/power.csv", f"name,kind,parent,rated_kw,contingency,max_utilization\n{rows}")
    (found,) = warnings_of(load_scenario(files.scenario))
    assert (found.line, found.key, found.message[:13]) == (2, "rated_kw", "found 400.000")
