"""Writing a scenario's folder and saying what is in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
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
    _list(files, {"scenario": scenario.name, "directory": str(directory)}, as_json)


def write_site_files(directory: Path, files: Mapping[str, str], as_json: bool, force: bool) -> None:
    """Write the files of a site into ``directory`` and list them on stdout."""
    from capalloc.formats.expand import write_site

    require_folder_name(directory)
    write_site(directory, files, force=force)
    _list(sorted(str(directory / name) for name in files), {"directory": str(directory)}, as_json)


def _list(files: Iterable[str], about: dict[str, str], as_json: bool) -> None:
    typer.echo(json.dumps({**about, "files": files}, indent=1) if as_json else "\n".join(files))
