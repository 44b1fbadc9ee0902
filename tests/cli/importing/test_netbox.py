"""``capalloc import netbox``."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from capalloc.formats import load_scenario
from tests.cli.commands import Run

SITE = Path(__file__).parents[2] / "imports" / "netbox" / "fields"


def test_a_folder_of_csv_files_becomes_a_scenario_that_loads(run: Run, tmp_path: Path) -> None:
    ended = run("import", "netbox", SITE, "-o", tmp_path / "site")
    assert (ended.code, ended.err) == (0, "")
    assert len(load_scenario(tmp_path / "site" / "scenario.yaml").facility.positions) == 4
    assert "Everything came across" in (tmp_path / "site" / "import.md").read_text()


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
