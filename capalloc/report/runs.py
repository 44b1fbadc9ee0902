"""Neighbouring periods with the same figures, shown as one line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """Figures of one period, already as text."""

    period: str
    cells: Cells


def runs(lines: Iterable[Line], periods: Sequence[str], all_periods: bool = False) -> list[Line]:
    """Lines with equal cells in neighbouring periods, joined; ``periods`` is the plan's calendar."""
    index = {label: number for number, label in enumerate(periods)}
    ordered = sorted(lines, key=lambda line: index[line.period])
    if all_periods:
        return ordered
    # In a run of neighbours the calendar's index and the place in the list grow together.
    places = enumerate(ordered)
    grouped = groupby(places, key=lambda item: (index[item[1].period] - item[0], item[1].cells))
    return [_joined([line for _, line in group]) for _, group in grouped]


def span(first: str, last: str) -> str:
    """The periods from ``first`` through ``last``, both included."""
    return first if first == last else f"{first} … {last}"


def _joined(group: list[Line]) -> Line:
    return Line(span(group[0].period, group[-1].period), group[0].cells)
