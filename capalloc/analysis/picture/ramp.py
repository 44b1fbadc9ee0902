"""What demands get over time: at the roots of the site, as sold, in GPUs and in racks, beside what there is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from capalloc.analysis.picture.pictured import Pictured
from capalloc.instance.model import NOBODY, Bools, DemandData, Floats, Instance, Ints
from capalloc.roster.draw import drawn_w, idle_powered
from capalloc.roster.figures import delivered_racks, kw_per_rack
from capalloc.schema.demand import Contract
from capalloc.units import W_PER_KW

MEASURES = ("site_kw", "sold_kw", "gpus", "racks")
"""kW at the roots, cooling (pue) and losses included; kW of each demand's basis; GPUs; racks."""

Amounts = Mapping[str, Floats]
"""(T,) by measure."""


@dataclass(frozen=True, slots=True, eq=False)
class DemandRamp:
    """What one demand gets, what is committed to it, and what of that it misses."""

    name: str
    contract: bool
    prospect: bool
    got: Amounts
    committed: Amounts
    """A contract's commitment or a workload's ``min``, in the racks that it gets, or else would prefer."""
    short: Amounts
    """What is committed and not delivered."""


class Ramp:
    """D demands over T periods, contracts first, with what else draws power, and what limits them all."""

    def __init__(self, pictured: Pictured) -> None:
        self._pictured = pictured
        self._instance, self._roster = pictured.site.instance, pictured.site.roster
        self._total = _totals(pictured)

    @cached_property
    def demands(self) -> tuple[DemandRamp, ...]:
        """Contracts, then workloads, each in the scenario's order."""
        return tuple(sorted(self._demands(), key=lambda one: not one.contract))

    @cached_property
    def idle(self) -> Amounts:
        """Of racks that have power and serve nobody, spares included."""
        return {measure: total[0] for measure, total in self._total.items()}

    @cached_property
    def static_kw(self) -> Floats:
        """(T,) what is always on."""
        return np.asarray(self._instance.site_static_w / W_PER_KW)

    @cached_property
    def installed(self) -> Amounts:
        """GPUs and racks that can be used: installed, placed and energised."""
        racks, at = self._instance.racks, self._roster.position
        there = racks.usable & (at >= 0)[:, None] & self._instance.positions.ok[at]
        gpus = self._instance.gpus[racks.type]
        return {"gpus": (gpus @ there).astype(float), "racks": there.sum(axis=0).astype(float)}

    @cached_property
    def load_kw(self) -> Floats:
        """(T,) load of the roots."""
        return self._pictured.load_kw

    @cached_property
    def supply_kw(self) -> Floats:
        """(T,) what the roots may carry in normal operation."""
        return self._pictured.limit_kw

    @cached_property
    def through_a_loss_kw(self) -> Floats | None:
        """(T,) what the site can draw so that it survives any one loss; None where no loss has to be survived.

        Its load, and what racks anywhere could draw in addition (as ``show`` has it), at the roots.
        """
        site, places = self._pictured.site, self._instance.positions
        if not site.loads.contingencies or not len(places.names):
            return None
        room = site.room.at(np.arange(len(places.names)), "site")
        left = np.array([room.left_kw(t, after_loss=True) for t in range(len(self._instance.periods))])
        return np.asarray(self.load_kw + np.maximum(left, 0.0) * places.site_weight.min())

    def _demands(self) -> Iterator[DemandRamp]:
        racks = delivered_racks(self._instance, self._roster)
        for d, data in enumerate(self._instance.demands):
            sold = kw_per_rack(self._instance, data) @ racks[d]
            got = {measure: total[d + 1] for measure, total in self._total.items()} | {"sold_kw": sold}
            units = data.unit @ racks[d]
            short = np.maximum(data.committed - units, 0)
            yield DemandRamp(
                name=data.name,
                contract=isinstance(data.demand, Contract),
                prospect=self._instance.scenario.is_prospect(data.demand),
                got=got,
                committed={one: self._measured(data, one, data.committed, units, got[one]) for one in MEASURES},
                short={one: self._measured(data, one, short, units, got[one]) for one in MEASURES},
            )

    def _measured(self, data: DemandData, measure: str, asked: Ints, units: Ints, got: Floats) -> Floats:
        """(T,) units of a demand in a measure: as those that are delivered, else as the type that it prefers."""
        share = np.divide(asked, units, out=np.zeros(len(got)), where=units > 0)
        alone = asked / max(float(data.unit[data.types[0]]), 1.0) * self._of_a_rack(data, measure)
        return np.asarray(np.where(units > 0, share * got, alone))

    def _of_a_rack(self, data: DemandData, measure: str) -> float:
        """What a rack of the type that a demand prefers counts in a measure."""
        kind = data.types[0]
        return {
            "site_kw": float(data.draw_w[kind]) / W_PER_KW * float(self._instance.positions.site_weight.max(initial=0)),
            "sold_kw": float(kw_per_rack(self._instance, data)[kind]),
            "gpus": float(self._instance.gpus[kind]),
            "racks": 1.0,
        }[measure]


def _totals(pictured: Pictured) -> dict[str, Floats]:
    """(1 + D, T) of each measure but what is sold: of idle racks that have power, then of each demand."""
    instance, roster = pictured.site.instance, pictured.site.roster
    at = roster.position
    weight = np.where(at >= 0, instance.positions.site_weight[at], 0.0)[:, None]
    counted = (roster.serving != NOBODY) | idle_powered(instance, roster)
    return {
        "site_kw": _by_holder(instance, roster.serving, drawn_w(instance, roster) * weight / W_PER_KW),
        "gpus": _by_holder(instance, roster.serving, counted * instance.gpus[instance.racks.type][:, None]),
        "racks": _by_holder(instance, roster.serving, counted),
    }


def _by_holder(instance: Instance, serving: Ints, amounts: Floats | Ints | Bools) -> Floats:
    """(1 + D, T) sums of (R, T) amounts: of nobody's racks, then of each demand's."""
    size = len(instance.demands) + 1
    columns = [np.bincount(serving[:, t] + 1, amounts[:, t], size) for t in range(len(instance.periods))]
    return np.array(columns, dtype=float).reshape(-1, size).T
