"""Isolation: no rack of another demand stands in a row or hall that an isolated demand uses."""

from __future__ import annotations

from capalloc.exact.model import ExactModel


def add(exact: ExactModel, d: int, t: int) -> None:
    """Where an isolated demand has a rack, no other demand has one."""
    level = exact.instance.demands[d].demand.isolation
    if level == "none":
        return
    group = exact.groups(level)
    others = [s for e in range(len(exact.instance.demands)) if e != d for s in exact.racks(e, t)]
    uses = exact.binaries(f"isolated {d} {t}", {group[s.position] for s in exact.racks(d, t)})
    for s in exact.racks(d, t):
        exact.model.add_implication(s.literal, uses[group[s.position]])
    for s in others:
        if group[s.position] in uses:
            exact.model.add_implication(s.literal, uses[group[s.position]].negated())
