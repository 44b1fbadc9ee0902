"""Racks dedicated to a tenant; the repair is to free some of them for others."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from capalloc.analysis.edits import with_site
from capalloc.analysis.explain.family import CONSENT, Family
from capalloc.analysis.explain.requirement import Kind, Requirement
from capalloc.analysis.explain.span import Span
from capalloc.analysis.explain.words import counted
from capalloc.instance.model import Instance
from capalloc.schema.scenario import Scenario


def requirements(instance: Instance) -> Iterator[Requirement]:
    """The racks of each tenant that has some to itself."""
    scenario = instance.scenario
    known = {contract.tenant for contract in scenario.all_contracts}
    for tenant in sorted({rack.tenant for rack in scenario.facility.racks if rack.tenant in known and rack.tenant}):
        racks = tuple(rack for rack in scenario.facility.racks if rack.tenant == tenant)
        says = f"{counted(len(racks), 'rack')} dedicated to {tenant}"
        yield Requirement(Kind.DEDICATION, tenant, says, scenario=partial(_released, tenant=tenant), racks=racks)


def families(instance: Instance, one: Requirement, span: Span) -> Iterator[Family]:
    """The first racks of the tenant freed for others."""
    if one.kind is Kind.DEDICATION:
        says = f"{one.where}: {{:,}} of {len(one.racks):,} dedicated racks free for others"
        yield Family.of(one, len(one.racks), lambda s, n: _released(s, one.where, n), says.format, CONSENT)


def _released(scenario: Scenario, tenant: str, count: int | None = None) -> Scenario:
    """The first ``count`` racks of a tenant (None: all) may serve anybody."""
    mine = [rack.name for rack in scenario.facility.racks if rack.tenant == tenant][:count]
    racks = (rack.replace(tenant=None) if rack.name in mine else rack for rack in scenario.facility.racks)
    return with_site(scenario, racks=tuple(racks))
