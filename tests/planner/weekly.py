"""A site in weeks, small enough to be searched whole."""

from __future__ import annotations

from capalloc.schema.scenario import Scenario
from capalloc.synthetic.generate import generate


def weekly_site(moves: int) -> Scenario:
    """Forty racks in the weeks of three months; a week between two demands, and so many racks move in a week."""
    monthly = generate(40, halls=2, periods=3, demands=4, seed=3)
    ties = {"handover_days": 7, "max_moves_per_period": moves, "priority": "money"}
    return monthly.model_copy(
        update={
            "horizon": monthly.horizon.model_copy(update={"period": "week"}),
            "policy": monthly.policy.model_copy(update=ties),
        }
    )
