"""What ``capalloc promise`` prints: what may be signed, from when, at what floor, and what keeps more of it back."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from capalloc.calendar import format_day, format_days
from capalloc.report.about import about_line
from capalloc.report.figures import DASH, PowerUnit, count, percent, plural, power_unit, usd_cents
from capalloc.report.runs import Line, runs
from capalloc.report.show_parts import facts
from capalloc.report.table import Column, Grid, grid, words
from capalloc.schema.promised import FromDay, Promised, PromisedPeriod
from capalloc.schema.risk import Lack


def promise_page(answer: Promised) -> Iterator[RenderableType]:
    """The answer in short, then month by month, by first day, and what keeps more of it back."""
    unit = _unit(answer)
    yield Text(about_line(answer.about))
    yield facts(_lines(answer, unit))
    yield _months(answer, unit)
    if len(answer.starts) > 1:
        yield _starts(answer, unit)
    if answer.shortfalls:
        yield _kept(answer, unit)
    for note in answer.notes:
        yield Text(f"Note: {note}")
    yield Text(_explained(answer), style="dim")


def _unit(answer: Promised) -> PowerUnit:
    return power_unit(one.committed_kw for one in answer.periods)


def _lines(answer: Promised, unit: PowerUnit) -> Iterator[tuple[str, str]]:
    types = ", ".join(answer.rack_types)
    days = format_days(answer.start, answer.until)
    yield "Request", f"{answer.request}: {unit.named(answer.asked_kw)} {days}, {types}"
    yield "May be signed", _signed(answer, unit)
    yield "All of it", _all(answer)
    if answer.floor_usd_per_kw_month is not None:
        yield "Floor", _floor(answer)
    if answer.broken is not None:
        followed = answer.samples - answer.undone
        yield "Falls short", f"in {answer.broken:,} of {plural(followed, 'sample')}, where {answer.most_broken:,} may"
    if answer.unplanned:
        numbers = ", ".join(map(str, answer.unplanned[:5])) + (", …" if len(answer.unplanned) > 5 else "")
        yield "Without a plan", f"{plural(len(answer.unplanned), 'sample')} ({numbers}): counted as broken"


def _chance(share: float) -> str:
    """A chance that was asked for, with as many digits as it has."""
    return f"{round(100 * share, 6):g} %"


def _signed(answer: Promised, unit: PowerUnit) -> str:
    if not answer.promised_kw:
        return f"{'nothing' if answer.found_out else 'not found out'}, at {_chance(answer.confidence)}"
    unproven = ", not followed as a contract" if answer.broken is None else ""
    if answer.promised_kw >= answer.asked_kw:
        return f"all of it, at {_chance(answer.confidence)}{unproven}"
    gpus = "" if answer.promised_gpus is None else f", {count(answer.promised_gpus)} GPUs"
    return f"{unit.show_down(answer.promised_kw)} {unit.name}{gpus}, at {_chance(answer.confidence)}{unproven}"


def _all(answer: Promised) -> str:
    said = f"could be delivered throughout in {percent(answer.all_chance)} of the samples"
    if answer.earliest == answer.start:
        return said
    if answer.earliest is None and any(one.promised_kw >= one.asked_kw for one in answer.starts):
        return said
    if answer.earliest is None:
        return f"{said}; in enough of them from none of the later days looked at"
    return f"{said}; in enough of them from {format_day(answer.earliest)} on"


def _floor(answer: Promised) -> str:
    usd, error = answer.floor_usd_per_kw_month or 0.0, answer.floor_error or 0.0
    said = f"{usd_cents(usd)} per kW-month, known within {usd_cents(2 * error)} (two standard errors)"
    if answer.floor_within and round(answer.floor_within, 2):
        said += f" and the gaps of the plans, {usd_cents(answer.floor_within)} at most"
    if answer.floor_weighed_usd_per_kw_month is None:
        return said
    return f"{said}; {usd_cents(answer.floor_weighed_usd_per_kw_month)} where the worst samples weigh more"


def _months(answer: Promised, unit: PowerUnit) -> Grid:
    names = ("Asked", "Promised", "Deliverable in half", f"Safe at {_chance(answer.confidence)}")
    columns = [words("Periods"), *(Column(f"{name} {unit.name}") for name in names)]
    lines = runs(
        (Line(one.period, _month(one, unit, answer.found_out)) for one in answer.periods),
        tuple(one.period for one in answer.periods),
    )
    return grid("Month by month", columns, ((line.period, *line.cells) for line in lines))


def _month(one: PromisedPeriod, unit: PowerUnit, found_out: bool) -> tuple[str, ...]:
    promised = unit.show_down(one.promised_kw) if found_out else DASH
    return unit.show(one.committed_kw), promised, unit.show_down(one.p50_kw), unit.show_down(one.safe_kw)


def _starts(answer: Promised, unit: PowerUnit) -> Grid:
    columns = [
        words("From"),
        Column(f"May be signed {unit.name}"),
        Column(f"In half {unit.name}"),
        Column("All of it in"),
    ]
    rows = (
        (
            format_day(one.start),
            DASH if one.start == answer.start and not answer.found_out else unit.show_down(one.promised_kw),
            unit.show_down(one.p50_kw),
            percent(one.all_chance),
        )
        for one in _told(answer.starts)
    )
    return grid("The same ramp from a later day", columns, rows)


def _told(starts: tuple[FromDay, ...]) -> Iterator[FromDay]:
    """Those at which something changes, the first of them."""
    for number, one in enumerate(starts):
        if not number or _figures(starts[number - 1]) != _figures(one):
            yield one


def _figures(one: FromDay) -> tuple[float, float, float]:
    return one.promised_kw, one.p50_kw, round(one.all_chance, 3)


def _kept(answer: Promised, unit: PowerUnit) -> Grid:
    columns = [
        words("Periods"),
        Column("Chance"),
        Column(f"{unit.name} when short"),
        words("Where"),
        words("Likelier where"),
    ]
    horizon = tuple(one.period for one in answer.periods)
    lines = runs((Line(one.period, _lack(one, unit)) for one in answer.shortfalls), horizon)
    return grid("What keeps more of it back", columns, ((line.period, *line.cells) for line in lines))


def _lack(lack: Lack, unit: PowerUnit) -> tuple[str, ...]:
    where = lack.where[0].where if lack.where else DASH
    cause = lack.causes[0].fact if lack.causes else DASH
    return percent(lack.chance), unit.show(lack.mean_when_short_kw), where, cause


def _explained(answer: Promised) -> str:
    done = answer.samples - answer.undone
    samples = plural(answer.samples, "sample") if not answer.undone else f"{done:,} of {answer.samples:,} samples"
    return (
        f"{samples}, seed {answer.seed}; plans stand until {format_day(answer.stands_until)}. "
        f"At {_chance(answer.confidence)}: of the samples at most {answer.most_broken:,} may fall short, so that it is "
        f"{_chance(answer.assurance)} sure that it falls short, in one period or more, "
        f"with a chance below {_chance(1 - answer.confidence)}."
    )
