"""What comes up in the first period, which limits of bring-up do not reach without a plan of today."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from capalloc.instance.model import NOBODY, Instance
from capalloc.metrics.site import position_draw_w
from capalloc.roster.read import read
from capalloc.schema.plan import Plan
from capalloc.units import KW_PER_MW, W_PER_KW


def bring_up_warnings(instance: Instance, plan: Plan) -> Iterator[str]:
    """A sentence where no incumbent says what ran before, and the first period has more than a period may bring up."""
    limits = instance.scenario.policy.bring_up
    if instance.scenario.incumbent is not None or (limits.racks_per_period, limits.mw_per_period) == (None, None):
        return
    found = list(_passed(instance, plan))
    if found:
        yield (
            f"bring_up does not hold back the first period, {instance.periods[0].label}, where no incumbent says what "
            f"runs already: it has {' and '.join(found)} at once; if they do not run yet, give racks that come later "
            "`status: planned` and `available_from`, or let ramps begin with what runs"
        )


def _passed(instance: Instance, plan: Plan) -> Iterator[str]:
    limits, roster = instance.scenario.policy.bring_up, read(instance, plan)
    most = limits.racks_per_period
    racks = int(np.count_nonzero((roster.serving[:, 0] != NOBODY) & instance.racks.powered_before))
    if most is not None and racks > most and instance.scenario.policy.idle == "off":
        yield f"{racks:,} racks (racks_per_period: {most:,})"
    if limits.mw_per_period is not None:
        watts = instance.positions.site_weight @ position_draw_w(instance, roster) + instance.site_static_w
        mw = float(watts[0]) / W_PER_KW / KW_PER_MW
        if mw > limits.mw_per_period:
            yield f"{mw:,.4g} MW (mw_per_period: {limits.mw_per_period:g})"
