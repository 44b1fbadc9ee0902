"""Which rules a scenario has something to say about: the feature is there, and it limits what some rack could do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from capalloc.instance.compile import compile_scenario
from capalloc.instance.model import Bools, Instance, Ints
from capalloc.instance.pins import NO_PIN
from capalloc.reduction.classes import binding_capable
from capalloc.schema.demand import Contract
from capalloc.schema.rules import Rule
from capalloc.schema.scenario import Scenario
from capalloc.units import KW_PER_MW, W_PER_KW


@dataclass(frozen=True)
class Site:
    """A compiled scenario, and what its racks could do if each were looked at alone."""

    instance: Instance
    wants: Bools
    """(D, T) the demand may be given something."""
    may: Bools
    """(R, D, T) the rack is usable, and the demand takes it and wants something."""
    spots: Bools
    """(R, P) positions that the rack stands at or, as a delivery, may take."""


def rules_at_work(scenario: Scenario) -> frozenset[Rule]:
    """The rules that are at work in the scenario."""
    site = _site(compile_scenario(scenario))
    return frozenset(rule for rule, is_at_work in AT_WORK.items() if is_at_work(site))


def _site(instance: Instance) -> Site:
    racks = instance.racks
    wants = np.array([data.ceiling > 0 for data in instance.demands])
    spots = np.zeros((len(racks.names), len(instance.positions.names)), dtype=bool)
    stands = np.flatnonzero(racks.position >= 0)
    spots[stands, racks.position[stands]] = True
    spots[instance.deliveries] = instance.vacant
    may = _reaches(instance, spots)[:, :, None] & racks.usable[:, None, :] & wants[None]
    return Site(instance, wants, may, spots)


def _reaches(instance: Instance, spots: Bools) -> Bools:
    """(R, D) the demand accepts the rack, and may use a place where it stands or may come to stand."""
    allowed = instance.allowed[instance.racks.kin]
    return instance.racks.eligible & (allowed & spots[:, None, :]).any(axis=2)


def _exclusivity(site: Site) -> bool:
    """Two demands could have the same rack at the same time."""
    return bool((site.may.sum(axis=1) >= 2).any())


def _availability(site: Site) -> bool:
    """A rack that a demand would take at the time is not there, dark or in maintenance."""
    racks = site.instance.racks
    return bool((racks.eligible[:, :, None] & ~racks.usable[:, None, :] & site.wants[None]).any())


def _compatibility(site: Site) -> bool:
    """A rack that runs is not for a demand of that time, or a demand that takes one type has two to take from."""
    racks = site.instance.racks
    refused = ~racks.eligible[:, :, None] & racks.usable[:, None, :] & site.wants[None]
    return bool(refused.any()) or any(
        data.demand.homogeneous and len(np.unique(racks.type[site.may[:, d].any(axis=1)])) > 1
        for d, data in enumerate(site.instance.demands)
    )


def _where(site: Site) -> bool:
    """A rack that runs and that a demand of that time accepts stands, or may come to stand, where it may not."""
    racks = site.instance.racks
    outside = (site.spots[:, None, :] & ~site.instance.allowed[racks.kin]).any(axis=2) & racks.eligible
    return bool((outside[:, :, None] & racks.usable[:, None, :] & site.wants[None]).any())


def _packed(rule: Rule) -> Callable[[Site], bool]:
    """A limit of the rule can be passed, and a rack that somebody could use stands below it."""

    def is_at_work(site: Site) -> bool:
        useful = np.any(site.spots[site.may.any(axis=(1, 2))], axis=0)
        rows = (site.instance.rows[i] for i in binding_capable(site.instance))
        return any(row.rule == rule and useful[row.positions].any() for row in rows)

    return is_at_work


def _ramp(site: Site) -> bool:
    """A commitment that cannot be met, or that could be overshot."""
    for d, data in enumerate(site.instance.demands):
        most = data.unit[site.instance.racks.type] @ site.may[:, d]
        missed, overshot = (data.committed > most) & (most > 0), (data.ceiling < most) & (data.committed > 0)
        if isinstance(data.demand, Contract) and (missed | overshot).any():
            return True
    return False


def _bring_up(site: Site) -> bool:
    """More racks could run, or more load could come, than a period may add."""
    instance, policy = site.instance, site.instance.scenario.policy
    limits, running = policy.bring_up, site.may.any(axis=1)
    fresh = ~instance.racks.powered_before.all() or policy.idle == "off"
    if limits.racks_per_period is not None and fresh and running.sum(axis=0).max() > limits.racks_per_period:
        return True
    draw = (instance.draw_w.max(axis=0, initial=0)[instance.racks.type] @ running).max(initial=0) / W_PER_KW
    return limits.mw_per_period is not None and len(instance.periods) > 1 and draw > limits.mw_per_period * KW_PER_MW


def _groups(site: Site, level: str) -> Iterator[Bools]:
    """(R,) racks that stand, or may come to stand, in each row, hall or block."""
    places = site.instance.positions
    group: Ints = {"row": places.row, "hall": places.hall, "fabric_block": places.block}[level]
    for number in np.unique(group[group >= 0]):
        yield np.any(site.spots[:, group == number], axis=1)


def _isolation(site: Site) -> bool:
    """Another demand could take a rack in the row or hall of the isolated one, at the same time."""
    for d, data in enumerate(site.instance.demands):
        for inside in _groups(site, data.demand.isolation) if data.demand.isolation != "none" else ():
            own, others = site.may[inside, d].any(axis=0), np.delete(site.may[inside], d, axis=1).any(axis=(0, 1))
            if inside.sum() > 1 and (own & others).any():
                return True
    return False


def _locality(site: Site) -> bool:
    """A demand that takes lots of two or more could have a rack."""
    lots = [data.demand.locality for data in site.instance.demands]
    return any(lot is not None and lot.min_racks > 1 and site.may[:, d].any() for d, lot in enumerate(lots))


def _spread(site: Site) -> bool:
    """One rack that a demand could have would put more than its share on a failure domain."""
    for spread in site.instance.spreads:
        places = np.any(site.spots[site.may[:, spread.demand].any(axis=1)], axis=0)
        if (spread.share[:, places] > spread.max_share).any():
            return True
    return False


def _position(site: Site) -> bool:
    """A delivery that a demand could use has a choice of positions."""
    useful = site.may[site.instance.deliveries].any(axis=(1, 2))
    return bool((useful & (site.instance.vacant.sum(axis=1) > 1)).any())


def _pins(site: Site) -> bool:
    """A rack that a demand could have is pinned or frozen, or may come to stand in a pinned row or hall."""
    running = np.any(site.may, axis=1)
    pinned = (running & (site.instance.racks.pin != NO_PIN)).any()
    deliveries = site.instance.deliveries
    there = (
        (site.spots[deliveries] & pin.positions).any(axis=1, keepdims=True) & pin.periods & running[deliveries]
        for pin in site.instance.place_pins
    )
    return bool(pinned) or any(found.any() for found in there)


def _hand_over(site: Site) -> bool:
    """A rack could go from one demand to another, or leave the one that holds it."""
    policy, racks = site.instance.scenario.policy, site.instance.racks
    if policy.handover_days == 0 and policy.max_moves_per_period is None:
        return False
    periods = np.arange(site.may.shape[2])
    first = np.where(site.may, periods, periods.size).min(axis=2, initial=periods.size)
    last = np.where(site.may, periods, -1).max(axis=2, initial=-1)
    after = (first[:, :, None] < last[:, None, :]) & ~np.eye(first.shape[1], dtype=bool)
    return bool(after.any() or (racks.last >= 0).any())


def _term(site: Site) -> bool:
    """A rack that a demand takes is usable while the demand's term does not run."""
    racks = site.instance.racks
    return bool((racks.eligible[:, :, None] & racks.usable[:, None, :] & ~site.instance.in_term[None]).any())


def _buffer(site: Site) -> bool:
    """A demand that holds spares has two racks to choose from."""
    shares = np.array([data.demand.buffer_share for data in site.instance.demands])
    return bool((site.may[:, shares > 0].sum(axis=0) > 1).any())


AT_WORK: dict[Rule, Callable[[Site], bool]] = {
    Rule.EXCLUSIVITY: _exclusivity,
    Rule.AVAILABILITY: _availability,
    Rule.COMPATIBILITY: _compatibility,
    Rule.WHERE: _where,
    Rule.POWER: _packed(Rule.POWER),
    Rule.FAILOVER: _packed(Rule.FAILOVER),
    Rule.SUPPLY: _packed(Rule.SUPPLY),
    Rule.COOLING: _packed(Rule.COOLING),
    Rule.RAMP: _ramp,
    Rule.BRING_UP: _bring_up,
    Rule.ISOLATION: _isolation,
    Rule.LOCALITY: _locality,
    Rule.SPREAD: _spread,
    Rule.POSITION: _position,
    Rule.PINS: _pins,
    Rule.HAND_OVER: _hand_over,
    Rule.TERM: _term,
    Rule.BUFFER: _buffer,
}
