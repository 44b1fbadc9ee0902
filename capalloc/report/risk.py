"""What ``capalloc risk`` prints: the spread of what a plan comes to, what may be promised, what makes shortfalls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from capalloc.calendar import format_day
from capalloc.report.about import about_line
from capalloc.report.figures import DASH, PowerUnit, count, percent, plural, power_unit, signed, usd
from capalloc.report.runs import Line, runs
from capalloc.report.table import Column, Grid, grid, words
from capalloc.schema.risk import Lack, PlanRisk, Risk, SampleOutcome, Spread, Swing

_TOLD = 5
"""Samples without a plan that are told one by one, causes and places in a line; JSON has all."""


def risk_page(answer: Risk) -> Iterator[RenderableType]:
    """Each plan over the samples; beside each other at the end where they are several."""
    yield Text(_asked(answer))
    for plan in answer.plans:
        yield from _plan(answer, plan)
    if len(answer.plans) > 1 or any(plan.regrets for plan in answer.plans):
        yield _regrets(answer.plans)
    if answer.least_regret is not None:
        yield Text(f"Least regret against perfect information: {answer.least_regret}")
    yield Text(" ".join((_notes(answer), *answer.assumes)), style="dim")


def _asked(answer: Risk) -> str:
    until = format_day(answer.stands_until)
    return f"{answer.scenario}: {plural(answer.samples, 'sample')}, seed {answer.seed}; plans stand until {until}"


def _notes(answer: Risk) -> str:
    return (
        f"The objective is discounted, the rest is not. Value at risk: {percent(answer.alpha, 0)} of the samples come "
        "to at least as much; CVaR: the mean of the rest. P90: at least 90 % of the samples come to as much. "
        "Samples: those with a plan in which the demand may ask for it then. Likelier where: what is known then in "
        f"samples that are short more often than the others; {DASH} where nothing stands out. "
        f"Each planning was asked to come within {percent(answer.gap, 2)} of its bound."
    )


def _plan(answer: Risk, plan: PlanRisk) -> Iterator[RenderableType]:
    yield Text(f"{plan.plan}: {about_line(plan.about)}")
    yield Text(_followed(plan))
    for one in [one for one in plan.outcomes if one.status != "followed"][:_TOLD]:
        yield Text(_without(one))
    if plan.objective_usd is None:
        return
    yield _money(plan)
    yield Text(_worst(answer, plan))
    unit = power_unit(one.p50_kw for one in plan.promises)
    yield _promises(answer, plan, unit)
    if plan.shortfalls:
        yield _shortfalls(answer, plan, unit)
    else:
        yield Text("No commitment is missed in any sample.")
    if plan.tornado:
        yield _tornado(plan.tornado)


def _followed(plan: PlanRisk) -> str:
    lacking = len(plan.unplanned)
    said = f"Followed through {plural(plan.planned, 'sample')}"
    worst = max((one.gap or 0.0 for one in plan.outcomes), default=0.0)
    said += f", gap at most {percent(worst, 2)}" if plan.planned else ""
    if not lacking:
        return said
    return f"{said}; {plural(lacking, 'sample')} without a plan, which no figure below counts but 'at most'"


def _without(outcome: SampleOutcome) -> str:
    facts = f" ({'; '.join(outcome.facts)})" if outcome.facts else ""
    return f"Sample {outcome.sample}{facts}: {outcome.status.replace('_', ' ')}: {outcome.detail}"


def _money(plan: PlanRisk) -> Grid:
    columns = [words(""), *map(Column, ("Mean", "Least", "P95", "P90", "P50", "P10", "Most"))]
    named = (
        ("Objective", plan.objective_usd),
        ("Fees", plan.fees_usd),
        ("Values", plan.values_usd),
        ("Penalties", plan.penalties_usd),
    )
    rows = ((name, *_figures(spread)) for name, spread in named if spread is not None)
    return grid("What the plan comes to", columns, rows)


def _figures(spread: Spread) -> tuple[str, ...]:
    shown = (spread.mean, spread.least, spread.p05, spread.p10, spread.p50, spread.p90, spread.most)
    return tuple(map(usd, shown))


def _worst(answer: Risk, plan: PlanRisk) -> str:
    error = plan.objective_usd.error if plan.objective_usd else 0.0
    said = f"Value at risk {usd(plan.var_usd or 0.0)}, CVaR {usd(plan.cvar_usd or 0.0)} (of {percent(answer.alpha, 0)})"
    said += f"; mean known within {usd(2 * error)} (two standard errors)"
    if answer.weight:
        said += f"; weighed {usd(plan.weighed_usd or 0.0)} ({percent(answer.weight, 0)} CVaR)"
    return f"{said}; a commitment is missed in {percent(plan.any_short or 0.0)} of the samples"


def _promises(answer: Risk, plan: PlanRisk, unit: PowerUnit) -> Grid:
    columns = [words("Demand"), words("Periods"), Column(f"Committed {unit.name}"), *map(Column, ("P50", "P90", "P95"))]
    columns += [Column("Samples")]
    lines = [
        (demand, line.period, *line.cells)
        for demand in dict.fromkeys(one.demand for one in plan.promises)
        for line in runs(
            (
                Line(
                    one.period,
                    (
                        unit.show(one.committed_kw),
                        *map(unit.show_down, (one.p50_kw, one.p90_kw, one.p95_kw)),
                        count(one.samples),
                    ),
                )
                for one in plan.promises
                if one.demand == demand
            ),
            answer.horizon,
        )
    ]
    return grid("What may be promised: delivered in half, 90 % and 95 % of the samples", columns, lines)


def _shortfalls(answer: Risk, plan: PlanRisk, unit: PowerUnit) -> Grid:
    columns = [words("Demand"), words("Periods"), Column("Chance"), Column("At most"), Column(f"Expected {unit.name}")]
    columns += [Column(f"{unit.name} when short"), words("Where"), words("Likelier where")]
    lines = [
        (demand, line.period, *line.cells)
        for demand in dict.fromkeys(one.demand for one in plan.shortfalls)
        for line in runs(
            (Line(one.period, _lack(one, unit)) for one in plan.shortfalls if one.demand == demand), answer.horizon
        )
    ]
    return grid("Shortfalls", columns, lines)


def _lack(lack: Lack, unit: PowerUnit) -> tuple[str, ...]:
    where = lack.where[0].where if lack.where else DASH
    cause = lack.causes[0].fact if lack.causes else DASH
    kw = (unit.show(lack.mean_kw), unit.show(lack.mean_when_short_kw))
    return percent(lack.chance), percent(lack.chance_at_most), *kw, where, cause


def _tornado(swings: Sequence[Swing]) -> Grid:
    columns = [words("What is not sure"), Column("Lowest tenth"), Column("Highest tenth"), Column("Swing")]
    columns += [Column("Known within")]
    rows = (
        (one.what, usd(one.low_usd), usd(one.high_usd), signed(usd(one.swing_usd)), usd(2 * one.error_usd))
        for one in swings
    )
    return grid("What matters most: mean objective where each is lowest and highest", columns, rows)


def _regrets(plans: Sequence[PlanRisk]) -> Grid:
    columns = [words("Plan"), words("Against"), Column("Mean"), Column("Known within"), Column("P95"), Column("Most")]
    columns += [Column("Worth less in")]
    rows = (
        (
            plan.plan,
            one.against,
            signed(usd(one.mean)),
            usd(2 * one.error),
            usd(one.p95),
            usd(one.most),
            percent(one.chance),
        )
        for plan in plans
        for one in plan.regrets
    )
    return grid("Regret: what a plan earns less in the same samples", columns, rows)
