"""Whether a plan meets what is committed: then nobody has to be served before others."""

from __future__ import annotations

from capalloc.instance.model import Bools, Instance
from capalloc.reduction.classes import RackClasses
from capalloc.reduction.counts import Counts


def meets_commitments(instance: Instance, classes: RackClasses, counts: Counts, of: Bools | None) -> bool:
    """Whether demands, ``of`` (D,) or all of them, are delivered their commitments in every period, or window."""
    return all(
        (data.unit[classes.type] @ counts.serve[:, d] >= data.committed).all()
        for d, data in enumerate(instance.demands)
        if of is None or of[d]
    )
