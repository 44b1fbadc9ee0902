"""Whether a plan meets all that is committed: then nobody has to be served before others."""

from __future__ import annotations

from capalloc.instance.model import Instance
from capalloc.reduction.classes import RackClasses
from capalloc.reduction.counts import Counts


def meets_commitments(instance: Instance, classes: RackClasses, counts: Counts) -> bool:
    """Whether every demand is delivered its commitment in every period (or window) of the instance."""
    return all(
        (data.unit[classes.type] @ counts.serve[:, d] >= data.committed).all()
        for d, data in enumerate(instance.demands)
    )
