"""What the kinds of export share: a plan that keeps every rule, and files that are written and named."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from capalloc.cli.asking import Asked, base_for
from capalloc.cli.exits import say
from capalloc.cli.interrupt import cancelled_by_interrupt
from capalloc.cli.output import OutputFile, inputs_spared, require_folder_name, write_file
from capalloc.cli.stages import stages

if TYPE_CHECKING:
    from datetime import date

    from capalloc.analysis.base import Base
    from capalloc.calendar import Period
    from capalloc.exports.writing import Files

PlanFile = Annotated[
    Path | None, typer.Argument(metavar="PLAN", help="A plan of it (JSON); without it one is made first.")
]
OnePeriod = Annotated[
    str | None,
    typer.Option("--period", metavar="PERIOD", help="One period, by its label or a day in it, or a month; else all."),
]

ForceExport = Annotated[
    bool, typer.Option("--force", help="Write over files in the folder that no export wrote, or that were changed.")
]
GpusPerNode = Annotated[
    list[str] | None,
    typer.Option(
        metavar="N|TYPE=N",
        help="GPUs of a node, of all rack types or of one (repeat for more); without it a rack is one node.",
    ),
]


def exported_base(asked: Asked, output: Path, names: list[str], quiet: bool) -> Base:
    """The plan to export; ``names`` are the files that ``output`` will get.

    Raises what :func:`base_for` raises, and OSError where the folder is a file or an input would be lost.
    """
    require_folder_name(output)
    with inputs_spared(*(output / name for name in names)):
        return asked_base(asked, quiet)


def exported_to(file: OutputFile, asked: Asked, quiet: bool) -> Base:
    """The plan to export to one file. Raises as :func:`exported_base`, and where a file of another kind is there."""
    file.require_writable()
    with file.spared():
        return asked_base(asked, quiet)


def exported(asked: Asked, output: Path, files_of: Callable[[Base], Files], quiet: bool) -> Files:
    """The files of an export whose names only the plan tells. Raises as :func:`exported_base`."""
    require_folder_name(output)
    with inputs_spared() as outputs:
        files = files_of(asked_base(asked, quiet))
        outputs += [output / name for name in files]
    return files


def periods_asked(base: Base, text: str | None) -> Sequence[Period]:
    """All periods of a plan, or those that an option names. Raises ScenarioError where it names none."""
    from capalloc.analysis.base import asked_by
    from capalloc.calendar import periods_named

    periods = base.instance.periods
    return periods if text is None else asked_by(periods_named, text, periods)


def days_asked(base: Base, text: str | None) -> tuple[date, date] | None:
    """The days [start, until) of the period or month that an option names. Raises ScenarioError where there is none."""
    from capalloc.analysis.base import asked_by
    from capalloc.calendar import days_named

    return None if text is None else asked_by(days_named, text, base.instance.periods)


def asked_base(asked: Asked, quiet: bool) -> Base:
    """The plan to export, read and judged or made now. Raises what :func:`base_for` raises."""
    with stages(quiet) as progress:
        if asked.plan is not None:
            return base_for(asked, progress)
        with cancelled_by_interrupt("the best plan so far, which is then exported") as cancel:
            return base_for(asked, progress, cancel)


def write_export(folder: Path, files: Files, quiet: bool, as_json: bool, force: bool) -> None:
    """Write the files of an export and name them on stdout.

    Raises OSError, also where a file would be lost that no export wrote, unless ``force`` allows it.
    """
    from capalloc.exports.owned import foreign, left, owned
    from capalloc.exports.writing import write_files

    if not force and (lost := foreign(folder, files)):
        raise FileExistsError(errno.EEXIST, _LOST, str(lost[0]))
    with owned(folder, files):
        paths = write_files(folder, files)
    _name([str(path) for path in paths], folder, quiet, as_json)
    if earlier := [path.name for path in left(folder, files)]:
        from capalloc.report.show_parts import listed

        say(_EARLIER.format(len(earlier), folder, listed(earlier)))


_EARLIER = "an earlier export's files, which this one has not written, stay in {1} ({0:,}): {2}"
_LOST = (
    "is there already and is not as an earlier export wrote it; choose another folder, or write over it with --force"
)


def save_export(path: Path, content: str | bytes, quiet: bool, as_json: bool) -> None:
    """Write the one file of an export and name it on stdout. Raises OSError."""
    write_file(path, content)
    _name([str(path)], path.parent, quiet, as_json)


def _name(paths: list[str], folder: Path, quiet: bool, as_json: bool) -> None:
    typer.echo(json.dumps({"directory": str(folder), "files": paths}, indent=1) if as_json else "\n".join(paths))
    if not quiet:
        say(f"{len(paths)} {'file' if len(paths) == 1 else 'files'} written to {folder}")
