"""Contracts of the netbox-contract plugin in CSV files."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from capalloc.imports.inventory.records import Agreement
from capalloc.imports.missing import Tally
from capalloc.imports.netbox.tables import read_tables

PAGES = Path(__file__).parent / "pages"


def read(folder: Path, **files: str) -> tuple[tuple[Agreement, ...], list[str]]:
    shutil.copytree(PAGES, folder, dirs_exist_ok=True)
    for name, content in files.items():
        (folder / f"netbox_{name}.csv").write_text(content)
    tally = Tally()
    return read_tables(folder, tally).agreements, [one.what for one in tally.missing()]


ASSIGNED = "ID,Object Type,Content object,Contract\n1,dcim.rack,R1-1,MSA 12\n2,dcim.device,sw1,MSA 12\n"
PAGE = (
    "ID,Name,Tenant,Status,Start date,End date,Initial term,Currency,Monthly recuring cost,Yerly recuring costs\n"
    "3,MSA 12,Acme,Active,2027-01-01,2029-12-31,36,USD,125000.50,\n"
)


def test_pages_of_version_2_4_are_read(tmp_path: Path) -> None:
    (one,), said = read(tmp_path, contracts=PAGE, contract_assignments=ASSIGNED)
    assert (one.key, one.name, one.tenant, one.status) == ("3", "MSA 12", "Acme", "active")
    assert (one.start, one.end, one.initial_term_months, one.notice_days) == ("2027-01-01", "2029-12-31", 36, None)
    assert (one.currency, one.monthly_charge, one.lines) == ("usd", 125000.5, ())
    assert one.racks == ("Dallas/Row 1/R1-1",)
    assert (one.where, said) == ("netbox_contracts.csv:2", [])


def test_headers_of_imports_are_read_too(tmp_path: Path) -> None:
    fields = "name,tenant,status,start_date,end_date,currency,yrc\nMSA 12,Acme,active,2027-01-01,,eur,1200\n"
    (one,), _ = read(tmp_path, contracts=fields, contract_assignments="content_type,object_id,contract\n")
    assert (one.currency, one.monthly_charge, one.end, one.racks) == ("eur", 100.0, None, ())


LINES = (
    "Contract,Description,Quantity,Unit,Unit price,Start date,End date{}\n"
    "MSA 12,power,500,kW,120.00,2027-01-01,2027-06-30{}\n"
)


@pytest.mark.parametrize(
    ("files", "charge", "said"),
    [
        ({"contract_lines": LINES.format("", ""), "units": "Name,Months\nkW,1\n"}, 60_000.0, []),
        ({"contract_lines": LINES.format("", ""), "units": "Name,Months\nkW,3\n"}, 20_000.0, []),
        ({"contract_lines": LINES.format(",Yearly value", ",720000.00")}, 60_000.0, []),
        ({"contract_lines": LINES.format("", "")}, 0.0, ["lines of contracts whose unit is not known"]),
        ({"contract_lines": LINES.format("", ""), "units": "Name,Months\nkW,\n"}, 0.0, []),  # charged once
    ],
)
def test_lines_are_charged_by_their_units(
    files: dict[str, str], charge: float, said: list[str], tmp_path: Path
) -> None:
    (one,), found = read(tmp_path, contracts=PAGE, **files)
    (line,) = one.lines
    assert (line.unit, line.quantity, line.monthly_charge, line.end) == ("kW", 500.0, charge, "2027-06-30")
    assert found == said


def test_what_refers_to_nothing_is_counted(tmp_path: Path) -> None:
    _, said = read(
        tmp_path,
        contracts=PAGE,
        contract_lines="Contract,Quantity,Unit,Unit price,Yearly value\nnone,1,kW,1,12\n",
        contract_assignments="Object Type,Content object,Contract\ndcim.rack,R99,MSA 12\n",
    )
    assert said == ["lines of contracts that are not known", "rows with names of no rack"]
