"""What manifests do not say as the plan does."""

from __future__ import annotations

from collections.abc import Iterator

from capalloc.analysis.base import Base
from capalloc.exports.kueue.holdings import Holdings
from capalloc.exports.kueue.names import names_of
from capalloc.report.figures import plural


def kueue_notes(base: Base) -> Iterator[str]:
    """A sentence for each kind of thing."""
    changed = [(ours, theirs) for kind, ours, theirs in names_of(base).table() if kind != "flavor" and ours != theirs]
    if changed:
        ours, theirs = changed[0]
        yield f"{plural(len(changed), 'name')} written otherwise, such as {theirs} for {ours!r}: see kueue-names.csv"
    without = {one.rack_type.name for one in Holdings(base).ever(len(base.instance.periods) - 1) if not one.gpus_each}
    if without:
        yield f"no GPUs in racks of {', '.join(sorted(without))}: flavours without a quota, which admit nothing"
    nowhere = int((base.roster.position < 0).sum())
    if nowhere:
        yield f"{plural(nowhere, 'rack')} without a position: no node has their place"
