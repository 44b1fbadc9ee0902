"""Tables of ``capalloc impact``: who is hit and where, power nodes, one more loss, and when it could be out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from capalloc.report.figures import DASH, PowerUnit, count, percent, plural, power_unit, usd
from capalloc.report.ranges import ranges
from capalloc.report.runs import Days, Line, runs
from capalloc.report.show_parts import NOBODY, listed
from capalloc.report.table import Column, Grid, grid, words
from capalloc.schema.impact import DemandHit, NextLoss, NodeLoad, PeriodHit, RowHit

_NODES_SHOWN = 8
_LOSSES_SHOWN = 8
_RANGES_SHOWN = 12
_NODES_OF_A_LINE = 4


def demands_table(demands: Sequence[DemandHit], unit: PowerUnit) -> Grid:
    """Whom it hits, by demand."""
    columns = [
        words("Demand"),
        Column("Tenant", figures=False, optional=True),
        Column("Racks dark"),
        Column(f"Lost {unit.name}"),
        Column("GPUs lost", optional=True),
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


def rows_table(rows: Sequence[RowHit]) -> Grid:
    """Where racks are hit: a line for each demand, hall, and whether they go dark."""
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


def limits_table(limits: Sequence[NodeLoad]) -> Grid:
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
    title = f"Power nodes that carry more or are over, against their failover limits: {nodes}"
    return grid(title, columns, ((listed(ranges(names), _NODES_OF_A_LINE), *cells) for cells, names in shown))


def _limit(one: NodeLoad, unit: PowerUnit) -> tuple[str, ...]:
    return (unit.show(one.normal_kw), unit.show(one.load_kw), unit.show(one.failover_kw), used_share(one))


def losses_table(losses: Sequence[NextLoss], unit: PowerUnit) -> Grid:
    """Further losses that would do harm meanwhile."""
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
    return (DASH, DASH) if one is None else (one.node, used_share(one))


def periods_table(periods: Sequence[PeriodHit], days: Days, unit: PowerUnit, all_periods: bool) -> Grid:
    """What it would do in each period; neighbours with equal figures share a line."""
    columns = [
        words(days.unit.capitalize()),
        Column("Racks dark"),
        Column(f"Lost {unit.name}"),
        Column(f"One feed {unit.name}"),
        words("Nodes over limit"),
        Column("Tightest node", figures=False, optional=True),
        Column("Used", optional=True),
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


def used_share(one: NodeLoad) -> str:
    """Share of its limit that a node uses."""
    return DASH if one.used is None else percent(one.used)
