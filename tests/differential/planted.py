"""A plan first, then a scenario that it just fits: every limit is what the plan loads.

Loads are added up here, rack by rack, from the drawn plan alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from capalloc.schema.scenario import Scenario
from tests.strategies import MONTHS, contract, facility, rack_type, workload

OWN, LEASE, IDLE = 0, 1, -1
KW = {"a": (10, 2), "b": (20, 4)}
"""Draw of a rack that serves, and of one that idles."""
SHARE_DIGITS = 10_000


@dataclass(frozen=True)
class Planted:
    """What every rack does: ``serves[r][t]`` is OWN, LEASE or IDLE. Racks stand on positions of their number."""

    kinds: tuple[str, ...]
    feeds: tuple[tuple[str, ...], ...]
    serves: tuple[tuple[int, ...], ...]
    powered: bool
    """Whether idle racks draw power."""

    @property
    def racks(self) -> range:
        """Racks by index."""
        return range(len(self.kinds))

    @property
    def periods(self) -> range:
        """Periods by index."""
        return range(len(self.serves[0]))

    def kw(self, r: int, t: int) -> float:
        """What a rack draws."""
        serving, idle = KW[self.kinds[r]]
        return serving if self.serves[r][t] != IDLE else idle * self.powered

    def on(self, ups: str, t: int, lost: str | None = None) -> float:
        """kW on a UPS, while another one may be lost."""
        total = 0.0
        for r in self.racks:
            left = [feed for feed in self.feeds[r] if feed != lost]
            total += self.kw(r, t) * (ups in left) / max(len(left), 1)
        return total

    def site_kw(self, t: int) -> float:
        """kW on the grid."""
        return sum(self.kw(r, t) for r in self.racks)

    def of(self, d: int, t: int) -> list[int]:
        """Racks that serve a demand."""
        return [r for r in self.racks if self.serves[r][t] == d]

    def most(self, of_period: Any) -> Any:
        """The largest of some figure over the periods."""
        return max(of_period(t) for t in self.periods)


@st.composite
def planted_plans(draw: st.DrawFn) -> Planted:
    """Three to five racks over two or three months; they change hands now and then."""
    racks, periods = draw(st.integers(3, 5)), draw(st.integers(2, 3))
    pair = st.sampled_from([("u1", "u2"), ("u2", "u1"), ("u1",), ("u2",)])
    state = st.sampled_from([OWN, LEASE, IDLE])
    line = st.one_of(state.map(lambda s: (s,) * periods), st.tuples(*[state] * periods))
    return Planted(
        kinds=tuple(draw(st.sampled_from("ab")) for _ in range(racks)),
        feeds=tuple(draw(pair) for _ in range(racks)),
        serves=tuple(draw(line) for _ in range(racks)),
        powered=draw(st.booleans()),
    )


@st.composite
def fitting_scenarios(draw: st.DrawFn) -> tuple[Planted, Scenario]:
    """A planted plan, and a scenario whose limits and rules it just keeps."""
    plan = draw(planted_plans())
    policy: dict[str, Any] = {
        "idle": "powered" if plan.powered else "off",
        "shortfall": draw(st.sampled_from(["price", "forbid"])),
    }
    reserve_kw = draw(st.sampled_from([0, 5]))
    policy |= {"reserve_mw": reserve_kw / 1000, "move_cost_usd_per_rack": draw(st.sampled_from([0.0, 3000.0]))}
    policy |= draw(_some({"max_moves_per_period": plan.most(lambda t: _departures(plan, t))}))
    policy |= draw(_some({"handover_days": _shortest_gap(plan)}))
    policy |= draw(_some({"bring_up": _bring_up(plan)}))
    site = _site(draw, plan, reserve_kw)
    demands = [_common(draw, plan, d) | _where(draw, plan, site, d) for d in (OWN, LEASE)]
    record = {
        "scenario": "planted",
        "facility": site,
        "horizon": {"start": "2026-05", "end": MONTHS[len(plan.periods)]},
        "workloads": [workload("own", demand=_minimal(draw, _steps(plan, OWN)), **demands[OWN])],
        "contracts": [_lease(draw, plan, demands[LEASE])],
        "pins": [_pin(plan, r, t) for r in plan.racks for t in plan.periods if draw(st.integers(0, 9)) == 0],
        "policy": policy,
    }
    return plan, Scenario.model_validate(record)


def _some(values: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.sampled_from([{}, values])


def _site(draw: st.DrawFn, plan: Planted, reserve_kw: float) -> dict[str, Any]:
    """Ratings, failover limits and heat limits are the most that the plan loads."""
    site = facility(
        len(plan.kinds), rack_types=[rack_type("a"), rack_type("b", nameplate_kw=20, expected_kw=16, idle_kw=4)]
    )
    lost = [ups for ups in ("u1", "u2") if draw(st.booleans())]
    grid, *both = site["power"]
    grid["rated_kw"] = plan.most(plan.site_kw) + reserve_kw
    for node in both:
        name = node["name"]
        node["rated_kw"], node["contingency"] = plan.most(lambda t, name=name: plan.on(name, t)), name in lost
        losses = [plan.on(name, t, other) for other in lost if other != name for t in plan.periods]
        node["failover_kw"] = max(losses, default=0)
    heat = plan.most(plan.site_kw) / 2
    site["cooling"] = [{"name": "z", "liquid_kw": heat, "air_kw": heat}]
    for r, (place, rack) in enumerate(zip(site["positions"], site["racks"], strict=True)):
        rack["rack_type"] = plan.kinds[r]
        place.update(feed_a=plan.feeds[r][0], feed_b=plan.feeds[r][1] if len(plan.feeds[r]) > 1 else None)
        place["cooling_zone"] = "z"
        place["labels"] = {"building": draw(st.sampled_from("AB"))}
        rack["labels"] = {"vendor": draw(st.sampled_from("XY"))}
    return site


def _where(draw: st.DrawFn, plan: Planted, site: dict[str, Any], d: int) -> dict[str, Any]:
    """Only rows, or values of a label of positions or of racks, that the plan uses; or not those that it does not."""
    team = {r for t in plan.periods for r in plan.of(d, t)}
    kinds = {
        "row": [place["row"] for place in site["positions"]],
        "building": [place["labels"]["building"] for place in site["positions"]],
        "vendor": [rack["labels"]["vendor"] for rack in site["racks"]],
    }
    kind = draw(st.sampled_from([None, *kinds]))
    if kind is None or not team:
        return {}
    used = {kinds[kind][r] for r in team}
    others = set(kinds[kind]) - used
    turned = bool(others) and draw(st.booleans())
    names = sorted(others if turned else used)
    there = {"row": names} if kind == "row" else {"label": {kind: names}}
    return {"where": {"not": there} if turned else there}


def _minimal(draw: st.DrawFn, steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Steps whose minimum is nothing, or all that the plan gives."""
    return [step | {"min": step["racks"]} for step in steps] if draw(st.booleans()) else steps


