"""The fingerprint of a scenario: what a plan was made for."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from capalloc.schema.scenario import Scenario

_REMARKS = frozenset({"source", "confidence", "labels", "description"})


def scenario_sha256(scenario: Scenario) -> str:
    """SHA-256 of the canonical JSON of a resolved scenario, without sources, confidence, labels, descriptions."""
    values = _bare(scenario.model_dump(mode="json", by_alias=True))
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {key: inner for key, inner in value.items() if key not in _REMARKS}
        return {key: _bare(inner) if isinstance(inner, dict | list) else inner for key, inner in kept.items()}
    if isinstance(value, list):
        return [_bare(inner) for inner in value]
    return value
