"""``capalloc plan --hedge``: what goes with it, the plan, and what is expected of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from capalloc.cancel import CancelToken
    from capalloc.exact.params import ExactParams
    from capalloc.planner.params import PlannerParams
    from capalloc.progress import OnProgress
    from capalloc.schema.hedged import Hedged
    from capalloc.schema.scenario import Scenario
    from capalloc.solve import Result


def refuse_beside(options: Mapping[str, object]) -> None:
    """Raise a ScenarioError for options that are given and do not go with ``--hedge``."""
    from capalloc.errors import Problem, ScenarioError

    given = [option for option, value in options.items() if value]
    if given:
        message = "found together with --hedge; expected one of the two: samples sign prospects by their chance"
        raise ScenarioError(Problem("", 0, option, message) for option in given)


def hedged_plan(
    scenario: Scenario, params: PlannerParams | ExactParams, cancel: CancelToken, progress: OnProgress
) -> tuple[Hedged, Result]:
    """The hedged plan."""
    from capalloc.analysis.hedge import hedge
    from capalloc.planner.params import PlannerParams

    assert isinstance(params, PlannerParams)
    return hedge(scenario, params=params, cancel=cancel, progress=progress)


def show_hedge(answer: Hedged, as_json: bool) -> None:
    """What is expected of the plan: for machines, or as tables above it."""
    if as_json:
        typer.echo(answer.model_dump_json(indent=1, by_alias=True))
        return
    from capalloc.report.hedge import hedge_page
    from capalloc.report.terminal import show

    show(hedge_page(answer))
