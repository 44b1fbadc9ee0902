"""The chart of who holds which hall when, under the dates of the plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.calendar import Halls, Place, halls_of
from capalloc.analysis.picture.floor import State
from capalloc.analysis.picture.marks import Mark, marks_of
from capalloc.calendar import format_day
from capalloc.report.charts.figure import Figure, Key, Variant
from capalloc.report.charts.halls import says_of
from capalloc.report.charts.marks import LANE_OF, LANES, in_a_line, label_of, sign_of_all
from capalloc.report.charts.shades import REST, variable
from capalloc.report.charts.steps import days_axis, of_keys, shown_layer
from capalloc.report.figures import count, plural

_LANE, _UNDER, _BETWEEN = 26, 8, 10
"""Heights, in pixels: of a line of dates, under a hall, between lines and halls."""
_HALLS, _LOWEST_BAR, _HIGHEST_BAR = 320, 22, 96
"""The height that halls take together where their bars are neither too low nor too high."""
_LETTER, _SIGN, _WIDTH = 7, 16, 760
"""Pixels of a letter, of a sign, and of all days where the chart has its usual width."""
_SIGN_FIELDS = {"size": "quantitative", "shape": "nominal", "fill": "nominal"}
_LIT = {"condition": {"test": "lit < 0 || datum.key == lit || !isValid(datum.key)", "value": 1}, "value": 0.2}
_NARROW = 560
"""Pixels under which signs have no labels."""
_LINES = 8
"""Lines of a tip."""
_SIZE, _SIZES = 110, {"triangle-up": 210, "triangle-down": 210, "triangle-left": 210, "square": 90}
"""Of signs, so that they look alike."""
_SAYS = (
    "A bar is a {}, filled by who holds its racks; what is empty has no rack yet, or no longer. "
    "Above, what happens on which day; a number beside a sign is of racks, or of several dates (×)."  # noqa: RUF001
)
_STATES: Mapping[State, tuple[str, str]] = {
    State.IDLE: ("Idle racks", "idle"),
    State.OFF: ("Switched off", "off"),
    State.MAINTENANCE: ("In maintenance", "unusable"),
    State.PARTLY: ("Arriving or leaving", "partly"),
    State.DARK: ("Without power, or in an outage", "dark"),
}
_SPARE = "Spare racks"


def calendar_figure(pictured: Pictured, shades: Mapping[str, str]) -> Figure:
    """Halls over time by who holds their racks, and what happens on which day."""
    return _Drawing(pictured, shades).figure()


class _Drawing:
    """Lines of dates from the top down, then halls, each as high as its rows say."""

    def __init__(self, pictured: Pictured, shades: Mapping[str, str]) -> None:
        self._pictured, self._shades = pictured, shades
        self._halls, self._marks = halls_of(pictured), marks_of(pictured)
        self._lanes = [lane for lane in LANES if any(LANE_OF[one.kind] == lane for one in self._marks)]
        self._bar = max(_LOWEST_BAR, min(_HIGHEST_BAR, _HALLS // max(1, len(self._halls.places)) - _UNDER))
        self._hall = self._bar + _UNDER
        self._top = len(self._lanes) * _LANE + (_BETWEEN if self._lanes else 0)
        self._keys = list(_keys(self._halls, pictured, shades))
        self._number = {state: number for number, (_, states) in enumerate(self._keys) for state in states}

    def figure(self) -> Figure:
        keys = [key for key, _ in self._keys]
        tables = {
            "frames": list(self._frames()),
            "halls": list(self._bars()),
            "spans": list(self._spans()),
            "marks": list(self._signs()),
            "shown": [],
        }
        says = says_of(self._halls, self._marks, self._pictured)
        return Figure(
            "calendar",
            "Calendar",
            says,
            self._spec(keys),
            {"": Variant(tables, says=_SAYS.format(self._halls.kind))},
            keys,
        )

    def _frames(self) -> Iterator[dict[str, Any]]:
        for number in range(len(self._halls.places)):
            yield {"low": self._base(number) - self._bar, "high": self._base(number)}

    def _base(self, number: int) -> int:
        """The lower border of a hall's bar."""
        return self._top + number * self._hall + self._bar

    def _bars(self) -> Iterator[dict[str, Any]]:
        days = [period.start.isoformat() for period in self._pictured.periods]
        end = self._pictured.periods[-1].end.isoformat()
        for number, place in enumerate(self._halls.places):
            ends = [*(days[one.period] for one in place.runs[1:]), end]
            for run, until in zip(place.runs, ends, strict=True):
                height = 0
                for key, racks in _by_key(run.racks, self._number):
                    low, high = (self._height(number, place, racks) for racks in (height, height + racks))
                    height += racks
                    yield {
                        "key": key,
                        "hall": number,
                        "racks": racks,
                        "at": days[run.period],
                        "until": until,
                        "low": low,
                        "high": high,
                    }

    def _height(self, number: int, place: Place, racks: int) -> float:
        return round(self._base(number) - racks / place.racks * self._bar, 2)

    def _grouped(self) -> Iterator[tuple[int, list[Mark]]]:
        """Dates by line and day, each with the number of its line."""
        for number, lane in enumerate(self._lanes):
            own = [one for one in self._marks if LANE_OF[one.kind] == lane]
            for _, group in groupby(own, key=lambda one: one.day):
                yield number, list(group)

    def _signs(self) -> Iterator[dict[str, Any]]:
        groups = [(number, marks) for number, marks in self._grouped() if marks[0].until is None]
        for number, marks in groups:
            sign, label = sign_of_all(marks), label_of(marks)
            after = [other[0].day for lane, other in groups if lane == number and other[0].day > marks[0].day]
            yield {
                "at": marks[0].day.isoformat(),
                "y": number * _LANE + _LANE / 2,
                "shape": sign.shape,
                "size": _SIZES.get(sign.shape, _SIZE),
                "fill": variable(sign.shade),
                "label": label if self._fits(label, marks[0].day, min(after, default=None)) else "",
                "tip": _tip(marks),
                **self._key_of(marks),
            }

    def _key_of(self, marks: Sequence[Mark]) -> dict[str, int]:
        """The key of the only demand that some dates are of."""
        names = {name for one in marks for name in (one.subject, one.other)}
        found = {number for number, (key, _) in enumerate(self._keys) if key.demand is not None and key.demand in names}
        return {"key": found.pop()} if len(found) == 1 else {}

    def _fits(self, label: str, day: date, until: date | None) -> bool:
        first, last = self._pictured.periods[0].start, self._pictured.periods[-1].end
        room = ((until or last) - day) / (last - first) * _WIDTH
        return room > _SIGN + len(label) * _LETTER

    def _spans(self) -> Iterator[dict[str, Any]]:
        periods = self._pictured.periods
        for number, marks in self._grouped():
            for one in marks:
                if one.until is not None:
                    yield {
                        "at": max(one.day, periods[0].start).isoformat(),
                        "until": min(one.until, periods[-1].end).isoformat(),
                        "low": number * _LANE + _LANE / 2 - 5,
                        "high": number * _LANE + _LANE / 2 + 5,
                        "tip": _tip([one]),
                    }

    def _spec(self, keys: Sequence[Key]) -> dict[str, Any]:
        height = self._top + len(self._halls.places) * self._hall
        rows = [(number * _LANE + _LANE / 2, lane) for number, lane in enumerate(self._lanes)]
        rows += [(self._base(number) - self._bar / 2, place.name) for number, place in enumerate(self._halls.places)]
        places = [y for y, _ in rows]
        days, y = days_axis(self._pictured.periods), _down(places, height)
        box = {"y": {"field": "low", **y}, "y2": {"field": "high"}}
        on, at = {"x": days, "x2": {"field": "until"}, **box}, {"x": days, "y": {"field": "y", **y}}
        return {
            "params": [
                {"name": "lit", "value": -1},
                {"name": "places", "value": places},
                {"name": "names", "value": [name for _, name in rows]},
            ],
            "height": height,
            "layer": [
                {"data": {"name": "frames"}, "mark": {"type": "rect", "fill": variable("empty")}, "encoding": box},
                _racks(on, keys),
                {
                    "data": {"name": "spans"},
                    "mark": {"type": "rect", "fill": "url(#short)", "stroke": variable("bad"), "strokeWidth": 1},
                    "encoding": on,
                },
                _points(at),
                _labels(at),
                shown_layer(days),
            ],
        }


