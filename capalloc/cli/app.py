"""The commands by name."""

from __future__ import annotations

from typing import Annotated

import typer

from capalloc.cli.bench import bench
from capalloc.cli.check import check
from capalloc.cli.diff import diff
from capalloc.cli.expand import expand
from capalloc.cli.explain import explain
from capalloc.cli.exporting import exporting
from capalloc.cli.figure import figure
from capalloc.cli.generate import generate
from capalloc.cli.impact import impact
from capalloc.cli.importing import importing
from capalloc.cli.init import init
from capalloc.cli.models import models
from capalloc.cli.place import place
from capalloc.cli.plan import plan
from capalloc.cli.promise import promise
from capalloc.cli.quote import quote
from capalloc.cli.report import report
from capalloc.cli.revenue import revenue
from capalloc.cli.risk import risk
from capalloc.cli.schema import schema
from capalloc.cli.show import show
from capalloc.cli.slots import slots
from capalloc.cli.surplus import surplus
from capalloc.cli.whatif import whatif

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _version(asked: bool) -> None:
    if asked:
        from capalloc.version import __version__

        typer.echo(f"capalloc {__version__}")
        raise typer.Exit


@app.callback()
def capalloc(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    """Capacity allocation for AI data centers: which rack serves whom, when, on whose megawatts.

    Results go to stdout, progress and warnings to stderr. Exit code: 0 done, 1 the plan is not
    acceptable or none exists, 2 bad input, 3 internal error.
    """


for _command in (
    plan,
    check,
    show,
    explain,
    quote,
    surplus,
    whatif,
    risk,
    promise,
    impact,
    revenue,
    diff,
    report,
    figure,
    place,
    slots,
    init,
    expand,
    schema,
    generate,
    models,
    bench,
):
    app.command()(_command)

app.add_typer(importing, name="import")
app.add_typer(exporting, name="export")
