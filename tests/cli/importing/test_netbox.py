"""``capalloc import netbox``."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from capalloc.formats import load_scenario
from tests.cli.commands import Ended, Run
from tests.imports.nautobot.server import TOKEN, Fake, serving
from tests.imports.netbox.answers import small_site

SITE = Path(__file__).parents[2] / "imports" / "netbox" / "fields"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A copy of the files, to be changed."""
    return Path(shutil.copytree(SITE, tmp_path / "source"))


def changed(path: Path, old: str, new: str) -> None:
    """Replace what the file has once."""
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def imported(run: Run, source: Path, *more: str) -> Ended:
    return run("import", "netbox", source, "-o", source.parent / "site", *more)


def test_a_folder_of_csv_files_becomes_a_scenario_that_loads(run: Run, source: Path) -> None:
    ended = imported(run, source)
    assert (ended.code, ended.err) == (0, "")
    assert len(load_scenario(source.parent / "site" / "scenario.yaml").facility.positions) == 4
    assert "Everything came across" in (source.parent / "site" / "import.md").read_text()


def test_a_folder_without_feeds_is_refused_in_one_sentence(run: Run, tmp_path: Path) -> None:
    ended = run("import", "netbox", tmp_path, "-o", tmp_path / "site")
    assert ended.code == 2
    assert "has no power_feeds.csv; export it from NetBox's list of power feeds" in ended.err


def test_contracts_of_the_plugin_are_planned_with_the_racks_that_they_name(run: Run, tmp_path: Path) -> None:
    exports = tmp_path / "exports"
    shutil.copytree(SITE, exports)
    (exports / "contracts.csv").write_text(
        "name,tenant,status,start_date,end_date,initial_term,notice_period,currency,mrc\n"
        "MSA 12,Acme,active,2027-02-01,2028-06-30,12,60,usd,40000\n"
    )
    (exports / "contract_assignments.csv").write_text("content_type,content_object,contract\ndcim.rack,R1-1,MSA 12\n")
    ended = run("import", "netbox", exports, "-o", tmp_path / "site")
    assert ended.code == 0
    assert (tmp_path / "site" / "scenario.yaml").read_text().endswith(
        "contracts:\n"
        "- name: MSA 12\n"
        "  rack_types: [gb200-nvl72]\n"
        "  labels: {agreement: 'contracts.csv:2'}\n"
        "  tenant: Acme\n"
        "  ramp:\n"
        "  - {from: 2027-02, mw: 0.132}\n"
        "  until: 2028-07\n"
        "  fee: {usd_per_month: 40000.0}\n"
        "  termination: {notice_days: 60, initial_term_months: 12, by: either}\n"
        "pins:\n"
        "- {rack: R1-1, demand: MSA 12, from: 2027-02}\n"
    )  # fmt: skip
    planned = run("plan", tmp_path / "site" / "scenario.yaml", "-q", "-o", tmp_path / "plan.json")
    assert planned.code == 0
    plan = json.loads((tmp_path / "plan.json").read_text())
    assert plan["assignments"] == [{"rack": "R1-1", "demand": "MSA 12", "from": "2027-02", "until": "2028-01"}]
    assert plan["objective_usd"] == 440_000.0  # eleven months of 40,000 USD


def test_the_mapping_file_that_is_written_changes_nothing(run: Run, source: Path) -> None:
    first = imported(run, source)
    assert str(source.parent / "site" / "netbox.yaml") in first.out
    files = {path.name: path.read_bytes() for path in (source.parent / "site").iterdir()}
    again = imported(run, source)
    assert (again.code, again.out, again.err) == (0, first.out, first.err)
    assert {path.name: path.read_bytes() for path in (source.parent / "site").iterdir()} == files


def test_the_mapping_file_names_what_is_missing_and_gives_it(run: Run, source: Path) -> None:
    changed(source / "power-panels.csv", "UPS-A,Utility,500,yes,", "UPS-A,,,,")
    changed(source / "racks.csv", "hybrid,hgx-h100", "hybrid,")
    ended = imported(run, source)
    site = source.parent / "site"
    assert "1 panel without a rating" in ended.err
    words = (site / "netbox.yaml").read_text()
    # four circuits hang below UPS-A: 3 x 179.7 kW and 71.88 kW
    assert "#  UPS-A: {rated_kw: 610.98}    # what is here is presumed; no parent is known: a root\n" in words
    assert "#  R2-1: {rack_type: }\n" in words
    words = words.replace("#panels:\n#  UPS-A: {rated_kw: 610.98}", "panels: {UPS-A: {parent: Utility, rated_kw: 450}}")
    (site / "netbox.yaml").write_text(words.replace("#racks:\n", "racks: {R2-*: {rack_type: hgx-h200}}\n"))
    assert "has a site already" in imported(run, source).err
    ended = imported(run, source, "--force")
    assert (ended.code, ended.err) == (0, "")
    facility = load_scenario(site / "scenario.yaml").facility
    ups = next(node for node in facility.power if node.name == "UPS-A")
    assert (ups.parent, ups.rated_kw) == ("Utility", 450)
    assert [rack.rack_type for rack in facility.racks] == ["gb200-nvl72", "gb200-nvl72", "hgx-h200"]


