"""The fingerprint of a scenario: what a plan was made for."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from capalloc.schema.scenario import Scenario

_REMARKS = frozenset({"source", "confidence", "labels", "description"})


def scenario_sha256(scenario: Scenario) -> str:
    """SHA-256 of the canonical JSON of a resolved scenario, without sources, confidence, labels, descriptions."""
    values = json.loads(scenario.model_dump_json(by_alias=True), object_hook=_without_remarks)
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _without_remarks(values: dict[str, Any]) -> dict[str, Any]:
    return {key: inner for key, inner in values.items() if key not in _REMARKS}
