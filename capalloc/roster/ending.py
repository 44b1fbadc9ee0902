"""Why a search ended, and what status that gives its plan."""

from __future__ import annotations

from dataclasses import dataclass

from capalloc.schema.plan import Outcome
from capalloc.schema.status import Status, StopReason

OPTIMAL_GAP = 1e-6
"""A plan this close to its bound is called optimal."""
OPTIMAL_USD = 0.01
"""So is one this many USD away, where an objective near zero makes any gap look large."""

ENOUGH_GAP = 0.005
"""The relative gap that is enough where none is asked for."""
_NAMES_SHOWN = 3
_PASSED_S = 1.0
"""Seconds by which a limit may be passed without a word."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a search came to its end."""

    limit: float
    """Seconds that it was given."""
    spent: float = 0.0
    """Seconds that it took."""
    gap: float | None = None
    """The relative gap that was asked for; None where nothing was said."""
    infeasible: bool = False
    """It has proven that no plan keeps every rule."""
    interrupted: bool = False
    """Somebody asked for what there was."""
    in_order: bool = False
    """Only plans count that serve first who comes first, though others are worth more."""
    beside_usd: float | None = None
    """A bound on plans that give as much to what comes first, where the plan's own bound is one on any plan."""
    undecided: tuple[str, ...] = ()
    """Demands that come first and are short, where the search ended before it was known whether they get more."""
    late: bool = False
    """No time was left."""
    slowed: bool = False
    """The last third of the work brought less than a twentieth of the gap."""

    def with_plan(self, objective_usd: float, bound_usd: float) -> tuple[Status, Outcome]:
        """Status and termination of a plan worth ``objective_usd`` where none can be worth more than ``bound_usd``."""
        gap = relative_gap(objective_usd, bound_usd)
        if not self.undecided and (gap <= OPTIMAL_GAP or bound_usd - objective_usd <= OPTIMAL_USD):
            return Status.OPTIMAL, Outcome(reason=StopReason.OPTIMAL, detail=self._best)
        away = self._away(objective_usd, bound_usd) + self._too_early
        best = bound_usd if self.beside_usd is None else max(self.beside_usd, objective_usd)
        return Status.FEASIBLE, self._stopped(gap, away, best - objective_usd)

    def _away(self, objective_usd: float, bound_usd: float) -> str:
        away = distance(objective_usd, bound_usd)
        if self.beside_usd is None:
            return f"{away} from the proven bound{self._on_those}"
        beside = distance(objective_usd, max(self.beside_usd, objective_usd))
        which = "of plans that give as much to what comes first"
        return f"{beside} from the proven bound {which}, {away} from that of any plan"

    def without_plan(self) -> Outcome:
        """Termination of a search that found no plan."""
        if self.interrupted:
            return Outcome(reason=StopReason.INTERRUPTED, detail="interrupted before a plan was found")
        if self.infeasible and self.in_order:
            detail = "no plan meets a prospect's hard commitment without displacing signed contracts; allow displacing"
            return Outcome(reason=StopReason.INFEASIBLE, detail=detail)
        if self.infeasible:
            detail = "no plan keeps every rule"
            return Outcome(reason=StopReason.INFEASIBLE, detail=detail)
        detail = "no plan was found in time; allow more with --time-limit"
        return Outcome(reason=StopReason.TIME_LIMIT, limit=self.limit, detail=detail)

    @property
    def _best(self) -> str:
        return "no plan that serves first who comes first is worth more" if self.in_order else "no plan is worth more"

    @property
    def _on_those(self) -> str:
        return " of plans that serve first who comes first" if self.in_order else ""

    @property
    def _too_early(self) -> str:
        if not self.undecided:
            return ""
        shown = [*self.undecided[:_NAMES_SHOWN], "others"] if len(self.undecided) > _NAMES_SHOWN else self.undecided
        names = " and ".join(", ".join(shown).rsplit(", ", 1))
        return f", before the order of priorities was decided: {names} may be short for what comes later"

    def _stopped(self, gap: float, away: str, missing_usd: float) -> Outcome:
        more = f"more time might bring ${missing_usd:,.0f} at most"
        far = gap > (ENOUGH_GAP if self.gap is None else self.gap)
        if self.interrupted:
            return Outcome(reason=StopReason.INTERRUPTED, detail=f"interrupted {away}")
        if far and self.slowed and not self.undecided:
            little = "its last third brought less than a twentieth of the gap"
            return Outcome(reason=StopReason.GAP_REACHED, detail=f"the search ended {away}: {little}; {more}")
        if self.undecided or (far and (self.late or self.spent >= self.limit)):
            detail = f"{self._at_limit} {away}; {more}"
            return Outcome(reason=StopReason.TIME_LIMIT, limit=self.limit, detail=detail)
        return Outcome(reason=StopReason.GAP_REACHED, detail=f"the search ended {away}")

    @property
    def _at_limit(self) -> str:
        over = self.spent - self.limit
        if over <= _PASSED_S:
            return "ended by its time limit"
        return f"ended by its time limit of {self.limit:g} s, and {over:.1f} s later, for want of a good plan before,"


def relative_gap(objective_usd: float, bound_usd: float) -> float:
    """(bound - objective) over the bound's size; of a bound of 0 it is 1, all of it, where a plan is worth less."""
    apart = bound_usd - objective_usd
    return apart / abs(bound_usd) if bound_usd else float(apart > OPTIMAL_USD)


def distance(objective_usd: float, bound_usd: float) -> str:
    """How far a plan is from a bound: the relative gap, or dollars where the bound is too near 0 for a share of it."""
    apart = bound_usd - objective_usd
    return f"{relative_gap(objective_usd, bound_usd):.4%}" if apart <= abs(bound_usd) else f"${apart:,.0f}"
