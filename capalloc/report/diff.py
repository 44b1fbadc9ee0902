"""Two plans beside each other, as ``capalloc diff`` prints them."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from capalloc.calendar import format_day
from capalloc.report.about import DIGITS, about_line
from capalloc.report.figures import DASH, PowerUnit, count, percent, plural, power_unit, usd
from capalloc.report.moves import moves_table
from capalloc.report.runs import Line, runs
from capalloc.report.show_parts import facts
from capalloc.report.table import Column, Grid, grid, words
from capalloc.schema.diff import DemandDiff, Diff, Known, Tight, Two


def diff_page(answer: Diff, all_periods: bool = False) -> Iterator[RenderableType]:
    """One line where nothing differs; else figures side by side, demands by period, and the work."""
    one, two = (about.scenario for about in answer.about)
    if one != two:
        yield Text(
            f"The first plan is of scenario '{one}', the second of '{two}': if these are not one site at two times, "
            "nothing here compares.",
            style="yellow",
        )
    if answer.same:
        yield Text(_same(answer))
        return
    yield facts((("First", about_line(answer.about[0])), ("Second", about_line(answer.about[1]))))
    yield _figures(answer)
    yield from (_demand(name, answer, all_periods) for name in dict.fromkeys(one.demand for one in answer.demands))
    yield from moves_table(answer)
    if answer.notes:
        yield Text("\n".join(answer.notes), style="dim")


def _same(answer: Diff) -> str:
    days = f"from {format_day(answer.overlap.start)} until {format_day(answer.overlap.until)}"
    one, two = (about.plan_sha256[:DIGITS] for about in answer.about)
    names = f"Both are plan {one}" if one == two else f"Plans {one} and {two} are the same"
    return f"{names}: no rack, position or dollar differs {days}."


def _figures(answer: Diff) -> Grid:
    columns = [words(""), *map(Column, ("First", "Second", "Change"))]
    return grid("The two plans", columns, list(figures_of(answer)))


def figures_of(answer: Diff) -> Iterator[tuple[str, ...]]:
    """Figure, first plan, second plan and change, in words, line by line."""
    risk, power = answer.risk, power_unit(kw for kw in answer.risk.least_left_kw if kw is not None)
    whole = "Objective, discounted" if answer.difference_usd is not None else "Objective of each, discounted"
    low, high = answer.best_difference_usd or (None, None)
    change = DASH if answer.difference_usd is None else _more(answer.difference_usd)
    yield (whole, *map(usd, answer.objective_usd), change)
    if low is not None and high is not None:
        yield ("  between the best plans", "", "", f"{_more(low)} … {_more(high)}")
    if answer.overlap.periods:
        periods = plural(len(answer.overlap.periods), "period")
        yield (f"Fees and value less penalties, {periods}", *map(usd, answer.usd), _change(answer.usd))
        yield ("  of which penalties", *map(usd, risk.penalty_usd), _change(risk.penalty_usd))
        yield ("Shortfalls, runs of days", *_counts(risk.shortfalls))
        yield ("  most short", *map(power_unit(risk.most_short_kw).named, risk.most_short_kw), "")
    if risk.firm_usd != (None, None):
        yield (f"Firm fees, notice from {format_day(answer.overlap.start)}", *_known(risk.firm_usd))
        yield ("Fees at risk", *_known(risk.at_risk_usd))
    if risk.least_left_kw != (None, None):
        yield ("Least headroom of the site", *(_kw(kw, power) for kw in risk.least_left_kw), "")
        yield ("Fullest node", *map(_tight, risk.normal), "")
        yield ("  after a loss", *map(_tight, risk.failover), "")


def _counts(pair: tuple[int, int]) -> tuple[str, str, str]:
    return count(pair[0]), count(pair[1]), f"{pair[1] - pair[0]:+,d}" if pair[0] != pair[1] else DASH


def _known(pair: Known) -> tuple[str, str, str]:
    one, two = pair
    change = DASH if one is None or two is None else _change((one, two))
    return DASH if one is None else usd(one), DASH if two is None else usd(two), change


def _kw(kw: float | None, unit: PowerUnit) -> str:
    return DASH if kw is None else unit.named(kw)


def _tight(one: Tight | None) -> str:
    if one is None:
        return DASH
    lost = f"without {one.lost}\n" if one.lost else ""
    return f"{percent(one.used)}\n{one.node}\n{lost}{one.period}"


def _change(pair: Two) -> str:
    return _more(pair[1] - pair[0])


def _more(amount: float) -> str:
    """A difference with its sign; nothing where it is none."""
    text = usd(amount)
    return DASH if round(amount, 2) == 0 else text if text.startswith("-") else f"+{text}"


def _demand(name: str, answer: Diff, all_periods: bool) -> Grid:
    rows = [one for one in answer.demands if one.demand == name]
    unit = power_unit(kw for one in rows for kw in one.kw)
    columns = [
        words("Period"),
        *(Column(head, optional=True) for head in ("Racks first", "Racks second")),
        *map(Column, (f"First {unit.name}", f"Second {unit.name}", f"Change {unit.name}")),
        *(Column(head, optional=True) for head in ("USD first", "USD second")),
        Column("USD change"),
    ]
    lines = runs((Line(one.period, _cells(one, unit)) for one in rows), answer.overlap.periods, all_periods)
    title = f"{name}: periods in which the plans differ; USD of a period, less penalties"
    return grid(title, columns, [(line.period, *line.cells) for line in lines])


def _cells(one: DemandDiff, unit: PowerUnit) -> tuple[str, ...]:
    more = one.kw[1] - one.kw[0]
    sign = "+" if unit.show(more) != unit.show(0.0) and more > 0 else ""
    return (
        *map(count, one.racks),
        *map(unit.show, one.kw),
        f"{sign}{unit.show(more)}",
        *map(usd, one.usd),
        _change(one.usd),
    )
