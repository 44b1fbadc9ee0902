"""What ``capalloc quote`` prints: the answer, the months, who gives way, what else could be offered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from rich.console import RenderableType
from rich.text import Text

from capalloc.calendar import format_day, format_days
from capalloc.report.about import about_line
from capalloc.report.causes import kept_away
from capalloc.report.figures import DASH, MW, PowerUnit, count, percent, power_unit, usd, usd_cents, usd_rate
from capalloc.report.show_parts import Calendar, facts
from capalloc.report.table import Column, grid, words
from capalloc.schema.quoted import Alternative, Headroom, Interval, Quoted, QuotedPeriod
from capalloc.units import KW_PER_MW

_OFFERED, _PAID = "the offered fee", "what contracts of the plan pay on average"

_SMALL_SHARE, _CENT = 0.02, 0.01
_MW_DIGITS = 3


def quote_page(answer: Quoted, calendar: Calendar) -> Iterator[RenderableType]:
    """The answer in short, then month by month, who gives way, what binds, and the alternatives."""
    yield Text(about_line(answer.about))
    yield facts(_lines(answer))
    unit = _unit(answer)
    if answer.periods:
        yield from _months(answer, calendar, unit)
    if any(one.headroom for one in answer.periods):
        yield _left(answer.periods, calendar)
    if any(one.gives_way for one in answer.periods):
        yield _giving_way(answer.periods, calendar)
    if answer.alternatives:
        yield _alternatives(answer.alternatives)
    for note in answer.notes:
        yield Text(f"Note: {note}")


def _unit(answer: Quoted) -> PowerUnit:
    """What the request is shown in: what is asked for and what can be delivered look different where they are."""
    kw = [(one.committed_kw, one.deliverable_kw) for one in answer.periods]
    asked = [one.committed_kw for one in answer.periods]
    return power_unit(asked).exact(x for both in kw for x in both).telling_apart(kw)


def _lines(answer: Quoted) -> Iterator[tuple[str, str]]:
    most = max((one.committed_kw for one in answer.periods), default=0.0)
    types = ", ".join(answer.rack_types)
    yield (
        "Request",
        f"{answer.request}: {_unit(answer).named(most)} {format_days(answer.start, answer.until)}, {types}",
    )
    yield "Fits", _fits(answer)
    if answer.floor_usd_per_kw_month is not None:
        yield "Floor", _floor(answer)
    if answer.fits and answer.objective_with_usd is not None:
        lost = answer.objective_without_usd - answer.objective_with_usd
        months = f"{answer.discounted_kw_months:,.0f} discounted kW-months of {answer.kw_months:,.0f}"
        yield "Displaces", f"{usd(lost)} (discounted), for {months}"
    if answer.margin_usd is not None and answer.offered_usd is not None:
        yield "Margin", f"{usd(answer.offered_usd)} offered, {usd(answer.margin_usd)} above the floor (discounted)"
    elif answer.alternatives:
        price = usd_cents(answer.compared_at_usd_per_kw_month)
        yield "Compared at", f"{price} per kW-month, {_OFFERED if answer.offered_usd is not None else _PAID}"


def _fits(answer: Quoted) -> str:
    if answer.fits:
        return "yes, in full; everybody keeps what was promised"
    no = "no" if answer.fits_proven else "no plan was found that serves it in full"
    return f"{no}: {_how_much(answer)}; {_later(answer)}"


def _how_much(answer: Quoted) -> str:
    if not answer.periods:
        return "how much of it can be delivered is not known"
    kw, unit = [one.deliverable_kw for one in answer.periods], _unit(answer)
    least, most = (unit.show_down(bound(kw)) for bound in (min, max))
    much = f"{least} {unit.name}" if least == most else f"{least} to {most} {unit.name}"
    return f"{much} of it can be delivered"


def _later(answer: Quoted) -> str:
    if answer.earliest:
        return f"in full from {answer.earliest} on" + (
            "" if answer.earliest_proven else ", if not from an earlier date"
        )
    if answer.earliest_proven:
        return "in full from no later period either"
    return "no later period was found from which all of it can"


def _floor(answer: Quoted) -> str:
    by_gpu = answer.floor_usd_per_gpu_hour
    hourly = "" if by_gpu is None else f", {usd_rate(by_gpu)} per GPU-hour delivered"
    return f"{usd_cents(answer.floor_usd_per_kw_month or 0.0)} per kW-month{_between(answer.floor_interval)}{hourly}"


def _between(interval: Interval | None) -> str:
    if interval is None:
        return ""
    return f" (between {usd_cents(interval.low)} and {usd_cents(interval.high)}, by the gaps of both plans)"


def _months(answer: Quoted, calendar: Calendar, unit: PowerUnit) -> Iterator[RenderableType]:
    columns = [
        calendar.head,
        Column(f"Asked {unit.name}"),
        Column(f"Deliverable {unit.name}"),
        Column("Racks"),
        Column("GPUs"),
    ]
    if answer.fits:
        columns += [Column("Displaced USD"), Column("Marginal USD/kW-month")]
    else:
        columns += [words("Kept out by")]
    lines = calendar.lines((one.period, _cells(one, answer.fits, unit)) for one in answer.periods)
    yield grid("Month by month", columns, ((line.period, *line.cells) for line in lines))


def _cells(one: QuotedPeriod, fits: bool, unit: PowerUnit) -> tuple[str, ...]:
    served = unit.show(one.committed_kw), _deliverable(one, unit), count(one.racks), count(one.gpus)
    if not fits:
        return (*served, kept_away(one.binding))
    price = DASH if one.marginal_usd_per_kw_month is None else usd_cents(one.marginal_usd_per_kw_month)
    return (*served, usd(one.displaced_usd or 0.0), price)


def _deliverable(one: QuotedPeriod, unit: PowerUnit) -> str:
    """Rounded down where it is less than what is asked for."""
    all_of_it = one.deliverable_kw >= one.committed_kw
    return unit.show(one.deliverable_kw) if all_of_it else unit.show_down(one.deliverable_kw)


def _left(periods: Sequence[QuotedPeriod], calendar: Calendar) -> RenderableType:
    """Headroom of the site, and its tightest nodes in normal operation and after a loss, before and after."""
    found = [(one.period, one.headroom) for one in periods if one.headroom is not None]
    unit = power_unit(one.left_kw for _, both in found for one in both)
    columns = [calendar.head, Column(f"Before {unit.name}"), Column(f"After {unit.name}")]
    columns += [words("Tightest normally"), words("Tightest after a loss")]
    lines = calendar.lines((period, _left_cells(both, unit)) for period, both in found)
    return grid("What the site has left", columns, ((line.period, *line.cells) for line in lines))


def _left_cells(both: tuple[Headroom, Headroom], unit: PowerUnit) -> tuple[str, ...]:
    normal = [_tightest(one.tightest, one.used) for one in both]
    lost = [_tightest(one.failover_tightest, one.failover_used, one.lost) for one in both]
    return (*(unit.show(one.left_kw) for one in both), _changed(*normal), _changed(*lost))


def _tightest(node: str | None, used: float | None, lost: str | None = None) -> str:
    if node is None:
        return DASH
    return f"{node} {percent(used or 0.0)}" + (f" without {lost}" if lost else "")


def _changed(before: str, after: str) -> str:
    return after if before == after else f"{before} → {after}"


def _giving_way(periods: Sequence[QuotedPeriod], calendar: Calendar) -> RenderableType:
    unit = power_unit(abs(one.kw) for period in periods for one in period.gives_way)
    rows: list[tuple[str, ...]] = []
    for name in dict.fromkeys(one.demand for period in periods for one in period.gives_way):
        found = (
            (period.period, (unit.show(one.kw), count(one.gpus), usd(one.usd)))
            for period in periods
            for one in period.gives_way
            if one.demand == name
        )
        rows += [(name, line.period, *line.cells) for line in calendar.lines(found)]
    columns = [words("Demand"), calendar.head, Column(f"Less {unit.name}"), Column("Less GPUs"), Column("Loses USD")]
    return grid("Who gives way (a figure below 0 is a gain)", columns, rows)


def _alternatives(found: Iterable[Alternative]) -> RenderableType:
    columns = [
        words("Change"),
        words("From … until"),
        Column("MW"),
        words("Rack types"),
        Column("Floor USD/kW-month"),
        Column("Value USD"),
        words("Why"),
    ]
    return grid(
        "What else could be offered, each planned and verified; value is what it brings above its floor",
        columns,
        map(_alternative, found),
    )


def _alternative(one: Alternative) -> tuple[str, ...]:
    types = ", ".join(one.rack_types) + (f" in {one.hall}" if one.hall else "")
    term = f"{format_day(one.start)} … {format_day(one.until)}"
    return one.change, term, _mw(one), types, _at_least(one), usd(one.value_usd), one.why


def _mw(one: Alternative) -> str:
    """In MW with the digits that there are, rounded down."""
    shown = replace(MW, digits=_MW_DIGITS).show_down(one.mw * KW_PER_MW)
    return shown[:-1] if shown.endswith("0") else shown


def _at_least(one: Alternative) -> str:
    """The floor, and below it what it is at least where that is much less."""
    floor, interval = one.floor_usd_per_kw_month, one.floor_interval
    if floor is None or interval is None:
        return DASH
    sure = floor - interval.low <= max(_SMALL_SHARE * floor, _CENT)
    return usd_cents(floor) if sure else f"{usd_cents(floor)}\n≥ {usd_cents(interval.low)}"
