"""What imports of inventories share: a mapping file, tables, and what did not come across."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from capalloc.cli.exits import say
from capalloc.cli.output import inputs_spared, require_folder_name, write_file
from capalloc.cli.stages import stages
from capalloc.errors import ScenarioError
from capalloc.progress import Progress

if TYPE_CHECKING:
    from capalloc.imports.inventory.convert import Converted
    from capalloc.imports.inventory.mapping import MappingFile
    from capalloc.imports.inventory.records import Inventory
    from capalloc.imports.missing import Missing, Tally
    from capalloc.imports.rest.server import Progress as Reading

Sites = Annotated[
    list[str] | None, typer.Option("--site", metavar="NAME", help="This site alone, by name or slug; may be repeated.")
]
Locations = Annotated[
    list[str] | None,
    typer.Option("--location", metavar="NAME", help="This location alone, with those inside it; may be repeated."),
]
MappingOption = Annotated[
    Path | None,
    typer.Option(
        "--mapping",
        metavar="FILE",
        help="What the source cannot hold (YAML); DIR/netbox.yaml or DIR/nautobot.yaml unless given.",
    ),
]
_LIST = "import.md"


@dataclass(frozen=True, slots=True)
class Importing:
    """What is imported, and where to."""

    system: str
    source: str
    sites: tuple[str, ...]
    locations: tuple[str, ...]
    output: Path
    mapping: Path | None
    force: bool

    @property
    def mapping_file(self) -> Path:
        """The mapping file, which may not be there yet."""
        return self.mapping or self.output / f"{self.system}.yaml"


def import_inventory(asked: Importing, read: Callable[[MappingFile, Tally], Inventory], as_json: bool) -> None:
    """Read an inventory, write the tables of its site, and say what did not come across.

    Raises ScenarioError and OSError.
    """
    from capalloc.formats.expand import expanded_names
    from capalloc.imports.inventory.chosen import part_of
    from capalloc.imports.inventory.convert import converted
    from capalloc.imports.inventory.mapping import MappingFile, read_mapping_file
    from capalloc.imports.missing import Tally
    from capalloc.imports.rest.server import without_user

    require_folder_name(asked.output)
    there = asked.mapping is not None or asked.mapping_file.exists()
    words, tally = read_mapping_file(asked.mapping_file) if there else MappingFile(), Tally()
    with inputs_spared(*(asked.output / name for name in (*expanded_names(), _LIST))):
        inventory = part_of(read(words, tally), asked.sites, asked.locations, without_user(asked.source), tally)
    _write(asked, converted(inventory, words, tally), tally.missing(), as_json)


def _write(asked: Importing, found: Converted, missing: tuple[Missing, ...], as_json: bool) -> None:
    """Write the site, the mapping file where there is none, and what did not come across; name the files.

    Raises ScenarioError where the site would not load; what is missing is written and said all the same.
    """
    from capalloc.formats.expand import expanded_files, write_site
    from capalloc.imports.inventory.kept import SCENARIO, kept_files
    from capalloc.imports.inventory.words import mapping_page
    from capalloc.imports.missing import missing_lines, missing_page
    from capalloc.schema.checks.site import facility_faults

    problems = [fault.problem() for fault in facility_faults(found.scenario.facility)]
    files, kept = expanded_files(found.scenario), kept_files(asked.output)
    if problems:
        asked.output.mkdir(parents=True, exist_ok=True)
    else:
        write_site(asked.output, files, force=asked.force, kept=kept)
    if not asked.mapping_file.exists():
        write_file(asked.mapping_file, mapping_page(found, asked.system))
    write_file(asked.output / _LIST, missing_page(missing, f"What did not come across from {asked.system}"))
    for line in missing_lines(missing):
        say(line)
    if problems:
        raise ScenarioError(problems)
    if (asked.output / SCENARIO).read_bytes() != files[SCENARIO].encode():
        say(f"{asked.output / SCENARIO} is kept as it is; without it, the import writes a new one")
    _list_files(asked.output, missing, as_json)


def _list_files(folder: Path, missing: tuple[Missing, ...], as_json: bool) -> None:
    files = sorted(str(path) for path in folder.iterdir() if path.is_file())
    if as_json:
        from capalloc.imports.missing import plain_missing

        typer.echo(json.dumps({"directory": str(folder), "files": files, "missing": plain_missing(missing)}, indent=1))
    else:
        typer.echo("\n".join(files))


@contextmanager
def reading_shown(quiet: bool) -> Iterator[Reading]:
    """Shows which objects are being read, and how many there are."""
    with stages(quiet) as shown:

        def progress(endpoint: str, read: int, count: int | None) -> None:
            words = endpoint.replace("-", " ")
            shown(Progress(f"reading {words}" if count is None else f"reading {count:,} {words}"))

        yield progress