def _steps(plan: Planted, d: int) -> list[dict[str, Any]]:
    """What the plan gives: racks to own, MW to lease."""
    if d == OWN:
        return [{"from": MONTHS[t], "racks": len(plan.of(OWN, t))} for t in plan.periods]
    return [
        {"from": MONTHS[t], "mw": sum(KW[plan.kinds[r]][0] for r in plan.of(LEASE, t)) / 1000} for t in plan.periods
    ]


def _lease(draw: st.DrawFn, plan: Planted, common: dict[str, Any]) -> dict[str, Any]:
    fee = draw(st.sampled_from([{"usd_per_month": 20000.0}, {"usd_per_kw_month": 900.0}, {"usd_per_gpu_hour": 2.5}]))
    penalty = {"penalty_usd_per_kw_month": draw(st.sampled_from([0.0, 500.0]))}
    return contract(
        "lease", ramp=_steps(plan, LEASE), until=MONTHS[len(plan.periods)], fee=fee, shortfall=penalty, **common
    )


def _common(draw: st.DrawFn, plan: Planted, d: int) -> dict[str, Any]:
    """Rules on what a demand takes together, where the plan keeps them."""
    teams = [plan.of(d, t) for t in plan.periods if plan.of(d, t)]
    common: dict[str, Any] = {"rack_types": draw(st.permutations(["a", "b"]))}
    if all(len({plan.kinds[r] for r in team}) == 1 for team in teams):
        common |= draw(_some({"homogeneous": True}))
    if not any(_shares_a_row(plan, d, t) for t in plan.periods):
        common |= draw(_some({"isolation": "row"}))
    if teams:
        common |= draw(_some({"locality": {"level": "row", "min_racks": min(_lots(plan, team) for team in teams)}}))
        common |= draw(st.sampled_from([{}, {"commitment": "hard"}, {"commitment": "priced"}]))
        common |= draw(_some({"spread": {"node_kind": "ups", "max_share": max(_share(plan, team) for team in teams)}}))
    return common


