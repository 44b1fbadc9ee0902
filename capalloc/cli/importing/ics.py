"""``capalloc import ics``: maintenance notices as outages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from capalloc.cli.exits import faults, say
from capalloc.cli.loading import load
from capalloc.cli.options import AsJson, ForceFile, ScenarioFile
from capalloc.cli.output import EVENTS, OutputFile, write_file

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from capalloc.imports.maintenance import Objects, Outages
    from capalloc.imports.missing import Missing
    from capalloc.schema.scenario import Scenario


def ics(
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="A calendar (.ics), or a folder of them.")],
    scenario: ScenarioFile,
    *,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The file of events to write (YAML).")],
    objects: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="What objects of notices are at the site (YAML); begun where it is missing."),
    ] = None,
    time_zone: Annotated[
        str | None,
        typer.Option(
            metavar="ZONE", help="Where the site's days are, as America/Chicago; else each notice's own zone."
        ),
    ] = None,
    tentative: Annotated[bool, typer.Option("--tentative", help="Notices that are not confirmed count too.")] = False,
    reduced_redundancy: Annotated[
        bool, typer.Option(help="What takes redundancy alone counts: racks with a feed there serve nobody.")
    ] = True,
    degraded: Annotated[bool, typer.Option(help="What takes a part of the capacity counts as all of it.")] = True,
    force: ForceFile = False,
    as_json: AsJson = False,
) -> None:
    """Make outages of the maintenance notices in a calendar.

    Objects of notices are looked for among names of power nodes, halls and rows, and among labels; else
    the place of an event counts, or what its summary names. What is no outage, or of nothing that the
    site has, is counted on stderr.

    \b
    Example:
      capalloc import ics notices.ics examples/tiny.yaml -o outages.yaml
    """
    with faults():
        from capalloc.imports.maintenance import Wanted, events_page, outages_of, read_notices
        from capalloc.imports.missing import Tally, missing_lines

        file = OutputFile(output, EVENTS, force)
        file.require_name(".yaml", ".yml")
        file.require_writable()
        with file.spared():
            loaded, tally = load(scenario), Tally()
            notices = read_notices(_calendars(source), loaded.horizon.end, _zone(time_zone), tally)
            known = _objects(loaded, objects)
            found = outages_of(loaded, notices, known, Wanted(tentative, reduced_redundancy, degraded), tally)
        write_file(output, events_page(found))
        _begin_objects(objects, found)
        for line in missing_lines(tally.missing()):
            say(line)
        _say_of(found, loaded.horizon.period)
        _tell(output, found, tally.missing(), as_json)


def _calendars(source: Path) -> list[Path]:
    """The calendars of a folder, or the one that a path is. Raises ScenarioError where a folder has none."""
    from capalloc.errors import Problem, ScenarioError

    if not source.is_dir():
        return [source]
    found = sorted(path for path in source.iterdir() if path.suffix.lower() in (".ics", ".ical"))
    if not found:
        raise ScenarioError([Problem(str(source), 0, "", "found no calendar in the folder, expected files *.ics")])
    return found


def _zone(name: str | None) -> ZoneInfo | None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from capalloc.errors import Problem, ScenarioError

    try:
        return None if name is None else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        expected = "expected the name of a time zone, as America/Chicago or UTC"
        raise ScenarioError([Problem("", 0, "--time-zone", f"found {name!r}, {expected}")]) from error


def _objects(scenario: Scenario, path: Path | None) -> Objects:
    from capalloc.imports.maintenance import Objects, read_objects

    return Objects(scenario.facility, read_objects(path) if path is not None and path.exists() else {})


def _say_of(found: Outages, period: str) -> None:
    """What counts for more than the notices say."""
    if found.short:
        said = "outage is" if found.short == 1 else "outages are"
        counts = "counts" if found.short == 1 else "count"
        say(f"{found.short} {said} shorter than a {period}, and {counts} for the whole {period} in this scenario")
    if found.reduced:
        said, none = ("outage takes", "it is none") if found.reduced == 1 else ("outages take", "they are none")
        say(f"{found.reduced} {said} redundancy alone; with --no-reduced-redundancy {none}")


def _begin_objects(path: Path | None, found: Outages) -> None:
    """Write the file in which objects can be named, where it is asked for and missing."""
    from capalloc.imports.maintenance import objects_page

    if path is not None and not path.exists() and found.unknown:
        write_file(path, objects_page(found.unknown))
        number = len(found.unknown)
        said = "1 object; say there what it is" if number == 1 else f"{number} objects; say there what they are"
        say(f"{path}: begun with {said}, and import again")


def _tell(output: Path, found: Outages, missing: tuple[Missing, ...], as_json: bool) -> None:
    if not as_json:
        typer.echo(f"{output}: {len(found.found)} {'outage' if len(found.found) == 1 else 'outages'}")
        return
    from capalloc.imports.missing import plain_missing

    events = [outage.model_dump(mode="json", by_alias=True, exclude_none=True) for outage, _ in found.found]
    typer.echo(json.dumps({"file": str(output), "events": events, "missing": plain_missing(missing)}, indent=1))
