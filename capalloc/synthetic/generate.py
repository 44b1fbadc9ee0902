"""Synthetic scenarios: a generated site, and demands on it that do not all fit.

Every figure is drawn from the seed; nothing is taken from a real site.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from random import Random

from capalloc.calendar import add_days, add_months
from capalloc.schema.checks.fault import Fault, refuse
from capalloc.schema.demand import Contract
from capalloc.schema.event import Event, Notice, Outage
from capalloc.schema.facility import Facility
from capalloc.schema.policy import Policy
from capalloc.schema.scenario import Horizon, Scenario
from capalloc.synthetic.demands import NOTICE_DAYS, Demands, SiteFigures
from capalloc.synthetic.site import site

START = date(2026, 5, 1)
MOST = {"racks": 1_000_000, "halls": 1_000, "periods": 600, "demands": 1_000}
"""Sizes beyond which no site is: fifty years of months, ten times the racks of the largest sites."""


def generate(racks: int, halls: int = 4, periods: int = 12, demands: int = 4, seed: int = 0) -> Scenario:
    """A synthetic scenario of a given size, from May 2026 on; the same for the same arguments and version.

    ``racks`` counts all racks, the few that are delivered during the horizon included; ``halls`` the halls that they
    stand in, fewer where there is not a row of racks for each. ``periods`` is the horizon in months. ``demands`` counts
    contracts and workloads, half of each, the odd one a contract. ``seed`` draws mixes, shares, prices and dates.

    The scenario has no faults and a plan exists, but not everything that its demands want fits: the limits of the site
    bind (see :mod:`capalloc.synthetic.site`). Raises ScenarioError for a size below 1 or beyond ``MOST``.
    """
    refuse(_size_faults(racks=racks, halls=halls, periods=periods, demands=demands))
    rng = Random(seed)
    facility = site(racks, halls, START, periods, rng)
    drawn = Demands.drawn(SiteFigures.of(facility), START, periods, demands, rng)
    contracts = tuple(drawn.contract(nth) for nth in range(len(drawn.contract_shares)))
    return Scenario(
        name=f"synthetic-{racks}",
        facility=facility,
        horizon=Horizon(start=START, end=add_months(START, periods)),
        workloads=tuple(drawn.workload(nth) for nth in range(len(drawn.workload_shares))),
        contracts=contracts,
        events=tuple(_events(facility, contracts, periods)),
        policy=Policy(move_cost_usd_per_rack=2500.0, discount_rate=0.08),
    )


def _size_faults(**sizes: int) -> Iterator[Fault]:
    for key, size in sizes.items():
        if not isinstance(size, int) or not 1 <= size <= MOST[key]:
            shown = f"{size:,}" if isinstance(size, int) else repr(size)
            yield Fault((key,), f"found {shown}, expected 1 to {MOST[key]:,}")


def _events(facility: Facility, contracts: Sequence[Contract], periods: int) -> Iterator[Event]:
    """Notice on the second contract that ends it at half-time, and a row that is out for a month."""
    half = add_months(START, periods // 2)
    if len(contracts) > 1:
        yield Notice(type="notice", contract=contracts[1].name, by="provider", on=add_days(half, -NOTICE_DAYS))
    rows = list(dict.fromkeys(position.row_key for position in facility.positions))
    if periods > 2 and len(rows) > 3:
        yield Outage(type="outage", row=rows[len(rows) // 2], start=half, until=add_months(half, 1))
