"""``capalloc init``: a small site to begin with."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from capalloc.cli.exits import faults
from capalloc.cli.folder import write_site_files
from capalloc.cli.names import shipped_facilities, shipped_rack_types
from capalloc.cli.options import AsJson, ForceFolder, OutputFolder

if TYPE_CHECKING:
    from capalloc.imports.starter import Wish


class Redundancy(StrEnum):
    """How racks hang on UPS."""

    N = "n"
    TWO_N = "2n"
    THREE_N_TWO = "3n2"
    FOUR_N_THREE = "4n3"
    CATCHER = "catcher"


def _month(text: str) -> date:
    """A day or month, as options and answers write it."""
    from capalloc.calendar import parse_day

    try:
        return parse_day(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def _whole(text: str) -> int:
    """A whole number, as answers write it."""
    try:
        return int(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a whole number") from error


_QUESTIONS: tuple[tuple[str, str, Callable[[str], Any], Callable[[Wish], Any]], ...] = (
    ("name", "Name of the site", str, lambda wish: wish.name),
    ("racks", "Racks that stand", _whole, lambda wish: wish.racks),
    ("deliveries", "Racks to come in the fourth month", _whole, lambda wish: wish.new_racks),
    ("rack_type", "Rack type (`capalloc models` lists them)", str, lambda wish: wish.rack_type),
    ("halls", "Halls", _whole, lambda wish: wish.halls),
    ("scheme", "Redundancy of the UPS: n, 2n, 3n2, 4n3 or catcher", str, lambda wish: wish.scheme),
    ("tenant", "Who leases racks", str, lambda wish: wish.tenant),
    ("leased", "Racks that the tenant ramps to (0: none)", _whole, lambda wish: wish.lease_racks),
    ("start", "First month to plan", _month, lambda wish: f"{wish.start:%Y-%m}"),
)
"""What is asked: which wish, in words, how an answer is read, and what is usual after the answers before it."""


def init(
    output: OutputFolder,
    copied: Annotated[
        str | None,
        typer.Option("--from", metavar="MODEL", help="Copy a facility that ships.", autocompletion=shipped_facilities),
    ] = None,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="Name of the site (mine).")] = None,
    racks: Annotated[int | None, typer.Option(min=1, metavar="N", help="Racks that stand (16).")] = None,
    deliveries: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="Racks to come in the fourth month (a quarter of those).")
    ] = None,
    rack_type: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="A rack type that ships (gb200-nvl72).", autocompletion=shipped_rack_types),
    ] = None,
    halls: Annotated[int | None, typer.Option(min=1, metavar="N", help="Halls (1).")] = None,
    redundancy: Annotated[
        Redundancy | None, typer.Option(metavar="SCHEME", help="Of the UPS: n, 2n, 3n2, 4n3 or catcher (2n).")
    ] = None,
    tenant: Annotated[str | None, typer.Option(metavar="NAME", help="Who leases racks (Example AI).")] = None,
    lease: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="Racks that the tenant ramps to, or 0 (half of them).")
    ] = None,
    start: Annotated[
        date | None, typer.Option(metavar="MONTH", parser=_month, help="First month to plan (2027-01).")
    ] = None,
    months: Annotated[int, typer.Option(min=1, max=120, metavar="N", help="Months to plan.")] = 12,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing: take what is usual.")] = False,
    force: ForceFolder = False,
    as_json: AsJson = False,
) -> None:
    """Write a small site to begin with.

    Commented, complete, planable: scenario.yaml, facility.yaml and its tables, to be edited, and the schemas by which
    editors complete and underline. Asks for what no option gives; without a terminal what is usual is taken (in
    brackets). `--from` copies a facility that ships as tables, with a scenario for all its racks.

    \b
    Example:
      capalloc init -o mine
      capalloc init -o mine --racks 40 --redundancy 4n3 --yes
      capalloc init -o copy --from colossus1
    """
    with faults():
        from capalloc.imports.starter import Wish, copied_files, starter_files
        from capalloc.json_schema import schemas_beside

        given: dict[str, Any] = {
            "name": name,
            "racks": racks,
            "deliveries": deliveries,
            "rack_type": rack_type,
            "halls": halls,
            "scheme": redundancy and redundancy.value,
            "tenant": tenant,
            "leased": lease,
            "start": start,
        }
        wishes = {key: value for key, value in given.items() if value is not None} | {"months": months}
        if copied is not None:
            _require_no_more(wishes)
            files = copied_files(copied, Wish(**wishes))
        else:
            files = starter_files(_asked(wishes) if _at_a_terminal() and not yes else Wish(**wishes))
        write_site_files(output, files | schemas_beside(), as_json, force)


_OF_COPIES = {"start", "months"}
_FLAGS = {"scheme": "--redundancy", "leased": "--lease", "rack_type": "--rack-type"}


def _require_no_more(wishes: dict[str, Any]) -> None:
    """Raise ScenarioError where a copy is to have what only a new site can be asked for."""
    from capalloc.errors import Problem, ScenarioError

    flags = [_FLAGS.get(key, f"--{key}") for key in wishes if key not in _OF_COPIES]
    if flags:
        sentence = f"copies a facility as it is; leave out {', '.join(flags)}, and edit the tables of the copy"
        raise ScenarioError([Problem("--from", 0, "", sentence)])


def _at_a_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _asked(wishes: dict[str, Any]) -> Wish:
    """The wish after questions for what is not given; an answer that cannot be is asked for again."""
    from capalloc.imports.starter import Wish

    wish = Wish(**wishes)
    for key, question, read, usual in _QUESTIONS:
        if key not in wishes:
            wish = _answer(question, usual(wish), _reader(wishes, key, read))
    return wish


def _answer(question: str, usual: object, read: Callable[[str], Wish]) -> Wish:
    """What the answer makes of the wish; Ctrl-C and the end of input interrupt the command."""
    try:
        wish: Wish = typer.prompt(question, default=usual, value_proc=read, err=True)
    except typer.Abort as error:
        typer.echo(err=True)
        raise KeyboardInterrupt from error
    return wish


def _reader(wishes: dict[str, Any], key: str, read: Callable[[str], Any]) -> Callable[[str], Wish]:
    """Takes an answer into the wishes."""
    from capalloc.errors import ScenarioError
    from capalloc.imports.starter import Wish

    def reader(text: str) -> Wish:
        try:
            wish = Wish(**wishes, **{key: read(str(text))})
        except (ScenarioError, ValueError) as error:
            raise typer.BadParameter(str(error)) from error
        wishes[key] = getattr(wish, key)
        return wish

    return reader
