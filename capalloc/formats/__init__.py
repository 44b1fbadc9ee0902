"""Files in and out: scenarios, facility tables and templates, models, plans, requests (models/README.md)."""

from __future__ import annotations

from capalloc.formats.atomic import write_atomically, write_together
from capalloc.formats.contract import load_contract
from capalloc.formats.events import load_events
from capalloc.formats.expand import expand
from capalloc.formats.fingerprint import plan_sha256, scenario_sha256
from capalloc.formats.library import ModelEntry, list_models
from capalloc.formats.placing import dump_placed, load_facility, load_placed, load_requests, save_placed
from capalloc.formats.plans import dump_plan, load_plan, save_plan
from capalloc.formats.scenario import load_scenario
from capalloc.formats.warned import warnings_of

__all__ = [
    "ModelEntry",
    "dump_placed",
    "dump_plan",
    "expand",
    "list_models",
    "load_contract",
    "load_events",
    "load_facility",
    "load_placed",
    "load_plan",
    "load_requests",
    "load_scenario",
    "plan_sha256",
    "save_placed",
    "save_plan",
    "scenario_sha256",
    "warnings_of",
    "write_atomically",
    "write_together",
]
