"""Fingerprints: of a scenario, what a plan was made for, and of a plan."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from capalloc.formats.plans import dump_plan
from capalloc.schema.checks.cached_check import cached_check
from capalloc.schema.event import Outage
from capalloc.schema.facility import Facility
from capalloc.schema.plan import Plan, Seconds
from capalloc.schema.record import Record
from capalloc.schema.scenario import Scenario
from capalloc.schema.where import Where

_REMARKS = frozenset({"source", "confidence", "description"})


def scenario_sha256(scenario: Scenario) -> str:
    """SHA-256 of the canonical JSON of a resolved scenario, without sources, confidence and descriptions.

    Of labels those count that a ``where`` or an outage looks at. What is not sure changes no plan.
    """
    used, sites = frozenset(_labels_used(scenario)), _sites(scenario.facility)
    if used not in sites:
        sites[used] = _canonical(_counted(scenario.facility, used))
    values = _counted(scenario, used, frozenset({"uncertainty", "facility"}))
    parts = {key: _canonical(value) for key, value in values.items()} | {"facility": sites[used]}
    text = ",".join(f'"{key}":{parts[key]}' for key in sorted(parts))
    return hashlib.sha256(f"{{{text}}}".encode()).hexdigest()


@cached_check
def _sites(_: Facility) -> dict[frozenset[str], str]:
    """A site's canonical JSON by the labels that count, as far as it was asked for: scenarios of one site share it."""
    return {}


def _counted(record: Record, used: frozenset[str], without: frozenset[str] = frozenset()) -> dict[str, Any]:
    """What counts of a record; ``used`` are the labels that do."""

    def counted(values: dict[str, Any]) -> dict[str, Any]:
        kept = {key: inner for key, inner in values.items() if key not in _REMARKS}
        labels = {key: value for key, value in kept.pop("labels", {}).items() if key in used}
        return kept | ({"labels": labels} if labels else {})

    values: dict[str, Any] = json.loads(
        record.model_dump_json(by_alias=True, exclude=set(without)), object_hook=counted
    )
    return values


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def plan_sha256(plan: Plan) -> str:
    """SHA-256 of a plan's file without the seconds that it took."""
    untimed = plan.replace(stats=plan.stats.replace(seconds=Seconds()))
    return hashlib.sha256(dump_plan(untimed).encode()).hexdigest()


def _labels_used(scenario: Scenario) -> Iterator[str]:
    for demand in (*scenario.workloads, *scenario.all_contracts):
        where: Where | None = demand.where
        while where is not None:
            yield from where.label or ()
            where = where.but_not
    for event in scenario.events:
        if isinstance(event, Outage):
            yield from event.label or ()
