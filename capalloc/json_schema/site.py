"""The schema of ``facility.yaml``: a head, and templates of the tables where they stand in no files of their own."""

from __future__ import annotations

from capalloc.formats.rows import TABLES
from capalloc.json_schema.models import shipped
from capalloc.json_schema.written import ORIGIN, Json, as_written, sourced
from capalloc.schema.facility import Facility

_CELL = {"type": ["string", "number", "boolean", "null"]}
_VALUES = {"anyOf": [{"type": "string", "pattern": "^[0-9]+-[0-9]+$"}, {"type": "integer"}, {"type": "array"}]}
_BLOCK: Json = {
    "each": {
        "type": "object",
        "additionalProperties": _VALUES,
        "description": "Variables with their values, a range such as 1-8 or a list; one row for each combination.",
    },
    "cycle": {
        "type": "object",
        "additionalProperties": {
            "type": "object",
            "properties": {"by": {"type": "string"}, "of": _VALUES},
            "required": ["by", "of"],
            "additionalProperties": False,
        },
        "description": "Variables that follow another's place in its list: {by: VARIABLE, of: VALUES}.",
    },
    "labels": {"type": "object", "additionalProperties": _CELL, "description": "Labels of one's own."},
    **ORIGIN,
}
_HOLE = {"type": "string", "pattern": r"\{"}
"""A text in which variables of ``each`` are replaced."""


def facility_schema() -> Json:
    """The schema of a ``facility.yaml``; its tables may be files beside it or ``templates``."""
    schema = as_written(Facility.model_json_schema())
    rows = {name: _block(schema["$defs"][record.__name__]) for name, record in TABLES.items()}
    head = {key: value for key, value in schema["properties"].items() if key not in TABLES}
    records = {record.__name__ for record in TABLES.values()}
    return schema | {
        "properties": head | {"rack_types": _rack_types(head["rack_types"])} | _tables(rows),
        "required": ["facility"],
        "$defs": {name: one for name, one in schema["$defs"].items() if name not in records},
    }


def _rack_types(schema: Json) -> Json:
    named = shipped("rack_type", "A rack type that ships.")
    listed = {"type": "array", "items": {"anyOf": [named, {"$ref": "#/$defs/RackType"}]}}
    return sourced({"description": schema.get("description", "Rack types that stand here."), **listed})


def _tables(rows: dict[str, Json]) -> Json:
    blocks = {name: {"type": "array", "items": block} for name, block in rows.items()}
    return {
        "tables": sourced(
            {"type": "string", "default": ".", "description": "Folder of the tables (CSV), relative to this file."}
        ),
        "templates": {
            "type": "object",
            "properties": blocks,
            "additionalProperties": False,
            "description": "Tables as blocks that stand for many rows, in place of CSV files.",
        },
    }


def _block(row: Json) -> Json:
    """A block of a template: the columns of a row, with variables in them; other keys are labels."""
    cells = {key: _with_variables(one) for key, one in row["properties"].items() if key != "labels"}
    return {
        "type": "object",
        "description": row.get("description", ""),
        "properties": _BLOCK | cells,
        "required": row["required"],
        "additionalProperties": _CELL,
    }


def _with_variables(schema: Json) -> Json:
    return schema | {"anyOf": [*schema["anyOf"], _HOLE]}
