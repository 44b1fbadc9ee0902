"""A hedged plan as charts: what is decided, what is expected of it on fresh samples, and what more would be worth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from capalloc.report.charts.figure import Figure, Key, Variant
from capalloc.report.charts.shades import variable
from capalloc.report.figures import plural, usd
from capalloc.report.hedge import FIGURES
from capalloc.schema.hedged import Hedged

_MEANS = ("wait_and_see", "bound", "hedged", "forecast")
_WORTHS = ("evpi", "gap", "vss")
_ALONE = {"gap": "What may be left to find"}
"""Names where the row before does not say it."""
_ROW_HEIGHT = 26
_USD = {"format": "$,.4~s", "title": None, "tickCount": 5}


def expected_figure(answer: Hedged) -> Figure:
    """What is expected of the plan, beside what others come to."""
    return _interval_figure(answer, "hedge-expected", "What is expected", _MEANS, zero=False)


def worth_figure(answer: Hedged) -> Figure:
    """What knowing more, searching more and hedging are worth."""
    return _interval_figure(answer, "hedge-worth", "What more is worth", _WORTHS, zero=True)


def _interval_figure(answer: Hedged, name: str, title: str, keys: Sequence[str], zero: bool) -> Figure:
    """A dot for each mean, on its 95 % interval."""
    names = {key: label for label, key in FIGURES} | _ALONE
    rows = [
        {"what": names[key], "usd": one.usd, "low": one.low_usd, "high": one.high_usd}
        for key in keys
        if (one := getattr(answer.fresh, key)) is not None
    ]
    told = "; ".join(f"{row['what']} {usd(row['usd'])}, {usd(row['low'])} to {usd(row['high'])}" for row in rows)
    across = {"type": "quantitative", "scale": {"zero": zero}, "axis": _USD}
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "rule", "strokeWidth": 6, "stroke": variable("idle")},
            "encoding": {"x": {"field": "low", **across}, "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 90, "fill": variable("d4")},
            "encoding": {"x": {"field": "usd", **across}},
        },
    ]
    spec = _rows_spec([str(row["what"]) for row in rows], layers)
    says = f"{title}, on samples that the plan was not chosen on: {told}."
    return Figure(name, title, says, spec, {"": Variant({"rows": rows})}, (Key("mean", "d4"), Key("95 %", "idle")))


def decided_figure(answer: Hedged) -> Figure:
    """Racks of each demand in each period that is decided, where the hedge and the forecast's best plan differ."""
    found = sorted(answer.decided, key=lambda one: (one.period, one.demand))
    rows = [
        {"what": f"{one.period} {one.demand}", "hedged": one.racks, "forecast": one.forecast_racks}
        for one in found
        if one.racks != one.forecast_racks
    ]
    across = {"type": "quantitative", "axis": {"title": "Racks", "tickCount": 6, "format": ",d"}}
    dot = {"type": "point", "filled": True, "size": 90}
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "rule", "strokeWidth": 6, "stroke": variable("idle")},
            "encoding": {"x": {"field": "hedged", **across}, "x2": {"field": "forecast"}},
        },
        {"mark": {**dot, "fill": variable("d1")}, "encoding": {"x": {"field": "forecast", **across}}},
        {"mark": {**dot, "fill": variable("d4")}, "encoding": {"x": {"field": "hedged", **across}}},
    ]
    told = "; ".join(
        f"{one.demand} in {one.period} {plural(one.racks, 'rack')}, not {one.forecast_racks}"
        for one in found
        if one.racks != one.forecast_racks
    )
    says = f"What the hedge decides otherwise than the forecast's best plan: {told}."
    spec = _rows_spec([str(row["what"]) for row in rows], layers)
    keys = (Key("hedged", "d4"), Key("forecast", "d1"))
    return Figure("hedge-decided", "What is decided otherwise", says, spec, {"": Variant({"rows": rows})}, keys)


def _rows_spec(order: Sequence[str], layers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A row for each thing, in that order."""
    down = {"field": "what", "type": "nominal", "sort": list(order), "axis": {"title": None, "labelLimit": 220}}
    return {
        "height": {"step": _ROW_HEIGHT},
        "data": {"name": "rows"},
        "encoding": {"y": down},
        "layer": list(layers),
    }
