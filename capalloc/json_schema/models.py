"""What files name instead of writing it: presets, rack types and facilities that ship."""

from __future__ import annotations

from capalloc.formats.library import Kind, model_names
from capalloc.json_schema.written import Json, sourced


def with_presets(schema: Json) -> Json:
    """The schema with ``preset`` in its contracts and workloads: keys that a preset gives need not be written."""
    defs = schema["$defs"]
    kinds: dict[str, Kind] = {"Contract": "contract", "Workload": "workload"}
    return schema | {
        "$defs": defs | {name: with_preset(defs[name], kind) for name, kind in kinds.items() if name in defs}
    }


def with_preset(schema: Json, kind: Kind) -> Json:
    """The schema of a contract or workload that may take over a preset."""
    preset = shipped(kind, f"A {kind} that ships; keys beside it replace those of the preset.")
    required = schema["required"]
    others = {key: value for key, value in schema.items() if key != "required"}
    return others | {
        "properties": {"preset": preset} | schema["properties"],
        "anyOf": [{"required": required}, {"required": ["preset"]}],
    }


def shipped(kind: Kind, description: str) -> Json:
    """The name of a model that ships."""
    return {"enum": list(model_names(kind)), "description": description}


def described(schema: Json) -> Json:
    """The schema of a record that is a file of its own, which may describe itself."""
    text = {"type": "string", "description": "What it is, as `capalloc models` lists it."}
    return schema | {"properties": {"description": sourced(text)} | schema["properties"]}
