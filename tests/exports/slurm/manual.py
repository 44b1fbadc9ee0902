"""JSON Schema of Slurm's YAML files, written after its manual: topology.yaml(5) and resources.yaml(5).

Layers of resources had no names until Slurm 26.05, and have them since 26.11.
"""

from __future__ import annotations

from typing import Any

_TEXT = {"type": "string", "minLength": 1}
_SWITCH_NAME = {"type": "string", "minLength": 1, "maxLength": 64}
_LAYER_NAME = {"type": "string", "pattern": r"^[^\s,;|:=()*]+$"}


def _record(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "minItems": 1, "items": of}


_SWITCH = _record(["switch"], switch=_SWITCH_NAME, children=_TEXT, nodes=_TEXT) | {
    "oneOf": [{"required": ["children"]}, {"required": ["nodes"]}]
}
_TREE = _record(["switches"], switches=_list(_SWITCH))
_BLOCK = _record(
    ["block_sizes", "blocks"],
    block_sizes=_list({"type": "integer", "minimum": 1}),
    blocks=_list(_record(["block", "nodes"], block=_TEXT, nodes=_TEXT)),
)
TOPOLOGY = _list(
    _record(
        ["topology"],
        topology=_TEXT,
        cluster_default={"type": "boolean"},
        tree=_TREE,
        block=_BLOCK,
        flat={"const": True},
    )
    | {"oneOf": [{"required": [kind]} for kind in ("tree", "block", "flat")]}
)

_VALUE = _record(["name", "value"], name=_TEXT, value={"type": "integer", "minimum": 0, "maximum": 2**32 - 2})
_COUNT = {"type": "integer", "minimum": -1, "maximum": 2**32 - 2}
_UNNAMED = _record(["nodes", "count"], nodes=_list(_TEXT), count=_COUNT, base=_list(_VALUE))
_NAMED = _record(
    ["layer_name"],
    layer_name=_LAYER_NAME,
    parent_name=_LAYER_NAME,
    nodes=_list(_TEXT),
    count=_COUNT,
    disable_layer={"type": "boolean"},
    base=_list(_VALUE),
)


def _resources(layer: dict[str, Any], **more: Any) -> dict[str, Any]:
    return _list(
        _record(
            ["resource", "mode", "layers"],
            resource=_TEXT,
            mode={"enum": ["MODE_1", "MODE_2", "MODE_3"]},
            topology=_TEXT,
            variables=_list(_VALUE),
            layers=_list(layer),
            **more,
        )
    )


RESOURCES = {
    "resources.yaml": _resources(_UNNAMED),
    "resources-26.11.yaml": _resources(_NAMED, disable_hres={"type": "boolean"}),
}
