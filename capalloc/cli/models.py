"""``capalloc models``: what ships with the program."""

from __future__ import annotations

import json

import typer

from capalloc.cli.faults import faults
from capalloc.cli.options import AsJson


def models(as_json: AsJson = False) -> None:
    """List the facilities, rack types, contracts and workloads that ship, with their confidence.

    \b
    Example:
      capalloc models
    """
    with faults():
        from capalloc.formats import list_models
        from capalloc.report.catalogue import catalogue
        from capalloc.report.terminal import show

        rows = [(entry.kind, entry.name, entry.description, entry.confidence or "") for entry in list_models()]
        if as_json:
            keys = ("kind", "name", "description", "confidence")
            typer.echo(json.dumps([dict(zip(keys, row, strict=True)) for row in rows], indent=1))
        else:
            show([catalogue(rows)])
