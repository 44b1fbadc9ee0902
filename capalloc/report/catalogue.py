"""The models that ship, as ``capalloc models`` lists them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.table import Table

from capalloc.report.table import table, words


def catalogue(rows: Iterable[Sequence[str]]) -> Table:
    """A line for each model: kind, name, description, confidence of its values."""
    heads = ("Kind", "Name", "Description", "Confidence")
    return table("Models that ship with capalloc", [words(head) for head in heads], rows)
