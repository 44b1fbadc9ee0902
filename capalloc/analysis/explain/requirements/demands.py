"""Demands: isolation, lots, spread, one type, spares, accepted types; repairs are laxer terms."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from capalloc.analysis.edits import demand_of, with_demand
from capalloc.analysis.explain.family import CONSENT, Family
from capalloc.analysis.explain.requirement import Kind, Requirement
from capalloc.analysis.explain.span import Span
from capalloc.instance.model import Instance
from capalloc.schema.demand import Contract, Demand
from capalloc.schema.scenario import Scenario

_PERCENT = 100


def requirements(instance: Instance) -> Iterator[Requirement]:
    """The rules of every planned demand, and the rack types that contracts accept."""
    for data in instance.demands:
        yield from _grouping(data.demand)
        if isinstance(data.demand, Contract):
            yield from _accepted(instance.scenario, data.demand)


def _grouping(demand: Demand) -> Iterator[Requirement]:
    name = demand.name
    if demand.isolation != "none":
        says = f"no other demand in the same {demand.isolation}"
        yield Requirement(Kind.ISOLATION, name, says, scenario=partial(with_demand, name=name, isolation="none"))
    if demand.locality is not None and demand.locality.min_racks > 1:
        level = demand.locality.level.replace("_", " ")
        says = f"lots of at least {demand.locality.min_racks} racks of one type in a {level}"
        yield Requirement(Kind.LOCALITY, name, says, scenario=partial(with_demand, name=name, locality=None))
    if demand.spread is not None:
        says = f"at most {demand.spread.max_share:.4g} of its racks on one {demand.spread.node_kind}"
        yield Requirement(Kind.SPREAD, name, says, scenario=partial(with_demand, name=name, spread=None))
    if demand.homogeneous:
        says = "one rack type at a time"
        yield Requirement(Kind.HOMOGENEOUS, name, says, scenario=partial(with_demand, name=name, homogeneous=False))
    if demand.buffer_share > 0:
        says = f"{demand.buffer_share:.4g} of its racks held idle as spares"
        yield Requirement(Kind.BUFFER, name, says, scenario=partial(with_demand, name=name, buffer_share=0.0))


def _accepted(scenario: Scenario, contract: Contract) -> Iterator[Requirement]:
    others = [kind.name for kind in scenario.facility.rack_types if kind.name not in contract.rack_types]
    standing = {rack.rack_type for rack in scenario.facility.racks}
    if standing & set(others):
        says = f"accepts {', '.join(contract.rack_types)} only"
        every = (*contract.rack_types, *(name for name in others if name in standing))
        edit = partial(with_demand, name=contract.name, rack_types=every)
        yield Requirement(Kind.RACK_TYPES, contract.name, says, scenario=edit)


def families(instance: Instance, one: Requirement, span: Span) -> Iterator[Family]:
    """Laxer terms of a demand."""
    scenario, name = instance.scenario, one.where
    match one.kind:
        case Kind.ISOLATION:
            yield _isolation(scenario, one)
        case Kind.LOCALITY:
            yield _lots(scenario, one)
        case Kind.SPREAD:
            yield _spread(scenario, one)
        case Kind.HOMOGENEOUS:
            yield Family.single(
                one, lambda s: with_demand(s, name, homogeneous=False), f"{name}: several rack types at a time", CONSENT
            )
        case Kind.BUFFER:
            yield _buffer(scenario, one)
        case Kind.RACK_TYPES:
            yield _rack_types(scenario, one)


def _isolation(scenario: Scenario, one: Requirement) -> Family:
    now = demand_of(scenario, one.where).isolation
    levels = ["row", "none"] if now == "hall" else ["none"]
    return Family.of(
        one,
        len(levels),
        lambda s, n: with_demand(s, one.where, isolation=levels[n - 1]),
        lambda n: f"{one.where}: isolation {levels[n - 1]} in place of {now}",
        CONSENT,
    )


def _lots(scenario: Scenario, one: Requirement) -> Family:
    locality = demand_of(scenario, one.where).locality
    assert locality is not None
    now = locality.min_racks
    return Family.of(
        one,
        now - 1,
        lambda s, n: with_demand(s, one.where, locality=locality.replace(min_racks=now - n)),
        lambda n: f"{one.where}: lots of {now - n:,} racks in place of {now:,}",
        CONSENT,
    )


def _spread(scenario: Scenario, one: Requirement) -> Family:
    spread = demand_of(scenario, one.where).spread
    assert spread is not None

    def share(n: int) -> float:
        return min(round(spread.max_share + n / _PERCENT, 6), 1.0)

    last = int(np.ceil((1.0 - spread.max_share) * _PERCENT))
    says = f"{one.where}: up to {{:.4g}} of its racks on one {spread.node_kind} in place of {spread.max_share:.4g}"
    return Family.of(
        one,
        last,
        lambda s, n: with_demand(s, one.where, spread=spread.replace(max_share=share(n))),
        lambda n: says.format(share(n)),
        CONSENT,
    )


def _buffer(scenario: Scenario, one: Requirement) -> Family:
    now = demand_of(scenario, one.where).buffer_share

    def share(n: int) -> float:
        return max(round(now - n / _PERCENT, 6), 0.0)

    says = f"{one.where}: spares of {{:.4g}} in place of {now:.4g} of its racks"
    return Family.of(
        one,
        int(np.ceil(now * _PERCENT)),
        lambda s, n: with_demand(s, one.where, buffer_share=share(n)),
        lambda n: says.format(share(n)),
        CONSENT,
    )


def _rack_types(scenario: Scenario, one: Requirement) -> Family:
    """More accepted types, those of which there are most racks first."""
    demand = demand_of(scenario, one.where)
    kinds = [rack.rack_type for rack in scenario.facility.racks if rack.rack_type not in demand.rack_types]
    others = sorted(set(kinds), key=lambda kind: (-kinds.count(kind), kind))
    return Family.of(
        one,
        len(others),
        lambda s, n: with_demand(s, one.where, rack_types=(*demand.rack_types, *others[:n])),
        lambda n: f"{one.where}: accepts {', '.join(others[:n])} too",
        CONSENT,
    )
