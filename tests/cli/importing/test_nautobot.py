"""``capalloc import nautobot``."""

from __future__ import annotations

from pathlib import Path

import pytest

from capalloc.formats import load_scenario
from tests.cli.commands import Run
from tests.imports.nautobot.server import TOKEN, Fake, serving
from tests.imports.nautobot.site import small_site
from tests.imports.nautobot.test_folder import save


def test_a_tree_of_utility_ups_pdu_and_racks_comes_in_without_a_mapping_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "answers").mkdir()
    site = small_site()
    for rack in site["racks"]:
        rack["custom_fields"] = {"rack_type": "gb200-nvl72", "available_from": "2027-03-01"}
    ended = run("import", "nautobot", save(tmp_path / "answers", site), "-o", tmp_path / "site")
    assert ended.code == 0
    facility = load_scenario(tmp_path / "site" / "scenario.yaml").facility
    assert [(node.name, node.kind, node.parent) for node in facility.power if node.kind != "busway"] == [
        ("Utility A", "utility", None),
        ("UPS A", "ups", "Utility A"),
        ("PDU A", "pdu", "UPS A"),
        ("Utility B", "utility", None),
        ("UPS B", "ups", "Utility B"),
        ("PDU B", "pdu", "UPS B"),
    ]
    assert [(one.hall, one.row) for one in facility.positions] == [("Hall 1", "Row A")] * 4
    assert [(rack.name, rack.tenant) for rack in facility.racks[:2]] == [("A01", "Anthropic"), ("A02", None)]
    assert [node.name for node in facility.power if node.contingency] == ["UPS A", "UPS B"]
    pages = "http://nautobot.example/dcim/power-panels/power-panels-"
    unrated, survived = ended.err.splitlines()
    assert unrated.startswith(f"capalloc: 2 panels without a rating: {pages}0000/, {pages}0010/; taken as")
    assert survived.startswith(
        f"capalloc: 2 panels whose loss the plan is taken to survive: {pages}0001/, {pages}0011/; as racks have"
    )


def test_a_running_nautobot_gives_the_same_tables_as_its_saved_answers(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NAUTOBOT_TOKEN", TOKEN)
    with serving(Fake(small_site())) as fake:
        live = run("import", "nautobot", fake.address, "-o", tmp_path / "live", "-q")
        told = run("import", "nautobot", fake.address, "-o", tmp_path / "live", "--force").err
    (tmp_path / "answers").mkdir()
    saved = run("import", "nautobot", save(tmp_path / "answers", small_site()), "-o", tmp_path / "saved")
    assert (live.code, live.err) == (saved.code, saved.err)
    assert "reading 12 power feeds" in told
    for path in (tmp_path / "saved").iterdir():
        assert path.read_bytes() == (tmp_path / "live" / path.name).read_bytes()


def test_a_running_nautobot_needs_a_token(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NAUTOBOT_TOKEN", raising=False)
    ended = run("import", "nautobot", "http://127.0.0.1:9", "-o", tmp_path / "site")
    assert ended.code == 2
    assert "needs a token: set NAUTOBOT_TOKEN" in ended.err


def test_a_wrong_token_is_one_sentence_without_the_token(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NAUTOBOT_TOKEN", "my-secret")
    with serving(Fake(small_site())) as fake:
        ended = run("import", "nautobot", fake.address, "-o", tmp_path / "site")
    assert ended.code == 2
    assert "refuses the token (403)" in ended.err
    assert "my-secret" not in ended.err + ended.out
    assert not (tmp_path / "site").exists()


def test_a_folder_that_is_not_there_is_refused(run: Run, tmp_path: Path) -> None:
    ended = run("import", "nautobot", tmp_path / "nowhere", "-o", tmp_path / "site")
    assert ended.code == 2
    assert "no such folder" in ended.err


def test_contracts_that_are_kept_elsewhere_are_planned_with_the_racks_they_name(run: Run, tmp_path: Path) -> None:
    answers, leases = tmp_path / "answers", tmp_path / "leases"
    answers.mkdir()
    leases.mkdir()
    site = small_site()
    for rack in site["racks"]:
        rack["custom_fields"] = {"rack_type": "gb200-nvl72", "available_from": "2027-03-01"}
    (leases / "contracts.csv").write_text(
        "name,tenant,status,start_date,end_date,notice_period,mrc\nMSA,Anthropic,active,2027-04-01,2028-12-31,30,9000\n"
    )
    (leases / "contract_assignments.csv").write_text("content_type,content_object,contract\ndcim.rack,A01,MSA\n")
    save(answers, site)
    ended = run("import", "nautobot", answers, "--contracts", leases, "-o", tmp_path / "site")
    assert ended.code == 0
    (contract,) = load_scenario(tmp_path / "site" / "scenario.yaml").contracts
    assert (contract.name, contract.tenant, contract.ramp[0].mw) == ("MSA", "Anthropic", 0.132)


def test_a_folder_without_contracts_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "answers").mkdir()
    save(tmp_path / "answers", small_site())
    ended = run("import", "nautobot", tmp_path / "answers", "--contracts", tmp_path / "none", "-o", tmp_path / "site")
    assert ended.code == 2
    assert "has no contracts.csv" in ended.err
