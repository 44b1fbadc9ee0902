"""Who holds which racks in a period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from capalloc.analysis.base import Base
from capalloc.schema.demand import Demand
from capalloc.schema.hardware import RackType


@dataclass(frozen=True, slots=True)
class Holding:
    """Racks of one type that serve one demand in a period."""

    demand: Demand
    rack_type: RackType
    racks: tuple[int, ...]
    """By number; none where the demand holds such racks in another period alone."""

    @property
    def gpus(self) -> int:
        """GPUs of the racks together."""
        return self.gpus_each * len(self.racks)

    @property
    def gpus_each(self) -> int:
        """GPUs of a rack."""
        return self.rack_type.gpus


class Holdings:
    """The racks of each demand by type, in every period."""

    def __init__(self, base: Base) -> None:
        self._serving = base.roster.serving
        self._kinds = base.instance.racks.type
        self._types = base.scenario.facility.rack_types
        self._demands = [data.demand for data in base.instance.demands]

    def ever(self, until: int) -> Iterator[Holding]:
        """What demands hold in the period ``until``, or held in one before it: by demand, then type."""
        for number, demand in enumerate(self._demands):
            serves = self._serving == number
            for kind in np.unique(self._kinds[serves[:, : until + 1].any(axis=1)]).tolist():
                racks = np.flatnonzero(serves[:, until] & (self._kinds == kind))
                yield Holding(demand, self._types[kind], tuple(racks.tolist()))
