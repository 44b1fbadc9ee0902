"""Where a command computes many cases: options that name it, and the engine that they mean."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from capalloc.runner import Engine


class EngineName(StrEnum):
    """Where cases are planned."""

    LOCAL = "local"
    DASK = "dask"


EngineChoice = Annotated[EngineName, typer.Option("--engine", help="This machine, or a Dask cluster.")]
Scheduler = Annotated[
    str | None, typer.Option("--scheduler", metavar="tcp://HOST:PORT", help="The Dask cluster's scheduler.")
]


def engine_of(name: EngineName, scheduler: str | None, jobs: int | None) -> Engine | None:
    """The cluster that is asked for; None for this machine. Raises ScenarioError where options do not go together."""
    from capalloc.errors import Problem, ScenarioError

    if (name is EngineName.DASK) != (scheduler is not None):
        message = "--engine dask and --scheduler tcp://HOST:PORT go together; expected both, or neither"
        raise ScenarioError([Problem("", 0, "--engine", message)])
    if scheduler is None:
        return None
    from capalloc.runner.cluster import Cluster

    return Cluster(scheduler, jobs)
