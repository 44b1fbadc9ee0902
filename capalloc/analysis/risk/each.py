"""Samples as time reveals them, through an engine: those in which the same becomes known are followed once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

from capalloc.analysis.risk.known import Path, Step
from capalloc.cancel import CancelToken
from capalloc.progress import OnProgress, Progress
from capalloc.runner import Ended, Engine, Standing, run
from capalloc.runner.engine import Function
from capalloc.runner.local import local

Shared = TypeVar("Shared")
Answer = TypeVar("Answer")

_SAID = 50
"""How often is said how far the work is."""


def of_each(
    paths: Sequence[Path],
    shared: Shared,
    function: Function[Shared, Path, Answer],
    *,
    jobs: int | None,
    engine: Engine | None,
    cancel: CancelToken | None,
    progress: OnProgress | None,
    patience_s: float,
    saying: str = "",
) -> list[Ended[Answer] | None]:
    """How each sample ended, in order; None for those left undone. ``saying`` comes before how many are done."""
    known: dict[tuple[Step, ...], Path] = {}
    for path in paths:
        known.setdefault(path.steps, path)
    distinct, number = list(known.values()), {steps: number for number, steps in enumerate(known)}
    alike = Counter(path.steps for path in paths)
    ended = run(
        distinct,
        shared,
        function,
        engine or local(jobs, len(distinct)),
        heard=_telling([alike[path.steps] for path in distinct], saying, progress),
        cancel=cancel,
        patience_s=patience_s,
    )
    return [ended[number[path.steps]] for path in paths]


def _telling(
    samples: Sequence[int], saying: str, progress: OnProgress | None
) -> Callable[[int, Ended[Answer], Standing], None]:
    """Says how far the work is; ``samples`` are those of each path."""
    done, said, total = 0, 0, sum(samples)

    def heard(number: int, ended: Ended[Answer], standing: Standing) -> None:
        nonlocal done, said
        done += samples[number]
        if progress is not None and (not said or done == total or done >= said + total / _SAID):
            said = done
            progress(Progress(f"{saying}{done:,} of {total:,} samples followed", seconds_left=standing.seconds_left))

    return heard
