"""First periods that are decided, as the plan of a sample: built rather than searched for.

Racks serve whom they are decided to serve, are off where the plan has them off, and as many idle ones are held as the
sample asks for. Whether that keeps its rules is for the verifier to say.
"""

from __future__ import annotations

import numpy as np

from capalloc.instance.compile import compile_scenario
from capalloc.instance.model import NOBODY, Instance
from capalloc.naming.spares import hold_spares
from capalloc.planner.stochastic.block import Stage
from capalloc.roster.decode import Search, decode
from capalloc.roster.ending import Ending
from capalloc.roster.roster import Roster
from capalloc.schema.plan import Plan, Stats
from capalloc.schema.scenario import Scenario

_NO_SEARCH = Search(-np.inf, Ending(0.0), Stats())
_UNREAD = "0" * 64
"""Of which scenario the plan is: it is judged with that and kept nowhere."""


def begun(scenario: Scenario, stage: Stage, planned: Roster) -> Plan | None:
    """The plan of a scenario that ends with the stage, racks standing and switched off as planned.

    None where somebody whom racks serve in the stage is not in the scenario. Raises ScenarioError where that is at
    fault.
    """
    instance = compile_scenario(scenario)
    roster = _roster(instance, stage, planned)
    if ((roster.serving == NOBODY) & (stage.serving != NOBODY)).any():
        return None
    hold_spares(instance, roster)
    return decode(instance, roster, _UNREAD, frozenset(), _NO_SEARCH)


def _roster(instance: Instance, stage: Stage, planned: Roster) -> Roster:
    """The stage without spares; deliveries that come later have no position yet."""
    number = {name: d for d, name in enumerate(instance.demand_names)}
    index = np.array([number.get(name, NOBODY) for name in stage.demands] + [NOBODY])
    here, serving = instance.racks.usable.any(axis=1), index[stage.serving]
    return Roster(
        serving,
        planned.off[:, : serving.shape[1]] & instance.racks.usable & (serving == NOBODY),
        np.full_like(serving, NOBODY),
        np.where(here, planned.position, instance.racks.position),
    )
