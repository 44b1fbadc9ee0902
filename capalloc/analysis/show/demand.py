"""A demand: its terms and steps, what it is delivered, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from capalloc.analysis.names import unplanned_prospects
from capalloc.analysis.show.site import PlannedSite
from capalloc.instance.model import Ints
from capalloc.instance.timeline import Term, ramp_of, term_of
from capalloc.schema.demand import Contract, Demand, Workload
from capalloc.schema.shown import DemandShown, DemandShownPeriod, DemandStep, Stand

_TOLD_ELSEWHERE = {"name", "tenant", "ramp", "demand", "until"}


def show_demand(site: PlannedSite, d: int, periods: Sequence[int]) -> DemandShown:
    """The demand with a number, in those of some periods that its term touches."""
    data = site.instance.demands[d]
    return _shown(site, data.demand, data.term, tuple(_DemandSeen(site, d).periods(periods)))


def show_prospect(site: PlannedSite, number: int, _: Sequence[int]) -> DemandShown:
    """A prospect that the plan was not asked for, by its number among them."""
    prospect = unplanned_prospects(site.instance)[number]
    term = term_of(site.scenario, prospect, {prospect.name: ramp_of(site.scenario, prospect)})
    return _shown(site, prospect, term, (), planned=False)


def _shown(
    site: PlannedSite, demand: Demand, term: Term, periods: tuple[DemandShownPeriod, ...], *, planned: bool = True
) -> DemandShown:
    terms = demand.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return DemandShown(
        name=demand.name,
        tenant=demand.tenant if isinstance(demand, Contract) else None,
        start=term.start,
        until=term.end,
        terms={key: value for key, value in terms.items() if key not in _TOLD_ELSEWHERE},
        steps=tuple(_steps(site, demand)),
        planned=planned,
        periods=periods,
    )


def _steps(site: PlannedSite, demand: Demand) -> Iterator[DemandStep]:
    if isinstance(demand, Contract):
        for step in ramp_of(site.scenario, demand):
            amount, factor = step.amount, step.fee_factor
            yield DemandStep(start=step.start, unit=step.unit, amount=amount, least=amount, fee_factor=factor)
    elif isinstance(demand, Workload):
        for own in demand.demand:
            yield DemandStep(start=own.start, unit=own.unit, amount=own.amount, least=own.min, fee_factor=None)


class _DemandSeen:
    """Where one demand stands in each period."""

    def __init__(self, site: PlannedSite, d: int) -> None:
        self._site, self._d = site, d
        self._rows = {row.period: row for row in site.plan.demands if row.demand == site.instance.demand_names[d]}
        spread = site.instance.demands[d].demand.spread
        nodes = site.loads.forest.nodes
        self._nodes = [
            v for v, node in enumerate(nodes) if node.contingency or (spread and node.kind == spread.node_kind)
        ]
        self._share = site.loads.cords.carried(site.loads.forest)[self._nodes]

    def periods(self, periods: Sequence[int]) -> Iterator[DemandShownPeriod]:
        """What it is delivered, and where, in those of some periods that the plan has a line of."""
        site = self._site
        for t in periods:
            if (row := self._rows.get(site.plan.periods[t])) is None:
                continue
            serves = site.roster.serving[:, t] == self._d
            held = site.held_of(site.holders.of(serves, t))
            at = site.roster.position[serves]
            spots = site.instance.positions
            yield DemandShownPeriod(
                period=row.period,
                committed_kw=row.committed_kw,
                wanted_kw=row.wanted_kw,
                delivered_kw=row.delivered_kw,
                draw_kw=sum(one.draw_kw for one in held),
                racks=row.racks,
                spares=int((site.roster.buffer[:, t] == self._d).sum()),
                gpus=row.gpus,
                revenue_usd=row.revenue_usd,
                penalty_usd=row.penalty_usd,
                held=held,
                halls=_counted(spots.hall_names, spots.hall[at]),
                rows=_counted(spots.row_names, spots.row[at]),
                nodes=tuple(self._at_nodes(at)),
            )

    def _at_nodes(self, at: Ints) -> Iterator[Stand]:
        carried = self._share @ np.bincount(self._site.loads.cords.way[at], minlength=self._share.shape[1])
        for v, racks in zip(self._nodes, carried.tolist(), strict=True):
            if racks > 0:
                yield Stand(name=self._site.loads.forest.nodes[v].name, racks=racks, share=min(racks / len(at), 1.0))


def _counted(names: Sequence[str], of: Ints) -> tuple[Stand, ...]:
    """Racks by place, in the order of the places."""
    count = np.bincount(of, minlength=len(names)).tolist()
    return tuple(
        Stand(name=name, racks=float(racks), share=racks / len(of))
        for name, racks in zip(names, count, strict=True)
        if racks
    )
