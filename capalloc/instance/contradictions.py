"""What a scenario asks for and cannot have: racks pinned beyond a ramp, and places without racks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from capalloc.calendar import Period
from capalloc.instance.model import Bools, DemandData, Racks
from capalloc.schema.scenario import Scenario


def contradictions(
    scenario: Scenario, demands: Sequence[DemandData], racks: Racks, places: Bools, periods: Sequence[Period]
) -> Iterator[str]:
    """A sentence for each; ``places`` is (L, D, P), see :class:`capalloc.instance.where.Allowed`."""
    somewhere = np.asarray(places.any(axis=2))[racks.kin]
    for d, data in enumerate(demands):
        yield from _pinned_beyond_ramp(scenario, d, data, racks, periods)
        inside = np.where(racks.position >= 0, racks.inside[:, d], somewhere[:, d])
        if data.demand.where is not None and not (racks.eligible[:, d] & inside).any():
            yield f"{data.name} has no rack: none that it accepts stands, or may be placed, where its `where` says"


def _pinned_beyond_ramp(
    scenario: Scenario, d: int, data: DemandData, racks: Racks, periods: Sequence[Period]
) -> Iterator[str]:
    """Pins of rows and halls that keep more racks for a demand than it may be delivered, in the first such period."""
    pins = [pin for pin in scenario.pins if pin.demand == data.name and pin.rack is None]
    if not pins:
        return
    pinned = (racks.pin == d) & racks.usable & (racks.position >= 0)[:, None]
    over = np.flatnonzero(data.unit[racks.type] @ pinned > data.ceiling)
    if not len(over):
        return
    t = int(over[0])
    least = int(data.unit[racks.type[pinned[:, t]]].min())
    there = [
        f"row {pin.row}" if pin.row is not None else f"hall {pin.hall}"
        for pin in pins
        if periods[t].touches(pin.start, pin.until)
    ]
    asked, most = int(pinned[:, t].sum()), int(data.ceiling[t]) // max(least, 1)
    yield (
        f"pins keep {asked:,} racks for {data.name} in {periods[t].label} ({', '.join(there) or 'racks by name'}), "
        f"but its ramp lets it have {most:,}: no plan keeps both. A pin of a row or hall keeps every rack there; "
        f"say where {data.name} may stand by `where:`"
    )
