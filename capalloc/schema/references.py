"""Checks between records of a scenario."""

from __future__ import annotations

from dataclasses import dataclass

from capalloc.schema.facility import Facility
from capalloc.schema.scenario import Scenario

Loc = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong between records; ``loc`` is its path in the scenario, with the keys of the files."""

    loc: Loc
    message: str


def faults(scenario: Scenario) -> tuple[Fault, ...]:
    """Every fault between the records of a scenario."""
    return ()


def facility_faults(facility: Facility) -> tuple[Fault, ...]:
    """Every fault between the records of a facility; paths start with ``facility``."""
    return ()
