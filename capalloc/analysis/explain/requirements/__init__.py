"""What a scenario requires beside its commitments, subject by subject, and the repairs of each.

Every subject offers two functions of a compiled scenario. ``requirements(instance)`` names the pieces that can be
dropped; ``families(instance, one, span)`` gives the repairs of one of them, and nothing for those of other subjects.
"""

from __future__ import annotations

from collections.abc import Iterator

from capalloc.analysis.explain.family import Family
from capalloc.analysis.explain.requirement import Requirement
from capalloc.analysis.explain.requirements import (
    demands,
    events,
    limits,
    overshoot,
    pins,
    policy,
    racks,
    site,
    tenants,
    where,
)
from capalloc.analysis.explain.span import Span
from capalloc.instance.model import Instance

SUBJECTS = (pins, events, policy, demands, where, overshoot, tenants, site, racks)
"""Those of the scenario, in the order in which a conflict keeps them rather than others."""


def requirements(instance: Instance) -> Iterator[Requirement]:
    """Everything required but commitments, and but limits: those stand in :func:`limits.requirements`."""
    for subject in SUBJECTS:
        yield from subject.requirements(instance)


def families_of(instance: Instance, one: Requirement, span: Span) -> Iterator[Family]:
    """The repairs of a requirement, in the days of a conflict where they have days."""
    for subject in (limits, *SUBJECTS):
        yield from subject.families(instance, one, span)
