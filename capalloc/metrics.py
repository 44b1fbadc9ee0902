"""What a plan does to the site, period by period, and how much of its revenue is firm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Tightest:
    """The power node closest to its limit in a period."""

    node: str
    lost: str | None
    """The contingency that is out; None in normal operation."""
    load_kw: float
    limit_kw: float

    @property
    def utilization(self) -> float:
        """Load over limit; 0 where nothing may flow and nothing does."""
        return self.load_kw / self.limit_kw if self.limit_kw else 0.0


@dataclass(frozen=True, slots=True)
class SitePeriod:
    """Load and limit of the whole site in one period, with its tightest nodes."""

    period: str
    load_kw: float
    """Load of the roots, static load included, in normal operation."""
    limit_kw: float
    """What the roots may carry in normal operation."""
    reserve_kw: float
    """Headroom that the policy keeps."""
    normal: Tightest | None
    """None when no node has a limit."""
    failover: Tightest | None
    """None when no contingency is in force."""

    @property
    def headroom_kw(self) -> float:
        """What is left after load and reserve."""
        return self.limit_kw - self.load_kw - self.reserve_kw


@dataclass(frozen=True, slots=True)
class Revenue:
    """A contract's fees over the horizon, undiscounted, split by how sure they are.

    Firm is what falls before ``firm_until``: the day when the contract could end if notice were given on the
    horizon's first day. Where nobody may give notice, all of it is firm.
    """

    demand: str
    firm_usd: float
    at_risk_usd: float
    firm_until: date


@dataclass(frozen=True, slots=True)
class Metrics:
    """Figures derived from a scenario and a plan for it."""

    site: tuple[SitePeriod, ...]
    revenue: tuple[Revenue, ...]
