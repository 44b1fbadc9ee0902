"""Agreements of an inventory as contracts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from capalloc.imports.inventory.contracts import Landlord, contracts_of, pins_of
from capalloc.imports.inventory.records import Agreement, AgreementLine
from capalloc.imports.missing import Tally
from capalloc.schema.demand import Contract
from capalloc.schema.facility import Facility, Position, PowerNode, Rack
from capalloc.schema.hardware import RackType
from capalloc.schema.scenario import Horizon, Pin

KW = 132.0
HORIZON = Horizon(start=date(2027, 1, 1), end=date(2028, 1, 1))


def rack_type(name: str) -> RackType:
    return RackType(
        name=name, gpu="GB200", gpus=72, nameplate_kw=KW, expected_kw=100.0, idle_kw=20.0,
        liquid_fraction=0.8, cooling="liquid",
    )  # fmt: skip


def landlord(*racks: Rack, **usd_per: float) -> Landlord:
    facility = Facility(
        name="site",
        rack_types=(rack_type("gb200"), rack_type("gb300")),
        power=(PowerNode(name="ups", kind="ups", rated_kw=10_000.0),),
        positions=tuple(Position(name=rack.name, hall="h", row="r", feed_a="ups") for rack in racks),
        racks=racks,
    )
    return Landlord(facility, {f"k-{rack.name}": rack for rack in racks}, HORIZON, usd_per)


def rack(name: str, tenant: str | None = None, kind: str = "gb200", **more: Any) -> Rack:
    return Rack(name=name, rack_type=kind, position=name, tenant=tenant, **more)


def agreement(**more: Any) -> Agreement:
    given: dict[str, Any] = {
        "key": "7", "name": "MSA", "where": "https://netbox/contracts/7/", "tenant": "Acme", "start": "2027-03-01",
        "end": "2029-02-28", "initial_term_months": 24, "notice_days": 60, "currency": "usd",
        "monthly_charge": 50_000.0, "racks": ("k-a", "k-b"),
    }  # fmt: skip
    return Agreement(**(given | more))


def line(unit: str, quantity: float, charge: float, start: str | None = None, end: str | None = None) -> AgreementLine:
    return AgreementLine(unit=unit, quantity=quantity, monthly_charge=charge, start=start, end=end)


def made(one: Agreement, site: Landlord) -> tuple[list[Contract], list[str]]:
    tally = Tally()
    signed = contracts_of([one], site, tally)
    return [each.contract for each in signed], [each.what for each in tally.missing()]


def test_an_agreement_commits_to_the_racks_that_it_names() -> None:
    (contract,), said = made(agreement(), landlord(rack("a"), rack("b"), rack("c")))
    (step,) = contract.ramp
    assert (step.start, step.mw, step.fee_factor) == (date(2027, 3, 1), 0.264, 1.0)  # two racks of 132 kW
    assert contract.until == date(2029, 3, 1)  # its last day is the 28th
    assert contract.fee.usd_per_month == 50_000.0
    assert (contract.tenant, contract.rack_types) == ("Acme", ("gb200",))
    terms = contract.termination
    assert (terms.notice_days, terms.initial_term_months, terms.by) == (60, 24, "either")
    assert said == []


def test_an_agreement_without_racks_has_those_of_its_tenant() -> None:
    site = landlord(rack("a", "Acme"), rack("b", "Acme", "gb300"), rack("c", "Acme", "gb300"), rack("d", "Other"))
    (contract,), said = made(agreement(racks=()), site)
    assert contract.ramp[0].mw == 0.396  # three racks of 132 kW
    assert contract.rack_types == ("gb300", "gb200")  # the most frequent first
    assert said == []


def test_two_agreements_of_a_tenant_without_racks_have_no_capacity() -> None:
    tally = Tally()
    both = [agreement(racks=(), key=key, name=key) for key in ("1", "2")]
    assert contracts_of(both, landlord(rack("a", "Acme")), tally) == ()
    (lost,) = tally.missing()
    assert (lost.what, lost.count) == ("contracts of no known capacity", 1)  # one address, named once


def test_lines_of_power_are_a_ramp_and_their_charges_its_fee() -> None:
    lines = (
        line("kW", 500, 40_000.0, end="2027-05-31"),
        line("kW per month", 1500, 150_000.0, start="2027-06-01"),
        line("month", 1, 10_000.0, start="2027-06-01"),  # remote hands: no power
        line("setup", 1, 0.0),
    )
    (contract,), said = made(agreement(lines=lines), landlord(rack("a"), rack("b")))
    assert [(step.start, step.mw) for step in contract.ramp] == [(date(2027, 3, 1), 0.5), (date(2027, 6, 1), 1.5)]
    assert contract.fee.usd_per_month == 160_000.0
    assert [step.fee_factor for step in contract.ramp] == [0.25, 1.0]  # 40,000 of 160,000
    assert said == []


@pytest.mark.parametrize(
    ("unit", "quantity", "mw", "gpus"),
    [
        ("MW", 2.5, 2.5, None), ("mw-month", 1, 1.0, None), ("kW", 10, 0.01, None), ("GPU", 64, None, 64),
        ("kW of GPUs", 10, 0.01, None), ("GPUs/month", 8, None, 8), ("kwh", 9, 0.264, None), ("rack", 2, 0.264, None),
    ],
)  # fmt: skip
def test_units_of_lines(unit: str, quantity: float, mw: float | None, gpus: int | None) -> None:
    (contract,), _ = made(agreement(lines=(line(unit, quantity, 1.0),)), landlord(rack("a"), rack("b")))
    assert (contract.ramp[0].mw, contract.ramp[0].gpus) == (mw, gpus)


def test_equal_neighbouring_lines_are_one_step() -> None:
    lines = (line("kW", 500, 9.0, end="2027-12-31"), line("kW", 500, 9.0, start="2028-01-01"))
    (contract,), _ = made(agreement(lines=lines), landlord(rack("a")))
    assert len(contract.ramp) == 1


def test_a_line_of_power_without_any_rack_accepts_every_type() -> None:
    (contract,), said = made(agreement(racks=(), lines=(line("MW", 1, 5.0),)), landlord(rack("a")))
    assert contract.rack_types == ("gb200", "gb300")
    assert said == ["contracts with no rack"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"tenant": None}, "contracts with no tenant"),
        ({"status": "canceled"}, "contracts that are canceled"),
        ({"end": "2026-12-31"}, "contracts whose dates cannot be"),  # before its start
        ({"start": "2025-01-01", "end": "2026-12-31"}, "contracts with no day in the horizon"),
        ({"start": "2028-01-01"}, "contracts with no day in the horizon"),
        ({"start": "soon"}, "contracts whose dates cannot be"),
        ({"end": "9999-12-31"}, "contracts whose dates cannot be"),  # there is no day after it
        ({"lines": (line("kW", 5, 1.0, end="2027-06-31"),)}, "contracts whose dates cannot be"),
        ({"lines": (line("kW", -5, 1.0),)}, "contracts whose quantities or charges cannot be"),
        ({"lines": (line("kW", 5, -1.0),)}, "contracts whose quantities or charges cannot be"),
        ({"lines": (line("MW", 1e9, 1.0),)}, "contracts whose quantities or charges cannot be"),
        ({"lines": (line("month", 5, 1.0),), "racks": ()}, "contracts of no known capacity"),
    ],
)
def test_what_is_no_contract_of_ours_is_left_out_and_counted(changed: dict[str, Any], said: str) -> None:
    assert made(agreement(**changed), landlord(rack("a"), rack("b"))) == ([], [said])


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"end": None}, "contracts without an end date"),
        ({"notice_days": None}, "contracts without a notice period"),
        ({"monthly_charge": None}, "contracts without a recurring charge"),
        ({"currency": "eur"}, "contracts in EUR"),
        ({"racks": ("k-a", "k-zz")}, "contracts with racks that are not planned"),
        ({"racks": ("k-a", "k-o")}, "contracts with racks of other tenants"),
    ],
)
def test_what_is_taken_for_granted_is_counted(changed: dict[str, Any], said: str) -> None:
    contracts, found = made(agreement(**changed), landlord(rack("a"), rack("b"), rack("o", "Other")))
    assert (len(contracts), found) == (1, [said])


def test_an_open_end_is_the_horizons_and_a_missing_notice_the_plugins() -> None:
    (contract,), _ = made(agreement(end=None, notice_days=None), landlord(rack("a"), rack("b")))
    assert (contract.until, contract.termination.notice_days) == (HORIZON.end, 90)


def test_another_currency_is_worth_what_the_mapping_file_says() -> None:
    (unknown,), _ = made(agreement(currency="eur"), landlord(rack("a"), rack("b")))
    (known,), said = made(agreement(currency="EUR"), landlord(rack("a"), rack("b"), eur=1.1))
    assert (unknown.fee.usd_per_month, known.fee.usd_per_month, said) == (0.0, 55_000.0, [])


def test_contracts_of_one_name_are_told_apart() -> None:
    both = [agreement(key="1", racks=("k-a",)), agreement(key="2", racks=("k-b",))]
    signed = contracts_of(both, landlord(rack("a"), rack("b")), Tally())
    assert [one.contract.name for one in signed] == ["MSA (1)", "MSA (2)"]


def test_racks_that_are_named_are_kept_on_the_contract() -> None:
    site = landlord(rack("a"), rack("b", status="planned"), rack("c", "Acme"))
    signed = contracts_of([agreement(racks=("k-a", "k-b", "k-c"))], site, Tally())
    assert pins_of(signed, site, Tally()) == (
        Pin(rack="a", demand="MSA", start=date(2027, 3, 1)),
        Pin(rack="c", demand="MSA", start=date(2027, 3, 1)),
    )


def test_a_rack_that_two_contracts_name_is_kept_on_the_first() -> None:
    tally = Tally()
    both = [agreement(key="1", racks=("k-a",), name="one"), agreement(key="2", racks=("k-a",), name="two")]
    site = landlord(rack("a"))
    pins = pins_of(contracts_of(both, site, tally), site, tally)
    assert [pin.demand for pin in pins] == ["one"]
    assert [one.what for one in tally.missing()] == ["racks that several contracts name"]


def test_a_site_without_rack_types_has_no_contracts() -> None:
    empty = landlord()
    site = replace(empty, facility=empty.facility.replace(rack_types=()))
    assert made(agreement(racks=(), lines=(line("MW", 1, 5.0),)), site) == (
        [],
        ["contracts where no rack is of a known type"],
    )


def test_lines_of_an_open_agreement_end_with_the_horizon() -> None:
    later = line("kW", 900, 9.0, start="2029-01-01")
    (contract,), said = made(agreement(end=None, lines=(line("kW", 500, 9.0), later)), landlord(rack("a"), rack("b")))
    assert [step.mw for step in contract.ramp] == [0.5]
    assert said == ["contracts without an end date"]


def test_a_discount_lessens_the_fee() -> None:
    (contract,), _ = made(agreement(lines=(line("kW", 500, 9000.0), line("discount", 1, -1000.0))), landlord(rack("a")))
    assert contract.fee.usd_per_month == 8000.0


def test_racks_are_kept_when_the_contract_commits_to_them() -> None:
    lines = (
        line("kW", 132, 1.0, end="2027-05-31"),  # one rack
        line("kW", 264, 2.0, start="2027-06-01", end="2027-08-31"),  # two racks
        line("kW", 200, 2.0, start="2027-09-01"),  # one rack, and a part of another
    )
    site = landlord(rack("a"), rack("b"), rack("c"))
    signed = contracts_of([agreement(racks=("k-a", "k-b", "k-c"), lines=lines)], site, Tally())
    assert pins_of(signed, site, Tally()) == (
        Pin(rack="a", demand="MSA", start=date(2027, 3, 1)),
        Pin(rack="b", demand="MSA", start=date(2027, 6, 1), until=date(2027, 9, 1)),
    )


def test_racks_are_counted_in_gpus_where_the_contract_is() -> None:
    site = landlord(rack("a"), rack("b"))
    signed = contracts_of([agreement(lines=(line("GPU", 100, 1.0),))], site, Tally())
    assert [pin.rack for pin in pins_of(signed, site, Tally())] == ["a"]  # 72 GPUs each


def test_racks_count_from_the_day_on_which_they_come() -> None:
    coming = rack("b", "Acme", status="planned", available_from=date(2027, 6, 1))
    leaving = rack("c", "Acme", available_until=date(2027, 9, 1))
    never = rack("d", "Acme", status="planned")
    (contract,), _ = made(agreement(racks=()), landlord(rack("a", "Acme"), coming, leaving, never))
    assert [(step.start, step.mw, step.fee_factor) for step in contract.ramp] == [
        (date(2027, 3, 1), 0.264, 1.0),  # a and c of 132 kW each
        (date(2027, 6, 1), 0.396, 1.0),
        (date(2027, 9, 1), 0.264, 1.0),
    ]


def test_a_contract_begins_with_its_first_rack() -> None:
    coming = rack("a", status="planned", available_from=date(2027, 6, 1))
    (contract,), _ = made(agreement(racks=("k-a",)), landlord(coming))
    assert [(step.start, step.mw) for step in contract.ramp] == [(date(2027, 6, 1), 0.132)]
    never = rack("a", status="planned")
    assert made(agreement(racks=("k-a",)), landlord(never)) == ([], ["contracts of no known capacity"])
