"""Hedging: the plan whose first periods are best over all samples of what is not sure."""

from __future__ import annotations

from capalloc.analysis.hedge.answer import hedge
from capalloc.schema.hedged import Hedged

__all__ = ["Hedged", "hedge"]
