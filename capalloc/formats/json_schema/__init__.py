"""JSON Schema of every file, from the records of the schema: what editors complete and underline."""

from __future__ import annotations

from capalloc.formats.json_schema.kinds import FILES, KINDS, dump_schema, schema_file, schema_of

__all__ = ["FILES", "KINDS", "dump_schema", "schema_file", "schema_of"]
