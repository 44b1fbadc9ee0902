"""What a plan earns, as ``capalloc revenue`` prints it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from math import fsum

from rich.console import RenderableType
from rich.text import Text

from capalloc.calendar import format_day
from capalloc.formats.sheets import Cell
from capalloc.report.about import about_line
from capalloc.report.figures import DASH, count, percent, plural, usd, usd_cents
from capalloc.report.runs import Line, runs
from capalloc.report.show_parts import facts
from capalloc.report.table import Column, Grid, grid, words
from capalloc.schema.plan import Plan
from capalloc.schema.revenue import (
    RevenueAnswer,
    RevenueContract,
    RevenuePeriod,
    RevenueSum,
    RevenueTenant,
    RevenueWorkload,
)

SHEET = (
    "period", "demand", "tenant", "committed_kw", "delivered_kw", "racks", "gpus",
    "fee_usd", "value_usd", "penalty_usd", "firm_usd", "at_risk_usd", "prospect_usd",
)  # fmt: skip
"""Columns of the table that ``--csv`` writes."""


def revenue_page(answer: RevenueAnswer, unit: str, all_periods: bool = False) -> Iterator[RenderableType]:
    """Money by span, by contract and by tenant, unit prices, and the way to the objective; ``unit`` is the period's."""
    yield Text(about_line(answer.about))
    yield Text(_as_of(answer))
    yield _by_span(answer, answer.by if answer.by != "period" else unit, all_periods)
    if signed := [one for one in answer.contracts if one.firm_until is not None]:
        yield _contracts(signed)
        yield Text(_terms_note(answer, signed), style="dim")
    if answer.tenants:
        yield _tenants(answer.tenants)
    if answer.concentration.largest is not None:
        yield Text(_concentration(answer))
    if answer.has_prospects:
        yield _prospects([one for one in answer.contracts if one.firm_until is None])
    if answer.contracts or answer.workloads:
        yield _unit_prices(answer)
    yield facts(_to_objective(answer))


def sheet_rows(answer: RevenueAnswer, plan: Plan) -> Iterator[Sequence[Cell]]:
    """A line for each demand and period, in the columns of ``SHEET``."""
    tenants = {one.demand: one.tenant for one in answer.contracts}
    given = {(row.demand, row.period): row for row in plan.demands}
    for one in answer.periods:
        row = given[one.demand, one.period]
        amounts = (row.committed_kw, row.delivered_kw, row.racks, row.gpus)
        yield (one.period, one.demand, tenants.get(one.demand), *amounts, *_usd_cells(one))


def _usd_cells(one: RevenuePeriod) -> tuple[float, ...]:
    return (one.fee_usd, one.value_usd, one.penalty_usd, one.firm_usd, one.at_risk_usd, one.prospect_usd)


def _as_of(answer: RevenueAnswer) -> str:
    until = format_day(answer.until)
    return (
        f"As of {answer.as_of.isoformat()}: notice is given on that day at the earliest. "
        f"From {format_day(answer.start)} until {until}, USD, not discounted."
    )


def _by_span(answer: RevenueAnswer, unit: str, all_periods: bool) -> Grid:
    heads = ("Fees", "Value", "Penalty", "Net", "Firm fees", "At risk")
    columns = [words(unit.capitalize()), *_columns(heads, optional=("Penalty", "Net"))]
    lines = runs(
        (Line(one.span, _span_cells(one)) for one in answer.sums), [one.span for one in answer.sums], all_periods
    )
    total = ("Total", *_span_cells(_total(answer.sums)))
    each = f"Money by {unit}"
    if len(lines) < len(answer.sums):
        each += f" (a line of several {unit}s: of each of them)"
    return grid(each, columns, [*((line.period, *line.cells) for line in lines), total], last_is_total=True)


def _total(sums: Sequence[RevenueSum]) -> RevenueSum:
    keys = ("fee_usd", "value_usd", "penalty_usd", "firm_usd", "at_risk_usd", "prospect_usd")
    whole = {key: fsum(getattr(one, key) for one in sums) for key in keys}
    return RevenueSum(span="Total", start=sums[0].start, until=sums[-1].until, **whole)


def _span_cells(one: RevenueSum) -> tuple[str, ...]:
    net = one.fee_usd + one.value_usd - one.penalty_usd
    return tuple(map(usd, (one.fee_usd, one.value_usd, one.penalty_usd, net, one.firm_usd, one.at_risk_usd)))


def _contracts(signed: Sequence[RevenueContract]) -> Grid:
    columns = [
        words("Contract"),
        *_columns((*_HEADS, "Firm until", "Beyond horizon"), optional=("Penalty", "Earned", "Beyond horizon")),
        Column("Notice by", figures=False, optional=True),
    ]
    total = ("Total", *_sums(signed), "", usd(fsum(one.beyond_usd for one in signed)), "")
    lines = map(_contract_cells, signed)
    return grid("By contract", columns, [*lines, total], last_is_total=True)


