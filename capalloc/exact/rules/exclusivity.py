"""Exclusivity: a rack serves at most one demand at a time, is idle or is off."""

from __future__ import annotations

from typing import Any

from capalloc.exact.model import ExactModel


def add(exact: ExactModel, r: int, p: int, t: int, states: list[Any]) -> None:
    """What a rack does at a position, ``states``, excludes each other and needs it to stand there."""
    if not exact.instance.policy.idle_powered:
        exact.model.add(sum(states) <= exact.stand[r, p])
        return
    exact.model.add(sum(states) + exact.idle[r, p, t] + exact.off[r, p, t] == exact.stand[r, p])
