"""What is wrong with the input, as much of it as anybody reads."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from capalloc.errors import Problem

MOST_PROBLEMS = 500
"""Most problems reported at once; the rest is counted."""

MOST_ALIKE = 3
"""Most problems reported of one key of one line."""


def first_problems(problems: list[Problem]) -> list[Problem]:
    """The problems in order, without repetition and not more than anybody reads."""
    found = _few_of_each_key(sorted(set(problems)))
    if len(found) <= MOST_PROBLEMS:
        return found
    summary = f"{len(found):,} problems were found; the first {MOST_PROBLEMS} follow"
    return [Problem("", 0, "", summary), *found[:MOST_PROBLEMS]]


def _few_of_each_key(problems: list[Problem]) -> list[Problem]:
    """At most three problems of one key of one line, as a template has for each of its rows; the others are counted."""
    kept: list[Problem] = []
    for _, group in groupby(problems, key=lambda problem: (problem.file, problem.line, problem.key)):
        same = list(group)
        kept += same[:MOST_ALIKE]
        if len(same) > MOST_ALIKE:
            kept.append(replace(same[0], message=f"and {len(same) - MOST_ALIKE:,} more like these"))
    return kept
