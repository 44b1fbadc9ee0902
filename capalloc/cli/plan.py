"""``capalloc plan``: the plan of a scenario, as tables, as JSON, as a file."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from capalloc.cli.clean_stdout import clean_stdout
from capalloc.cli.exits import NOT_ACCEPTABLE, faults, say
from capalloc.cli.hedging import hedged_plan, refuse_beside, show_hedge
from capalloc.cli.interrupt import cancelled_by_interrupt
from capalloc.cli.loading import load
from capalloc.cli.options import AsJson, ForceFile, ScenarioFile, share_asked
from capalloc.cli.output import PLAN, REPORT, OutputFile
from capalloc.cli.stages import stages
from capalloc.memory import LEAST_MB, memory_for
from capalloc.progress import Progress

if TYPE_CHECKING:
    from capalloc.cancel import CancelToken
    from capalloc.exact.params import ExactParams
    from capalloc.planner.params import PlannerParams
    from capalloc.schema.hedged import Hedged
    from capalloc.schema.scenario import Scenario
    from capalloc.solve import Result


def plan(
    scenario: ScenarioFile,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write the plan to this file as well.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Seed; the same seed gives the same plan.")] = 0,
    time_limit: Annotated[
        float | None, typer.Option(min=0, metavar="SECONDS", help="Stop improving after this long; 60 unless given.")
    ] = None,
    gap: Annotated[
        float | None,
        typer.Option(
            parser=share_asked,
            metavar="SHARE",
            help="A plan this near to the proven bound is good enough: 0.005, or 0.5%.",
        ),
    ] = None,
    prospect: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Plan this prospect too (repeat for more).")
    ] = None,
    allow_displacing: Annotated[
        bool, typer.Option("--allow-displacing", help="Prospects may displace signed contracts.")
    ] = False,
    exact: Annotated[bool, typer.Option("--exact", help="Optimise over single racks; for tiny scenarios.")] = False,
    hedged: Annotated[
        bool, typer.Option("--hedge", help="Decide the first periods for what is best over samples of `uncertainty`.")
    ] = False,
    all_periods: Annotated[bool, typer.Option("--all-periods", help="One line for every period.")] = False,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help="Write the plan as a page for a browser (HTML).")
    ] = None,
    force: ForceFile = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr; warnings stay.")] = False,
    as_json: AsJson = False,
) -> None:
    """Plan a scenario, month by month.

    Tells who gets which rack when, and what that earns.

    With --hedge, whom racks serve before uncertainty.decide_until (or in the first period) is what is
    best over samples of all that is not sure; --json then tells what is expected of the plan.

    It ends at the --gap asked for; without one, after the first seconds, at 0.5 %, or where the last third
    of its work brought little; or at the time limit. The page says which, and what more time might bring.
    Some seconds more go by where there was no good plan at the limit, and for checking and writing.

    Nothing is written without -o or --report. Exit code 1 when no plan exists.

    \b
    Example:
      capalloc plan examples/tiny.yaml -o plan.json
    """
    with faults():
        say_idle_displacing(allow_displacing, prospect)
        if hedged:
            refuse_beside({"--prospect": prospect, "--allow-displacing": allow_displacing, "--exact": exact})
        file, page = OutputFile(output, PLAN, force), OutputFile(report, REPORT, force)
        file.require_writable()
        page.require_page()
        page.require_apart(file)
        with stages(quiet) as progress:
            progress(Progress("load"))
            prospects = frozenset(prospect or ())
            with file.spared(), page.spared():
                loaded = load_with_prospects(scenario, prospects)
            from capalloc.solve import solve

            params, expected = _params(seed, time_limit, gap, exact), None
            with clean_stdout(), cancelled_by_interrupt("the best plan so far") as cancel:
                if hedged:
                    expected, result = hedged_plan(loaded, params, cancel, progress)
                else:
                    result = solve(
                        loaded,
                        prospects=prospects,
                        allow_displacing=allow_displacing,
                        params=params,
                        cancel=cancel,
                        progress=progress,
                    )
                if result.outcome.reason == "infeasible":
                    progress(Progress("looking for what conflicts"))
                    result = _diagnosed(
                        result, loaded, prospects, cancel, _explaining(scenario, prospects, allow_displacing)
                    )
        for warning in result.own_warnings:
            say(f"warning: {warning}")
        _save(result, output, quiet)
        _save_report(loaded, result, report, quiet, expected)
        _say_stopped(result, output)
        if expected is not None:
            show_hedge(expected, as_json)
        code = 0 if hedged and as_json else _show_json(result) if as_json else _show(loaded, result, all_periods)
    if code:
        raise typer.Exit(code)


def say_idle_displacing(allowed: bool, prospects: list[str] | None) -> None:
    """Say that ``--allow-displacing`` alone allows nothing."""
    if allowed and not prospects:
        say("warning: --allow-displacing does nothing without --prospect NAME: only prospects asked for displace")


def _diagnosed(
    result: Result, scenario: Scenario, prospects: frozenset[str], cancel: CancelToken, command: str
) -> Result:
    """The result that there is no plan, with what ``explain`` finds first."""
    from capalloc.analysis.explain import diagnose

    found = diagnose(scenario, prospects=prospects, cancel=cancel)
    says = "looks for what conflicts" if found is None else "says what would repair it"
    detail = f"{found or result.outcome.detail}; `{command}` {says}"
    return replace(result, outcome=result.outcome.replace(detail=detail))


def _explaining(scenario: Path, prospects: frozenset[str], allow_displacing: bool) -> str:
    """The command that explains the same question."""
    asked = [word for name in sorted(prospects) for word in ("--prospect", name)]
    displacing = ["--allow-displacing"] * allow_displacing
    return shlex.join(["capalloc", "explain", str(scenario), *asked, *displacing])


def load_with_prospects(path: Path, prospects: frozenset[str]) -> Scenario:
    """The scenario, to be planned; raises a ScenarioError when it is wrong or has no such prospects.

    Raises a TooLittleMemoryError where solvers, which are loaded next, would end the process without a word.
    """
    with memory_for(LEAST_MB):
        loaded = load(path)
    require_known(prospects, loaded, path)
    return loaded


def _params(seed: int, time_limit: float | None, gap: float | None, exact: bool) -> PlannerParams | ExactParams:
    from capalloc.exact.params import ExactParams
    from capalloc.planner.params import PlannerParams

    params = ExactParams(seed=seed) if exact else PlannerParams(seed=seed, gap=gap)
    return params if time_limit is None else replace(params, time_limit=time_limit)


def require_known(prospects: frozenset[str], scenario: Scenario, path: Path) -> None:
    """Raise a ScenarioError when a name is no prospect of the scenario."""
    from capalloc.errors import Problem, ScenarioError

    known = sorted(contract.name for contract in scenario.contracts if scenario.is_prospect(contract))
    unknown = sorted(prospects - set(known))
    expected = (
        f"expected one of {', '.join(known)}"
        if known
        else "this scenario has no prospects (contracts with a probability below 1)"
    )
    if unknown:
        raise ScenarioError(Problem(str(path), 0, "--prospect", f"found {name!r}, {expected}") for name in unknown)


def _save(result: Result, output: Path | None, quiet: bool) -> None:
    if output is None or result.plan is None:
        return
    from capalloc.formats import save_plan

    save_plan(result.plan, output)
    if not quiet:
        say(f"plan written to {output}")


def _save_report(
    scenario: Scenario, result: Result, path: Path | None, quiet: bool, hedged: Hedged | None = None
) -> None:
    if path is None:
        return
    if result.plan is None:
        say("there is no plan, so no report was written")
        return
    from capalloc.analysis.picture import Pictured
    from capalloc.cli.report import save_report

    save_report(Pictured(scenario, result.plan, result.instance, result.verdict), path, quiet, hedged)


def _say_stopped(result: Result, output: Path | None) -> None:
    """After Ctrl-C, what was kept."""
    from capalloc.schema.status import StopReason

    if result.outcome.reason is not StopReason.INTERRUPTED:
        return
    if result.plan is None:
        say("stopped before any plan was found; no file was written")
        return
    from capalloc.report.figures import gap_between, usd

    away = gap_between(result.plan.objective_usd, result.plan.bound_usd, result.plan.gap)
    kept = f"{usd(result.plan.objective_usd)}, {away}, verified"
    kept += ", before the order of priorities was decided" * bool(result.plan.undecided)
    say(f"stopped: the best plan so far, {kept}; {f'written to {output}' if output else 'not saved, for want of -o'}")


def _show_json(result: Result) -> int:
    if result.plan is None:
        from capalloc.schema.status import Status, StopReason

        status = Status.INFEASIBLE if result.outcome.reason is StopReason.INFEASIBLE else None
        outcome = result.outcome.model_dump(mode="json")
        typer.echo(json.dumps({"status": status, "termination": outcome}, indent=1))
        return NOT_ACCEPTABLE
    from capalloc.formats import dump_plan

    typer.echo(dump_plan(result.plan), nl=False)
    return 0


def _show(scenario: Scenario, result: Result, all_periods: bool) -> int:
    from capalloc.report.page import no_plan_page, plan_page
    from capalloc.report.terminal import show

    if result.plan is None:
        show(no_plan_page(scenario, result.outcome))
        return NOT_ACCEPTABLE
    from capalloc.analysis.show.headroom import headroom
    from capalloc.metrics import measure

    metrics = measure(scenario, result.plan, result.instance)
    places = headroom(scenario, result.plan, result.instance)
    show(plan_page(scenario, result.plan, result.verdict, metrics, all_periods, places))
    return 0
