"""Contracts of the netbox-contract plugin."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from capalloc.imports.inventory.records import AgreementLine
from capalloc.imports.netbox.agreements import agreements_of
from capalloc.imports.rest.objects import Answers

CONTRACT: dict[str, Any] = {
    "id": 3,
    "url": "https://netbox.example/api/plugins/netbox-contract/contracts/3/",
    "display": "MSA 12",
    "name": "MSA 12",
    "tenant": {"id": 9, "name": "Acme", "slug": "acme"},
    "status": "active",
    "start_date": "2027-01-01",
    "end_date": None,
    "initial_term": 36,
    "renewal_term": 12,
    "currency": "usd",
    "mrc": "125000.50",
    "yrc": None,
}


def test_version_2_4_charges_by_the_month_and_says_no_notice() -> None:
    (one,) = agreements_of(Answers({"contracts": [CONTRACT]}))
    assert (one.key, one.name, one.tenant, one.status) == ("3", "MSA 12", "Acme", "active")
    assert (one.start, one.end, one.initial_term_months, one.notice_days) == ("2027-01-01", None, 36, None)
    assert (one.currency, one.monthly_charge) == ("usd", 125000.5)
    assert one.where == "https://netbox.example/plugins/netbox-contract/contracts/3/"


def test_a_yearly_charge_is_spread_over_its_months() -> None:
    (one,) = agreements_of(Answers({"contracts": [CONTRACT | {"mrc": None, "yrc": "1200.00"}]}))
    assert one.monthly_charge == 100.0


def test_version_2_5_has_lines_and_a_notice_period() -> None:
    lines: list[dict[str, Any]] = [
        {
            "contract": {"id": 3}, "quantity": "500.0000", "unit_price": "120.00", "start_date": "2027-01-01",
            "unit": {"name": "kW", "billing_method": "recurring", "months": 1}, "end_date": "2027-06-30",
        },
        {
            "contract": {"id": 3}, "quantity": "1", "unit_price": "6000", "start_date": None, "end_date": None,
            "unit": {"name": "quarter", "billing_method": "recurring", "months": 3},
        },
        {
            "contract": {"id": 3}, "quantity": "1", "unit_price": "99999", "start_date": None, "end_date": None,
            "unit": {"name": "setup", "billing_method": "one_time", "months": None},
        },
        {"contract": {"id": 4}, "quantity": "1", "unit_price": "1", "unit": {"name": "kW", "months": 1}},
    ]  # fmt: skip
    contract = CONTRACT | {"notice_period": 30, "mrc": None}
    (one,) = agreements_of(Answers({"contracts": [contract], "contract-lines": lines}))
    assert one.notice_days == 30
    assert one.lines == (
        AgreementLine(unit="kW", quantity=500.0, monthly_charge=60_000.0, start="2027-01-01", end="2027-06-30"),
        AgreementLine(unit="quarter", quantity=1.0, monthly_charge=2_000.0),
        AgreementLine(unit="setup", quantity=1.0, monthly_charge=0.0),
    )


def test_racks_are_those_that_are_assigned() -> None:
    assignments = [
        {"contract": {"id": 3}, "content_type": "dcim.rack", "object_id": 41},
        {"contract": {"id": 3}, "content_type": "dcim.device", "object_id": 42},
        {"contract": {"id": 4}, "content_type": "dcim.rack", "object_id": 43},
    ]
    (one,) = agreements_of(Answers({"contracts": [CONTRACT], "contractassignment": assignments}))
    assert one.racks == ("41",)


def test_a_running_netbox_with_version_2_5_0_is_read_as_it_answers() -> None:
    """Recorded from NetBox 4.7.3; the host is replaced."""
    recorded = Path(__file__).parent / "contracts"
    answers = {path.stem: json.loads(path.read_text())["results"] for path in recorded.glob("*.json")}
    (one,) = agreements_of(Answers(answers))
    assert (one.name, one.tenant, one.start, one.end) == ("MSA 12", "Initech", "2027-01-01", "2028-12-31")
    assert (one.initial_term_months, one.notice_days, one.currency, one.monthly_charge) == (12, 60, "usd", None)
    assert one.lines == (
        AgreementLine(unit="kW", quantity=3.0, monthly_charge=360.0, start="2027-01-01", end="2027-06-30"),
        AgreementLine(unit="kW", quantity=6.0, monthly_charge=720.0, start="2027-07-01", end="2028-12-31"),
    )
    assert one.racks == ("14", "15")
    assert one.where == "https://netbox.example.org/plugins/contracts/contracts/1/"
