"""``capalloc export netbox``: who has which rack, and when, for NetBox."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from capalloc.cli.asking import Asked
from capalloc.cli.exits import faults, say
from capalloc.cli.exporting.shared import ForceExport, PlanFile, asked_base, exported_base, write_export
from capalloc.cli.options import AsJson, Quiet, ScenarioFile, Seed, TimeLimit
from capalloc.cli.stages import stages
from capalloc.progress import Progress

if TYPE_CHECKING:
    from datetime import date

    from capalloc.analysis.base import Base
    from capalloc.exports.netbox.applying import Compared

_AIM = (
    "give -o DIR for files that NetBox imports, or --apply URL for a running NetBox; "
    "--yes, --branch and --take-back go with that"
)


def netbox(
    scenario: ScenarioFile,
    plan: PlanFile = None,
    *,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="DIR", help="Folder for CSV files; made when missing.")
    ] = None,
    apply: Annotated[
        str | None,
        typer.Option("--apply", metavar="URL", help="A running NetBox: show what differs; its token in NETBOX_TOKEN."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="With --apply: write what differs.")] = False,
    branch: Annotated[
        str | None,
        typer.Option("--branch", metavar="NAME", help="With --apply: into a branch of NetBox's branching plugin."),
    ] = None,
    take_back: Annotated[
        bool,
        typer.Option("--take-back", help="With --apply: racks whose tenant people changed after a plan, too."),
    ] = False,
    period: Annotated[
        str | None,
        typer.Option(
            "--period",
            metavar="PERIOD",
            help="When racks and statuses are seen: a day, or the first of a period or month; else the plan's first.",
        ),
    ] = None,
    seed: Seed = 0,
    time_limit: TimeLimit = None,
    force: ForceExport = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Write who has which rack, and when, as CSV for NetBox's imports or into a running NetBox.

    With --apply nothing is written until --yes is given too: what differs is shown. Written are racks' tenants
    and custom fields, their status where a delivery is to come, reservations, and tenants that are missing.
    A tenant or reservation that no plan wrote stays, as does a tenant that people changed after a plan.

    \b
    Examples:
      capalloc export netbox examples/tiny.yaml plan.json -o netbox
      capalloc export netbox examples/tiny.yaml plan.json --apply https://netbox.example.org
    """
    with faults():
        from capalloc.exports.netbox.tables import NAMES

        asked = Asked(scenario, plan, seed=seed, time_limit=time_limit)
        if output is not None and apply is None and not (yes or take_back) and branch is None:
            _write_tables(exported_base(asked, output, list(NAMES), quiet), output, period, quiet, as_json, force)
        elif apply is not None and output is None:
            _apply(asked, Applying(apply, period, branch, yes, take_back), quiet, as_json)
        else:
            _refuse_aim()


def _refuse_aim() -> NoReturn:
    from capalloc.errors import Problem, ScenarioError

    raise ScenarioError([Problem("", 0, "", _AIM)])


def _write_tables(base: Base, output: Path, period: str | None, quiet: bool, as_json: bool, force: bool) -> None:
    from capalloc.exports.netbox import netbox_files
    from capalloc.imports.missing import Tally, missing_lines

    tally = Tally()
    write_export(output, netbox_files(base, _day(base, period), tally), quiet, as_json, force)
    for line in missing_lines(tally.missing()):
        say(line)


@dataclass(frozen=True, slots=True)
class Applying:
    """What is asked for with ``--apply``."""

    url: str
    period: str | None
    branch: str | None
    yes: bool
    take_back: bool


def _apply(asked: Asked, applying: Applying, quiet: bool, as_json: bool) -> None:
    from capalloc.exports.netbox.applying import compared
    from capalloc.exports.netbox.remote import server_at
    from capalloc.imports.netbox.live import NETBOX

    server = server_at(applying.url, os.environ.get(NETBOX.token_variable, ""))
    server.require_answer()
    base = asked_base(asked, quiet)
    with stages(quiet) as progress:
        progress(Progress("reading NetBox"))
        on = _day(base, applying.period)
        both = compared(base, server, on, applying.branch, take_back=applying.take_back)
        if not as_json:
            _show(both)
        if applying.yes and both.difference.changes:
            _write(both, progress)
    if as_json:
        typer.echo(json.dumps(_plain(both, applying), indent=1))
    say(_ending(both, applying.yes))


def _write(both: Compared, progress: Callable[[Progress], None]) -> None:
    """Write what differs; an interrupt says how far it came."""
    count = 0

    def written(done: int, of: int) -> None:
        nonlocal count
        count = done
        progress(Progress(f"writing to NetBox, {done:,} of {of:,} changes"))

    try:
        both.write(written)
    except KeyboardInterrupt:
        most = f"{count:,} of {len(both.difference.changes):,} changes are written"
        say(f"{most}, and perhaps those that were on their way; run again to write the rest")
        raise


def _plain(both: Compared, applying: Applying) -> dict[str, object]:
    from capalloc.imports.missing import plain_missing

    changes = [asdict(change) for change in both.difference.changes]
    missing = plain_missing(both.difference.missing)
    answer = {"url": both.server.url, "branch": applying.branch, "written": applying.yes}
    return {**answer, "changes": changes, "missing": missing}


def _day(base: Base, period: str | None) -> date | None:
    from capalloc.analysis.base import asked_by
    from capalloc.calendar import day_named

    return None if period is None else asked_by(day_named, period, base.instance.periods)


def _show(both: Compared) -> None:
    """What differs on stdout, what NetBox is not told on stderr."""
    from capalloc.exports.netbox.told import change_lines
    from capalloc.imports.missing import missing_lines

    for line in change_lines(both.difference.changes, both.tenants):
        typer.echo(line)
    for line in missing_lines(both.difference.missing):
        say(line)


def _ending(both: Compared, yes: bool) -> str:
    from capalloc.exports.netbox.told import counted

    where = f"the branch {both.branch} of {both.server.url}" if both.branch else both.server.url
    if not both.difference.changes:
        return f"{where} says what the plan says: nothing to write"
    count = counted(both.difference.changes)
    return f"{count}: written to {where}" if yes else f"{count} at {where}; nothing is written until --yes is given"
