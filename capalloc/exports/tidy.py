"""A plan as tidy tables: a row an observation, a column a variable, units in the names of columns.

Source: H. Wickham, Tidy Data, Journal of Statistical Software 59 (10), 2014, doi:10.18637/jss.v059.i10.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any, Literal

import numpy as np

from capalloc.analysis.diff.places import placed_by, places_of
from capalloc.analysis.picture import Pictured
from capalloc.analysis.show.loads import NO_LOSS
from capalloc.calendar import Period
from capalloc.exports.ledger import ledger_of
from capalloc.units import W_PER_KW

Kind = Literal["text", "day", "count", "number"]


@dataclass(frozen=True, slots=True)
class Tidy:
    """A table: the kinds of its columns by name, and for each column all its values."""

    kinds: Mapping[str, Kind]
    columns: Sequence[Sequence[Any] | np.ndarray]

    def of(self, periods: Sequence[Period]) -> Tidy:
        """The rows of some neighbouring periods; all rows of a table that has no days."""
        by_name = dict(zip(self.kinds, self.columns, strict=True))
        if "period" in by_name:
            labels = {period.label for period in periods}
            keep = [label in labels for label in by_name["period"]]
        elif "start" in by_name:
            first, until = periods[0].start, periods[-1].end
            days = zip(by_name["start"], by_name["until"], strict=True)
            keep = [start < until and end > first for start, end in days]
        else:
            return self
        return Tidy(self.kinds, [list(compress(values, keep)) for values in self.columns])


def tidy_tables(pictured: Pictured, periods: Sequence[Period] | None = None) -> dict[str, Tidy]:
    """The tables of a plan by name, or the rows of neighbouring periods of it."""
    tables = _tables(pictured)
    return tables if periods is None else {name: table.of(periods) for name, table in tables.items()}


def _tables(pictured: Pictured) -> dict[str, Tidy]:
    return {
        "assignments": _assignments(pictured),
        "demand_periods": _demand_periods(pictured),
        "node_loads": _node_loads(pictured),
        "periods": _periods(pictured),
        "prices": _prices(pictured),
        "racks": _racks(pictured),
        "shortfalls": _shortfalls(pictured),
    }


def _by_row(kinds: Mapping[str, Kind], rows: Iterable[Sequence[Any]]) -> Tidy:
    columns = list(zip(*rows, strict=True))
    return Tidy(kinds, columns or [()] * len(kinds))


def _assignments(pictured: Pictured) -> Tidy:
    spans = pictured.plan.assignments
    kinds: Mapping[str, Kind] = {"rack": "text", "demand": "text", "start": "day", "until": "day"}
    return _by_row(kinds, ((span.rack, span.demand, span.start, span.until) for span in spans))


_DEMAND_PERIODS: Mapping[str, Kind] = {
    "demand": "text", "tenant": "text", "kind": "text", "period": "text", "start": "day", "until": "day",
    "committed_kw": "number", "wanted_kw": "number", "delivered_kw": "number", "racks": "count", "gpus": "count",
    "fee_usd": "number", "value_usd": "number", "penalty_usd": "number",
    "firm_usd": "number", "at_risk_usd": "number", "prospect_usd": "number",
}  # fmt: skip


def _demand_periods(pictured: Pictured) -> Tidy:
    return _by_row(
        _DEMAND_PERIODS,
        (
            (
                line.demand, line.tenant, line.kind, line.period.label, line.period.start, line.period.end,
                line.given.committed_kw, line.given.wanted_kw, line.given.delivered_kw,
                line.given.racks, line.given.gpus,
                line.money.fee_usd, line.money.value_usd, line.money.penalty_usd,
                line.money.firm_usd, line.money.at_risk_usd, line.money.prospect_usd,
            )
            for line in ledger_of(pictured)
        ),
    )  # fmt: skip


def _node_loads(pictured: Pictured) -> Tidy:
    """A row for each power node and period; ``lost`` is the contingency whose loss asks most of it."""
    loads, periods = pictured.site.loads, pictured.periods
    nodes, forest, worst = loads.forest.nodes, loads.forest, loads.worst
    names = np.array([*(node.name for node in nodes), None], dtype=object)
    after = worst.lost != NO_LOSS
    kinds: Mapping[str, Kind] = {
        "node": "text", "kind": "text", "parent": "text", "period": "text", "start": "day", "until": "day",
        "load_kw": "number", "limit_kw": "number",
        "lost": "text", "load_after_loss_kw": "number", "limit_after_loss_kw": "number",
    }  # fmt: skip
    return Tidy(
        kinds,
        [
            *(np.repeat(np.array(one, dtype=object), len(periods)) for one in (
                [node.name for node in nodes], [node.kind for node in nodes], [node.parent for node in nodes],
            )),
            *(np.tile(np.array(one, dtype=object), len(nodes)) for one in (
                [one.label for one in periods], [one.start for one in periods], [one.end for one in periods],
            )),
            _kw(loads.normal_w),
            _kw(forest.normal_w),
            names[np.where(after, worst.lost, len(nodes))].ravel(),
            _kw(np.where(after, worst.load_w, np.nan)),
            _kw(np.where(after, forest.failover_w, np.nan)),
        ],
    )  # fmt: skip


def _kw(watts: np.ndarray) -> np.ndarray:
    """(V x T,) kW, node by node, without the last digits of sums."""
    return np.round(watts / W_PER_KW, 6).ravel() + 0.0


def _periods(pictured: Pictured) -> Tidy:
    kinds: Mapping[str, Kind] = {
        "period": "text", "start": "day", "until": "day", "days": "count", "site_load_kw": "number",
        "site_limit_kw": "number",
    }  # fmt: skip
    site = zip(pictured.periods, pictured.load_kw.tolist(), pictured.limit_kw.tolist(), strict=True)
    return _by_row(kinds, ((one.label, one.start, one.end, one.days, load, limit) for one, load, limit in site))


def _prices(pictured: Pictured) -> Tidy:
    """What one more kW would be worth: at a power node, and of a demand."""
    kinds: Mapping[str, Kind] = {"of": "text", "name": "text", "period": "text", "usd_per_kw_month": "number"}
    plan = pictured.plan
    nodes = (("node", one.node, one.period, one.usd_per_kw_month) for one in plan.prices)
    demands = (("demand", one.demand, one.period, one.usd_per_kw_month) for one in plan.demand_prices)
    return _by_row(kinds, (*nodes, *demands))


def _racks(pictured: Pictured) -> Tidy:
    """A row for each rack of the facility, with the position that it has or the plan gives it."""
    facility = pictured.scenario.facility
    types = {one.name: one for one in facility.rack_types}
    places, placed = places_of([pictured.scenario]).positions, placed_by(pictured.plan)
    kinds: Mapping[str, Kind] = {
        "rack": "text", "rack_type": "text", "gpus": "count", "nameplate_kw": "number", "expected_kw": "number",
        "status": "text", "tenant": "text", "available_from": "day", "available_until": "day",
        "position": "text", "hall": "text", "row": "text", "feed_a": "text", "feed_b": "text",
        "cooling_zone": "text", "fabric_block": "text",
    }  # fmt: skip
    return _by_row(
        kinds,
        (
            (
                rack.name, rack.rack_type, kind.gpus, kind.nameplate_kw, kind.expected_kw,
                rack.status, rack.tenant, rack.available_from, rack.available_until,
                name, *(getattr(place, key, None) for key in _PLACE),
            )
            for rack in facility.racks
            for kind in (types[rack.rack_type],)
            for name in (placed.get(rack.name, rack.position),)
            for place in (places.get(name or ""),)
        ),
    )  # fmt: skip


_PLACE = ("hall", "row", "feed_a", "feed_b", "cooling_zone", "fabric_block")


def _shortfalls(pictured: Pictured) -> Tidy:
    kinds: Mapping[str, Kind] = {
        "demand": "text", "start": "day", "until": "day", "most_short_kw": "number", "penalty_usd": "number",
        "lost_fee_usd": "number", "tenant_may_leave_from": "day",
    }  # fmt: skip
    return _by_row(
        kinds,
        (
            (one.demand, one.start, one.until, one.most_short_kw, one.penalty_usd, one.lost_fee_usd,
             one.tenant_may_leave_from)
            for one in pictured.plan.shortfalls
        ),
    )  # fmt: skip
