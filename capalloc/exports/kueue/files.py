"""Manifests as files: what stands through all periods, and a file for each period."""

from __future__ import annotations

from collections.abc import Sequence

from capalloc.analysis.base import Base
from capalloc.calendar import Period
from capalloc.exports.kueue import manifests
from capalloc.exports.kueue.holdings import Holdings
from capalloc.exports.kueue.labels import holders_script, levels_of, places_script
from capalloc.exports.kueue.names import names_of
from capalloc.exports.kueue.text import dumped
from capalloc.formats.sheets import dump_sheet

_HEAD = """\
# {about}
# Quotas count GPUs alone. Kueue admits a pod only where each resource that it asks for has a quota, so leave the
# others out in Kueue's own configuration: resources.excludeResourcePrefixes: [cpu, memory, ephemeral-storage].
"""


def kueue_files(base: Base, periods: Sequence[Period]) -> dict[str, str]:
    """``kueue-PERIOD.yaml`` and ``kueue-PERIOD-nodes.sh`` for each period, and what all share.

    All share topology, namespaces, names, and the script that tells nodes where they stand.
    """
    names, holdings = names_of(base), Holdings(base)
    levels = levels_of(base.scenario.facility.positions)
    files = {
        "kueue-topology.yaml": dumped([manifests.topology(names, levels)]),
        "kueue-namespaces.yaml": dumped(manifests.namespaces(names)),
        "kueue-nodes.sh": places_script(base, names, levels),
        "kueue-names.csv": dump_sheet(("kind", "capalloc", "kubernetes"), names.table()),
    }
    for period in periods:
        objects = manifests.of_period(holdings.ever(period.index), names)
        files[f"kueue-{period.label}.yaml"] = _head(period) + dumped(objects)
        files[f"kueue-{period.label}-nodes.sh"] = holders_script(base, names, period)
    return files


def _head(period: Period) -> str:
    days = f"from {period.start.isoformat()} until {period.end.isoformat()}"
    return _HEAD.format(about=f"Plan of a site for Kueue, {days}: who may use how many GPUs")
