"""An instance without what ties its periods together more than by what a move costs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from capalloc.instance.model import Instance
from capalloc.schema.policy import BringUp


def is_tied(instance: Instance) -> bool:
    """Whether hand-over, bring-up or a budget of moves says what a period may be after another."""
    policy = instance.scenario.policy
    bring_up = policy.bring_up.racks_per_period is not None or policy.bring_up.mw_per_period is not None
    return policy.handover_days > 0 or policy.max_moves_per_period is not None or bring_up


def untied(instance: Instance) -> Instance:
    """The instance without those rules: it has every plan that the instance has, worth the same, and more."""
    policy = instance.scenario.policy.model_copy(
        update={"bring_up": BringUp(), "handover_days": 0, "max_moves_per_period": None}
    )
    scenario = instance.scenario.model_copy(update={"policy": policy})
    racks = replace(instance.racks, ready=np.zeros_like(instance.racks.ready))
    return replace(instance, scenario=scenario, racks=racks, cools_at=np.zeros_like(instance.cools_at))
