"""How the planner may act, and what acting costs."""

from __future__ import annotations

from typing import Literal

from capalloc.schema.record import Amount, Count, Day, Record


class BringUp(Record):
    """Commissioning limits of one period; None is no limit."""

    racks_per_period: Count | None = None
    """Most racks newly powered."""
    mw_per_period: Amount | None = None
    """Most growth of the site's load, in MW."""


class Policy(Record):
    """Operator's rules; every default is the permissive one."""

    bring_up: BringUp = BringUp()
    """Commissioning limits of a period."""
    move_cost_usd_per_rack: Amount = 0.0
    """For each rack that leaves a demand whose term goes on."""
    handover_days: Count = 0
    """Days a rack serves nobody between two demands."""
    max_moves_per_period: Count | None = None
    """Most racks that leave demands whose terms go on."""
    freeze_until: Day | None = None
    """Assignments of the incumbent before this day are kept."""
    reserve_mw: Amount = 0.0
    """Headroom kept between the roots' load and their capacity, over the site."""
    shortfall: Literal["price", "forbid"] = "price"
    """Whether commitments of contracts and minima of workloads may be missed, where a demand does not say itself."""
    priority: Literal["contracts", "money"] = "contracts"
    """Who is served first where not everything can be met: by the demands' priority, or whatever is worth more."""
    discount_rate: Amount = 0.0
    """Yearly; a period is discounted from its first day at 365 days a year."""
    idle: Literal["powered", "off"] = "powered"
    """Whether a rack that serves nobody is powered (drawing idle_kw) unless the plan lists it as off, or always off."""
