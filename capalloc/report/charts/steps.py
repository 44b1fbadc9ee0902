"""Charts of what stands on each other over time, in steps from period to period, with lines across them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capalloc.analysis.picture.runs import changes
from capalloc.calendar import Period, next_month
from capalloc.report.charts.figure import Key, Variant
from capalloc.report.charts.legend import DASHES
from capalloc.report.charts.shades import variable

Amounts = NDArray[np.float64]
AXIS_WIDTH = 50
"""At least, so that charts of a page begin at the same place."""
_DIGITS = 6
"""After the point, of what is drawn."""
_TICKS = 12
"""At most, along the days."""
_FEW = 3
_STEP = {"interpolate": "step-after"}
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120)


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """(T,) amounts that a key of the legend stands for."""

    key: int
    amounts: Amounts


def steps_variant(
    periods: Sequence[Period],
    unit: str,
    says: str,
    *,
    stack: Iterable[Steps],
    lines: Iterable[Steps] = (),
    missing: Iterable[tuple[Steps, Amounts]] = (),
) -> Variant:
    """A measure of a chart of steps: what is stacked, lowest first, lines, and what is missing from some height down.

    What is 0 in all periods is left out.
    """
    days = _Days(periods)
    tables = {
        "areas": [row for one, low in _stacked(stack) for row in days.areas(one.key, low, low + one.amounts)],
        "missing": [
            row for one, top in missing if one.amounts.any() for row in days.boxes(one.key, top - one.amounts, top)
        ],
        "lines": [row for one in lines for row in days.line(one)],
        "shown": [],
    }
    return Variant(tables, {"unit": unit}, says)


def _stacked(stack: Iterable[Steps]) -> Iterator[tuple[Steps, Amounts]]:
    height: Amounts | float = 0.0
    for one in stack:
        if one.amounts.any():
            yield one, np.broadcast_to(np.asarray(height), one.amounts.shape)
            height = height + one.amounts


class _Days:
    """Rows of tables: a row for each period in which something changes, and one for the end."""

    def __init__(self, periods: Sequence[Period]) -> None:
        self._days = [period.start.isoformat() for period in periods] + [periods[-1].end.isoformat()]

    def areas(self, key: int, low: Amounts, high: Amounts) -> Iterator[dict[str, Any]]:
        for t, at in self._changes(low, high):
            yield {"key": key, "at": self._days[t], "low": _rounded(low[at]), "high": _rounded(high[at])}

    def boxes(self, key: int, low: Amounts, high: Amounts) -> Iterator[dict[str, Any]]:
        for one, after in pairwise(self.areas(key, low, high)):
            yield {**one, "until": after["at"]}

    def line(self, one: Steps) -> Iterator[dict[str, Any]]:
        for t, at in self._changes(one.amounts):
            yield {"key": one.key, "at": self._days[t], "high": _rounded(one.amounts[at])}

    def _changes(self, *amounts: Amounts) -> Iterator[tuple[int, int]]:
        yield from ((t, t) for t in changes(*amounts))
        yield len(self._days) - 1, len(self._days) - 2


def _rounded(amount: float) -> float:
    return round(float(amount), _DIGITS) + 0.0


def steps_spec(periods: Sequence[Period], keys: Sequence[Key], *, labels: str, height: int = 320) -> dict[str, Any]:
    """The chart of steps; ``labels`` is the expression of a label of the vertical axis."""
    days = days_axis(periods)
    axis = {"title": {"expr": "unit"}, "labelExpr": labels, "tickCount": 6, "minExtent": AXIS_WIDTH}
    high = {"x": days, "y": {"field": "high", "type": "quantitative", "axis": axis}, "detail": {"field": "key"}}
    box = {**high, "y2": {"field": "low"}}
    shade = of_keys(keys, lambda key: variable(key.shade))
    return {
        "params": [{"name": "unit", "value": ""}, {"name": "lit", "value": -1}],
        "height": height,
        "layer": [
            _areas(box, shade, [number for number, key in enumerate(keys) if key.kind == "pale"]),
            _missing(box),
            _lines(high, {"strokeWidth": 4.5, "stroke": variable("paper"), "strokeOpacity": 0.7}),
            _lines({**high, "stroke": shade, "strokeDash": of_keys(keys, _dashes)}, {"strokeWidth": 2.25}),
            shown_layer(days),
        ],
    }


def _areas(box: dict[str, Any], shade: dict[str, Any], pale: list[int]) -> dict[str, Any]:
    """What is stacked; keys that are pale more faintly, and all but the one that is pointed at."""
    return {
        "data": {"name": "areas"},
        "mark": {"type": "area", "stroke": variable("paper"), "strokeWidth": 0.75, **_STEP},
        "encoding": {
            **box,
            "fill": shade,
            "fillOpacity": {"condition": {"test": f"indexof({pale}, datum.key) >= 0", "value": 0.45}, "value": 1},
            "opacity": {"condition": {"test": "lit < 0 || datum.key == lit", "value": 1}, "value": 0.2},
        },
    }


def _missing(box: dict[str, Any]) -> dict[str, Any]:
    """What is missing, hatched, period by period."""
    width = {"expr": "datum.high > datum.low ? 1 : 0"}
    return {
        "data": {"name": "missing"},
        "mark": {"type": "rect", "fill": "url(#short)", "stroke": variable("short"), "strokeWidth": width},
        "encoding": {**box, "x2": {"field": "until"}},
    }


def _lines(encoding: dict[str, Any], stroke: dict[str, Any]) -> dict[str, Any]:
    """Lines across, or the paper below them that sets them off."""
    return {
        "data": {"name": "lines"},
        "mark": {"type": "line", "strokeCap": "butt", **stroke, **_STEP},
        "encoding": encoding,
    }


def shown_layer(days: dict[str, Any]) -> dict[str, Any]:
    """The period that the page shows, as a band; files show none."""
    return {
        "data": {"name": "shown"},
        "mark": {
            "type": "rect",
            "fill": variable("ink"),
            "fillOpacity": 0.1,
            "stroke": variable("ink"),
            "strokeWidth": 1,
        },
        "encoding": {"x": {**days, "field": "at"}, "x2": {"field": "until"}},
    }


def _dashes(key: Key) -> list[float]:
    return list(map(float, DASHES.get(key.kind, "1 0").split()))


def days_axis(periods: Sequence[Period]) -> dict[str, Any]:
    """The horizontal axis over all days of the periods, with ticks on borders of months, or of periods."""
    first, last = ({"expr": f"{_milliseconds(day)}"} for day in (periods[0].start, periods[-1].end))
    axis = {
        "title": None,
        "grid": False,
        "values": {"expr": str(list(map(_milliseconds, _ticks(periods))))},
        "labelExpr": "utcFormat(datum.value, utcdate(datum.value) == 1 ? '%Y-%m' : '%Y-%m-%d')",
        "labelOverlap": "greedy",
        "labelSeparation": 10,
    }
    return {
        "field": "at",
        "type": "temporal",
        "scale": {"type": "utc", "domainMin": first, "domainMax": last, "nice": False},
        "axis": axis,
    }


def _ticks(periods: Sequence[Period]) -> list[date]:
    """Starts of periods where these are few, else firsts of months as far apart as leaves few, else some starts."""
    starts = [period.start for period in periods]
    firsts = list(_firsts(periods[0].start, periods[-1].end)) if len(starts) > _TICKS else []
    if len(firsts) < _FEW:
        return starts[:: -(-len(starts) // _TICKS)]
    kept = ([day for day in firsts if (day.year * 12 + day.month - 1) % step == 0] for step in _MONTHS)
    return next((days for days in kept if len(days) <= _TICKS), firsts[:: -(-len(firsts) // _TICKS)])


def _firsts(start: date, end: date) -> Iterator[date]:
    day = start if start.day == 1 else next_month(start)
    while day < end:
        yield day
        day = next_month(day)


def _milliseconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


def of_keys(keys: Sequence[Key], value: Any) -> dict[str, Any]:
    """An encoding that each key of the legend has a value of."""
    scale = {"domain": list(range(len(keys))), "range": list(map(value, keys))}
    return {"field": "key", "type": "nominal", "scale": scale, "legend": None}
