"""Every fault the program raises on purpose.

    CapallocError
    ├── ScenarioError        the input is wrong; carries every Problem found in it
    ├── PlanFileError        a plan file cannot be read as a plan
    ├── NoAnswerError        a question has no answer, and why
    ├── TooLargeError        the scenario is too large for the exact planner
    ├── TooLittleMemoryError the work does not fit into memory, and how much it takes
    ├── MissingExtraError    an optional part is not installed, and how to install it
    ├── UnfitLibraryError    a library is of a release that cannot be called, and which can
    └── InternalError        the program broke its own promise; never the user's fault

An outcome (infeasible, out of time, partly placed) is data in the plan, never an exception.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in the input, with the place where a person can mend it."""

    file: str
    """The file as the user named it; empty when the input came from Python objects."""
    line: int
    """Line in that file, counted from 1; 0 where a line makes no sense."""
    key: str
    """Dotted path of the value, such as ``contracts.0.ramp.1.mw``; empty for the whole file."""
    message: str
    """What was found and what was expected."""

    def __str__(self) -> str:
        place = self.file + (f":{self.line}" if self.line else "")
        return ": ".join(part for part in (place, self.key, self.message) if part)


class CapallocError(Exception):
    """Base of every error that capalloc raises on purpose."""


class ScenarioError(CapallocError):
    """The input is wrong. ``problems`` holds everything that was found, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.file, problem.line, problem.key)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class PlanFileError(CapallocError):
    """A plan file is missing, broken or of another format."""


class NoAnswerError(CapallocError):
    """A question that was asked rightly has no answer; the message says why."""


class TooLargeError(CapallocError):
    """The scenario is too large for the exact planner, which is the reference for tiny ones."""


class TooLittleMemoryError(CapallocError, MemoryError):
    """The work does not fit into the memory that this process may have; the message says how much it takes."""


class MissingExtraError(CapallocError):
    """What was asked for needs an optional part of the installation; the message says which."""

    def __init__(self, wanted: str, extra: str) -> None:
        super().__init__(f"{wanted} needs what is not installed here: pip install 'capalloc[{extra}]'")


class UnfitLibraryError(CapallocError):
    """A library is of a release that this program cannot call; the message says which it can."""

    def __init__(self, library: str, found: str, wanted: str) -> None:
        super().__init__(f"{library} {found} cannot be called by this program: pip install '{library}{wanted}'")


class InternalError(CapallocError):
    """The program would have returned something that its own verifier rejects."""
