"""Kueue's own definitions of its kinds, from a folder beside the checkout."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

FOLDER = Path(__file__).parents[4] / "shared" / "kueue-crds"
"""``config/components/crd/bases`` of kubernetes-sigs/kueue v0.19.2, without ``kueue.x-k8s.io_`` in the names."""
VERSION = "v1beta2"


def require_definitions() -> None:
    """Skip where the definitions are not beside the checkout."""
    if not FOLDER.is_dir():
        pytest.skip(f"Kueue's definitions are not in {FOLDER}: manifests are not held against them here")


@lru_cache
def validators() -> dict[str, jsonschema.Draft202012Validator]:
    """A validator for each kind, which refuses keys that the kind does not have."""
    found = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        definition = yaml.safe_load(path.read_text(encoding="utf-8"))["spec"]
        version = next(one for one in definition["versions"] if one["name"] == VERSION)
        schema = closed(version["schema"]["openAPIV3Schema"])
        schema["properties"]["metadata"] = METADATA
        found[definition["names"]["kind"]] = jsonschema.Draft202012Validator(schema)
    return found


METADATA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "maxLength": 63},
        "namespace": {"type": "string", "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "maxLength": 63},
    },
}


def closed(schema: Any) -> Any:
    """The schema, with keys that it does not name refused everywhere."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: closed(value) for key, value in schema.items()}
    if schema.get("type") == "object" and isinstance(schema.get("properties"), dict):
        made.setdefault("additionalProperties", False)
    return made


def complaints(manifest: dict[str, Any]) -> Iterator[str]:
    """What Kueue's definition of the kind says against a manifest."""
    assert manifest["apiVersion"] == f"kueue.x-k8s.io/{VERSION}"
    for error in validators()[manifest["kind"]].iter_errors(manifest):
        yield f"{manifest['kind']} {error.json_path}: {error.message}"