def _down(places: list[float], height: float) -> dict[str, Any]:
    """The vertical axis, downwards, with a name at each of some places."""
    axis = {
        "title": None,
        "grid": False,
        "domain": False,
        "ticks": False,
        "values": places,
        "labelExpr": "names[indexof(places, datum.value)]",
        "labelLimit": {"expr": f"width < {_NARROW} ? 84 : 180"},
        "labelOverlap": False,
        "labelPadding": 8,
    }
    scale = {"domain": [0, height], "reverse": True, "nice": False, "zero": False}
    return {"type": "quantitative", "scale": scale, "axis": axis}


def _racks(on: dict[str, Any], keys: Sequence[Key]) -> dict[str, Any]:
    """Racks of halls, stacked."""
    return {
        "data": {"name": "halls"},
        "mark": {"type": "rect", "stroke": variable("paper"), "strokeWidth": 0.5},
        "encoding": {**on, "fill": of_keys(keys, lambda key: variable(key.shade)), "opacity": _LIT},
    }


def _points(at: dict[str, Any]) -> dict[str, Any]:
    """Signs of dates."""
    own = {name: {"field": name, "type": kind, "scale": None} for name, kind in _SIGN_FIELDS.items()}
    return {
        "data": {"name": "marks"},
        "mark": {"type": "point", "filled": True, "stroke": variable("paper"), "opacity": 1},
        "encoding": {**at, **own, "opacity": _LIT},
    }


