"""JSON Schema of every file, from the records of the schema: what editors complete and underline."""

from __future__ import annotations

from capalloc.json_schema.kinds import FILES, KINDS, dump_schema, schema_file, schema_of, schemas_beside

__all__ = ["FILES", "KINDS", "dump_schema", "schema_file", "schema_of", "schemas_beside"]
