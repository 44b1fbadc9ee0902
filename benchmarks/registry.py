"""The subjects of ``capalloc bench`` by name; each is a module of this folder with ``run(options)``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib import import_module

from .home import IN_CHECKOUT

SUBJECTS = {"plan": 0, "seeds": 0, "examples": 0, "hedge": 0, "placement": 113}
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
    seed: int = 0
    """The first one of ``seeds`` and ``hedge``."""
    seeds: int = 10
    shapes: tuple[str, ...] = ("months",)
    """Of sites to plan with every seed."""
    halls: int = 4
    own_limit: float | None = None
    """Seconds of our planner and the previous one, in place of their default."""
    previous: str = ""
    """Folder of the capalloc before this one, as a further peer."""
    gap: float = 0.005
    """Relative gap that is asked for."""
    time_limit: float = 300.0
    """Seconds of each peer."""
    as_json: bool = False
    save: bool = False
    """Write the table into README.md of this folder."""


def run(subject: str, options: Options, seed: int | None = None) -> int:
    """Run a subject with a seed, unless given its own; 0, or 1 where a plan of ours was not accepted.

    Raises ValueError for an unknown name, and where it cannot save.
    """
    if subject not in SUBJECTS:
        raise ValueError(f"found the subject {subject!r}, expected one of {', '.join(SUBJECTS)}")
    if options.save and not IN_CHECKOUT:
        raise ValueError("--save writes benchmarks/README.md of a checkout, and this capalloc is an installed one")
    module = import_module(f".{subject}", __package__)
    code: int = module.run(replace(options, seed=SUBJECTS[subject] if seed is None else seed))
    return code
