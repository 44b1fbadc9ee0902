"""How people write values in YAML: ``1_250_000``, ``yes``, ``{value: 3, source: ..., confidence: ...}``."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
"""A JSON Schema, or a part of one."""

_SHARED = {
    "Grouped": {
        "type": "string",
        "pattern": r"^[-+]?[0-9]+(_[0-9]+)+(\.[0-9]+)?$",
        "description": "A number in groups of digits: text to editors, which read YAML 1.2.",
    },
    "Source": {"type": "string", "description": "Who reported it, or how it was derived."},
    "Confidence": {"enum": ["reported", "derived", "assumed"], "description": "How sure it is."},
}
_GROUPED = {"$ref": "#/$defs/Grouped"}
_YES_OR_NO = {"enum": ["yes", "no"]}
ORIGIN = {"source": {"$ref": "#/$defs/Source"}, "confidence": {"$ref": "#/$defs/Confidence"}}
"""Keys that say where a value comes from."""
_TOLD = ("description", "default", "deprecated", "examples")
"""What is said of a key, not of one way of writing its value."""


def as_written(schema: Json) -> Json:
    """A record's schema with every value as files may have it; titles, which repeat the keys, are left out."""
    return _record(schema) | {"$defs": {name: _record(one) for name, one in schema.get("$defs", {}).items()} | _SHARED}


def sourced(schema: Json) -> Json:
    """A value that may also stand in ``{value: ..., source: ..., confidence: ...}``."""
    told = {key: schema[key] for key in _TOLD if key in schema}
    plain = {key: value for key, value in schema.items() if key not in _TOLD}
    wrapped = {
        "title": "value with source",  # what editors call it in messages
        "type": "object",
        "properties": {"value": plain} | ORIGIN,
        "required": ["value"],
        "additionalProperties": False,
    }
    return told | {"anyOf": [*_ways(plain), wrapped]}


def value_of(schema: Json) -> Json:
    """A value's schema where numbers may have groups of digits and flags may be words; titles left out."""
    found = {key: _inner(key, value) for key, value in schema.items() if key != "title"}
    if found.get("type") in ("number", "integer"):
        return _or(found, _GROUPED)
    return _or(found, _YES_OR_NO) if found.get("type") == "boolean" else found


def _record(schema: Json) -> Json:
    """A record, or anything else that has a name of its own."""
    if "properties" not in schema:
        return value_of(schema)
    properties = {key: one if "const" in one else sourced(one) for key, one in _properties(schema).items()}
    return {key: value for key, value in schema.items() if key not in ("title", "$defs")} | {"properties": properties}


def _properties(schema: Json) -> dict[str, Json]:
    return {key: value_of(one) for key, one in schema["properties"].items()}


def _inner(key: str, value: Any) -> Any:
    if key in ("items", "additionalProperties") and isinstance(value, dict):
        return value_of(value)
    if key in ("anyOf", "oneOf", "prefixItems"):
        return [value_of(one) for one in value]
    return value


def _or(schema: Json, other: Json) -> Json:
    """The schema, or another way to write the value; what is said of it stays outside."""
    told = {key: schema[key] for key in _TOLD if key in schema}
    plain = {key: value for key, value in schema.items() if key not in _TOLD}
    return told | {"anyOf": [plain, other]}


def _ways(schema: Json) -> list[Json]:
    """The alternatives that a schema consists of."""
    return list(schema["anyOf"]) if set(schema) == {"anyOf"} else [schema]
