"""A figure as data for the page."""

from __future__ import annotations

from typing import Any

from capalloc.report.charts.config import config
from capalloc.report.charts.figure import Figure


def chart_data(figure: Figure) -> dict[str, Any]:
    """What the page's script draws a chart from; its legend is the page's own."""
    return {
        "name": figure.name,
        "title": figure.title,
        "spec": {**figure.spec, "config": config()},
        "keys": [{"label": key.label, "demand": key.demand} for key in figure.keys],
        "variants": {
            name: {"tables": dict(one.tables), "params": dict(one.params), "keys": sorted(one.keys)}
            for name, one in figure.variants.items()
        },
    }
