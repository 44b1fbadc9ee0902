"""An instance without what couples its periods more than by what a move costs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from capalloc.instance.model import Instance


def uncoupled(instance: Instance) -> Instance:
    """The instance without hand-over, bring-up and a budget of moves: a relaxation.

    It has every plan that the instance has, worth the same, and more.
    """
    racks = replace(instance.racks, ready=np.zeros_like(instance.racks.ready))
    policy = instance.policy.uncoupled()
    return replace(instance, policy=policy, racks=racks, cools_at=np.zeros_like(instance.cools_at))
