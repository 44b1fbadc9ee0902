"""What Kueue takes: a schema of ours, and Kueue's own definitions where ``KUEUE_CRDS`` names their folder."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

Manifest = dict[str, Any]
_OURS = Path(__file__).with_name("manifests.schema.json")
_FOLDER = os.environ.get("KUEUE_CRDS", "")
"""``config/components/crd/bases`` of kubernetes-sigs/kueue v0.19.2, without ``kueue.x-k8s.io_`` in the names."""
_VERSION = "v1beta2"
_METADATA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "maxLength": 63},
        "namespace": {"type": "string", "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "maxLength": 63},
    },
}


@lru_cache
def _schema() -> jsonschema.Draft202012Validator:
    schema = json.loads(_OURS.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def complaints(manifest: Manifest) -> Iterator[str]:
    """What the schema says against a manifest: of its kind, if it has one."""
    kind = manifest.get("kind")
    if not isinstance(kind, str) or not any(one["$ref"] == f"#/$defs/{kind}" for one in _schema().schema["oneOf"]):
        yield f"kind {kind!r} is none that is written"
        return
    for error in _schema().evolve(schema={"$ref": f"#/$defs/{kind}", **_definitions()}).iter_errors(manifest):
        yield f"{kind} {error.json_path}: {error.message}"


def _definitions() -> Manifest:
    return {"$defs": _schema().schema["$defs"]}


def require_kueues_own() -> None:
    """Skip where nobody says where Kueue's definitions are: they are no part of this project."""
    if not _FOLDER:
        pytest.skip("KUEUE_CRDS names no folder with Kueue's definitions; manifests.schema.json holds the claim here")


@lru_cache
def _validators() -> dict[str, jsonschema.Draft202012Validator]:
    """A validator for each kind, which refuses keys that the kind does not have."""
    found = {}
    for path in sorted(Path(_FOLDER).glob("*.yaml")):
        definition = yaml.safe_load(path.read_text(encoding="utf-8"))["spec"]
        version = next(one for one in definition["versions"] if one["name"] == _VERSION)
        schema = _closed(version["schema"]["openAPIV3Schema"])
        schema["properties"]["metadata"] = _METADATA
        found[definition["names"]["kind"]] = jsonschema.Draft202012Validator(schema)
    return found


def _closed(schema: Any) -> Any:
    """The schema, with keys that it does not name refused everywhere."""
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: _closed(value) for key, value in schema.items()}
    if schema.get("type") == "object" and isinstance(schema.get("properties"), dict):
        made.setdefault("additionalProperties", False)
    return made


def kueues_complaints(manifest: Manifest) -> Iterator[str]:
    """What Kueue's own definition of the kind says against a manifest."""
    kind, version = manifest.get("kind"), manifest.get("apiVersion")
    if not isinstance(kind, str) or version != f"kueue.x-k8s.io/{_VERSION}" or kind not in _validators():
        yield f"{kind!r} of {version!r} is none of its kinds"
        return
    for error in _validators()[kind].iter_errors(manifest):
        yield f"{kind} {error.json_path}: {error.message}"
