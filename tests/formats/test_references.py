"""References between records: every kind that leads nowhere or contradicts another is named."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from capalloc.errors import ScenarioError
from capalloc.formats import load_scenario
from capalloc.schema.checks.references import faults
from tests.formats.conftest import Files

ROOT = Path(__file__).parents[2]


def test_a_sound_scenario_has_no_faults(files: Files) -> None:
    assert faults(load_scenario(files.scenario)) == ()


@pytest.mark.parametrize(
    ("table", "old", "new", "line", "key", "says"),
    [
        ("power", "ups1,ups,grid", "ups1,ups,gird", 3, "parent", "unknown power node 'gird'; did you mean 'grid'?"),
        ("power", "grid,utility,,", "grid,utility,grid,", 2, "parent", "form a cycle: grid -> grid"),
        ("power", "ups2,ups,", "ups1,ups,", 4, "name", "duplicate name 'ups1': another power node has it"),
        ("positions", "2,ups1,ups2", "2,ups9,ups2", 3, "feed_a", "unknown power node 'ups9'"),
        (
            "positions",
            "2,ups1,ups2",
            "2,grid,ups2",
            3,
            "feed_a",
            "'grid' has nodes below it; a position hangs on a leaf",
        ),
        ("positions", "2,ups1,ups2", "2,ups2,ups2", 3, "feed_b", "both feeds are 'ups2'"),
        ("positions", "2,ups1,ups2,liquid", "2,ups1,ups2,air", 3, "position", "needs liquid"),
        ("positions", "p2,h2", "p1,h2", 3, "name", "duplicate name 'p1': another position has it"),
        ("racks", "k2,hgx", "k2,hgy", 3, "rack_type", "unknown rack type 'hgy'; did you mean 'hgx'?"),
        ("racks", "k2,hgx,p2", "k2,hgx,p1", 3, "position", "rack 'k1' already stands on position 'p1'"),
    ],
)
def test_a_fault_of_a_table_is_named(
    files: Files, table: str, old: str, new: str, line: int, key: str, says: str
) -> None:
    files.change(f"site/{table}.csv", old, new)
    found = [problem for problem in files.problems() if problem[2] == key and says in problem[3]]
    assert [problem[1] for problem in found] == [line]


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        (
            "supplies",
            "name,node,kw\ns,ups1,9\n",
            (2, "node", "power node 'ups1' hangs below 'grid'; a supply feeds a root"),
        ),
        ("supplies", "name,node,kw\ns,grud,9\n", (2, "node", "unknown power node 'grud'; did you mean 'grid'?")),
        (
            "supplies",
            "name,node,kw,from,until\ns,grid,9,2026-05,2026-05\n",
            (2, "until", "until 2026-05 is not after from 2026-05"),
        ),
        ("cooling", "name,total_kw\nz,1\nz,2\n", (3, "name", "duplicate name 'z': another cooling zone has it")),
        (
            "cooling",
            "name,total_kw,available_from,available_until\nz,1,2026-06,2026-05\n",
            (2, "available_until", "available_until 2026-05 is not after available_from 2026-06"),
        ),
    ],
)
def test_a_fault_of_an_optional_table_is_named(files: Files, name: str, text: str, place: tuple[int, str, str]) -> None:
    files.write(f"site/{name}.csv", text)
    assert files.problem() == (f"site/{name}.csv", *place)


def test_an_unknown_cooling_zone_is_named(files: Files) -> None:
    rows = "p1,h1,r1,ups1,ups2,liquid,\np2,h2,r1,ups1,ups2,liquid,zone\n"
    files.write("site/positions.csv", f"name,hall,row,feed_a,feed_b,cooling,cooling_zone\n{rows}")
    message = "unknown cooling zone 'zone'; there is no cooling zone at all"
    assert files.problem() == ("site/positions.csv", 3, "cooling_zone", message)


def test_racks_may_follow_each_other_on_a_position(files: Files) -> None:
    header = "name,rack_type,position,available_from,available_until,status\n"
    files.write(
        "site/racks.csv", header + "k2,hgx,p1,2026-08,,active\nk1,hgx,p1,,2026-08,active\nk0,hgx,p1,,,retired\n"
    )
    load_scenario(files.scenario)
    files.change("site/racks.csv", "k1,hgx,p1,,2026-08,", "k1,hgx,p1,,2026-08-02,")
    message = "rack 'k1' already stands on position 'p1' until 2026-08-02"
    assert files.problem() == ("site/racks.csv", 2, "position", message)


SIGN = """\
  - type: sign
    on: {on}
    contract:
      {{name: {name}, tenant: Bee, rack_types: [hgx], until: 2026-10,
        ramp: [{{from: 2026-07, mw: 0.08}}], fee: {{usd_per_month: 1}}}}
