"""The subjects of ``capalloc bench`` by name; each is a module of this folder with ``run(options)``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib import import_module

SUBJECTS = {"plan": 0, "examples": 0, "placement": 113}
"""The seed of each, unless one is given."""


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for; a subject passes over what means nothing to it."""

    racks: tuple[int, ...] = ()
    """Sizes to run; none: those of the subject."""
    periods: int | None = None
    demands: int | None = None
    """In place of what belongs to each size."""
    families: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()
    """Of placements to run; none: those of the subject, and of each family."""
    against: tuple[str, ...] = ()
    """Peers to run."""
    rebalancer: str = ""
    """Interpreter that has the package ``rebalancer``."""
    runs: int = 3
    """Runs of each example."""
    seed: int | None = None
    """None: that of the subject."""
    gap: float = 0.005
    """Relative gap that is asked for."""
    time_limit: float = 300.0
    """Seconds of each peer."""
    as_json: bool = False
    save: bool = False
    """Write the table into README.md of this folder."""


def run(subject: str, options: Options) -> int:
    """Run a subject; 0, or 1 where a plan of ours was not accepted. Raises ValueError for an unknown name."""
    if subject not in SUBJECTS:
        raise ValueError(f"found the subject {subject!r}, expected one of {', '.join(SUBJECTS)}")
    if options.seed is None:
        options = replace(options, seed=SUBJECTS[subject])
    code: int = import_module(f"benchmarks.{subject}").run(options)
    return code
