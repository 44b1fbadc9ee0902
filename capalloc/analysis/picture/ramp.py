"""What each demand gets over time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from capalloc.analysis.picture.pictured import Pictured


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a demand gets during a period."""

    demand: str
    period: str
    start: date
    until: date
    committed_kw: float
    delivered_kw: float
    gpus: int
    racks: int


def delivered(pictured: Pictured) -> Iterator[Delivered]:
    """Each demand in each period that its term touches, in the plan's order."""
    days = {period.label: period for period in pictured.periods}
    for row in pictured.plan.demands:
        period = days[row.period]
        yield Delivered(
            row.demand,
            row.period,
            period.start,
            period.end,
            row.committed_kw,
            row.delivered_kw,
            row.gpus,
            row.racks,
        )
