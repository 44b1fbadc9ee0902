"""What happens while things are out, once more: rack by rack over their feeds, in plain Python.

Who serves whom and what is energised comes from the verifier; nothing here comes from the planner's side.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from capalloc.schema.event import NewSupply
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario
from capalloc.verify.case import Case, case_of
from capalloc.verify.measure import NOBODY, draw_kw, measure_of
from capalloc.verify.roster import Batch
from capalloc.verify.site import Site, site_of
from capalloc.verify.when import has

ROUNDING_KW = 1e-3
"""Draws of racks are rounded up to whole W by the planner, limits down."""


@dataclass
class Recounted:
    """A period while something is out."""

    load_kw: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    limit_kw: dict[str, float] = field(default_factory=dict)
    """Of every node that is energised."""
    dark: Counter[str] = field(default_factory=Counter)
    """Racks by demand; NOBODY for idle ones."""
    on_one_feed: Counter[str] = field(default_factory=Counter)
    kw_lost: float = 0.0
    racks: int = 0

    @property
    def doubtful_kw(self) -> float:
        """By how much loads may differ from those of the planner's side."""
        return ROUNDING_KW * (1 + self.racks)

    def require_over(self, over: Collection[str]) -> None:
        """These nodes are beyond their limits and no others; those within the rounding may be either."""
        for node, limit in self.limit_kw.items():
            beyond = self.load_kw[node] - limit
            if abs(beyond) > self.doubtful_kw:
                assert (beyond > 0) == (node in over), (node, beyond)


class ByFeeds:
    """A planned scenario, asked what is left in a period when nodes, places and supplies are out."""

    def __init__(self, scenario: Scenario, plan: Plan) -> None:
        self.scenario, self.plan = scenario, plan
        self.case: Case = case_of(scenario, plan)
        self.demands = {demand.name: demand for demand in (*scenario.workloads, *scenario.all_contracts)}
        self.kw = {name: measure_of(scenario.facility, demand).kw for name, demand in self.demands.items()}

    def out(
        self, t: int, nodes: Collection[str], places: Collection[str] = (), supplies: Collection[str] = ()
    ) -> Recounted:
        """``places`` are halls, rows as ``hall/row`` and zones."""
        site = self._without(supplies)
        live = {node.name for v, node in enumerate(site.nodes) if has(site.live[v], t)}
        live -= {name for name in live if set(self._path(name)) & set(nodes)}
        found, gone = Recounted(), [node for node in site.nodes if node.name not in live]
        for name in live:
            found.limit_kw[name] = self._limit_kw(site, t, name, lost=any(self._lives(one.name, t) for one in gone))
            for above in self._path(name):
                found.load_kw[above] += self._static_kw(name)
        for batch in self._batches(t):
            self._add(found, batch, t, live, places)
        return found

    def _add(self, found: Recounted, batch: Batch, t: int, live: set[str], places: Collection[str]) -> None:
        place = batch.bay.position
        assert place is not None
        feeds = [feed for feed in (place.feed_a, place.feed_b) if feed is not None]
        left, had = [feed for feed in feeds if feed in live], [feed for feed in feeds if self._lives(feed, t)]
        found.racks += batch.racks
        if not left or {place.hall, place.row_key, place.cooling_zone} & set(places):
            found.dark[batch.demand] += batch.racks
            if batch.demand != NOBODY:
                found.kw_lost += batch.racks * float(self.kw[batch.demand][batch.bay.kind.name])
            return
        if len(had) == 2 and len(left) == 1:
            found.on_one_feed[batch.demand] += batch.racks
        shares = {place.feed_a: place.share_a, place.feed_b: 1 - place.share_a} if len(left) == 2 else {left[0]: 1.0}
        for feed, share in shares.items():
            for node in self._path(feed or ""):
                found.load_kw[node] += batch.racks * share * self._draw_kw(batch) * self._factor(node)

    def _batches(self, t: int) -> Iterator[Batch]:
        for batch in (*self.case.roster.serving, *self.case.roster.idling):
            if batch.first <= t < batch.end:
                yield batch

    def _draw_kw(self, batch: Batch) -> float:
        if batch.demand == NOBODY:
            return batch.bay.kind.idle_kw
        demand = self.demands[batch.demand]
        return float(draw_kw(demand, batch.bay.kind)) * demand.utilization

    def _without(self, supplies: Collection[str]) -> Site:
        """The power forest in which some supplies give nothing."""
        site = self.scenario.facility
        left = tuple(one.replace(kw=0.0) if one.name in supplies else one for one in site.supplies)
        events = tuple(
            one.replace(kw=0.0) if isinstance(one, NewSupply) and one.name in supplies else one
            for one in self.scenario.events
        )
        return site_of(site.replace(supplies=left), events, self.case.borders)

    def _lives(self, node: str, t: int) -> bool:
        return has(self.case.site.live[self.case.site.index[node]], t)

    def _path(self, node: str) -> list[str]:
        site = self.case.site
        return [site.nodes[v].name for v in site.path[site.index[node]]]

    @staticmethod
    def _limit_kw(site: Site, t: int, node: str, lost: bool) -> float:
        """The failover limit where a node is lost that would be energised; else the normal one, if it is more."""
        v = site.index[node]
        normal, failover = site.bounds[t].get(v, (site.normal[v], site.failover[v]))
        return float(failover.kw if lost else max(normal.kw, failover.kw))

    def _static_kw(self, node: str) -> float:
        return self.case.site.nodes[self.case.site.index[node]].static_load_kw

    def _factor(self, node: str) -> float:
        facility = self.case.site.nodes[self.case.site.index[node]].load == "facility"
        return self.scenario.facility.pue if facility else 1.0
