"""Rules of FOCUS 1.2 (Cost and Usage) and 1.3 (Contract Commitment) that the columns of an export have to keep."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

Row = Mapping[str, str]

_MANDATORY = """
BilledCost BillingAccountId BillingAccountName BillingCurrency BillingPeriodEnd BillingPeriodStart ChargeCategory
ChargeClass ChargeDescription ChargePeriodEnd ChargePeriodStart ContractedCost EffectiveCost InvoiceIssuerName
ListCost PricingQuantity PricingUnit ProviderName PublisherName ServiceCategory ServiceName
"""
_COMMITMENT = """
BillingCurrency ContractCommitmentCategory ContractCommitmentCost ContractCommitmentDescription ContractCommitmentId
ContractCommitmentPeriodEnd ContractCommitmentPeriodStart ContractCommitmentQuantity ContractCommitmentType
ContractCommitmentUnit ContractId ContractPeriodEnd ContractPeriodStart
"""
MANDATORY, COMMITMENT = frozenset(_MANDATORY.split()), frozenset(_COMMITMENT.split())
NEVER_EMPTY = MANDATORY - {"ChargeClass", "PricingQuantity", "PricingUnit"} | {"ChargeFrequency", "ServiceSubcategory"}
ALLOWED = {
    "ChargeCategory": {"Usage", "Purchase", "Tax", "Credit", "Adjustment"},
    "ChargeFrequency": {"One-Time", "Recurring", "Usage-Based"},
    "PricingCategory": {"Standard", "Committed", "Dynamic", "Other", ""},
    "ContractCommitmentCategory": {"Spend", "Usage"},
    "BillingCurrency": {"USD"},
}
OF_A_CHARGE = ("ConsumedQuantity", "ConsumedUnit", "ContractedUnitPrice", "PricingCategory", "PricingQuantity")
"""Columns that usage fills, and a credit does not."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}T00:00:00Z")
_NUMBER = re.compile(r"-?\d+(\.\d+)?(E-?\d+)?")


def faults(row: Row) -> Iterator[str]:
    """What a line of either dataset breaks."""
    for column, value in row.items():
        if column.endswith(("Start", "End")) and not _DAY.fullmatch(value):
            yield f"{column}: {value!r} is no moment in UTC"
        if column.endswith(("Cost", "Quantity", "Price")) and value and not _NUMBER.fullmatch(value):
            yield f"{column}: {value!r} is no number"
        if column in ALLOWED and value not in ALLOWED[column]:
            yield f"{column}: {value!r} is not allowed"


def charge_faults(row: Row) -> Iterator[str]:
    """What a line of Cost and Usage breaks."""
    yield from faults(row)
    yield from (f"{column} is empty" for column in NEVER_EMPTY if not row[column])
    if row["ChargeCategory"] == "Usage":
        yield from (f"{column} is empty" for column in OF_A_CHARGE if not row[column])
        yield from _priced(row)
    else:
        yield from (f"{column} is not empty" for column in OF_A_CHARGE if row[column])
    if len({row[cost] for cost in ("BilledCost", "ContractedCost", "EffectiveCost", "ListCost")}) > 1:
        yield "the costs of a charge without discounts differ"
    if not row["BillingPeriodStart"] <= row["ChargePeriodStart"] < row["ChargePeriodEnd"] <= row["BillingPeriodEnd"]:
        yield "the charge is outside of its billing period"


def _priced(row: Row) -> Iterator[str]:
    cost = float(row["ContractedUnitPrice"]) * float(row["PricingQuantity"])
    if abs(cost - float(row["ContractedCost"])) > max(1e-6, 1e-9 * abs(cost)):
        yield "unit price times quantity is not the cost"


def commitment_faults(row: Row) -> Iterator[str]:
    """What a line of Contract Commitment breaks."""
    yield from faults(row)
    yield from (f"{column} is empty" for column in COMMITMENT if not row[column])
