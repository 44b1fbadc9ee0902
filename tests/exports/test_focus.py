"""FOCUS: what is charged is what the plan earns, in columns that keep the specification's rules."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from capalloc import PlannerParams
from capalloc.analysis.base import Base, planned_base
from capalloc.analysis.revenue import revenue_of_base
from capalloc.calendar import days_named
from capalloc.exports.focus import NAMES, focus_files
from capalloc.formats import load_scenario
from capalloc.schema.scenario import Scenario
from tests import byhand
from tests.corpus.dated import dated_record
from tests.exports.focus_rules import COMMITMENT, MANDATORY, Row, charge_faults, commitment_faults

QUICK = PlannerParams(gap=1.0, time_limit=20.0)
_ROOT = Path(__file__).parents[2]


def tables(base: Base, **asked: Any) -> tuple[list[Row], list[Row]]:
    """Commitments and charges."""
    files = focus_files(base, **asked)
    return read(files[NAMES[0]]), read(files[NAMES[1]])


def read(text: str) -> list[Row]:
    return list(csv.DictReader(StringIO(text)))


def planned(contract: Mapping[str, Any]) -> Base:
    horizon = {"start": "2026-05", "end": "2026-09"}
    return planned_base(byhand.by_hand(horizon=horizon, contracts=[contract], workloads=[]), params=QUICK)


def require_rules(commitments: list[Row], charges: list[Row]) -> None:
    assert [fault for row in charges for fault in charge_faults(row)] == []
    assert [fault for row in commitments for fault in commitment_faults(row)] == []
    keys = {row["ContractCommitmentId"] for row in commitments}
    assert {row["x_ContractCommitmentId"] for row in charges} <= keys
    assert len(keys) == len(commitments)


def by_month(charges: list[Row], category: str) -> dict[str, float]:
    sums: dict[str, float] = defaultdict(float)
    for row in charges:
        if row["ChargeCategory"] == category:
            sums[row["BillingPeriodStart"][:7]] += float(row["BilledCost"])
    return sums


def require_money(base: Base, charges: list[Row]) -> None:
    """Charges of each month are its fees, credits its contracts' penalties."""
    answer = revenue_of_base(base, by="month")
    fees = by_month(charges, "Usage")
    assert {one.span: one.fee_usd for one in answer.sums if one.fee_usd} == pytest.approx(
        {month: usd for month, usd in fees.items() if usd}
    )
    penalties = sum(one.penalty_usd for one in answer.contracts if one.firm_until is not None)
    assert -sum(by_month(charges, "Credit").values()) == pytest.approx(penalties)
    firm = sum(float(row["x_FirmCost"] or 0) for row in charges)
    assert firm == pytest.approx(sum(one.firm_usd for one in answer.contracts))


@pytest.mark.parametrize("name", ["tiny", "colo-hall"])
def test_examples_are_charged_what_they_earn(name: str) -> None:
    base = planned_base(load_scenario(_ROOT / "examples" / f"{name}.yaml"), params=QUICK)
    commitments, charges = tables(base)
    require_rules(commitments, charges)
    require_money(base, charges)


def test_a_month_of_a_plan_by_weeks_is_billed_whole() -> None:
    horizon = {"start": "2026-05-06", "end": "2026-08-05", "period": "week"}
    ramp = [{"from": "2026-05-06", "mw": 0.16}, {"from": "2026-06-10", "mw": 0.32}]
    lease = byhand.contract(ramp=ramp, fee={"usd_per_kw_month": 100})
    weekly = planned_base(byhand.by_hand(horizon=horizon, contracts=[lease], workloads=[]), params=QUICK)
    june = (date(2026, 6, 1), date(2026, 7, 1))
    assert days_named("2026-06", weekly.instance.periods) == june
    assert days_named("2026-05", weekly.instance.periods) == (date(2026, 5, 6), date(2026, 6, 1))
    # 9 days of 160 kW and 21 of 320 kW, at 100 USD a kW and month of 30 days.
    charges = tables(weekly, days=june)[1]
    assert by_month(charges, "Usage") == {"2026-06": pytest.approx(100 * (160 * 9 + 320 * 21) / 30)}
    assert by_month(charges, "Usage")["2026-06"] == pytest.approx(by_month(tables(weekly)[1], "Usage")["2026-06"])


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4, 6, 7, 8])
def test_dates_inside_periods_are_charged_by_their_days(seed: int) -> None:
    case = Scenario.model_validate(dated_record(seed))
    base = planned_base(case, params=QUICK)
    commitments, charges = tables(base)
    require_rules(commitments, charges)
    require_money(base, charges)


def test_the_columns_of_both_datasets_are_there_and_ours_are_last() -> None:
    files = focus_files(planned(byhand.contract()))
    commitments, charges = (files[name].split("\n", 1)[0].split(",") for name in NAMES)
    assert set(commitments) == COMMITMENT
    assert set(charges) >= MANDATORY
    assert [column.startswith("x_") for column in charges] == sorted(column.startswith("x_") for column in charges)


