"""What can be sold beside a plan, by trying every set of idle racks against the verifier."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

import numpy as np

from capalloc.analysis.edits import with_site
from capalloc.calendar import format_day
from capalloc.formats import scenario_sha256
from capalloc.instance.compile import compile_scenario
from capalloc.instance.model import NOBODY, Instance
from capalloc.roster.decode import Search, decode
from capalloc.roster.ending import Ending
from capalloc.roster.read import read
from capalloc.roster.roster import Roster
from capalloc.schema.demand import Contract
from capalloc.schema.plan import Plan, Stats
from capalloc.schema.scenario import Scenario
from capalloc.verify import verify

SALE = "sale"


def sale(scenario: Scenario, start: str, until: str, mw: float = 0.0, **changes: object) -> Contract:
    """A contract for any racks in some days, which counts nameplate and pays nothing."""
    record = {
        "name": SALE,
        "tenant": "Buyer",
        "rack_types": [kind.name for kind in scenario.facility.rack_types],
        "ramp": [{"from": start, "mw": mw}],
        "until": until,
        "fee": {"usd_per_kw_month": 0.0},
    }
    return Contract.model_validate(record | changes)


@dataclass(frozen=True)
class Beside:
    """A plan, and periods [first, end) in which racks would be sold."""

    scenario: Scenario
    plan: Plan
    first: int
    end: int

    @cached_property
    def _with_sale(self) -> Scenario:
        periods = self.scenario.horizon.periods
        days = format_day(periods[self.first].start), format_day(periods[self.end - 1].end)
        more = sale(self.scenario, *days, flexible_mw=1000.0)
        return self.scenario.replace(contracts=(*self.scenario.contracts, more))

    @cached_property
    def instance(self) -> Instance:
        """The scenario with the sale, compiled."""
        return compile_scenario(self._with_sale, frozenset(self.plan.prospects))

    @cached_property
    def roster(self) -> Roster:
        """The plan, in which the sale has nothing yet."""
        return read(self.instance, self.plan)

    @cached_property
    def idle(self) -> list[int]:
        """Racks that stand somewhere and serve nobody all the way."""
        nobody = (self.roster.serving[:, self.first : self.end] == NOBODY).all(axis=1)
        return np.flatnonzero(nobody & (self.roster.position >= 0)).tolist()

    def possible(self, racks: tuple[int, ...]) -> bool:
        """Whether racks can be sold, with those that stay idle as they are or, where nothing limits bring-up, off."""
        return any(self._holds(racks, off) for off in self._off(racks))

    def _off(self, racks: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        yield ()
        bring_up = self.scenario.policy.bring_up
        if bring_up.racks_per_period is None and bring_up.mw_per_period is None:
            spare = (self.roster.buffer[:, self.first : self.end] != NOBODY).any(axis=1)
            yield tuple(r for r in self.idle if r not in racks and not spare[r])

    def _holds(self, racks: tuple[int, ...], off: tuple[int, ...]) -> bool:
        when = slice(self.first, self.end)
        serving, dark = self.roster.serving.copy(), self.roster.off.copy()
        serving[list(racks), when] = self.instance.demand_names.index(SALE)
        dark[list(racks), when] = False
        usable = self.instance.racks.usable[list(off), when]
        usable &= self.instance.positions.ok[self.roster.position[list(off)], when]
        dark[list(off), when] = usable & self.instance.policy.idle_powered
        roster = replace(self.roster, serving=serving, off=dark)
        search = Search(1e15, Ending(60.0), Stats())
        plan = decode(self.instance, roster, scenario_sha256(self._with_sale), frozenset(self.plan.prospects), search)
        return verify(self._with_sale, plan).verdict == "ok"

    @cached_property
    def sellable(self) -> list[tuple[int, ...]]:
        """Every set of racks that can be sold."""
        known: set[tuple[int, ...]] = {()}
        for size in range(1, len(self.idle) + 1):
            for racks in combinations(self.idle, size):
                if all(racks[:i] + racks[i + 1 :] in known for i in range(size)) and self.possible(racks):
                    known.add(racks)
        return sorted(known)

    def most_kw(self) -> float:
        """The most nameplate kW that can be sold."""
        kinds = self.scenario.facility.rack_types
        each = [kinds[k].nameplate_kw for k in self.instance.racks.type.tolist()]
        return max(float(sum(each[r] for r in racks)) for racks in self.sellable)

    def most_lots(self, gpus: int) -> int:
        """The most lots that can be sold together."""
        return max(self._lots(racks, gpus) for racks in self.sellable)

    def _lots(self, racks: tuple[int, ...], gpus: int) -> int:
        unit, kind = self.instance.positions.unit, self.instance.racks.type
        held = Counter((int(unit[self.roster.position[r]]), int(kind[r])) for r in racks)
        size = [-(-gpus // int(each)) if each else 10**6 for each in self.instance.gpus]
        return sum(count // size[k] for (_, k), count in held.items())


def standing(scenario: Scenario, plan: Plan) -> Scenario:
    """The scenario in which every delivery that the plan places stands there already."""
    at = {placement.rack: placement.position for placement in plan.placements}
    racks = tuple(rack.replace(position=at.get(rack.name, rack.position)) for rack in scenario.facility.racks)
    return with_site(scenario, racks=racks)
