"""What ``capalloc impact`` prints: what is out, who is hit, what is overloaded, and when it could be out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import RenderableType
from rich.text import Text

from capalloc.report.about import about_line
from capalloc.report.figures import DASH, PowerUnit, count, percent, plural, power_unit, usd
from capalloc.report.ranges import ranges
from capalloc.report.runs import Days, Line, runs
from capalloc.report.show_parts import facts, listed
from capalloc.report.table import Column, Grid, grid, words
from capalloc.schema.impact import DemandHit, Impact, NextLoss, NodeLoad, OutOfService, PeriodHit, RowHit, Window
from capalloc.schema.scenario import Horizon

_NODES_SHOWN = 8
_LOSSES_SHOWN = 8
_RANGES_SHOWN = 12
_NODES_OF_A_LINE = 4
NOBODY = "nobody"
SHEET = ("rack", "hit", "does", "demand", "tenant", "rack_type", "hall", "row", "position")
"""Columns of the list that ``--csv`` writes."""


def impact_page(
    answer: Impact, horizon: Horizon, note: str | None = None, all_periods: bool = False
) -> Iterator[RenderableType]:
    """What is out and what that does in a few lines, then who, where, limits, one more loss, and when.

    ``note`` stands behind the period.
    """
    days = Days.of(horizon)
    unit = power_unit(one.delivered_kw for one in answer.demands)
    yield Text(about_line(answer.about))
    yield facts(_facts(answer, days, unit, note))
    if answer.demands:
        yield _demands(answer.demands, unit)
    if answer.rows:
        yield _rows(answer.rows)
    if strained := [one for one in answer.limits if one.strained]:
        yield _limits(strained)
    if grave := [loss for loss in answer.then if loss.does_harm]:
        yield _next(grave, unit)
    yield _when(answer.periods, days, unit, all_periods)


def sheet_rows(answer: Impact) -> Iterator[tuple[str | None, ...]]:
    """A line for each rack that goes dark or is left with one feed, in the columns of ``SHEET``."""
    for one in answer.racks:
        where = one.hall, one.row, one.position
        yield (one.rack, one.hit, one.does, one.demand, one.tenant, one.rack_type, *where)


def _facts(answer: Impact, days: Days, unit: PowerUnit, note: str | None) -> Iterator[tuple[str, str]]:
    yield "Out", _out(answer.out, answer.period)
    yield days.unit.capitalize(), answer.period + (f" ({note})" if note else "")
    yield "Dark", _dark(answer, unit)
    yield "One feed", _on_one_feed(answer, unit)
    yield "At stake", _stake(answer)
    yield "Short", "; ".join(_short(one, unit) for one in answer.demands if one.short_kw and one.racks)
    yield "Over limit", _over(answer)
    yield "One more loss", _one_more(answer, unit)
    yield "Can be out", _windows(answer, days, unit)


def _out(things: Sequence[OutOfService], period: str) -> str:
    """What is out, neighbours of one kind together."""
    groups = groupby(things, lambda one: (_kind(one), one.contingency, _down(one, period)))
    return "; ".join(_kin([one.name for one in group], *of) for of, group in groups)


def _kin(names: Sequence[str], kind: str, contingency: bool, down: str) -> str:
    several = "contingencies" if len(names) > 1 else "a contingency"
    return f"{listed(ranges(names))} ({kind}{f', {several}' if contingency else ''}{down})"


def _kind(one: OutOfService) -> str:
    return one.node_kind or one.kind


def _down(one: OutOfService, period: str) -> str:
    by = f" because of {one.down_by}" if one.down_by not in (None, one.name) else ""
    return "" if one.down_by is None else f", out in {period} anyway{by}"


def _dark(answer: Impact, unit: PowerUnit) -> str:
    if not answer.racks_dark:
        return "no rack"
    serving = [f"{count(one.racks)} of {one.demand}" for one in answer.demands if one.racks]
    spares = sum(one.spares_dark for one in answer.demands)
    parts = [*serving, *([plural(spares, "spare")] if spares else [])]
    parts += [f"{count(answer.idle_racks_dark)} idle"] if answer.idle_racks_dark else []
    lost = f"; {unit.named(answer.kw_lost)}, {count(answer.gpus_lost)} GPUs" if answer.kw_lost else ""
    return f"{plural(len(answer.racks_dark), 'rack')}: {listed(parts)}{lost}"


def _on_one_feed(answer: Impact, unit: PowerUnit) -> str:
    if not answer.racks_on_one_feed:
        return "no rack loses one of two feeds"
    kw = sum(one.kw_on_one_feed for one in answer.demands)
    hit = [f"{count(one.racks_on_one_feed)} of {one.demand}" for one in answer.demands if one.racks_on_one_feed]
    spares = sum(one.spares_on_one_feed for one in answer.demands)
    hit += [plural(spares, "spare")] if spares else []
    behind = f": {listed(hit)}; {unit.named(kw)}" if hit else ""
    return plural(len(answer.racks_on_one_feed), "rack") + behind


def _stake(answer: Impact) -> str:
    if not answer.usd_at_stake_per_month:
        return "nothing"
    return f"{usd(answer.usd_at_stake_per_month)} a month, {usd(answer.usd_at_stake_per_hour)} an hour"


def _short(one: DemandHit, unit: PowerUnit) -> str:
    days = one.may_leave_after_days
    leave = f" (may leave after {plural(days, 'day')})" if days is not None else ""
    return f"{one.demand} misses {unit.named(one.short_kw)} of {unit.named(one.committed_kw)}{leave}"


def _over(answer: Impact) -> str:
    if answer.over:
        beyond = [f"{one.node} ({_used(one)})" for one in answer.limits if one.node in set(answer.over)]
        return listed(beyond)
    for one in answer.limits:
        if one.strained:
            return f"no node; of those that carry more {one.node} is nearest, at {_used(one)} of its failover limit"
    return "no node, and none carries more than by the plan"


def _one_more(answer: Impact, unit: PowerUnit) -> str:
    if not answer.then:
        return "no contingency node is left"
    grave = [loss for loss in answer.then if loss.does_harm]
    if not grave:
        return f"none of {plural(len(answer.then), 'contingency node')} would darken more or overload a further node"
    worst = max(grave, key=lambda loss: loss.kw_lost_more)
    lost = f", at most {unit.named(worst.kw_lost_more)} more dark ({worst.contingency})" if worst.kw_lost_more else ""
    over = max(len(loss.over_more) for loss in grave)
    nodes = f", at most {plural(over, 'further node')} over" if over else ""
    return f"{count(len(grave))} of {count(len(answer.then))} losses would do further harm{lost}{nodes}"


def _windows(answer: Impact, days: Days, unit: PowerUnit) -> str:
    if answer.windows:
        return f"{_spans(answer.windows, days)}: nobody dark, every node within its failover limit"
    no = "in no period with nobody dark and every node within its failover limit"
    if not answer.least_harm:
        return no
    least = unit.named(answer.least_harm[0].kw_lost)
    return f"{no}; least harm in {_spans(answer.least_harm, days)}, {least} dark"


def _spans(windows: Sequence[Window], days: Days) -> str:
    starts = {period.start: label for label, period in days.periods.items()}
    ends = {period.end: label for label, period in days.periods.items()}
    return listed([days.span(starts[one.start], ends[one.until]) for one in windows])


def _used(one: NodeLoad) -> str:
    return DASH if one.used is None else percent(one.used)


def _demands(demands: Sequence[DemandHit], unit: PowerUnit) -> Grid:
    columns = [
        words("Demand"),
        words("Tenant"),
        Column("Racks dark"),
        Column(f"Lost {unit.name}"),
        Column("GPUs lost"),
        Column("On one feed"),
        Column(f"One feed {unit.name}"),
        Column("At stake per month"),
    ]
    return grid("Who is hit", columns, (_demand(one, unit) for one in demands))


def _demand(one: DemandHit, unit: PowerUnit) -> tuple[str, ...]:
    return (
        one.demand,
        one.tenant or DASH,
        _with_spares(one.racks, one.spares_dark),
        unit.show(one.kw_lost),
        count(one.gpus_lost),
        _with_spares(one.racks_on_one_feed, one.spares_on_one_feed),
        unit.show(one.kw_on_one_feed),
        usd(one.usd_at_stake_per_month),
    )


def _with_spares(racks: int, spares: int) -> str:
    return f"{count(racks)} + {plural(spares, 'spare')}" if spares else count(racks)


def _rows(rows: Sequence[RowHit]) -> Grid:
    columns = [words("Demand"), words("Hall"), words("Rows"), Column("Racks"), Column("Dark"), Column("On one feed")]
    groups = groupby(sorted(rows, key=_alike), key=_alike)
    return grid("Where, by demand", columns, (_row_group(list(group)) for _, group in groups))


def _alike(row: RowHit) -> tuple[bool, str, str, bool]:
    return row.demand is None, row.demand or "", row.hall, not row.dark


def _row_group(rows: list[RowHit]) -> tuple[str, ...]:
    found = ranges([row.row for row in rows])
    names = f"{count(len(rows))}: {listed(found, _RANGES_SHOWN)}" if len(rows) > 1 else found[0]
    sums = (sum(row.racks for row in rows), sum(row.dark for row in rows), sum(row.on_one_feed for row in rows))
    return (rows[0].demand or NOBODY, rows[0].hall, names, *map(count, sums))


def _limits(limits: Sequence[NodeLoad]) -> Grid:
    """Nodes that carry more, those that use most of their limit first; neighbours with equal figures share a line."""
    unit = power_unit(one.failover_kw for one in limits[:_NODES_SHOWN])
    columns = [
        words("Node"),
        Column(f"Before {unit.name}"),
        Column(f"Load {unit.name}"),
        Column(f"Limit {unit.name}"),
        Column("Used"),
    ]
    groups = [(cells, [one.node for one in group]) for cells, group in groupby(limits, lambda one: _limit(one, unit))]
    shown = groups[:_NODES_SHOWN]
    nodes = _most(len(limits), sum(len(names) for _, names in shown))
    title = f"Power nodes that carry more, against their failover limits: {nodes}"
    return grid(title, columns, ((listed(ranges(names), _NODES_OF_A_LINE), *cells) for cells, names in shown))


def _limit(one: NodeLoad, unit: PowerUnit) -> tuple[str, ...]:
    return (unit.show(one.normal_kw), unit.show(one.load_kw), unit.show(one.failover_kw), _used(one))


def _next(losses: Sequence[NextLoss], unit: PowerUnit) -> Grid:
    columns = [
        words("Loss of"),
        Column(f"More dark {unit.name}"),
        words("Further nodes over limit"),
        words("Tightest node"),
        Column("Used"),
    ]
    title = f"One more loss meanwhile: {_most(len(losses), _LOSSES_SHOWN)} that would do further harm"
    return grid(title, columns, (_loss(loss, unit) for loss in losses[:_LOSSES_SHOWN]))


def _loss(loss: NextLoss, unit: PowerUnit) -> tuple[str, ...]:
    nodes = listed(ranges(loss.over_more), _NODES_OF_A_LINE) or DASH
    return (loss.contingency, unit.show(loss.kw_lost_more), nodes, *_tightest(loss.tightest))


def _tightest(one: NodeLoad | None) -> tuple[str, str]:
    return (DASH, DASH) if one is None else (one.node, _used(one))


def _when(periods: Sequence[PeriodHit], days: Days, unit: PowerUnit, all_periods: bool) -> Grid:
    columns = [
        words(days.unit.capitalize()),
        Column("Racks dark"),
        Column(f"Lost {unit.name}"),
        Column(f"One feed {unit.name}"),
        words("Nodes over limit"),
        words("Tightest node"),
        Column("Used"),
        words("Can be out"),
    ]
    lines = [Line(one.period, _period(one, unit)) for one in periods]
    joined = runs(lines, [one.period for one in periods], all_periods, days)
    return grid("When it could be out", columns, ((line.period, *line.cells) for line in joined))


def _period(one: PeriodHit, unit: PowerUnit) -> tuple[str, ...]:
    could = not one.racks_dark and not one.over
    over = f"{count(len(one.over))}: {listed(ranges(one.over), _NODES_OF_A_LINE)}" if one.over else DASH
    power = (unit.show(one.kw_lost), unit.show(one.kw_on_one_feed))
    return (count(one.racks_dark), *power, over, *_tightest(one.tightest), "yes" if could else "no")


def _most(of: int, shown: int) -> str:
    return f"{shown} of {count(of)}" if of > shown else f"all {count(of)}"
