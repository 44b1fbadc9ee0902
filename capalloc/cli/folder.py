"""Writing a scenario's folder and saying what is in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from capalloc.cli.output import require_folder_name

if TYPE_CHECKING:
    from capalloc.schema.scenario import Scenario


def write_folder(scenario: Scenario, directory: Path, as_json: bool, force: bool) -> None:
    """Expand the scenario into ``directory`` and list its files on stdout."""
    from capalloc.formats import expand

    require_folder_name(directory)
    expand(scenario, directory, force=force)
    files = sorted(str(path) for path in directory.iterdir() if path.is_file())
    if as_json:
        typer.echo(json.dumps({"scenario": scenario.name, "directory": str(directory), "files": files}, indent=1))
    else:
        typer.echo("\n".join(files))
