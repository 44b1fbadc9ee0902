"""The models that ship, as ``capalloc models`` lists them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from capalloc.report.table import Grid, grid, words


def catalogue(rows: Iterable[Sequence[str]]) -> Grid:
    """A line for each model: kind, name, description, confidence of its values."""
    heads = ("Kind", "Name", "Description", "Confidence")
    return grid("Models that ship with capalloc", [words(head) for head in heads], rows)
