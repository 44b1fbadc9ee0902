"""A figure: a chart with the tables that it draws, for the page and for files alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Rows = Sequence[Mapping[str, Any]]
"""Of a table: what JSON can say. Days are ISO texts."""


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of the legend; rows of the tables name it by its place among the keys, as ``key`` or ``level``."""

    label: str
    shade: str
    kind: str = "fill"
    """``fill``, ``pale``, ``line``, ``dash``, ``dot``, ``hatch``; ``row`` has its label in the chart itself."""
    demand: str | None = None
    """The demand that it stands for, alone."""


@dataclass(frozen=True, slots=True)
class Variant:
    """The figure in one measure: tables by name, and values of the chart's parameters."""

    tables: Mapping[str, Rows]
    params: Mapping[str, Any] = field(default_factory=dict)
    says: str = ""
    """What is drawn, in a sentence or two."""

    @property
    def keys(self) -> frozenset[int]:
        """Numbers of the keys that its tables name."""
        rows = [row for table in self.tables.values() for row in table]
        return frozenset(row[name] for row in rows for name in ("key", "level") if name in row)


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart in one measure or several."""

    name: str
    title: str
    says: str
    """What it shows, in a sentence or two with its figures: the alternative to looking."""
    spec: Mapping[str, Any]
    """Vega-Lite, whose tables are named; colours are those of a style sheet, ``var(--NAME)``."""
    variants: Mapping[str, Variant]
    """By what the reader chooses, such as ``MW``; the first is shown at first."""
    keys: Sequence[Key] = ()
