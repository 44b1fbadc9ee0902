"""What ``capalloc whatif`` prints: the cases side by side, and what changes in each where they are few."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from rich.console import RenderableType
from rich.text import Text

from capalloc.calendar import format_day
from capalloc.report.about import about_line
from capalloc.report.figures import DASH, PowerUnit, count, plural, power_unit, signed, usd
from capalloc.report.runs import Line, runs
from capalloc.report.table import Column, Grid, grid, words
from capalloc.schema.whatif import BaseFigures, CaseAnswer, WhatIf

_IN_FULL = 3
"""Up to so many cases are also told one by one."""


def whatif_page(answer: WhatIf) -> Iterator[RenderableType]:
    """The base plan, a table of differences, and the cases one by one where they are few."""
    yield Text(about_line(answer.about))
    yield Text(_base(answer.base))
    unit = _unit(answer)
    if answer.cases:
        yield _differences(answer, unit)
        elsewhere = (_ELSEWHERE,) if any(case.relocated for case in answer.cases) else ()
        yield Text(" ".join((_NOTES, *elsewhere, *answer.assumes)), style="dim")
    planned = [case for case in answer.cases if case.objective_usd is not None]
    if len(planned) > 1:
        yield Text(_ends(planned))
    if len(answer.cases) > _IN_FULL:
        yield Text(_LEFT_OUT)
    else:
        for case in answer.cases:
            yield from _in_full(case, unit, answer.horizon)
    yield from _without(answer)


_NOTES = (
    "Differences from the base plan, which every case takes as today's plan: leaving it costs moves. Worth is "
    "discounted: fees and values less penalties and moves; known within: as far as the best plan of the case and the "
    "best plan without it are proven. The rest is not discounted. Moved: racks that leave a demand whose term goes on."
)


_ELSEWHERE = (
    "Deliveries elsewhere: racks still to come that get another position, which costs nothing; where it matters, place "
    "them in the site's tables, and capalloc diff lists them."
)
_LEFT_OUT = (
    f"What changes when for whom is told of {_IN_FULL} cases at most: ask for fewer, or with --json; -o DIR keeps the "
    "plan of every case, which capalloc diff compares with the base plan"
)


def _base(base: BaseFigures) -> str:
    missed = f", {plural(len(base.missed), 'commitment')} missed in a period" if base.missed else ""
    worth = f"Base plan: worth {usd(base.objective_usd)} (discounted)"
    money = f"fees {usd(base.fees_usd)}, values {usd(base.values_usd)}, penalties {usd(base.penalties_usd)}"
    return f"{worth}, {money}, {plural(base.racks_moved, 'rack')} moved{missed}"


def _unit(answer: WhatIf) -> PowerUnit:
    kw = [amount for case in answer.cases for change in case.changes for amount in change.kw]
    return power_unit([*kw, *(one.short_kw for case in answer.cases for one in case.missed)])


def _differences(answer: WhatIf, unit: PowerUnit) -> Grid:
    columns = [words("Case"), Column("Worth"), Column("Known within"), Column("Fees"), Column("Values")]
    columns += [Column("Penalties"), Column("Racks moved")]
    elsewhere = any(case.relocated for case in answer.cases)
    columns += [Column("Deliveries elsewhere")] if elsewhere else []
    columns += [Column(f"Most missed {unit.name}")]
    return grid("Cases", columns, [_row(case, answer.base, unit, elsewhere) for case in answer.cases])


def _row(case: CaseAnswer, base: BaseFigures, unit: PowerUnit, elsewhere: bool) -> tuple[str, ...]:
    if case.delta_usd is None or case.delta_usd_between is None or case.racks_moved is None:
        return (_named(case), *[DASH] * (6 + elsewhere), case.status.replace("_", " "))
    low, high = case.delta_usd_between
    money = (
        (case.fees_usd, base.fees_usd),
        (case.values_usd, base.values_usd),
        (case.penalties_usd, base.penalties_usd),
    )
    most = max((one.short_kw for one in case.missed), default=0.0)
    return (
        _named(case),
        signed(usd(case.delta_usd)),
        usd(high - low),
        *(signed(usd((after or 0.0) - before)) for after, before in money),
        signed(count(case.racks_moved - base.racks_moved)),
        *([count(case.relocated or 0)] if elsewhere else []),
        unit.show(most) if most else DASH,
    )


def _named(case: CaseAnswer) -> str:
    """A case as it may also be written, with room for the line to break."""
    return case.case.replace("+", " + ")


def _ends(planned: Sequence[CaseAnswer]) -> str:
    best, worst = (pick(planned, key=lambda case: case.delta_usd or 0.0) for pick in (max, min))
    return "; ".join(
        f"{word}: {_named(one)}, {signed(usd(one.delta_usd or 0.0))}"
        for word, one in (("Best", best), ("worst", worst))
    )


def _in_full(case: CaseAnswer, unit: PowerUnit, horizon: Sequence[str]) -> Iterator[RenderableType]:
    if case.objective_usd is None:
        return
    if not (case.demands or case.changes or case.free or case.missed or case.relocated):
        why = f": {'; '.join(case.doubts)}" if case.doubts else ""
        yield Text(f"{case.case}: nothing changes{why}")
        return
    yield _demands(case, unit)
    if case.changes:
        yield _changes(case, unit)
    if case.free:
        columns = [words("From"), words("Until"), Column("Racks before"), Column("after")]
        rows = ((format_day(one.start), format_day(one.until), *map(count, one.racks)) for one in case.free)
        yield grid(f"Usable racks that serve nobody, {_named(case)}", columns, rows)
    if case.missed:
        yield _missed(case, unit, horizon)


def _demands(case: CaseAnswer, unit: PowerUnit) -> Grid:
    columns = [words("Demand"), Column(f"{unit.name}-months"), Column("USD"), words("Term until")]
    rows = (
        (one.demand, signed(unit.show(one.delta_kw_months)), signed(usd(one.delta_usd)), _until(*one.until))
        for one in case.demands
    )
    return grid(f"What changes for demands, {_named(case)}", columns, rows)


def _until(before: date | None, after: date | None) -> str:
    ends = [DASH if day is None else format_day(day) for day in (before, after)]
    return ends[1] if before == after else f"{ends[1]} (was {ends[0]})"


def _changes(case: CaseAnswer, unit: PowerUnit) -> Grid:
    columns = [words("Demand"), words("From"), words("Until"), Column(f"{unit.name} before"), Column("after")]
    columns += [Column("Racks before"), Column("after")]
    rows = (
        (one.demand, format_day(one.start), format_day(one.until), *map(unit.show, one.kw), *map(count, one.racks))
        for one in case.changes
    )
    return grid(f"When it changes, {_named(case)}", columns, rows)


def _missed(case: CaseAnswer, unit: PowerUnit, horizon: Sequence[str]) -> Grid:
    """Commitments that are missed, neighbouring periods of a demand with the same kW as one line."""
    lines = [
        (demand, line.period, *line.cells)
        for demand in dict.fromkeys(one.demand for one in case.missed)
        for line in runs(
            (Line(one.period, (unit.show(one.short_kw),)) for one in case.missed if one.demand == demand), horizon
        )
    ]
    columns = [words("Demand"), words("Periods"), Column(f"Short {unit.name}")]
    return grid(f"Commitments missed, {_named(case)}", columns, lines)


def _without(answer: WhatIf) -> Iterator[Text]:
    for case in answer.cases:
        if case.objective_usd is None:
            yield Text(f"{case.case}: {case.status.replace('_', ' ')}: {case.detail}")
    for name in answer.redone:
        yield Text(f"{name}: planned again, since what was kept of it is not as it was written")
    if answer.undone:
        yield Text(f"Stopped: {plural(len(answer.undone), 'case')} not planned, {answer.undone[0]} first.")
