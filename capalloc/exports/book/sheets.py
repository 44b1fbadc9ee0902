"""The sheets of a plan's workbook, in the order of their tabs."""

from __future__ import annotations

from capalloc.analysis.base import Base
from capalloc.analysis.picture import Pictured
from capalloc.exports.book.delivered import delivered_table
from capalloc.exports.book.money import money_table
from capalloc.exports.book.summary import summary_table
from capalloc.exports.book.table import Table
from capalloc.exports.ledger import ledger_of


def sheets_of(base: Base) -> list[Table]:
    """What is summed up first, then what it is the sum of."""
    pictured = Pictured.of_base(base)
    ledger = ledger_of(pictured)
    money = money_table(ledger)
    return [summary_table(pictured, money), delivered_table(pictured, ledger), money]
