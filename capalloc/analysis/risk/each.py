"""Samples as time reveals them, through an engine: those in which the same becomes known are followed once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile
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


@dataclass(frozen=True, slots=True)
class Running:
    """Where samples are followed, how long is waited for one, and who hears of it."""

    jobs: int | None = None
    """At a time; None: as many as there are cores."""
    engine: Engine | None = None
    """None: processes of this machine."""
    cancel: CancelToken | None = None
    progress: OnProgress | None = None
    patience_s: float = 600.0
    """A sample that takes longer does not end by itself."""


def of_each(
    paths: Sequence[Path],
    shared: Shared,
    function: Function[Shared, Path, Answer | None],
    running: Running,
    *,
    failed: Callable[[str], Answer],
    saying: str = "",
) -> list[tuple[Path, Answer]]:
    """Samples with what each came to, in their order; fewer where somebody stopped.

    Then those before the first that was left undone: which of them are done early hangs on how alike they are, and
    those that are like many others would weigh too much. ``failed`` makes an answer of what a worker has died of;
    ``saying`` comes before how many are done.
    """
    known: dict[tuple[Step, ...], Path] = {}
    for path in paths:
        known.setdefault(path.steps, path)
    distinct, number = list(known.values()), {steps: number for number, steps in enumerate(known)}
    alike = Counter(path.steps for path in paths)
    ended = run(
        distinct,
        shared,
        function,
        running.engine or local(running.jobs, len(distinct)),
        heard=_telling([alike[path.steps] for path in distinct], saying, running.progress),
        cancel=running.cancel,
        patience_s=running.patience_s,
    )
    answers = ((path, _answer(ended[number[path.steps]], failed)) for path in paths)
    return [(path, answer) for path, answer in takewhile(lambda one: one[1] is not None, answers) if answer is not None]


def _answer(ended: Ended[Answer | None] | None, failed: Callable[[str], Answer]) -> Answer | None:
    if ended is None:
        return None
    return ended.answer if ended.failure is None else failed(ended.failure)


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
