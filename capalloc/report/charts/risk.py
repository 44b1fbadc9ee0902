"""Plans over samples as charts: how the objective is spread, what may be promised, what is short, what matters most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from capalloc.calendar import Period
from capalloc.report.charts.figure import Figure, Key, Variant
from capalloc.report.charts.shades import variable
from capalloc.report.charts.steps import days_axis
from capalloc.report.figures import percent, signed, usd
from capalloc.schema.risk import PlanRisk, Risk
from capalloc.units import KW_PER_MW

PROMISES = (
    Key("half of the samples deliver", "d4", "line"),
    Key("90 % of the samples deliver", "d1", "line"),
    Key("95 % of the samples deliver", "d5", "line"),
    Key("committed", "ink", "dash"),
)
_PLANS = ("d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8", "d9")
_LEVEL_HEIGHT, _BAR_HEIGHT, _SPREAD_HEIGHT = 130, 26, 240
_USD = {"format": "$,.3s", "title": None, "tickCount": 6}


def spread_figure(answer: Risk) -> Figure:
    """What share of the samples comes to at least how much, a line for each plan."""
    keys = [
        Key(plan.plan, _PLANS[number % len(_PLANS)], "line")
        for number, plan in enumerate(answer.plans)
        if plan.objective_usd is not None
    ]
    rows = [row for plan in answer.plans for row in _at_least(plan)]
    says = "; ".join(
        f"{plan.plan}: mean {usd(plan.objective_usd.mean)}, half come to {usd(plan.objective_usd.p50)}, value at risk "
        f"{usd(plan.var_usd or 0.0)}, CVaR {usd(plan.cvar_usd or 0.0)}"
        for plan in answer.plans
        if plan.objective_usd is not None
    )
    spec = {
        "height": _SPREAD_HEIGHT,
        "data": {"name": "rows"},
        "mark": {"type": "line", "interpolate": "step-before", "strokeWidth": 2},
        "encoding": {
            "x": {"field": "usd", "type": "quantitative", "scale": {"zero": False}, "axis": _USD},
            "y": {"field": "share", "type": "quantitative", "axis": {"format": ".0%", "title": None, "tickCount": 5}},
            "stroke": _shaded("plan", [key.label for key in keys], keys),
        },
    }
    title = "Share of the samples that come to at least an objective"
    return Figure("spread", title, f"{title}. {says}.", spec, {"": Variant({"rows": rows})}, keys)


def _at_least(plan: PlanRisk) -> Iterator[dict[str, Any]]:
    found = sorted(one.objective_usd for one in plan.outcomes if one.objective_usd is not None)
    for number, amount in enumerate(found):
        yield {"plan": plan.plan, "usd": amount, "share": 1 - number / len(found)}


def promises_figure(plan: PlanRisk, periods: Sequence[Period], number: int) -> Figure:
    """MW that shares of the samples deliver, beside what is committed, a chart for each demand."""
    by_label = {period.label: period for period in periods}
    rows = [
        {"demand": one.demand, "level": level, "at": day.isoformat(), "mw": kw / KW_PER_MW}
        for one in plan.promises
        for level, kw in enumerate((one.p50_kw, one.p90_kw, one.p95_kw, one.committed_kw))
        for day in (by_label[one.period].start, by_label[one.period].end)
    ]
    levels = list(range(len(PROMISES)))
    dashes = [[4, 3] if key.kind == "dash" else [1, 0] for key in PROMISES]
    spec = {
        "data": {"name": "rows"},
        "facet": {"row": {"field": "demand", "type": "nominal", "sort": None, "header": _header()}},
        "resolve": {"scale": {"y": "independent"}},
        "spec": {
            "height": _LEVEL_HEIGHT,
            "mark": {"type": "line", "interpolate": "step-after", "strokeWidth": 2},
            "encoding": {
                "x": days_axis(periods),
                "y": {"field": "mw", "type": "quantitative", "axis": {"title": "MW", "tickCount": 4}},
                "stroke": _shaded("level", levels, PROMISES),
                "strokeDash": _coded("level", levels, dashes),
            },
        },
    }
    says = (
        "MW delivered to each demand in half, 90 % and 95 % of the samples, and what is committed where nothing slips."
    )
    return Figure(f"promises-{number}", "What may be promised", says, spec, {"": Variant({"rows": rows})}, PROMISES)


def shortfalls_figure(plan: PlanRisk, periods: Sequence[Period], number: int) -> Figure:
    """The chance that a demand is short, by period."""
    rows = [
        {"demand": one.demand, "period": one.period, "chance": one.chance, "says": percent(one.chance, 0)}
        for one in plan.shortfalls
    ]
    demands = list(dict.fromkeys(one.demand for one in plan.shortfalls))
    axis = {"title": None, "labelAngle": -45, "labelOverlap": True}
    across = {"field": "period", "type": "ordinal", "sort": [period.label for period in periods], "axis": axis}
    down = {"field": "demand", "type": "nominal", "sort": demands, "axis": {"title": None, "labelLimit": 180}}
    worst = max(plan.shortfalls, key=lambda one: (one.chance, one.mean_kw), default=None)
    says = "Chance that a demand misses its commitment, or a workload its minimum."
    if worst is not None:
        says += f" The highest: {worst.demand} in {worst.period}, {percent(worst.chance)}."
    shades = {"domain": [0, 1], "range": [0.08, 0.9]}
    opacity = {"field": "chance", "type": "quantitative", "scale": shades, "legend": None}
    spec = {
        "height": {"step": _BAR_HEIGHT},
        "data": {"name": "rows"},
        "encoding": {"x": across, "y": down},
        "layer": [
            {
                "mark": {"type": "rect", "fill": variable("short")},
                "encoding": {"fillOpacity": opacity},
            },
            {
                "mark": {"type": "text", "fontSize": 10, "fill": variable("ink")},
                "encoding": {"text": {"field": "says", "type": "nominal"}},
            },
        ],
    }
    return Figure(f"short-{number}", "Chance of a shortfall", says, spec, {"": Variant({"rows": rows})})


def tornado_figure(plan: PlanRisk, number: int) -> Figure:
    """The mean objective where each thing that is not sure is lowest, and where it is highest."""
    rows = [{"what": one.what, "low": one.low_usd, "high": one.high_usd} for one in plan.tornado]
    keys = (Key("lowest tenth", "d4"), Key("highest tenth", "d1"))
    order = [one.what for one in plan.tornado]
    across = {"type": "quantitative", "scale": {"zero": False}, "axis": _USD}
    down = {"field": "what", "type": "nominal", "sort": order, "axis": {"title": None, "labelLimit": 220}}
    says = "Mean objective of the samples in which a thing is in the lowest, and in the highest tenth of its outcomes."
    if plan.tornado:
        first = plan.tornado[0]
        says += f" Most matters {first.what}: {signed(usd(first.swing_usd))} from lowest to highest."
    dot = {"type": "point", "filled": True, "size": 90}
    spec = {
        "height": {"step": _BAR_HEIGHT},
        "data": {"name": "rows"},
        "encoding": {"y": down},
        "layer": [
            {
                "mark": {"type": "rule", "strokeWidth": 6, "stroke": variable("idle")},
                "encoding": {"x": {"field": "low", **across}, "x2": {"field": "high"}},
            },
            {"mark": {**dot, "fill": variable("d4")}, "encoding": {"x": {"field": "low", **across}}},
            {"mark": {**dot, "fill": variable("d1")}, "encoding": {"x": {"field": "high", **across}}},
        ],
    }
    return Figure(f"tornado-{number}", "What matters most", says, spec, {"": Variant({"rows": rows})}, keys)


def _header() -> dict[str, Any]:
    ink = variable("ink")
    return {"title": None, "labelAngle": 0, "labelAlign": "left", "labelOrient": "top", "labelAnchor": "start"} | {
        "labelColor": ink
    }


def _shaded(field: str, domain: Sequence[Any], keys: Sequence[Key]) -> dict[str, Any]:
    return _coded(field, domain, [variable(key.shade) for key in keys])


def _coded(field: str, domain: Sequence[Any], values: Sequence[Any]) -> dict[str, Any]:
    """An encoding in which each value of a field has its own."""
    scale = {"domain": list(domain), "range": list(values)}
    return {"field": field, "type": "nominal", "scale": scale, "legend": None}
