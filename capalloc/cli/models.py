"""``capalloc models``: what ships with the program."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import typer

from capalloc.cli.exits import faults
from capalloc.cli.options import AsJson

if TYPE_CHECKING:
    from capalloc.formats import ModelEntry


def models(as_json: AsJson = False) -> None:
    """List the models that ship.

    Facilities, rack types, contracts and workloads; confidence counts how many of their values are
    reported, derived and assumed.

    \b
    Example:
      capalloc models
    """
    with faults():
        from capalloc.formats import list_models
        from capalloc.report.catalogue import catalogue
        from capalloc.report.terminal import show

        entries = list_models()
        if as_json:
            typer.echo(json.dumps([_record(entry) for entry in entries], indent=1))
        else:
            show([catalogue(_row(entry) for entry in entries)])


def _record(entry: ModelEntry) -> dict[str, object]:
    confidence = dict(entry.confidence)
    return {"kind": entry.kind, "name": entry.name, "description": entry.description, "confidence": confidence}


def _row(entry: ModelEntry) -> tuple[str, ...]:
    confidence = ", ".join(f"{number} {word}" for word, number in entry.confidence)
    return (entry.kind, entry.name, entry.description, confidence)