def _contract_cells(one: RevenueContract) -> tuple[str, ...]:
    firm = format_day(one.firm_until) if one.firm_until else DASH
    notice = "nobody" if one.notice_by == "none" else f"{one.notice_by}, {plural(one.notice_days, 'day')}"
    return (one.demand, *_money_cells(one), firm, usd(one.beyond_usd), notice)


_MONEY = ("total_usd", "penalty_usd", "earned_usd", "remaining_usd", "at_risk_usd")
_HEADS = ("Fees", "Penalty", "Earned", "Remaining firm", "At risk")


def _columns(heads: Sequence[str], optional: Collection[str]) -> Iterator[Column]:
    """Columns of figures, some of which a narrow terminal goes without."""
    return (Column(head, optional=head in optional) for head in heads)


def _money_cells(one: RevenueContract | RevenueTenant) -> tuple[str, ...]:
    return tuple(usd(getattr(one, key)) for key in _MONEY)


def _sums(lines: Iterable[RevenueContract | RevenueTenant]) -> tuple[str, ...]:
    found = list(lines)
    return tuple(usd(fsum(getattr(one, key) for one in found)) for key in _MONEY)


def _terms_note(answer: RevenueAnswer, signed: Sequence[RevenueContract]) -> str:
    day = answer.as_of.isoformat()
    earned = f"Earned: fees of the days before {day}."
    remaining = (
        "Remaining firm: fees from then on and before the day of Firm until, on which the contract could be over "
        "(remaining performance obligation), within the horizon. At risk: fees from that day on."
    )
    parts = [earned, remaining]
    if any(one.beyond_usd for one in signed):
        parts.append("Beyond horizon: firm fees after it, if all that is committed is delivered; in no other figure.")
    parts += [
        f"{one.demand} is short: {one.tenant} may leave from {one.may_leave_from.isoformat()} on, notice or not."
        for one in signed
        if one.may_leave_from is not None
    ]
    parts += [f"{name} signs on {on.isoformat()}; it counts as signed." for name, on in answer.signs_later.items()]
    return " ".join(parts)


def _tenants(tenants: Sequence[RevenueTenant]) -> Grid:
    columns = [
        words("Tenant"),
        *_columns(("Contracts", *_HEADS, "Share of fees"), optional=("Contracts", "Penalty", "Earned")),
    ]
    lines = [
        (one.tenant, count(one.contracts), *_money_cells(one), DASH if one.share is None else percent(one.share))
        for one in tenants
    ]
    total = ("Total", count(sum(one.contracts for one in tenants)), *_sums(tenants), "")
    return grid("By tenant", columns, [*lines, total], last_is_total=True)


def _concentration(answer: RevenueAnswer) -> str:
    found = answer.concentration
    return (
        f"{found.largest} pays {percent(found.share)} of all fees; Herfindahl index {found.hhi:.3f} "
        f"({plural(len(answer.tenants), 'tenant')}; 1 where one pays all)"
    )


def _prospects(lines: Sequence[RevenueContract]) -> Grid:
    columns = [words("Prospect"), words("Tenant"), *map(Column, ("Probability", "Fees", "Fees weighted", "Penalty"))]
    rows = [
        (
            one.demand,
            one.tenant,
            percent(one.probability, 0),
            *map(usd, (one.total_usd, one.weighted_usd, one.penalty_usd)),
        )
        for one in lines
    ]
    return grid("Prospects, as if signed; none of it is firm, and no figure above has their fees", columns, rows)


def _unit_prices(answer: RevenueAnswer) -> Grid:
    columns = [words("Demand"), *map(Column, ("kW-months", "USD per kW-month", "GPU-hours", "USD per GPU-hour"))]
    lines = [*map(_prices, answer.contracts), *map(_prices, answer.workloads)]
    return grid("What a kW-month and a GPU-hour that is delivered earns", columns, lines)


def _prices(one: RevenueContract | RevenueWorkload) -> tuple[str, ...]:
    by_kw, by_gpu = (
        DASH if price is None else usd_cents(price) for price in (one.usd_per_kw_month, one.usd_per_gpu_hour)
    )
    return (one.demand, count(round(one.kw_months)), by_kw, count(round(one.gpu_hours)), by_gpu)


def _to_objective(answer: RevenueAnswer) -> Iterator[tuple[str, str]]:
    way = answer.to_objective
    moves = f", {plural(way.moves, 'move')} {usd(way.moves_usd)}"
    inside = " (prospects as if signed)" if answer.has_prospects else ""
    less = f"less penalties {usd(way.penalties_usd)}{moves}{inside}"
    sums = f"fees {usd(way.fees_usd)}, value {usd(way.values_usd)}, {less}"
    yield "Not discounted", f"{usd(way.undiscounted_usd)}: {sums}"
    yield "Objective", f"{usd(way.objective_usd)}, discounted by {usd(-way.discounting_usd)}"
