"""A plan as a workbook for finance and the floor team: a sheet a subject, totals as formulas."""

from capalloc.exports.book.workbook import book_bytes

__all__ = ["book_bytes"]
