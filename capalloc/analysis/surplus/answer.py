"""The answer to ``capalloc surplus``: each period alone, and from each period to the horizon's end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from pydantic import ValidationError

from capalloc.analysis.base import Base, base_of, period_asked
from capalloc.analysis.surplus.binding import binding_of
from capalloc.analysis.surplus.block import Search
from capalloc.analysis.surplus.lots import lots_of
from capalloc.analysis.surplus.most import Most
from capalloc.analysis.surplus.offer import FREE, Offer, later
from capalloc.analysis.surplus.site import SurplusSite
from capalloc.analysis.surplus.sold import sell
from capalloc.analysis.surplus.span import Span
from capalloc.analysis.surplus.stranded import at_roots
from capalloc.cancel import CancelToken
from capalloc.errors import Problem, ScenarioError
from capalloc.formats.wording import messages
from capalloc.progress import OnProgress, Progress
from capalloc.schema.demand import Basis
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario
from capalloc.schema.surplus import LOTS, Draw, HallSurplus, Lasting, Sellable, Surplus, Terms
from capalloc.units import W_PER_KW

_TERMS = Terms()


def surplus(
    scenario: Scenario,
    plan: Plan,
    *,
    period: str | None = None,
    lots: Sequence[int] = LOTS,
    basis: Basis = "it_nameplate",
    draw: Draw = "nameplate",
    cancel: CancelToken | None = None,
    progress: OnProgress | None = None,
) -> Surplus:
    """What could be sold beside a plan without moving anybody, after commitments, minima, buffers and the reserve.

    Idle racks that stand on the site and may run are sold; who is served, held and placed stays so. Racks that then
    serve nobody may be off where that makes room, unless the policy limits bring-up. ``period`` asks for one period
    alone, by its label, or a day or month in it. ``lots`` are GPUs in a lot, ``basis`` and ``draw`` say which kW of a
    rack are sold and drawn. A token that is set ends the search with the periods that are answered.

    Raises PlanFileError where the plan was made for another scenario or breaks its rules; ScenarioError for a period
    outside the horizon, or for terms that are none.
    """
    terms = _terms(lots, basis, draw)
    return surplus_of(base_of(scenario, plan), period=period, terms=terms, cancel=cancel, progress=progress)


def _terms(lots: Sequence[int], basis: Basis, draw: Draw) -> Terms:
    try:
        return Terms(lots=tuple(lots), basis=basis, draw=draw)
    except ValidationError as error:
        problems = [Problem("", 0, ".".join(map(str, place)), message) for place, message in messages(Terms, error)]
        raise ScenarioError(problems) from error


def surplus_of(
    base: Base,
    *,
    period: str | None = None,
    terms: Terms = _TERMS,
    cancel: CancelToken | None = None,
    progress: OnProgress | None = None,
) -> Surplus:
    """The same of a plan that has been judged already."""
    calendar = base.instance.periods
    wanted = range(len(calendar)) if period is None else [period_asked(calendar, period)]
    if progress is not None:
        progress(Progress("surplus"))
    asked = _Asked(base, terms, cancel)
    periods, lasting = tuple(asked.alone(wanted)), tuple(asked.lasting(wanted))
    return Surplus(
        about=base.about,
        terms=terms,
        deliveries=int((base.roster.position[base.instance.deliveries] >= 0).sum()),
        complete=len(lasting) == len(wanted),
        periods=periods,
        lasting=Lasting(periods=lasting),
    )


class _Asked:
    """A plan and the terms, and answers that are known already."""

    def __init__(self, base: Base, terms: Terms, cancel: CancelToken | None) -> None:
        self._instance, self._terms, self._search = base.instance, terms, Search(cancel)
        self._site = SurplusSite(base.instance, base.roster, terms)
        self._offer = Offer(base.instance, base.roster)
        self._known: dict[bytes, Sellable] = {}

    def alone(self, wanted: Sequence[int]) -> Iterator[Sellable]:
        """Each of some periods alone."""
        for t in wanted:
            kept = self._offer.kept(t)
            for waits in (self._offer.handed_over_before(t), self._offer.handed_over_after(t)):
                kept = np.where((kept == FREE) & (waits != FREE), waits, kept)
            answer = self._answer(Span(self._site, t, t + 1, kept, self._site.room_w[:, t], self._site.left_w[:, t]))
            if not self._search.goes_on:
                return
            yield answer

    def lasting(self, wanted: Sequence[int]) -> Iterator[Sellable]:
        """From each of some periods on."""
        for span in [span for span in reversed(list(self._to_the_end())) if span.first in wanted]:
            answer = self._answer(span)
            if not self._search.goes_on:
                return
            yield answer

    def _to_the_end(self) -> Iterator[Span]:
        """Spans from each period to the end, the last one first."""
        periods = len(self._instance.periods)
        hall = self._instance.positions.hall[self._site.roster.position]
        kept, room, left = self._offer.kept(periods - 1), self._site.room_w[:, -1], self._site.left_w[:, -1]
        for t in reversed(range(periods)):
            kept = later(self._offer.kept(t), kept, self._offer.out(hall))
            room, left = np.minimum(room, self._site.room_w[:, t]), np.minimum(left, self._site.left_w[:, t])
            waits = self._offer.handed_over_before(t)
            yield Span(self._site, t, periods, np.where((kept == FREE) & (waits != FREE), waits, kept), room, left)

    def _answer(self, span: Span) -> Sellable:
        key = span.key
        if key not in self._known:
            self._known[key] = self._found(span)
        return self._known[key].model_copy(update={"period": self._instance.periods[span.first].label})

    def _found(self, span: Span) -> Sellable:
        most = span.packing(span.by_hall).solve(self._search)
        sold = sell(span, span.by_hall.chosen(most.counts))
        roots = at_roots(span, sold, most.counts, self._offer.causes)
        return Sellable(
            period=self._instance.periods[span.first].label,
            sellable_kw=most.worth / W_PER_KW,
            sellable_gpus=int(self._instance.gpus[self._instance.racks.type[sold.racks]].sum()),
            racks=len(sold.racks),
            proven=most.worth == most.bound,
            at_most_kw=most.bound / W_PER_KW,
            switched_off=len(sold.off),
            by_hall=tuple(self._by_hall(span, most)),
            lots=tuple(lots_of(span, gpus, self._search) for gpus in self._terms.lots),
            binding=binding_of(span, self._offer.causes, most.counts),
            roots_left_kw=roots.left_w / W_PER_KW,
            roots_taken_kw=roots.taken_w / W_PER_KW,
            stranded=roots.stranded,
        )

    def _by_hall(self, span: Span, most: Most) -> Iterator[HallSurplus]:
        first, instance = span.by_hall.first, self._instance
        halls, kinds = instance.positions.hall[self._site.roster.position[first]], instance.racks.type[first]
        for hall, kind in sorted(set(zip(halls.tolist(), kinds.tolist(), strict=True))):
            racks = int(most.counts[(halls == hall) & (kinds == kind)].sum())
            if racks:
                yield HallSurplus(
                    hall=instance.positions.hall_names[hall],
                    rack_type=instance.type_names[kind],
                    kw=racks * int(self._site.worth_w[kind]) / W_PER_KW,
                    gpus=racks * int(instance.gpus[kind]),
                    racks=racks,
                )
