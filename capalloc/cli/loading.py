"""A scenario from its file, with what is odd about it said on stderr."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from capalloc.cli.exits import say

if TYPE_CHECKING:
    from capalloc.schema.facility import Facility
    from capalloc.schema.scenario import Scenario

BOOKS = (".xlsx", ".xlsm")
"""Endings of workbooks."""
_WARNINGS_SHOWN = 20


def load(path: Path) -> Scenario:
    """The scenario in a file; its warnings are said. Raises ScenarioError."""
    loaded = read(path)
    say_warnings(loaded)
    return loaded


def read(path: Path) -> Scenario:
    """The scenario in a file or a workbook. Raises ScenarioError."""
    if is_book(path):
        from capalloc.imports.book import load_book

        return load_book(path)
    from capalloc.formats import load_scenario

    return load_scenario(path)


def is_book(path: Path) -> bool:
    """Whether a file is a workbook, by its name."""
    return path.suffix.lower() in BOOKS


def require_book(path: Path) -> None:
    """Raise ScenarioError where a file is no workbook, by its name."""
    from capalloc.errors import Problem, ScenarioError

    if not is_book(path):
        message = f"is no name of a workbook; expected one that ends in {' or '.join(BOOKS)}"
        raise ScenarioError([Problem(str(path), 0, "", message)])


def say_warnings(record: Scenario | Facility) -> None:
    """Say what is odd about a record that was read, the first of it where it is much."""
    from capalloc.formats import warnings_of

    warnings = warnings_of(record)
    for warning in warnings[:_WARNINGS_SHOWN]:
        say(f"warning: {warning}")
    if len(warnings) > _WARNINGS_SHOWN:
        say(f"warning: and {len(warnings) - _WARNINGS_SHOWN} more like these")