"""


@pytest.mark.parametrize(
    ("event", "key", "message"),
    [
        (
            "{type: notice, contract: art, by: tenant, on: 2026-07}",
            "contract",
            "unknown contract 'art'; did you mean 'ant'?",
        ),
        (
            "{type: notice, contract: train, by: tenant, on: 2026-07}",
            "contract",
            "unknown contract 'train'; such as 'ant' is known",
        ),
        (
            "{type: notice, contract: ant, by: provider, on: 2026-07}",
            "by",
            "found provider, but only the tenant may end contract 'ant' (termination.by)",
        ),
        (
            "{type: outage, node: ups3, from: 2026-06, until: 2026-07}",
            "node",
            "unknown power node 'ups3'; did you mean 'ups2'?",
        ),
        ("{type: outage, hall: h3, from: 2026-06, until: 2026-07}", "hall", "unknown hall 'h3'; such as 'h1' is known"),
        (
            "{type: outage, row: r1, from: 2026-06, until: 2026-07}",
            "row",
            "row 'r1' is ambiguous: it may be h1/r1, h2/r1; write hall/row",
        ),
        (
            "{type: delay, node: grid, days: 3}",
            "node",
            "has no available_from that 3 days could be added to; give the delay as until",
        ),
        ("{type: delay, supply: line, days: 3}", "supply", "unknown supply 'line'; there is no supply at all"),
        (
            "{type: delay, rack_type: hgx, days: 3}",
            "rack_type",
            "no planned rack of type 'hgx' has an available_from that could be delayed",
        ),
        ("{type: delay, rack_type: gb, days: 3}", "rack_type", "unknown rack type 'gb'; such as 'hgx' is known"),
        (
            # steps of June and August; 61 days after 1 August is 1 October, the end
            "{type: delay, contract: ant, days: 61}",
            "days",
            "moves the last step of 'ant' to 2026-10, outside its term, which ends before 2026-10",
        ),
        (
            # the first step goes from 1 June to 1 August, 61 days; the last one too
            "{type: delay, contract: ant, until: 2026-08}",
            "until",
            "moves the last step of 'ant' to 2026-10, outside its term, which ends before 2026-10",
        ),
        (
            "{type: supply, name: s, node: ups1, kw: 3}",
            "node",
            "power node 'ups1' hangs below 'grid'; a supply feeds a root",
        ),
    ],
)
def test_a_fault_of_an_event_is_named(files: Files, event: str, key: str, message: str) -> None:
    files.append("scenario.yaml", f"events:\n  - {event}\n")
    assert files.problem() == ("scenario.yaml", 18, f"events.0.{key}", message)


def test_delays_short_of_the_end_are_sound(files: Files) -> None:
    files.append("scenario.yaml", "events:\n  - {type: delay, contract: ant, days: 60}\n")
    load_scenario(files.scenario)
    files.append("scenario.yaml", "  - {type: delay, contract: ant, days: 1}\n")
    assert files.problem()[2] == "events.1.days"


def test_a_supply_that_an_event_brings_may_be_delayed(files: Files) -> None:
    files.append("scenario.yaml", "events:\n  - {type: supply, name: line, node: grid, kw: 9, from: 2026-06}\n")
    files.append("scenario.yaml", "  - {type: delay, supply: line, days: 30}\n")
    load_scenario(files.scenario)
    files.change("scenario.yaml", "kw: 9, from: 2026-06", "kw: 9")
    message = "has no from that 30 days could be added to; give the delay as until"
    assert files.problem() == ("scenario.yaml", 19, "events.1.supply", message)


def test_a_row_is_named_with_its_hall_where_halls_share_its_name(files: Files) -> None:
    files.append("scenario.yaml", "events:\n  - {type: outage, row: h1/r1, from: 2026-06, until: 2026-07}\n")
    load_scenario(files.scenario)


@pytest.mark.parametrize(
    ("name", "day", "key", "says"),
    [
        ("ant", "2026-07", "events.0.contract.name", "duplicate name 'ant': another demand has it"),
        ("idle", "2026-07", "events.0.contract.name", "a demand cannot be named 'idle'"),
        ("bee", "2026-10", "events.0.on", "contract.until 2026-10 is not after on 2026-10"),
    ],
)
def test_a_fault_of_a_signed_contract_is_named(files: Files, name: str, day: str, key: str, says: str) -> None:
    files.append("scenario.yaml", "events:\n" + SIGN.format(name=name, on=day))
    _, _, found, message = files.problem()
    assert found == key
    assert says in message


@pytest.mark.parametrize(
    ("pin", "key", "says"),
    [
        ("{rack: k3, demand: ant}", "rack", "unknown rack 'k3'"),
        ("{rack: k1, demand: art}", "demand", "unknown demand 'art'; did you mean 'ant'?"),
        ("{row: r1, demand: idle}", "row", "is ambiguous"),
        ("{row: r2, demand: idle}", "row", "unknown row 'r2'"),
        ("{hall: h9, demand: ant}", "hall", "unknown hall 'h9'"),
    ],
)
def test_a_fault_of_a_pin_is_named(files: Files, pin: str, key: str, says: str) -> None:
    files.append("scenario.yaml", f"pins:\n  - {pin}\n")
    _, line, found, message = files.problem()
    assert (line, found) == (18, f"pins.0.{key}")
    assert says in message


def test_a_rack_pinned_to_a_demand_that_does_not_accept_it_is_named(files: Files) -> None:
    files.append(
        "site/facility.yaml",
        "  - {name: nvl, gpu: GB200, gpus: 72, nameplate_kw: 132, expected_kw: 120, idle_kw: 30,"
        " liquid_fraction: 0.8, cooling: liquid}\n",
    )
    files.change("site/racks.csv", "k2,hgx", "k2,nvl")
    files.append("scenario.yaml", "pins: [{rack: k2, demand: ant}]\n")
    assert files.problem()[2:] == ("pins.0.rack", "rack 'k2' is a nvl, but 'ant' accepts hgx")


def test_faults_of_demands_are_named(files: Files) -> None:
    files.change("scenario.yaml", "name: train\n    rack_types: [hgx]", "name: idle\n    rack_types: [hgx, hgx]")
    files.append("scenario.yaml", "    locality: {level: fabric_block, min_racks: 2}\n")
    assert [(line, key, message.partition(":")[0]) for _, line, key, message in files.problems()] == [
        (5, "workloads.0.name", "a demand cannot be named 'idle'"),
        (6, "workloads.0.rack_types.1", "rack type 'hgx' is listed twice"),
        (
            17,
            "contracts.0.locality.level",
            "asks for lots in fabric blocks, but no position of the facility has a fabric_block",
        ),
    ]


def test_references_in_the_facility_are_told_beside_errors_of_the_scenario(files: Files) -> None:
    files.change("site/racks.csv", "k2,hgx", "k2,hgy")
    files.append("scenario.yaml", "colour: red\n")
    assert [key for _, _, key, _ in files.problems()] == ["colour", "rack_type"]


def test_importing_the_package_loads_no_graph_library() -> None:
    program = "import sys, capalloc, capalloc.formats; sys.exit('networkx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize(
    ("old", "new", "key", "says"),
    [
        ("mw: 0.16", "mw: 1e300", "contracts.0.ramp.1.mw", "found 1e+300, expected at most 1e+06; mind the unit"),
        ("notice_days: 30", "notice_days: 10_000_000", "contracts.0.termination.notice_days", "expected at most 36525"),
        ("racks: 1}", "racks: 1e12}", "workloads.0.demand.0.racks", "found 1e+12, expected at most 1e+09"),
        ("end: 2026-11", "end: 9999-12-31", "horizon.end", "found 9999-12-31, expected a date from 1900 to 2500"),
        ("end: 2026-11, period: month", "end: 2060-01, period: day", "horizon.end", "more than 10,000 periods"),
        ("start: 2026-05, end", "start: 0001-01, end", "horizon.start", "expected a date from 1900 to 2500"),
    ],
)
def test_what_is_beyond_all_measure_is_named(files: Files, old: str, new: str, key: str, says: str) -> None:
    files.change("scenario.yaml", old, new)
    found = [message for _, _, place, message in files.problems() if place == key]
    assert len(found) == 1
    assert says in found[0]


def test_a_terawatt_in_a_table_is_named(files: Files) -> None:
    files.change("site/power.csv", "ups1,ups,grid,200", "ups1,ups,grid,1e12")
    message = "found 1e+12, expected at most 1e+09; mind the unit"
    assert files.problem() == ("site/power.csv", 3, "rated_kw", message)


def test_an_unknown_key_and_a_negative_figure_do_not_hide_an_unknown_reference(files: Files) -> None:
    files.change(
        "scenario.yaml",
        "    tenant: Ant\n    rack_types: [hgx]",
        "    tenant: Ant\n    colour: red\n    rack_types: [no]",
    )
    files.change("scenario.yaml", "{from: 2026-06, mw: 0.08}", "{from: 2026-06, mw: -0.08}")
    assert [problem[2] for problem in files.problems()] == [
        "contracts.0.colour",
        "contracts.0.rack_types.0",
        "contracts.0.ramp.0.mw",
    ]


def test_a_sign_event_of_a_prospect_says_how_it_is_written(tmp_path: Path) -> None:
    """The event has the whole contract, which no longer stands among the contracts."""
    contract = "{name: pro, tenant: T, probability: 0.4, rack_types: [lab-hgx], ramp: [{from: 2026-06, gpus: 8}], "
    contract += "until: 2026-10, fee: {usd_per_gpu_hour: 2}}"
    text = (
        (ROOT / "examples" / "tiny.yaml")
        .read_text(encoding="utf-8")
        .replace("contracts:\n", f"contracts:\n  - {contract}\n")
    )
    shutil.copytree(ROOT / "examples" / "tiny", tmp_path / "tiny")
    path = tmp_path / "s.yaml"
    for signed, says in (("pro", "expected the whole contract: move its mapping here"), (contract, "take it out of")):
        path.write_text(f"{text}\nevents:\n  - {{type: sign, on: 2026-06-15, contract: {signed}}}\n", encoding="utf-8")
        with pytest.raises(ScenarioError, match=says):
            load_scenario(path)


@pytest.mark.parametrize("name", ["a" * 5000, "a/" * 2500 + "site.yaml"])
def test_a_facility_whose_name_no_system_takes_is_an_error_of_the_scenario(files: Files, name: str) -> None:
    files.change("scenario.yaml", "facility: site", f"facility: {name}")
    file, line, key, message = files.problem()
    assert (file, line, key) == ("scenario.yaml", 2, "facility")
    assert message == f"{name[:100] + '…'!r} cannot be followed: File name too long"
