"""``capalloc show``: one thing of a plan, several, or the whole site."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copytree

import pytest

from capalloc.schema.shown import Shown
from tests.cli.commands import Run, squeezed


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "110")


def test_a_ups_is_shown_with_what_hangs_on_it(run: Run, tiny: Path, plan: Path) -> None:
    ended = run("show", tiny, plan, "ups1", "-q")
    lines = squeezed(ended.out)
    assert (ended.code, ended.err) == (0, "")
    assert "Node ups1: ups, a contingency" in lines
    assert "Path feeder > ups1" in lines
    assert "Children 2 nodes: r1-a, r2-a" in lines
    # Two rows of four racks at 80 kW, half of each on ups1; the loss of ups2 adds the other half of row 1.
    assert "2026-05 … 2026-10 320.0 330.0 10.0 97.0 % ups2 480.0 500.0 20.0" in lines


def test_the_page_of_a_plan_and_show_say_what_of_the_same_kw_left_is_the_reserve(
    run: Run, tiny: Path, tmp_path: Path
) -> None:
    copytree(tiny.parent / "tiny", tmp_path / "tiny")
    text = tiny.read_text(encoding="utf-8")
    scenario, path = tmp_path / "kept.yaml", tmp_path / "kept.json"
    scenario.write_text(text.replace("policy:\n", "policy:\n  reserve_mw: 0.05\n"), encoding="utf-8")
    page = squeezed(run("plan", scenario, "-o", path, "-q").out)
    shown = squeezed(run("show", scenario, path, "feeder", "-q").out)
    # nine racks of 80 kW at a PUE of 1.25 are 900 of 1,000 kW; with a tenth the reserve of 50 kW would not be kept
    assert any(line.startswith("2026-05 … 2026-07 900.0 1,000.0 100.0 ") for line in page)
    assert any(line.startswith("2026-05 … 2026-07 900.0 1,000.0 100.0 ") for line in shown)
    for lines in page, shown:
        assert "of what the site has left, 50.0 kW are the reserve" in " ".join(lines)


def test_without_a_name_the_site_is_a_tree_down_to_its_rows(run: Run, tiny: Path, plan: Path) -> None:
    lines = squeezed(run("show", tiny, plan, "-q").out)
    assert "feeder utility 1,000.0 1,000.0 100.0 % 2026-05 12" in lines
    assert "├─ ups1 ups 320.0 330.0 97.0 % 2026-05 8" in lines
    assert "│ │ └─ h1/r1 row 320.0 2026-05 4" in lines
    assert "ups1 … ups3 (3) 2026-05 0.0 0.0 0" in lines


def test_a_depth_cuts_the_tree_and_says_so(run: Run, tiny: Path, plan: Path) -> None:
    lines = squeezed(run("show", tiny, plan, "--depth", "1", "-q").out)
    assert not any("├─" in line for line in lines)
    assert "… 15 nodes and rows below; --depth 2 goes on, --json has them all" in lines


def test_several_things_come_one_after_the_other(run: Run, tiny: Path, plan: Path) -> None:
    lines = squeezed(run("show", tiny, plan, "lease", "h1", "zone", "r1-1", "r1-p1", "--period", "2026-07", "-q").out)
    heads = ["Demand lease: contract with Example AI", "Hall h1: 12 positions (12 liquid)", "Zone zone: 12 positions"]
    heads += [
        "Rack r1-1: rack, 64 GPUs, 100 kW nameplate, 80 expected, 10 idle",
        "Position r1-p1: number 1 of row h1/r1",
    ]
    assert [line for line in lines if line in heads] == heads
    # Ten racks of 80 kW in July, three quarters of it by liquid.
    assert "2026-07 600.0 800.0 200.0 200.0 300.0 100.0" in lines


def test_json_is_the_documented_record(run: Run, tiny: Path, plan: Path) -> None:
    ended = run("show", tiny, plan, "ups1", "lease", "--json", "-q")
    shown = Shown.model_validate_json(ended.out)
    assert [thing.kind for thing in shown.things] == ["node", "demand"]
    assert json.loads(ended.out)["things"][1]["from"] == "2026-05"
    assert run("show", tiny, plan, "ups1", "lease", "--json", "-q").out == ended.out


def test_the_whole_site_is_json_too(run: Run, tiny: Path, plan: Path) -> None:
    (site,) = json.loads(run("show", tiny, plan, "--json", "-q").out)["things"]
    assert [node["name"] for node in site["nodes"][:3]] == ["feeder", "ups1", "r1-a"]
    assert [one["name"] for one in site["headroom"]] == ["h1", "ups1", "ups2", "ups3"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ups9"], "NAME: found 'ups9', expected the name of a node, hall, row, zone, rack, position or demand; near:"),
        (["ups1", "--period", "2027-01"], "--period: found '2027-01', expected a period of the plan, from 2026-05"),
        (["--period", "next"], "--period: found 'next', expected a period of the plan"),
    ],
)
def test_what_is_not_there_is_bad_input(run: Run, tiny: Path, plan: Path, arguments: list[str], said: str) -> None:
    ended = run("show", tiny, plan, *arguments, "-q")
    assert (ended.code, ended.out) == (2, "")
    assert f"capalloc: {said}" in ended.err


def test_a_day_names_the_period_that_it_lies_in(run: Run, tiny: Path, plan: Path) -> None:
    day, month = (run("show", tiny, plan, "ups1", "--period", text, "-q").out for text in ("2026-07-15", "2026-07"))
    assert day == month


def test_a_plan_of_another_version_is_warned_about(run: Run, tiny: Path, plan: Path) -> None:
    plan.write_text(plan.read_text().replace('"scenario_sha256": "', '"scenario_sha256": "0'))
    ended = run("show", tiny, plan, "ups1", "-q")
    assert ended.code == 0
    assert "made for another scenario, or for another version of this one" in ended.err


def test_a_plan_of_another_scenario_is_refused(run: Run, tiny: Path, plan: Path) -> None:
    plan.write_text(plan.read_text().replace('"rack": "r1-1"', '"rack": "elsewhere"'))
    ended = run("show", tiny, plan, "-q")
    assert ended.code == 2
    assert "found 'elsewhere', expected a rack of the facility" in ended.err


def test_progress_is_told_unless_it_is_not_wanted(run: Run, tiny: Path, plan: Path) -> None:
    assert "capalloc: reading the scenario" in run("show", tiny, plan, "ups1").err


def test_a_prospect_that_is_not_planned_is_told_with_how_to_plan_it(run: Run, tiny: Path, tmp_path: Path) -> None:
    scenario, path = tmp_path / "scenario.yaml", tmp_path / "plan.json"
    asked = (
        "- {name: asked, tenant: A, probability: 0.4, rack_types: [rack], until: 2026-09, fee: {usd_per_month: 1e6},"
    )
    asked += " ramp: [{from: 2026-07, mw: 0.1}]}\n"
    assert run("expand", tiny, "-o", tmp_path).code == 0
    text = scenario.read_text(encoding="utf-8")
    scenario.write_text(text.replace("contracts:\n", f"contracts:\n{asked}"), encoding="utf-8")
    assert run("plan", scenario, "-q", "-o", path).code == 0
    for name in ("asked", "demand:asked"):
        ended = run("show", scenario, path, name, "-q")
        assert (ended.code, ended.err) == (0, "")
        assert "Planned      no, it is a prospect: capalloc plan with --prospect asked plans it" in ended.out
        assert "from 2026-07 until 2026-09" in ended.out
    (thing,) = json.loads(run("show", scenario, path, "asked", "-q", "--json").out)["things"]
    assert (thing["kind"], thing["planned"], thing["periods"]) == ("demand", False, [])
    assert "near: demand:asked" in run("show", scenario, path, "askd", "-q").err
    assert run("plan", scenario, "-q", "-o", path, "--prospect", "asked").code == 0
    (thing,) = json.loads(run("show", scenario, path, "asked", "-q", "--json").out)["things"]
    assert (thing["planned"], len(thing["periods"])) == (True, 2)


def test_the_site_has_a_name_and_labels_are_told_of(run: Run, tiny: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    assert run("plan", tiny, "-q", "-o", plan).code == 0
    assert run("show", tiny, plan, "site", "-q").out == run("show", tiny, plan, "-q").out
    assert run("expand", tiny, "-o", tmp_path / "tables").code == 0
    racks = tmp_path / "tables" / "racks.csv"
    head, *rows = racks.read_text(encoding="utf-8").splitlines()
    racks.write_text("\n".join([f"{head},vendor", *(f"{row},Dell" for row in rows)]) + "\n", encoding="utf-8")
    for name in ("Dell", "vendor:Dell", "vendor=Dell", "label:vendor=Dell"):
        ended = run("show", tmp_path / "tables" / "scenario.yaml", plan, name, "-q")
        assert ended.code == 2
        assert f"(the label vendor=Dell, which {len(rows)} racks and positions bear" in ended.err


def test_names_are_refused_before_anything_is_measured(
    run: Run, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = tmp_path / "plan.json"
    assert run("plan", tiny, "-q", "-o", plan).code == 0
    monkeypatch.setattr("capalloc.analysis.show.answer.PlannedSite", lambda *_: pytest.fail("measured"))
    assert run("show", tiny, plan, "nothing-of-that-name", "-q").code == 2
