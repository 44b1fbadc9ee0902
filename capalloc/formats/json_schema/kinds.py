"""The kinds of files that have a schema."""

from __future__ import annotations

import json
from collections.abc import Callable

from pydantic import TypeAdapter

from capalloc.formats.json_schema.models import described, shipped, with_preset, with_presets
from capalloc.formats.json_schema.site import facility_schema
from capalloc.formats.json_schema.written import Json, as_written, sourced
from capalloc.schema.demand import Contract, Workload
from capalloc.schema.diff import Diff
from capalloc.schema.event import Event
from capalloc.schema.hardware import RackType
from capalloc.schema.impact import Impact
from capalloc.schema.plan import Plan
from capalloc.schema.quoted import Quoted
from capalloc.schema.record import Record
from capalloc.schema.revenue import RevenueAnswer
from capalloc.schema.scenario import Scenario
from capalloc.schema.shown import Shown
from capalloc.schema.surplus import Surplus
from capalloc.schema.verdict import Verdict
from capalloc.schema.whatif import WhatIf

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def _scenario() -> Json:
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


def _rack_type() -> Json:
    return described(as_written(RackType.model_json_schema()))


def _contract() -> Json:
    return described(with_preset(as_written(Contract.model_json_schema()), "contract"))


def _request() -> Json:
    """A contract whose fee may be left out."""
    schema = as_written(Contract.model_json_schema())
    return with_preset(schema | {"required": [key for key in schema["required"] if key != "fee"]}, "contract")


def _workload() -> Json:
    return described(with_preset(as_written(Workload.model_json_schema()), "workload"))


def _events() -> Json:
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


def _answer(record: type[Record]) -> Callable[[], Json]:
    """The schema of what the program writes, as it writes it."""
    return lambda: record.model_json_schema(mode="serialization")


_Kinds = dict[str, tuple[str, Callable[[], Json]]]
FILES: _Kinds = {
    "scenario": ("A scenario: a facility, a horizon, and who wants what.", _scenario),
    "facility": ("A facility: its rack types, and its tables or templates.", facility_schema),
    "rack_type": ("A rack type in a file of its own.", _rack_type),
    "contract": ("A contract in a file of its own.", _contract),
    "workload": ("A workload in a file of its own.", _workload),
    "events": ("Events in a file of their own, as `capalloc whatif` takes them.", _events),
    "request": ("A request, as `capalloc quote` takes it: a contract whose fee may be left out.", _request),
    "plan": ("A plan, as `capalloc plan -o` writes it.", _answer(Plan)),
    "verdict": ("A verdict, as `capalloc check --json` prints it.", _answer(Verdict)),
}
"""What each kind of file is, and its schema; these ship as files in ``models/schemas``."""
ANSWERS: _Kinds = {
    "show": ("What `capalloc show --json` prints.", _answer(Shown)),
    "quote": ("What `capalloc quote --json` prints.", _answer(Quoted)),
    "surplus": ("What `capalloc surplus --json` prints.", _answer(Surplus)),
    "whatif": ("What `capalloc whatif --json` prints.", _answer(WhatIf)),
    "impact": ("What `capalloc impact --json` prints.", _answer(Impact)),
    "revenue": ("What `capalloc revenue --json` prints.", _answer(RevenueAnswer)),
    "diff": ("What `capalloc diff --json` prints.", _answer(Diff)),
}
"""What each kind of answer is, and its schema."""
KINDS = FILES | ANSWERS
"""Whatever has a schema."""


def schema_of(kind: str) -> Json:
    """The JSON Schema (draft 2020-12) of a kind of file."""
    schema: Json = json.loads(dump_schema(kind))
    return schema


def dump_schema(kind: str) -> str:
    """The schema as text, the same each time; code marks as editors show them."""
    title, build = KINDS[kind]
    schema = {"$schema": _DIALECT, "title": title} | {key: value for key, value in build().items() if key != "title"}
    return json.dumps(schema, indent=1, ensure_ascii=False).replace("``", "`") + "\n"


def schema_file(kind: str) -> str:
    """The name of the file that a schema goes by."""
    return f"{kind}.schema.json"


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
