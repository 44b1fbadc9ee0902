"""Charges and commitments in the columns of FOCUS.

Source: FinOps Foundation, FinOps Open Cost and Usage Specification 1.2 (Cost and Usage) and 1.3 (Contract Commitment).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from capalloc.calendar import next_month
from capalloc.exports.focus.charges import Charge, Commitment
from capalloc.formats.sheets import Cell
from capalloc.schema.demand import Contract

CURRENCY = "USD"


@dataclass(frozen=True, slots=True)
class Billed:
    """A charge with who bills it for which site."""

    charge: Charge
    provider: str
    site: str

    @property
    def contract(self) -> Contract:
        """The contract that is charged."""
        return self.charge.commitment.contract

    @property
    def month(self) -> date:
        """The first day of the month that it is billed in."""
        return self.charge.start.replace(day=1)

    def unless_credit(self, cell: Cell) -> Cell:
        """A cell that a credit leaves empty."""
        return None if self.charge.is_credit else cell


def _moment(day: date) -> str:
    """Midnight UTC, at which days begin in every dataset."""
    return f"{day.isoformat()}T00:00:00Z"


def _frequency(charge: Charge) -> str:
    if charge.is_credit:
        return "One-Time"
    return "Usage-Based" if charge.unit == "GPU-Hours" else "Recurring"


def _described(charge: Charge) -> str:
    contract = charge.commitment.contract
    if charge.is_credit:
        return f"Penalty for capacity that {contract.name} is short of"
    return f"Fee of {contract.name} for {_capacity(charge.commitment)}{_factor(charge.commitment)}"


def _promised(commitment: Commitment) -> str:
    return f"{_capacity(commitment)} for {commitment.contract.tenant}{_factor(commitment)}"


def _capacity(commitment: Commitment) -> str:
    step = commitment.step
    return f"{step.amount:,g} GPUs" if step.unit == "gpus" else f"{step.amount:,g} MW"


def _factor(commitment: Commitment) -> str:
    factor = commitment.step.fee_factor
    return "" if factor == 1.0 else f" at {factor:g} of the fee"


def _tags(contract: Contract) -> str | None:
    """The contract's own labels, as JSON."""
    labels = dict(sorted(contract.labels.items()))
    return json.dumps(labels, ensure_ascii=False) if labels else None


COST_AND_USAGE: Mapping[str, Callable[[Billed], Cell]] = {
    "BilledCost": lambda one: one.charge.usd,
    "BillingAccountId": lambda one: one.contract.tenant,
    "BillingAccountName": lambda one: one.contract.tenant,
    "BillingCurrency": lambda _: CURRENCY,
    "BillingPeriodEnd": lambda one: _moment(next_month(one.month)),
    "BillingPeriodStart": lambda one: _moment(one.month),
    "ChargeCategory": lambda one: "Credit" if one.charge.is_credit else "Usage",
    "ChargeClass": lambda _: None,
    "ChargeDescription": lambda one: _described(one.charge),
    "ChargeFrequency": lambda one: _frequency(one.charge),
    "ChargePeriodEnd": lambda one: _moment(one.charge.end),
    "ChargePeriodStart": lambda one: _moment(one.charge.start),
    "CommitmentDiscountId": lambda _: None,
    "CommitmentDiscountStatus": lambda _: None,
    "ConsumedQuantity": lambda one: one.unless_credit(one.charge.consumed),
    "ConsumedUnit": lambda one: one.unless_credit(one.charge.commitment.unit),
    "ContractedCost": lambda one: one.charge.usd,
    "ContractedUnitPrice": lambda one: one.unless_credit(one.charge.unit_price_usd),
    "EffectiveCost": lambda one: one.charge.usd,
    "InvoiceId": lambda _: None,
    "InvoiceIssuerName": lambda one: one.provider,
    "ListCost": lambda one: one.charge.usd,
    "PricingCategory": lambda one: one.unless_credit("Standard"),
    "PricingQuantity": lambda one: one.unless_credit(one.charge.quantity),
    "PricingUnit": lambda one: one.unless_credit(one.charge.unit),
    "ProviderName": lambda one: one.provider,
    "PublisherName": lambda one: one.provider,
    "RegionId": lambda one: one.site,
    "RegionName": lambda one: one.site,
    "ServiceCategory": lambda _: "Compute",
    "ServiceName": lambda _: "Reserved rack capacity",
    "ServiceSubcategory": lambda _: "Other (Compute)",
    "SubAccountId": lambda one: one.contract.name,
    "SubAccountName": lambda one: one.contract.name,
    "Tags": lambda one: _tags(one.contract),
    "x_AtRiskCost": lambda one: one.unless_credit(one.charge.usd - one.charge.firm_usd),
    "x_ContractCommitmentId": lambda one: one.charge.commitment.key,
    "x_FirmCost": lambda one: one.unless_credit(one.charge.firm_usd),
}
"""Columns of the dataset Cost and Usage 1.2; the last ones are our own, which FOCUS begins with ``x_``."""

CONTRACT_COMMITMENT: Mapping[str, Callable[[Commitment], Cell]] = {
    "BillingCurrency": lambda _: CURRENCY,
    "ContractCommitmentCategory": lambda _: "Usage",
    "ContractCommitmentCost": lambda one: one.fee_usd,
    "ContractCommitmentDescription": _promised,
    "ContractCommitmentId": lambda one: one.key,
    "ContractCommitmentPeriodEnd": lambda one: _moment(one.end),
    "ContractCommitmentPeriodStart": lambda one: _moment(one.start),
    "ContractCommitmentQuantity": lambda one: one.quantity,
    "ContractCommitmentType": lambda _: "Capacity ramp step",
    "ContractCommitmentUnit": lambda one: one.unit,
    "ContractId": lambda one: one.contract.name,
    "ContractPeriodEnd": lambda one: _moment(one.term[1]),
    "ContractPeriodStart": lambda one: _moment(one.term[0]),
}
"""Columns of the dataset Contract Commitment 1.3."""
