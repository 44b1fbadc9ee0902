"""Charts of steps that are read side by side: the same days from left to right, the same amounts from bottom to top."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from capalloc.calendar import Period
from capalloc.report.charts.figure import Figure, Variant
from capalloc.report.charts.steps import days_axis

_TOP = "top"
"""The parameter that has the highest amount of a measure."""


def on_shared_axes(figures: Sequence[Figure], periods: Sequence[Sequence[Period]]) -> list[Figure]:
    """The same figures, drawn over all their days and up to the highest amount of any, measure by measure.

    ``periods`` has those of each figure.
    """
    days = days_axis(joined(periods))
    tops = {name: max(_highest(one.variants[name]) for one in figures) for name in figures[0].variants}
    return [_over(one, days, tops) for one in figures]


def joined(periods: Iterable[Sequence[Period]]) -> list[Period]:
    """Periods in order of which none begins before the last one's end."""
    found: list[Period] = []
    for one in sorted((one for some in periods for one in some), key=lambda period: (period.start, -period.days)):
        if not found or one.start >= found[-1].end:
            found.append(one)
    return found


def _highest(variant: Variant) -> float:
    return max((row["high"] for rows in variant.tables.values() for row in rows if "high" in row), default=0.0)


def _over(figure: Figure, days: Mapping[str, Any], tops: Mapping[str, float]) -> Figure:
    params = [*figure.spec["params"], {"name": _TOP, "value": 1}]
    layers = [{**layer, "encoding": _axes(layer["encoding"], days)} for layer in figure.spec["layer"]]
    variants = {
        name: replace(one, params={**one.params, _TOP: tops[name] or 1}) for name, one in figure.variants.items()
    }
    return replace(figure, spec={**figure.spec, "params": params, "layer": layers}, variants=variants)


def _axes(encoding: Mapping[str, Any], days: Mapping[str, Any]) -> dict[str, Any]:
    changed = {**encoding, "x": {**days, "field": encoding["x"]["field"]}}
    if "y" in encoding:
        changed["y"] = {**encoding["y"], "scale": {"domainMin": 0, "domainMax": {"expr": _TOP}, "nice": True}}
    return changed
