"""``capalloc expand``: a scenario as a folder of plain tables."""

from __future__ import annotations

from capalloc.cli.exits import faults
from capalloc.cli.folder import write_folder
from capalloc.cli.loading import load
from capalloc.cli.options import AsJson, ForceFolder, OutputFolder, ScenarioFile
from capalloc.cli.output import inputs_spared


def expand(scenario: ScenarioFile, output: OutputFolder, force: ForceFolder = False, as_json: AsJson = False) -> None:
    """Write a scenario as a folder of tables.

    Every preset and template is resolved.

    The folder plans like the scenario it came from. Lists the files it wrote.

    \b
    Example:
      capalloc expand examples/tiny.yaml -o tables
    """
    with faults():
        from capalloc.formats.expand import expanded_names

        with inputs_spared(*(output / name for name in expanded_names())):
            loaded = load(scenario)
        write_folder(loaded, output, as_json, force)
