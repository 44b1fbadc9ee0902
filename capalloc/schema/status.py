"""How good an answer is, and why the search for it stopped: one set of words for solvers, planners and plans."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """How good an answer is."""

    OPTIMAL = "optimal"
    """Proven to be the best."""
    FEASIBLE = "feasible"
    """It keeps every rule; a better one may exist."""
    INFEASIBLE = "infeasible"
    """Proven not to exist."""
    UNKNOWN = "unknown"
    """None was found in the time that there was."""
    IMPRECISE = "imprecise"
    """A solver met numerical trouble: nothing that it says may be relied on. No plan has this status."""


class StopReason(StrEnum):
    """Why a search stopped."""

    OPTIMAL = "optimal"
    """No plan is worth more."""
    GAP_REACHED = "gap_reached"
    """The plan is as near to the proven bound as was asked for, or as the search comes."""
    TIME_LIMIT = "time_limit"
    INTERRUPTED = "interrupted"
    INFEASIBLE = "infeasible"
    """No plan keeps every rule."""
