"""What ``capalloc impact`` prints: what is out, who is hit, what is overloaded, and when it could be out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import RenderableType
from rich.text import Text

from capalloc.report.about import about_line
from capalloc.report.figures import PowerUnit, count, plural, power_unit, usd
from capalloc.report.impact_tables import (
    demands_table,
    limits_table,
    losses_table,
    periods_table,
    rows_table,
    used_share,
)
from capalloc.report.ranges import ranges
from capalloc.report.runs import Days
from capalloc.report.show_parts import facts, listed
from capalloc.schema.impact import DemandHit, Impact, NodeLoad, OutOfService, Window
from capalloc.schema.scenario import Horizon

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
        yield demands_table(answer.demands, unit)
    if answer.rows:
        yield rows_table(answer.rows)
    if strained := [one for one in answer.limits if one.strained]:
        yield limits_table(strained)
    if grave := [loss for loss in answer.then if loss.does_harm]:
        yield losses_table(grave, unit)
    yield periods_table(answer.periods, days, unit, all_periods)
    if answer.racks_on_one_feed:
        yield Text(_STAYS, style="dim")


_STAYS = (
    "Everything stays where the plan has it, and racks run on one feed for as long as it takes, and earn the same. "
    "`capalloc whatif SCENARIO outage:NODE:FROM:UNTIL` plans again so that no rack serves on one feed meanwhile."
)


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
        over = set(answer.over)
        return listed([_beyond(one) for one in answer.limits if one.node in over])
    nearest = next((one for one in answer.limits if one.strained), None)
    if nearest is None:
        return "no node, and none carries more than by the plan"
    share = used_share(nearest)
    return f"no node; of those that carry more {nearest.node} is nearest, at {share} of its failover limit"


def _beyond(one: NodeLoad) -> str:
    unit = power_unit([one.failover_kw])
    return f"{one.node} ({used_share(one)}, {unit.named(one.load_kw - one.failover_kw)} too much)"


def _one_more(answer: Impact, unit: PowerUnit) -> str:
    if not answer.then:
        return "no contingency node is left to lose"
    grave = [loss for loss in answer.then if loss.does_harm]
    harm = f"of {plural(len(answer.then), 'contingency node')} would do further harm"
    if not grave:
        return f"none {harm}"
    worst = max(grave, key=lambda loss: loss.kw_lost_more)
    lost = f", at most {unit.named(worst.kw_lost_more)} more dark ({worst.contingency})" if worst.kw_lost_more else ""
    over = max(len(loss.over_more) for loss in grave)
    nodes = f", at most {plural(over, 'further node')} over" if over else ""
    return f"{count(len(grave))} {harm}{lost}{nodes}"


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
