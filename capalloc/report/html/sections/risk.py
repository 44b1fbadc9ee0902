"""Plans over samples of what is not sure: the spread, what may be promised, what is short and why, what matters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from capalloc.calendar import Period, format_day
from capalloc.report.apart import apart
from capalloc.report.charts.figure import Figure
from capalloc.report.charts.risk import promises_figure, shortfalls_figure, spread_figure, tornado_figure
from capalloc.report.figures import percent, plural, signed, usd
from capalloc.report.html.chart import chart_data
from capalloc.report.html.section import Section
from capalloc.schema.risk import PlanRisk, Risk, SampleOutcome

_TOLD = 8
"""Samples without a plan that are listed; the answer as JSON has all."""


def risk_section(answer: Risk, periods: Sequence[Period]) -> Section:
    """All of the answer."""
    planned = [plan for plan in answer.plans if plan.objective_usd is not None]
    spread = [spread_figure(answer)] if planned else []
    plans = [_plan(plan, periods, number) for number, plan in enumerate(answer.plans)]
    figures: list[Figure] = [*spread, *(figure for plan in plans for figure in plan["figures"])]
    values = {
        "facts": list(_facts(answer)),
        "spread": spread,
        "plans": plans,
        "regrets": list(_regrets(answer.plans)),
        "notes": answer.assumes,
        "undone": answer.undone,
    }
    data = {
        "charts": [chart_data(figure) for figure in figures],
        "plans": [_tables(plan) for plan in answer.plans],
    }
    return Section("risk", "Over the samples", values, data)


def _facts(answer: Risk) -> Iterator[tuple[str, str, str]]:
    until = format_day(answer.stands_until)
    yield "Samples", plural(answer.samples, "sample"), f"seed {answer.seed}; plans stand until {until}"
    for plan in answer.plans:
        if plan.objective_usd is None:
            yield apart(plan.plan), "no plan", "in any sample"
            continue
        missed = f"a commitment is missed in {percent(plan.any_short or 0.0)} of the samples"
        yield apart(plan.plan), usd(plan.objective_usd.mean), f"mean objective; {missed}"
        worst = f"CVaR {usd(plan.cvar_usd or 0.0)}: the mean of the rest"
        yield f"Value at risk, {percent(answer.alpha, 0)}", usd(plan.var_usd or 0.0), worst
    if answer.least_regret is not None:
        yield "Least regret", apart(answer.least_regret), "against perfect information"


def _plan(plan: PlanRisk, periods: Sequence[Period], number: int) -> dict[str, Any]:
    figures = [promises_figure(plan, periods, number)] if plan.promises else []
    figures += [shortfalls_figure(plan, periods, number)] if plan.shortfalls else []
    figures += [tornado_figure(plan, number)] if plan.tornado else []
    without = [one for one in plan.outcomes if one.status != "followed"]
    return {
        "number": number,
        "name": apart(plan.plan),
        "figures": figures,
        "without": [(one.sample, _why(one)) for one in without[:_TOLD]],
        "more": max(0, len(without) - _TOLD),
    }


def _why(outcome: SampleOutcome) -> str:
    return ": ".join(part for part in (outcome.status.replace("_", " "), outcome.detail) if part)


def _regrets(plans: Sequence[PlanRisk]) -> Iterator[tuple[str, ...]]:
    for plan in plans:
        for one in plan.regrets:
            figures = (signed(usd(one.mean)), usd(2 * one.error), usd(one.p95), usd(one.most), percent(one.chance))
            yield apart(plan.plan), apart(one.against), *figures


def _tables(plan: PlanRisk) -> dict[str, dict[str, list[Any]]]:
    """What the page's tables list: promises and shortfalls."""
    return {
        "promises": {
            "demand": [one.demand for one in plan.promises],
            "period": [one.period for one in plan.promises],
            "committed": [one.committed_kw for one in plan.promises],
            "p50": [one.p50_kw for one in plan.promises],
            "p90": [one.p90_kw for one in plan.promises],
            "p95": [one.p95_kw for one in plan.promises],
            "samples": [one.samples for one in plan.promises],
        },
        "shortfalls": {
            "demand": [one.demand for one in plan.shortfalls],
            "period": [one.period for one in plan.shortfalls],
            "chance": [percent(one.chance) for one in plan.shortfalls],
            "atMost": [percent(one.chance_at_most) for one in plan.shortfalls],
            "mean": [one.mean_kw for one in plan.shortfalls],
            "whenShort": [one.mean_when_short_kw for one in plan.shortfalls],
            "where": ["; ".join(place.where for place in one.where) or None for one in plan.shortfalls],
            "causes": ["; ".join(cause.fact for cause in one.causes) or None for one in plan.shortfalls],
        },
    }