def test_a_fee_by_kw_is_priced_by_kw_months_with_the_factor_of_its_step() -> None:
    steps = [{"from": "2026-05", "mw": 0.16, "fee_factor": 0.5}, {"from": "2026-07-17", "mw": 0.4}]
    _, charges = tables(planned(byhand.contract(ramp=steps, fee={"usd_per_kw_month": 100})))
    found = [(row["ChargePeriodStart"][:10], row["ContractedUnitPrice"], row["PricingQuantity"]) for row in charges]
    # Two racks of 80 kW, from 17 July on five of them, for 15 of 31 days.
    assert found == [
        ("2026-05-01", "50.0", "160.0"),
        ("2026-06-01", "50.0", "160.0"),
        ("2026-07-01", "50.0", str(round(160 * 16 / 31, 12))),
        ("2026-07-17", "100.0", str(round(400 * 15 / 31, 12))),
        ("2026-08-01", "100.0", "400.0"),
    ]
    assert {row["PricingUnit"] for row in charges} == {"kW-Months"}


def test_a_fee_by_gpu_hour_is_priced_by_gpu_hours() -> None:
    gpus = [{"from": "2026-05", "gpus": 128}]
    commitments, charges = tables(planned(byhand.contract(ramp=gpus, fee={"usd_per_gpu_hour": 2.0})))
    # 128 GPUs for 31 days of 24 hours.
    assert (charges[0]["PricingQuantity"], charges[0]["ConsumedQuantity"]) == ("95232.0", "95232.0")
    assert (charges[0]["PricingUnit"], charges[0]["ChargeFrequency"]) == ("GPU-Hours", "Usage-Based")
    assert commitments[0]["ContractCommitmentUnit"] == "GPU-Hours"


def test_months_that_are_free_cost_nothing_and_say_for_how_long() -> None:
    steps = [{"from": "2026-05", "mw": 0.16, "fee_factor": 0.0}, {"from": "2026-06", "mw": 0.16}]
    _, charges = tables(planned(byhand.contract(ramp=steps)))
    assert [(row["BilledCost"], row["PricingQuantity"]) for row in charges[:2]] == [
        ("0.0", "1.0"),
        ("1000000.0", "1.0"),
    ]


def test_a_penalty_is_a_credit() -> None:
    # 1,000 kW are asked for where ten racks of 80 kW stand and UPS carry less.
    base = planned(byhand.contract(ramp=[{"from": "2026-05", "mw": 1.0}]))
    commitments, charges = tables(base)
    require_rules(commitments, charges)
    require_money(base, charges)
    assert {row["ChargeCategory"] for row in charges} == {"Usage", "Credit"}


def test_prospects_are_not_charged() -> None:
    case = byhand.by_hand(contracts=[byhand.contract(probability=0.5)])
    base = planned_base(case, prospects=frozenset({"lease"}), params=QUICK)
    assert tables(base) == ([], [])


def test_who_bills_can_be_named() -> None:
    _, charges = tables(planned(byhand.contract()), provider="Example Colo, Inc.")
    assert {row["InvoiceIssuerName"] for row in charges} == {"Example Colo, Inc."}


def test_labels_of_a_contract_are_its_tags() -> None:
    _, charges = tables(planned(byhand.contract(labels={"team": 'a "b", c'})))
    assert charges[0]["Tags"] == '{"team": "a \\"b\\", c"}'


def test_names_that_begin_as_formulas_are_texts() -> None:
    _, charges = tables(planned(byhand.contract(name="=1+1")))
    assert charges[0]["SubAccountId"] == "'=1+1"


def test_the_same_plan_gives_the_same_text() -> None:
    base = planned(byhand.contract())
    assert focus_files(base) == focus_files(base)


_VALIDATOR = os.environ.get("FOCUS_VALIDATOR") or shutil.which("focus-validator")
_SUPPORTED = (
    "ACCOUNT_NAMING MULTIPLE_PRICING_CATEGORIES NEGOTIATED_PRICING REGION SUB_ACCOUNT TAGGING USAGE_MEASUREMENT"
)
_EITHER = {"InvoiceId-C-005-C"}
"""Of this rule and InvoiceId-C-004-C the validator accepts either: an invoice that there is not has no number."""


def said(*command: str, folder: Path | None = None) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder).stdout


def test_the_validator_of_the_finops_foundation_accepts_the_charges(tmp_path: Path) -> None:
    if _VALIDATOR is None:
        pytest.skip(
            "no focus-validator 2 on the path nor in FOCUS_VALIDATOR; focus_rules.py alone holds the claim here"
        )
    base = planned(byhand.contract(ramp=[{"from": "2026-05", "mw": 1.0}], labels={"team": "x"}))
    path = tmp_path / "charges.csv"
    path.write_text(focus_files(base)[NAMES[1]], encoding="utf-8")
    python = Path(_VALIDATOR).parent / "python"
    where = said(str(python), "-c", "import focus_validator; print(focus_validator.__path__[0])").strip()
    criteria = ",".join(f"{one}_SUPPORTED" for one in _SUPPORTED.split())
    asked = ("--validate-version", "1.2", "--block-download", "--applicability-criteria", criteria)
    found = said(_VALIDATOR, "--data-file", str(path), *asked, folder=Path(where).parent)  # where its currencies are
    assert "Pass: " in found
    assert {line.split()[1].rstrip(":") for line in found.splitlines() if ": FAIL " in line} == _EITHER
