"""The compiled problem: immutable arrays over racks, positions, power and cooling rows, demands, periods.

Letters in shapes: R racks, P positions, K rack types, D demands, T periods.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from capalloc.calendar import Period
from capalloc.instance.pins import PlacePin
from capalloc.instance.policy import Policy
from capalloc.instance.read_only import ReadOnly
from capalloc.instance.stretches import Stretch, period_of
from capalloc.instance.timeline import Term
from capalloc.schema.demand import Demand
from capalloc.schema.rules import Rule
from capalloc.schema.scenario import Scenario

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

NO_LIMIT_W = np.iinfo(np.int64).max // 4
"""A limit that nothing reaches, in W."""
NOBODY = -1
"""In ``Racks.held`` and ``Racks.last``: no demand."""


@dataclass(frozen=True, slots=True)
class PackingRow(ReadOnly):
    """One limit on watts: a rack at ``positions[i]`` that draws w loads it with ``weights[i] * share[type] * w``."""

    rule: Rule
    where: str
    """Power node or cooling zone; ``site`` for the reserve."""
    lost: str | None
    """The contingency that is out; None in normal operation."""
    positions: Ints
    """(n,) positions that load the row."""
    weights: Floats
    """(n,) W on the row per W drawn at the position (share of the draw times pue where it applies)."""
    share: Floats
    """(K,) share of a type's draw that counts: 1 for power, a heat fraction for cooling."""
    limit_w: Ints
    """(T,) W left after static load; NO_LIMIT_W where the row does not apply."""


@dataclass(frozen=True, slots=True)
class Curve(ReadOnly):
    """A concave gain of a demand: segments filled in order by the measure it delivers.

    The gain in period t is ``base[t] + sum_s slopes[t, s] * min(widths[t, s], what is left of the measure)``,
    with slopes non-negative and non-increasing along s, in USD (not discounted) per unit of the measure. Curves of
    :class:`Accounts` have a row for each stretch in place of one for each period.
    """

    measure: Ints
    """(K,) whole units (W, GPUs or racks) of one rack of each type."""
    widths: Floats
    """(T, S) units; inf for an open segment."""
    slopes: Floats
    """(T, S) USD per unit."""
    base: Floats
    """(T,) USD when nothing is delivered (negative: the penalty of delivering nothing)."""

    def gain_usd(self, delivered: Ints | Floats) -> Floats:
        """(T,) USD, not discounted, when ``delivered`` (T,) units of the measure are."""
        total = self.base.astype(float)
        left = delivered.astype(float)
        for s in range(self.widths.shape[1]):
            part = np.minimum(left, self.widths[:, s])
            total = total + self.slopes[:, s] * part
            left = left - part
        return total


@dataclass(frozen=True, slots=True)
class Accounts(ReadOnly):
    """What a demand earns and misses day by day, over the N stretches of its term inside the scenario's calendar."""

    stretches: tuple[Stretch, ...]
    """In the order of their days."""
    committed: Ints
    """(N,) units: a contract's commitment or a workload's ``min`` on the days of each stretch."""
    earned: Curve
    """Fee or value."""
    missed: Curve
    """Minus the penalty; by units."""

    @property
    def period(self) -> Ints:
        """(N,) period of each stretch."""
        return period_of(self.stretches)


@dataclass(frozen=True, slots=True)
class DemandData(ReadOnly):
    """One demand in whole units: parts of a W for a ramp in mw, else of a GPU or a rack."""

    demand: Demand
    term: Term
    types: tuple[int, ...]
    """Accepted rack types, the most preferred first."""
    draw_w: Ints
    """(K,) W that a serving rack draws; 0 for types not accepted."""
    unit: Ints
    """(K,) units that one rack delivers; 0 for types not accepted."""
    parts: int
    """Units in a W, a GPU or a rack: 1, or a power of ten where the demand's numbers are finer."""
    kw_per_unit: float
    """kW (of the contract's basis, or of the workload's draw) per unit, by the first accepted type."""
    gpus_per_unit: float
    """GPUs per unit, by the first accepted type."""
    in_term: Bools
    """(T,)"""
    committed: Ints
    """(T,) a contract's commitment or a workload's ``min``, rounded up; 0 outside the term."""
    must: Ints
    """(T,) units that have to be delivered: what is committed where that is hard, else 0."""
    wanted: Ints
    """(T,) a contract's commitment or a workload's demand."""
    ceiling: Ints
    """(T,) most that may be delivered; 0 outside the term."""
    accounts: Accounts
    """Money of each stretch."""
    curves: tuple[Curve, ...]
    """The same money summed up by period: what models maximise. The first curve of a contract is by units."""

    @property
    def name(self) -> str:
        """The demand's name."""
        return self.demand.name

    def committing(self, committed: Ints) -> DemandData:
        """The same with a commitment of (T,) units, none of them larger than before."""
        return replace(self, committed=committed, must=np.minimum(self.must, committed))


