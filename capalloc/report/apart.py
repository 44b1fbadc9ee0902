"""Names inside sentences: those written from right to left keep their order, and leave the sentence its own."""

from __future__ import annotations

import unicodedata

_TURNING = frozenset(("R", "AL", "RLE", "RLO", "LRE", "LRO", "RLI", "LRI", "FSI", "PDI", "PDF"))
"""Classes of signs that turn the order of what stands around them (Unicode Standard Annex 9)."""
_ISOLATE, _END = "\u2068", "\u2069"


def apart(name: str) -> str:
    """A name for use in a sentence: between isolates where it has signs that would turn the rest around."""
    turning = any(unicodedata.bidirectional(sign) in _TURNING for sign in name)
    return f"{_ISOLATE}{name}{_END}" if turning else name
