"""Custom fields that carry what NetBox has no column for, and tell what a plan wrote from what people wrote."""

from __future__ import annotations

from dataclasses import dataclass

from capalloc.exports.netbox.holds import Hold
from capalloc.imports.inventory.tenants import PLANNED_FOR, PLANNED_TENANT

RACK = "dcim.rack"
RESERVATION = "dcim.rackreservation"


@dataclass(frozen=True, slots=True)
class CustomField:
    """A custom field as NetBox defines it. It has no label, so that exports of NetBox name it as we do."""

    name: str
    type: str
    """``text``, ``date`` or ``boolean``."""
    description: str
    object_types: tuple[str, ...] = (RACK, RESERVATION)


GROUP = "capalloc"
"""Under which NetBox shows them."""
DEMAND = PLANNED_FOR
"""Set on all that a plan wrote, and on nothing else."""
TENANT = PLANNED_TENANT
"""By which a rack's tenant that people changed is told from the plan's."""
FIELDS = (
    CustomField(DEMAND, "text", "The contract or workload that the plan gives it to"),
    CustomField("capalloc_from", "date", "The first day of it"),
    CustomField("capalloc_until", "date", "The first day that is no longer of it"),
    CustomField(TENANT, "text", "The tenant that the plan gave it to; people have changed any other", (RACK,)),
    CustomField("capalloc_rack", "text", "The rack of the plan that stands there", (RESERVATION,)),
    CustomField("capalloc_spare", "boolean", "Whether it stands idle for the demand", (RESERVATION,)),
)

Values = dict[str, str | bool | None]


def reservation_values(hold: Hold) -> Values:
    """What a reservation's custom fields say."""
    return _held(hold) | {"capalloc_rack": hold.rack, "capalloc_spare": hold.spare}


def rack_values(hold: Hold | None) -> Values:
    """What a rack's custom fields say: who has it on a day; nothing where nobody does."""
    if hold is None:
        return {DEMAND: None, "capalloc_from": None, "capalloc_until": None, TENANT: None}
    return _held(hold) | {TENANT: hold.tenant}


def _held(hold: Hold) -> Values:
    return {
        DEMAND: hold.demand,
        "capalloc_from": hold.start.isoformat(),
        "capalloc_until": hold.until.isoformat(),
    }
