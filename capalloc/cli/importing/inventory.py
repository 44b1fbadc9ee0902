"""What imports of inventories share: a mapping file, tables, and what did not come across."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from capalloc.cli.exits import say
from capalloc.cli.output import require_folder_name, write_file

if TYPE_CHECKING:
    from capalloc.imports.inventory.records import Inventory
    from capalloc.imports.missing import Tally


def import_inventory(
    read: Callable[[Tally], Inventory],
    system: str,
    output: Path,
    mapping: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Read an inventory, write the tables of its site, and say what did not come across.

    Raises ScenarioError and OSError.
    """
    from capalloc.formats import expand
    from capalloc.imports.inventory.convert import scenario_of
    from capalloc.imports.inventory.mapping import MappingFile, read_mapping_file
    from capalloc.imports.missing import Tally, missing_lines, missing_page

    require_folder_name(output)
    words = mapping or output / f"{system}.yaml"
    said = read_mapping_file(words) if mapping is not None or words.exists() else MappingFile()
    tally = Tally()
    scenario = scenario_of(read(tally), said, tally)
    missing = tally.missing()
    expand(scenario, output, force=force)
    write_file(output / "import.md", missing_page(missing, f"What did not come across from {system}"))
    for line in missing_lines(missing):
        say(line)
    files = sorted(str(path) for path in output.iterdir() if path.is_file())
    if as_json:
        counts = [{"what": one.what, "count": one.count, "where": one.where, "mend": one.mend} for one in missing]
        typer.echo(json.dumps({"directory": str(output), "files": files, "missing": counts}, indent=1))
    else:
        typer.echo("\n".join(files))
