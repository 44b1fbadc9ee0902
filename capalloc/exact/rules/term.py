"""Term: nothing is delivered before a demand's term begins or after it ends."""

from __future__ import annotations

from capalloc.instance.model import Instance


def may_serve(instance: Instance, r: int, p: int, d: int, t: int) -> bool:
    """Whether the demand's term has the period."""
    return bool(instance.demands[d].in_term[t])
