"""What the site has left, and where it is tightest."""

from __future__ import annotations

from collections.abc import Sequence

from capalloc.metrics import SitePeriod, Tightest
from capalloc.report.figures import DASH, PowerUnit, percent
from capalloc.report.runs import Line, runs
from capalloc.report.table import Column, Grid, grid, words


def headroom(site: Sequence[SitePeriod], period: str, unit: PowerUnit, all_periods: bool) -> Grid:
    """Site load, limit and what is left; the tightest node in normal operation or after a loss."""
    columns = [
        words(period.capitalize()),
        Column(f"Load {unit.name}"),
        Column(f"Limit {unit.name}"),
        Column(f"Left {unit.name}"),
        words("Tightest node"),
        Column("Used"),
    ]
    lines = [Line(row.period, _cells(row, unit)) for row in site]
    joined = runs(lines, [row.period for row in site], all_periods)
    title = f"Headroom of the site: load and limit in {unit.name} in normal operation"
    return grid(title, columns, ((line.period, *line.cells) for line in joined))


def _cells(row: SitePeriod, unit: PowerUnit) -> tuple[str, ...]:
    found = [tightest for tightest in (row.normal, row.failover) if tightest is not None]
    power = (unit.show(row.load_kw), unit.show(row.limit_kw), unit.show(row.headroom_kw))
    if not found:
        return (*power, DASH, DASH)
    tightest = max(found, key=lambda one: one.utilization)
    return (*power, _where(tightest), percent(tightest.utilization))


def _where(tightest: Tightest) -> str:
    return tightest.node if tightest.lost is None else f"{tightest.node} after loss of {tightest.lost}"
