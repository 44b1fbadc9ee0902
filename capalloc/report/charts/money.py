"""Charts of what a plan earns over time, how firm that is, and what one more kW would be worth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.money import Earned, earned_by_demand, fees_by_surety, prices_by_node
from capalloc.analysis.picture.runs import changes
from capalloc.calendar import Period
from capalloc.report.apart import apart
from capalloc.report.charts.figure import Figure, Key, Variant
from capalloc.report.charts.layers import layers
from capalloc.report.charts.shades import variable
from capalloc.report.charts.steps import (
    AXIS_WIDTH,
    Amounts,
    Steps,
    days_axis,
    of_keys,
    shown_layer,
    steps_spec,
    steps_variant,
)
from capalloc.report.figures import plural, usd, usd_cents
from capalloc.schema.revenue import RevenueAnswer

PRICE = "USD a kW-month"
NODES_SHOWN = 12
_LABELS = (
    "replace(abs(datum.value) < 1 ? format(datum.value, '$.2~f') : replace(format(datum.value, '$.3~s'), 'G', 'B'), "
    "'\u2212', '-')"
)
"""Billions as B, and the minus of ASCII, which every font has."""
_NO_CENTS = 100.0
"""USD from which on borders between colours have no cents."""
_LEVELS = ("u1", "u2", "u3", "u4")
_ROW = 26
_AXIS = 50
"""Height of a row of the strip, and of what stands under all of them."""


def money_figures(pictured: Pictured, shades: Mapping[str, str]) -> dict[str, Figure]:
    """What is earned, how sure fees are, and prices: those for which there is something to draw, by measure."""
    made = {
        "earned": _earned(pictured, shades),
        "firm": _firm(pictured),
        "prices": _prices(pictured),
    }
    return {name: figure for name, figure in made.items() if figure is not None}


def _earned(pictured: Pictured, shades: Mapping[str, str]) -> Figure | None:
    demands = earned_by_demand(pictured)
    if not demands:
        return None
    found = list(layers(demands, shades))
    keys = [*(key for key, _ in found), Key("Penalties", "short", "hatch")]
    penalty = np.sum([one.penalty_usd for one in demands], axis=0)
    unit = pictured.scenario.horizon.period
    variant = steps_variant(
        pictured.periods,
        f"USD a {unit}",
        f"In each {unit}, not discounted. Penalties are below the line.",
        stack=[Steps(key, np.sum([one.usd for one in of], axis=0)) for key, (_, of) in enumerate(found)],
        missing=[(Steps(len(found), penalty), np.zeros_like(penalty))],
    )
    says = _says_earned(pictured.revenue, demands, pictured.periods, unit)
    title = f"Fees and values by {unit}"
    return Figure("earned", title, says, steps_spec(pictured.periods, keys, labels=_LABELS), {"USD": variant}, keys)


def _says_earned(revenue: RevenueAnswer, demands: Sequence[Earned], periods: Sequence[Period], unit: str) -> str:
    to, total = revenue.to_objective, np.sum([one.usd for one in demands], axis=0)
    best, largest = int(np.argmax(total)), max(demands, key=lambda one: float(one.usd.sum()))
    unsigned = float(sum(one.usd.sum() for one in demands if one.prospect))
    prospects = f" ({usd(unsigned)} of prospects, as if signed)" if unsigned else ""
    penalties = f", and {usd(to.penalties_usd)} of penalties" if to.penalties_usd else ""
    return (
        f"Fees of {usd(to.fees_usd)}{prospects} and values of {usd(to.values_usd)}{penalties}. "
        f"The most in one {unit} is {usd(float(total[best]))}, in {periods[best].label}; "
        f"most is earned with {apart(largest.name)}: {usd(float(largest.usd.sum()))}."
    )


def _firm(pictured: Pictured) -> Figure | None:
    revenue, periods = pictured.revenue, pictured.periods
    if not revenue.contracts:
        return None
    fees = fees_by_surety(pictured)
    keys = [
        Key("Firm fees", "u3"),
        Key("Fees at risk", "u1"),
        Key("Fees of prospects, as if signed", "rest", "pale"),
    ]
    parts = (fees.firm_usd, fees.at_risk_usd, fees.prospect_usd)
    unit = pictured.scenario.horizon.period
    says = (
        f"A fee is firm until the day on which its contract could end if notice were given on "
        f"{revenue.as_of.isoformat()}, or on the first day that the contract allows after it; then it is at risk."
    )
    variant = steps_variant(periods, f"USD a {unit}", says, stack=(Steps(key, part) for key, part in enumerate(parts)))
    firm, risk, prospect = (float(part.sum()) for part in parts)
    more = f" Prospects would pay {usd(prospect)} more, never firm." if prospect else ""
    said = f"Of fees of {usd(firm + risk)}, {usd(firm)} are firm and {usd(risk)} at risk.{more}"
    spec = steps_spec(periods, keys, labels=_LABELS, height=240)
    return Figure("firm", f"Firm and at risk by {unit}", said, spec, {"USD": variant}, keys)


def _prices(pictured: Pictured) -> Figure | None:
    prices = {name: usd for name, usd in prices_by_node(pictured).items() if usd.any()}
    if not prices:
        return None
    shown = dict(list(prices.items())[:NODES_SHOWN])
    top = max(float(one.max()) for one in shown.values())
    levels = [Key("nothing: it has room", "empty"), *(_level(number, top) for number in range(len(_LEVELS)))]
    keys = [*levels, *(Key(name, "ink", "row") for name in shown)]
    cells = [
        {"node": name, **row}
        for number, (name, one) in enumerate(shown.items(), len(levels))
        for row in _cells(number, one, top, pictured.periods)
    ]
    left = (
        f" The {NODES_SHOWN} dearest of {plural(len(prices), 'node')} are shown." if len(prices) > NODES_SHOWN else ""
    )
    says = (
        "What one more kW of a node's limit, in normal operation and after any loss, would add to the objective for a "
        f"month: discounted USD.{left}"
    )
    dearest = next(iter(shown))
    worst = int(np.argmax(shown[dearest]))
    said = (
        f"One more kW would be worth most at {apart(dearest)}: {usd_cents(float(shown[dearest][worst]))} a month "
        f"in {pictured.periods[worst].label}."
    )
    variant = Variant({"cells": cells, "shown": []}, {"unit": PRICE}, says)
    return Figure("prices", "Price of a kW", said, _strip(pictured.periods, keys, shown), {"USD": variant}, keys)


def _level(number: int, top: float) -> Key:
    low, high = (top * part / len(_LEVELS) for part in (number, number + 1))
    label = f"{_price(low)} to {_price(high)}" if number else f"up to {_price(high)}"
    return Key(label, _LEVELS[number])


def _cells(key: int, prices: Amounts, top: float, periods: Sequence[Period]) -> Iterator[dict[str, Any]]:
    """A row for each run of periods with the same price; ``level`` is the key of its colour."""
    borders = [*changes(prices), len(periods)]
    for first, end in pairwise(borders):
        price = float(prices[first])
        level = min(1 + int(price / top * len(_LEVELS)), len(_LEVELS)) if price > 0 else 0
        days = {"at": periods[first].start.isoformat(), "until": periods[end - 1].end.isoformat()}
        yield {"key": key, **days, "high": round(price, 6), "level": level}


def _strip(periods: Sequence[Period], keys: Sequence[Key], nodes: Mapping[str, Amounts]) -> dict[str, Any]:
    """A row for each node, coloured by its price."""
    days = days_axis(periods)
    return {
        "params": [{"name": "unit", "value": ""}, {"name": "lit", "value": -1}],
        "height": _ROW * len(nodes) + _AXIS,
        "layer": [
            {
                "data": {"name": "cells"},
                "mark": {"type": "rect", "stroke": variable("paper"), "strokeWidth": 1},
                "encoding": {
                    "x": days,
                    "x2": {"field": "until"},
                    "y": {
                        "field": "node",
                        "type": "nominal",
                        "sort": None,
                        "scale": {"domain": list(nodes)},
                        "axis": {
                            "title": None,
                            "labelLimit": 130,
                            "minExtent": AXIS_WIDTH,
                            "domain": False,
                            "ticks": False,
                        },
                    },
                    "fill": {**of_keys(keys, lambda key: variable(key.shade)), "field": "level"},
                },
            },
            shown_layer(days),
        ],
    }


def _price(amount: float) -> str:
    """A border between colours: cents only where dollars would not tell."""
    return usd(amount) if amount >= _NO_CENTS else usd_cents(amount)