@dataclass(frozen=True, slots=True)
class Racks(ReadOnly):
    """Every rack of the facility, deliveries included."""

    names: tuple[str, ...]
    type: Ints
    """(R,)"""
    position: Ints
    """(R,) -1 for a delivery that has no position yet."""
    arrival: tuple[date | None, ...]
    """First day of the first period in which each rack is on site by its dates; None where there is none."""
    usable: Bools
    """(R, T) available and, for a rack that stands, at a position that is energised and not in an outage."""
    eligible: Bools
    """(R, D) the demand accepts the rack's type and tenant."""
    kin: Ints
    """(R,) racks whose labels no `where` tells apart have the same number."""
    inside: Bools
    """(R, D) the demand may use the place where the rack stands; True for a delivery that has none yet."""
    pin: Ints
    """(R, T) a demand, NO_PIN, PIN_IDLE or CLASH; pins of rows and halls count for racks that stand there already."""
    held: Ints
    """(R,) the demand that the incumbent holds the rack for when the horizon starts; NOBODY if none."""
    last: Ints
    """(R,) the last demand that the incumbent had it serve, -3 if that demand is not planned; NOBODY if none."""
    ready: Ints
    """(R,) first period in which a demand other than ``last`` may take it (hand-over from the incumbent)."""
    powered_before: Bools
    """(R,) powered before the first period."""


@dataclass(frozen=True, slots=True)
class Positions(ReadOnly):
    """Every position of the facility."""

    names: tuple[str, ...]
    ok: Bools
    """(P, T) energised through every feed it draws from, and in no outage of its row, hall or label."""
    cause: Ints
    """(P, T) why it is not ok, an index into ``causes``; -1 where it is."""
    causes: tuple[tuple[Rule, str], ...]
    """The rule and the node, row, hall or label that darkens positions."""
    row: Ints
    hall: Ints
    block: Ints
    """(P,) each; -1 where a position has no fabric block."""
    row_names: tuple[str, ...]
    hall_names: tuple[str, ...]
    block_names: tuple[str, ...]
    fits: Bools
    """(P, K) cooling of the position can hold the type."""
    site_weight: Floats
    """(P,) W at the roots per W drawn here."""

    @property
    def unit(self) -> Ints:
        """(P,) what should stay whole: the fabric block of a position, or its row where it has none."""
        units: Ints = np.where(self.block >= 0, self.block, len(self.block_names) + self.row)
        return units


@dataclass(frozen=True, slots=True)
class SpreadLimit(ReadOnly):
    """Share of one demand's racks that each failure domain may carry."""

    demand: int
    max_share: float
    nodes: tuple[str, ...]
    share: Floats
    """(nodes, P) share of a rack's draw at each position that goes through the node."""


@dataclass(frozen=True, slots=True)
class Instance(ReadOnly):
    """A compiled scenario. Nothing in it changes after :func:`compile_scenario`."""

    scenario: Scenario
    policy: Policy
    periods: tuple[Period, ...]
    discount: Floats
    """(T,)"""
    type_names: tuple[str, ...]
    gpus: Ints
    """(K,)"""
    idle_w: Ints
    """(K,)"""
    racks: Racks
    positions: Positions
    deliveries: Ints
    """(n,) racks without a position."""
    vacant: Bools
    """(n, P) delivery i may stand at p: it fits and no fixed rack is there at any day of its stay."""
    stay: Bools
    """(n, T) periods in which delivery i, once placed, occupies its position."""
    demands: tuple[DemandData, ...]
    allowed: Bools
    """(L, D, P) the demand may use a rack that stands at the position; L kinds of racks, see ``Racks.kin``."""
    rows: tuple[PackingRow, ...]
    spreads: tuple[SpreadLimit, ...]
    place_pins: tuple[PlacePin, ...]
    """Pins of rows and halls, for deliveries that are placed there."""
    cools_at: Bools
    """(T, T) [s, t]: a rack that leaves a demand at the start of period s may not serve another one in t >= s."""
    site_static_w: Ints
    """(T,) static load at the roots, where energised."""
    warnings: tuple[str, ...]

    @property
    def demand_names(self) -> tuple[str, ...]:
        """Names of the planned demands, by index."""
        return tuple(data.name for data in self.demands)

    def takes(self, r: int, p: int) -> Bools:
        """(D,) demands that accept the rack and may use it at the position."""
        taken: Bools = self.racks.eligible[r] & self.allowed[self.racks.kin[r], :, p]
        return taken

    @property
    def in_term(self) -> Bools:
        """(D, T) periods that each demand's term touches."""
        return np.array([data.in_term for data in self.demands], dtype=bool).reshape(-1, len(self.periods))

    @property
    def draw_w(self) -> Ints:
        """(D, K) W that a serving rack draws."""
        return np.array([data.draw_w for data in self.demands], dtype=np.int64).reshape(-1, len(self.type_names))
