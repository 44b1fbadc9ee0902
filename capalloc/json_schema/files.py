"""The schemas of files that people write."""

from __future__ import annotations

from pydantic import TypeAdapter

from capalloc.imports.inventory.mapping import MappingFile
from capalloc.json_schema.models import described, shipped, with_preset, with_presets
from capalloc.json_schema.written import Json, as_written, sourced
from capalloc.schema.demand import Contract, Workload
from capalloc.schema.event import Event
from capalloc.schema.hardware import RackType
from capalloc.schema.scenario import Scenario


def scenario_schema() -> Json:
    """``scenario.yaml``."""
    schema = as_written(Scenario.model_json_schema())
    own = {
        "facility": sourced(
            {
                "description": "A facility that ships, or the path of a facility.yaml or of the folder that has one.",
                "anyOf": [shipped("facility", "A facility that ships."), {"type": "string"}],
            }
        ),
        "incumbent": sourced(
            {"description": "Path of today's plan: racks that it holds cost money to move.", "type": "string"}
        ),
        "events": _or_files(schema["properties"]["events"]),
    }
    return with_presets(_used(schema | {"properties": schema["properties"] | own}))


def _or_files(events: Json) -> Json:
    """A list of events, where a path of a file of events may stand for the list or for some of it."""
    file = {"type": "string", "description": "Path of a file of events."}
    listed = next(one for one in events["anyOf"] if one.get("type") == "array")
    mixed = listed | {"items": {"anyOf": [listed["items"], file]}}
    return sourced({key: value for key, value in events.items() if key != "anyOf"} | {"anyOf": [mixed, file]})


def rack_type_schema() -> Json:
    """A rack type that ships."""
    return described(as_written(RackType.model_json_schema()))


def contract_schema() -> Json:
    """A contract in a file of its own."""
    return described(with_preset(as_written(Contract.model_json_schema()), "contract"))


def request_schema() -> Json:
    """A contract whose fee may be left out."""
    schema = as_written(Contract.model_json_schema())
    return with_preset(schema | {"required": [key for key in schema["required"] if key != "fee"]}, "contract")


def workload_schema() -> Json:
    """A workload that ships."""
    return described(with_preset(as_written(Workload.model_json_schema()), "workload"))


def events_schema() -> Json:
    """The list alone, or under its key."""
    schema = with_presets(as_written(TypeAdapter(tuple[Event, ...]).json_schema()))
    events = {key: value for key, value in schema.items() if key != "$defs"} | {"minItems": 1}
    keyed = {
        "type": "object",
        "properties": {"events": {"$ref": "#/$defs/Events"}},
        "required": ["events"],
        "additionalProperties": False,
    }
    return {"anyOf": [{"$ref": "#/$defs/Events"}, keyed], "$defs": schema["$defs"] | {"Events": events}}


def mapping_schema() -> Json:
    """``netbox.yaml`` or ``nautobot.yaml``: what an inventory cannot hold."""
    schema = as_written(MappingFile.model_json_schema())
    named = shipped("rack_type", "A rack type that ships.")
    kinds = schema["properties"]["rack_types"]["anyOf"][0]
    mapped = kinds | {"additionalProperties": {"anyOf": [named, {"$ref": "#/$defs/RackType"}]}}
    described_by = schema["properties"]["rack_types"]["description"]
    return schema | {
        "properties": schema["properties"] | {"rack_types": {"description": described_by} | sourced(mapped)}
    }


def _used(schema: Json) -> Json:
    """The schema without definitions that nothing in it names."""
    reached: set[str] = set()
    found = _named(schema["properties"])
    while found - reached:
        reached |= found
        found = set().union(*(_named(schema["$defs"][name]) for name in reached))
    return schema | {"$defs": {name: one for name, one in schema["$defs"].items() if name in reached}}


def _named(part: object) -> set[str]:
    if isinstance(part, dict):
        own = {str(part["$ref"]).rsplit("/", 1)[-1]} if "$ref" in part else set()
        return own.union(*map(_named, part.values()))
    return set().union(*map(_named, part)) if isinstance(part, list) else set()