def test_a_scenario_that_cannot_be_read_may_be_what_people_wrote_and_is_kept(run: Run, source: Path) -> None:
    imported(run, source)
    scenario = source.parent / "site" / "scenario.yaml"
    scenario.write_text("policy: [half\n")
    assert "scenario.yaml is kept as it is" in imported(run, source, "--force").err
    assert scenario.read_text() == "policy: [half\n"


def test_a_scenario_that_people_wrote_is_kept(run: Run, source: Path) -> None:
    imported(run, source)
    scenario = source.parent / "site" / "scenario.yaml"
    scenario.write_text(scenario.read_text() + "policy: {idle: off}\n")
    ended = imported(run, source, "--force")
    assert "scenario.yaml is kept as it is; without it, the import writes a new one" in ended.err
    assert load_scenario(scenario).policy.idle == "off"


def test_a_scenario_that_nobody_added_to_is_written_anew(run: Run, source: Path) -> None:
    imported(run, source)
    (source.parent / "site" / "netbox.yaml").write_text("horizon: {start: 2027-04, end: 2027-07}\n")
    assert imported(run, source, "--force").err == ""
    assert len(load_scenario(source.parent / "site" / "scenario.yaml").horizon.periods) == 3


def test_the_files_that_are_read_are_never_written_over(run: Run, source: Path) -> None:
    before = (source / "racks.csv").read_bytes()
    assert run("import", "netbox", source, "-o", source, "--force").code == 2
    assert (source / "racks.csv").read_bytes() == before


def test_a_mistake_in_the_mapping_file_is_named_with_its_line(run: Run, source: Path) -> None:
    words = source / "words.yaml"
    words.write_text("pue: 1.2\npanels:\n  UPS-A: {rated_kw: -1, colour: red}\n")
    ended = imported(run, source, "--mapping", str(words))
    assert ended.code == 2
    assert "words.yaml:3: panels.UPS-A.rated_kw: found -1, expected 0 or more" in ended.err
    assert "words.yaml:3: panels.UPS-A.colour: unknown key 'colour'" in ended.err


def test_a_site_that_would_not_load_is_refused_and_says_what_is_missing(run: Run, source: Path) -> None:
    feeds = source / "power-feeds.csv"
    feeds.write_text(feeds.read_text().replace(",active,", ",offline,"))
    ended = imported(run, source)
    assert ended.code == 2
    assert "8 feeds that are offline" in ended.err
    assert "the facility has no positions" in ended.err
    assert sorted(path.name for path in (source.parent / "site").iterdir()) == ["import.md", "netbox.yaml"]


def test_json_has_everything_that_did_not_come_across(run: Run, source: Path) -> None:
    changed(
        source / "power-feeds.csv",
        "F8,active,redundant,ac,three-phase,415,100",
        "F8,active,redundant,ac,three-phase,415,0",
    )
    said = json.loads(imported(run, source, "--json").out)
    assert [(one["what"], one["count"], one["where"]) for one in said["missing"]] == [
        ("feeds of 0 V or 0 A", 1, ["power-feeds.csv:9"])
    ]


def test_a_wrong_token_is_one_sentence_without_the_token(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETBOX_TOKEN", "my-secret")
    with serving(Fake(small_site())) as fake:
        ended = run("import", "netbox", fake.address, "-o", tmp_path / "site")
    assert ended.code == 2
    assert "/api/dcim/sites/: refuses the token (403); NETBOX_TOKEN must hold one that may view" in ended.err
    assert "my-secret" not in ended.err + ended.out
    assert not (tmp_path / "site").exists()


def test_a_running_netbox_gives_its_site_and_the_address_of_what_is_missing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETBOX_TOKEN", TOKEN)
    site = small_site()
    site["power-feeds"][-1]["amperage"] = 0
    with serving(Fake(site)) as fake:
        ended = run("import", "netbox", fake.address, "--site", "dal", "-o", tmp_path / "site", "-q")
    assert ended.code == 0
    assert ended.err.startswith("capalloc: 1 feed of 0 V or 0 A: http://netbox.example/dcim/power-feeds/38/; ")
    assert "reading" not in ended.err
    assert len(load_scenario(tmp_path / "site" / "scenario.yaml").facility.positions) == 4