def _labels(at: dict[str, Any]) -> dict[str, Any]:
    """What is written beside signs, where the page is wide enough."""
    wide = {"expr": f"width < {_NARROW} ? 0 : 1"}
    return {
        "data": {"name": "marks"},
        "mark": {"type": "text", "align": "left", "dx": 9, "fontSize": 11, "fill": variable("ink"), "opacity": wide},
        "encoding": {**at, "text": {"field": "label"}},
    }


def _keys(halls: Halls, pictured: Pictured, shades: Mapping[str, str]) -> Iterator[tuple[Key, frozenset[int]]]:
    """Entries of the legend, in the order in which racks are stacked, with the states that each stands for."""
    used = {state for place in halls.places for run in place.runs for state in run.racks}
    names = pictured.site.instance.demand_names
    served = [(name, State.SERVES + 2 * d) for d, name in enumerate(names)]
    rest = frozenset(state for name, state in served if shades[name] == REST) & used
    for name, state in served:
        if state in used - rest:
            yield Key(name, shades[name], demand=name), frozenset([state])
    if rest:
        yield Key(plural(len(rest), "other demand"), REST), rest
    spare = frozenset(state + 1 for _, state in served) & used
    if spare:
        yield Key(_SPARE, "spare"), spare
    for one, (label, shade) in _STATES.items():
        if int(one) in used:
            yield Key(label, shade), frozenset([int(one)])


def _by_key(racks: Mapping[int, int], number: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    """Racks by key, in the keys' order."""
    found: dict[int, int] = {}
    for state, some in racks.items():
        found[number[state]] = found.get(number[state], 0) + some
    yield from sorted(found.items())


def _tip(marks: Sequence[Mark]) -> list[str]:
    lines = [in_a_line(one) for one in marks[:_LINES]]
    more = [f"and {count(len(marks) - _LINES)} more"] if len(marks) > _LINES else []
    return [format_day(marks[0].day), *lines, *more]
