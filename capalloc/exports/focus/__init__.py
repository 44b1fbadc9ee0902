"""What tenants owe, as FOCUS has it: charges by contract and month, and the commitments that they draw on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TypeVar

from capalloc.analysis.base import Base
from capalloc.analysis.picture import Pictured
from capalloc.exports.focus.charges import accounts_of
from capalloc.exports.focus.rows import CONTRACT_COMMITMENT, COST_AND_USAGE, Billed
from capalloc.formats.sheets import Cell, dump_sheet

T = TypeVar("T")

NAMES = ("focus-contract-commitment-1.3.csv", "focus-cost-and-usage-1.2.csv")
_DIGITS = 12
"""Decimals kept, so that unit prices times quantities are the costs."""


def focus_files(base: Base, provider: str | None = None, days: tuple[date, date] | None = None) -> dict[str, str]:
    """The datasets Contract Commitment 1.3 and Cost and Usage 1.2 of a plan, as CSV.

    ``provider`` is who bills: the facility's name unless given. ``days`` [start, until) are charged: all of the plan
    unless given; commitments are told in full. Only contracts that have signed are charged.
    """
    horizon = base.instance.periods
    start, until = days or (horizon[0].start, horizon[-1].end)
    accounts, site = accounts_of(Pictured.of_base(base), start, until), base.scenario.facility.name
    billed = [Billed(charge, provider or site, site) for one in accounts for charge in one.charges]
    commitments = [commitment for one in accounts for commitment in one.commitments]
    return dict(zip(NAMES, (_csv(CONTRACT_COMMITMENT, commitments), _csv(COST_AND_USAGE, billed)), strict=True))


def _csv(columns: Mapping[str, Callable[[T], Cell]], rows: Iterable[T]) -> str:
    return dump_sheet(list(columns), ([cell(row) for cell in columns.values()] for row in rows), _DIGITS)
