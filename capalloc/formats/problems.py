"""What is wrong with the input, or odd about it, as much of it as anybody reads."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import replace

from capalloc.errors import Problem

MOST_PROBLEMS = 500
"""Most problems reported at once; the rest is counted."""

MOST_ALIKE = 3
"""Most problems reported of one key of one line, and most warnings of one sort in one column."""
_FIGURES = re.compile(r"'[^']*'|[\d.,]+")


def first_problems(problems: Iterable[Problem]) -> list[Problem]:
    """The problems in order, without repetition and not more than anybody reads."""
    return _first(_few(problems, lambda problem: (problem.file, problem.line, problem.key)))


def first_warnings(warnings: Iterable[Problem]) -> list[Problem]:
    """The warnings in order, the first few of those that tell the same of many rows of a table; the rest is counted."""
    return _first(_few(warnings, lambda one: (one.file, one.key, _FIGURES.sub("", one.message))))


def _first(found: Iterable[Problem]) -> list[Problem]:
    every = list(found)
    if len(every) <= MOST_PROBLEMS:
        return every
    summary = f"{len(every):,} problems were found; the first {MOST_PROBLEMS} follow"
    return [Problem("", 0, "", summary), *every[:MOST_PROBLEMS]]


def _few(problems: Iterable[Problem], alike: Callable[[Problem], Hashable]) -> Iterator[Problem]:
    """At most three of those alike, as a template has for each of its rows; in place of a fourth, how many more."""
    ordered = sorted(set(problems))
    many = Counter(map(alike, ordered))
    seen: Counter[Hashable] = Counter()
    for problem in ordered:
        kind = alike(problem)
        seen[kind] += 1
        if seen[kind] <= MOST_ALIKE:
            yield problem
        elif seen[kind] == MOST_ALIKE + 1:
            yield replace(problem, message=f"and {many[kind] - MOST_ALIKE:,} more like these")
