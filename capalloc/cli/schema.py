"""``capalloc schema``: the JSON Schema of a kind of file."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from capalloc.cli.exits import faults


class FileKind(StrEnum):
    """Kinds of files that have a schema."""

    SCENARIO = "scenario"
    FACILITY = "facility"
    RACK_TYPE = "rack_type"
    CONTRACT = "contract"
    WORKLOAD = "workload"
    EVENTS = "events"
    REQUEST = "request"
    MAPPING = "mapping"
    PLAN = "plan"
    VERDICT = "verdict"
    EXPLAIN = "explain"
    SHOW = "show"
    QUOTE = "quote"
    SURPLUS = "surplus"
    RISK = "risk"
    WHATIF = "whatif"
    IMPACT = "impact"
    REVENUE = "revenue"
    DIFF = "diff"
    PLACE = "place"


_KINDS = ", ".join(FileKind)


def schema(kind: Annotated[FileKind, typer.Argument(metavar="KIND", help=f"One of {_KINDS}.")]) -> None:
    """Print the JSON Schema of a kind of file.

    Made from the records that read files and write answers. An editor with the YAML language server completes
    and underlines a file that begins with `# yaml-language-server: $schema=` and the schema's path.

    \b
    Example:
      capalloc schema scenario > scenario.schema.json
    """
    with faults():
        from capalloc.json_schema import dump_schema

        typer.echo(dump_schema(kind.value), nl=False)
