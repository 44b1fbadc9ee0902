"""``capalloc report``: a plan as one page for a browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from capalloc.cli.exits import NOT_ACCEPTABLE, faults, say
from capalloc.cli.loading import load
from capalloc.cli.options import ForceFile, Quiet, ScenarioFile
from capalloc.cli.output import REPORT, OutputFile, write_file
from capalloc.cli.stages import stages
from capalloc.progress import OnProgress, Progress

if TYPE_CHECKING:
    from capalloc.analysis.picture import Pictured
    from capalloc.schema.hedged import Hedged


def report(
    scenario: ScenarioFile,
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="A plan file (JSON) for that scenario.")],
    second: Annotated[
        Path | None, typer.Argument(metavar="SECOND", help="Another, shown beside the first, with what moves.")
    ] = None,
    *,
    first_scenario: Annotated[
        Path | None,
        typer.Option("--scenario", metavar="SCENARIO", help="The first of two plans' scenario, where it is another."),
    ] = None,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The page to write (HTML).")],
    force: ForceFile = False,
    quiet: Quiet = False,
) -> None:
    """Write a plan as one page for a browser.

    The page needs no network and no other file: mail it, open it on a tablet, project it.
    With two plans: both side by side, what moves, and the second in full. Where they are of two
    versions of a scenario, SCENARIO is the second's and --scenario the first's.
    Exit code 1 where the independent check rejects the plan; the page is written and says so.

    \b
    Example:
      capalloc report examples/tiny.yaml plan.json -o plan.html
      capalloc report examples/tiny.yaml plan.json other.json -o both.html
    """
    with faults():
        file = OutputFile(output, REPORT, force)
        file.require_page()
        _require_two(first_scenario, second)
        with stages(quiet) as progress:
            with file.spared():
                plans = [pictured(first_scenario or scenario, plan, progress, "" if second is None else _OWN)]
                if second is not None:
                    plans.append(pictured(scenario, second, progress))
            if second is None:
                save_report(plans[0], output, quiet)
            else:
                _save_compared(plans[0], plans[1], _called(plan, second), output, quiet)
        rejected = any(one.verdict.verdict != "ok" for one in plans)
        if rejected:
            say(f"the independent check rejects {'the' if second is None else 'a'} plan; the report says why")
    if rejected:
        raise typer.Exit(NOT_ACCEPTABLE)


def _require_two(first_scenario: Path | None, second: Path | None) -> None:
    from capalloc.errors import Problem, ScenarioError

    if first_scenario is not None and second is None:
        message = "is the scenario of the first of two plans; expected two plans, or leave it out"
        raise ScenarioError([Problem("", 0, "--scenario", message)])


_OWN = "; --scenario takes the first plan's own"


def pictured(scenario: Path, plan: Path, progress: OnProgress, hint: str = "") -> Pictured:
    """A plan beside its scenario, judged; ``hint`` ends a warning. Raises ScenarioError or PlanFileError."""
    from capalloc.analysis.picture import Pictured
    from capalloc.formats import load_plan, scenario_sha256

    progress(Progress("load"))
    loaded, shown = load(scenario), load_plan(plan)
    other = shown.scenario_sha256 != scenario_sha256(loaded)
    if other:
        say(f"warning: {plan} was made for another scenario, or for another version of this one{hint}")
    progress(Progress("verify"))
    return Pictured(loaded, shown, of_another=other)


def _called(first: Path, second: Path) -> tuple[str, str]:
    """What a page calls two plans: by their files, with their folders where the files are named alike."""
    if first.name != second.name:
        return first.name, second.name
    one, other = (f"{path.resolve().parent.name}/{path.name}" for path in (first, second))
    return one, other


def _save_compared(first: Pictured, second: Pictured, names: tuple[str, str], path: Path, quiet: bool) -> None:
    from capalloc.analysis.diff import diff
    from capalloc.report.html import compared_html

    plans = (first, second)
    kept = all(one.verdict.verdict == "ok" for one in plans)
    known = [one.scenario for one in plans if kept and not one.of_another]
    answer = diff(first.plan, second.plan, *known, names=names)
    save_page(compared_html(first, second, answer, names), path, quiet)


def save_report(shown: Pictured, path: Path, quiet: bool, hedged: Hedged | None = None) -> None:
    """Write the page of a plan, whole or not at all, with what a hedge says of it."""
    from capalloc.report.html import report_html

    save_page(report_html(shown, hedged), path, quiet)


def save_page(page: str, path: Path, quiet: bool) -> None:
    """Write a page whole or not at all, and say so. Raises an OSError that names the file."""
    write_file(path, page)
    if not quiet:
        say(f"report written to {path}")
