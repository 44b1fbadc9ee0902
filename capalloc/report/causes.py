"""What keeps racks away, in words for a planner; the rule's own name stays in JSON."""

from __future__ import annotations

from collections.abc import Sequence

from capalloc.report.figures import DASH, count, plural
from capalloc.schema import placing, plan
from capalloc.schema.rules import Rule

_SHOWN = 3
_PHRASES = {
    Rule.EXCLUSIVITY: "held by {}",
    Rule.AVAILABILITY: "not available in {}",
    Rule.HAND_OVER: "hand-over of {}",
    Rule.ISOLATION: "another demand's racks in {}",
    Rule.LOCALITY: "too few for a lot in {}",
    Rule.PINS: "pinned: {}",
    Rule.RAMP: "{}",
    Rule.COMPATIBILITY: "{}",
}
"""By rule, what stands in place of "rule at place"."""
_POSITIONS = {"site": "no free position on the site", "not placed": "not placed on a position"}


def in_words(rule: Rule, where: str) -> str:
    """A rule that keeps racks away somewhere: ``held by training``, ``power at ups1``."""
    if rule is Rule.POSITION:
        cooled = where.startswith("positions cooled by")
        return _POSITIONS.get(where) or (f"only {where} are free" if cooled else f"no free position in {where}")
    return _PHRASES.get(rule, f"{rule} at {{}}").format(where)


def kept_away(reasons: Sequence[plan.Reason] | Sequence[placing.Reason]) -> str:
    """The first reasons with their racks, and how many more there are; a dash for none."""
    shown = [_told(reason) for reason in reasons[:_SHOWN]]
    more = len(reasons) - len(shown)
    return "; ".join(shown + ([f"{count(more)} more"] if more else [])) or DASH


def _told(reason: plan.Reason | placing.Reason) -> str:
    short = reason.short_kw if isinstance(reason, placing.Reason) else None
    missing = f", {short:,.10g} kW short" if short else ""
    return f"{in_words(reason.rule, reason.where)} ({plural(reason.racks, 'rack')}{missing})"
