"""Capacity allocation for AI data centers: which rack serves whom, when, on whose megawatts.

>>> from capalloc import load_scenario, save_plan, solve
>>> result = solve(load_scenario("examples/tiny.yaml"))  # doctest: +SKIP

Names are loaded on first use: importing the package loads neither a solver nor a renderer.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from capalloc.version import __version__

if TYPE_CHECKING:
    from capalloc.errors import CapallocError, InternalError, PlanFileError, Problem, ScenarioError
    from capalloc.formats import (
        load_facility,
        load_placed,
        load_plan,
        load_requests,
        load_scenario,
        save_placed,
        save_plan,
    )
    from capalloc.placement.floor import Floor, Slots
    from capalloc.placing import place
    from capalloc.schema.placing import Placing
    from capalloc.schema.plan import Plan
    from capalloc.schema.request import Placed, Request
    from capalloc.schema.rules import Rule
    from capalloc.schema.scenario import Scenario
    from capalloc.schema.verdict import Verdict
    from capalloc.solve import Result, solve
    from capalloc.verify import verify

__all__ = [
    "CapallocError",
    "Floor",
    "InternalError",
    "Placed",
    "Placing",
    "Plan",
    "PlanFileError",
    "Problem",
    "Request",
    "Result",
    "Rule",
    "Scenario",
    "ScenarioError",
    "Slots",
    "Verdict",
    "__version__",
    "load_facility",
    "load_placed",
    "load_plan",
    "load_requests",
    "load_scenario",
    "place",
    "save_placed",
    "save_plan",
    "solve",
    "verify",
]

_HOMES = {
    "CapallocError": "capalloc.errors",
    "Floor": "capalloc.placement.floor",
    "InternalError": "capalloc.errors",
    "Placed": "capalloc.schema.request",
    "Placing": "capalloc.schema.placing",
    "Plan": "capalloc.schema.plan",
    "PlanFileError": "capalloc.errors",
    "Problem": "capalloc.errors",
    "Request": "capalloc.schema.request",
    "Result": "capalloc.solve",
    "Rule": "capalloc.schema.rules",
    "Scenario": "capalloc.schema.scenario",
    "ScenarioError": "capalloc.errors",
    "Slots": "capalloc.placement.floor",
    "Verdict": "capalloc.schema.verdict",
    "load_facility": "capalloc.formats",
    "load_placed": "capalloc.formats",
    "load_plan": "capalloc.formats",
    "load_requests": "capalloc.formats",
    "load_scenario": "capalloc.formats",
    "place": "capalloc.placing",
    "save_placed": "capalloc.formats",
    "save_plan": "capalloc.formats",
    "solve": "capalloc.solve",
    "verify": "capalloc.verify",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'capalloc' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)


class _Package(ModuleType):
    """Keeps ``capalloc.solve`` and ``capalloc.verify`` the functions, whoever imports their modules first."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
