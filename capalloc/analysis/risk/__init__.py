"""Risk: what plans come to where dates slip, tenants leave and demand is other than was thought."""

from __future__ import annotations

from capalloc.analysis.risk.answer import near_enough, resampled, risk, risk_of
from capalloc.analysis.risk.each import Running, of_each
from capalloc.analysis.risk.followed import (
    Again,
    Outcome,
    Planned,
    StandIns,
    after_step,
    leaving_usd,
    open_prospects,
    outcome_of,
)
from capalloc.analysis.risk.known import Path, Step, heeded_from, paths_of, stands_until
from capalloc.analysis.risk.promises import Samples, shortfalls_of
from capalloc.analysis.risk.spread import cvar, error_of, met_in
from capalloc.schema.risk import Risk

__all__ = [
    "Again",
    "Outcome",
    "Path",
    "Planned",
    "Risk",
    "Running",
    "Samples",
    "StandIns",
    "Step",
    "after_step",
    "cvar",
    "error_of",
    "heeded_from",
    "leaving_usd",
    "met_in",
    "near_enough",
    "of_each",
    "open_prospects",
    "outcome_of",
    "paths_of",
    "resampled",
    "risk",
    "risk_of",
    "shortfalls_of",
    "stands_until",
]