def _shares_a_row(plan: Planted, d: int, t: int) -> bool:
    """Rows hold two racks each."""
    other = OWN + LEASE - d
    return not {r // 2 for r in plan.of(d, t)}.isdisjoint(r // 2 for r in plan.of(other, t))


def _lots(plan: Planted, team: list[int]) -> int:
    lots = [(r // 2, plan.kinds[r]) for r in team]
    return min(lots.count(lot) for lot in lots)


def _share(plan: Planted, team: list[int]) -> float:
    """Largest share of the team on one UPS, rounded up."""
    on = [sum((ups in plan.feeds[r]) / len(plan.feeds[r]) for r in team) for ups in ("u1", "u2")]
    return math.ceil(max(on) / len(team) * SHARE_DIGITS) / SHARE_DIGITS


def _departures(plan: Planted, t: int) -> int:
    """Racks that leave a demand; own's term ends with its last rack, lease's with the horizon."""
    if t == 0:
        return 0
    last = max((s for s in plan.periods if plan.of(OWN, s)), default=-1)
    left = [plan.serves[r][t - 1] for r in plan.racks if plan.serves[r][t] != plan.serves[r][t - 1]]
    return sum(d == LEASE or (d == OWN and t <= last) for d in left)


def _shortest_gap(plan: Planted) -> int:
    """Days that a rack idles between two demands, at the least; 60 where none changes hands."""
    starts = [_day(t) for t in plan.periods]
    gaps = [60]
    for line in plan.serves:
        busy = [(t, d) for t, d in enumerate(line) if d != IDLE]
        gaps += [starts[t] - starts[s + 1] for (s, d), (t, e) in pairwise(busy) if d != e]
    return min(gaps)


def _day(t: int) -> int:
    return (timedelta(days=31 * t) - timedelta(days=t >= 2)).days


def _bring_up(plan: Planted) -> dict[str, Any]:
    """Racks newly powered, and growth of the site's load: the plan's most."""
    fresh = [
        sum(plan.serves[r][t] != IDLE and plan.serves[r][t - 1] == IDLE for r in plan.racks) * (not plan.powered)
        for t in plan.periods[1:]
    ]
    growth = max(plan.site_kw(t) - plan.site_kw(t - 1) for t in plan.periods[1:])
    return {"racks_per_period": max(fresh), "mw_per_period": max(growth, 0) / 1000}


def _pin(plan: Planted, r: int, t: int) -> dict[str, Any]:
    name = {OWN: "own", LEASE: "lease", IDLE: "idle"}[plan.serves[r][t]]
    return {"rack": f"r{r}", "demand": name, "from": MONTHS[t], "until": MONTHS[t + 1]}
