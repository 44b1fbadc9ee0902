"""A scenario from its file, with what is odd about it said on stderr."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from capalloc.cli.exits import say

if TYPE_CHECKING:
    from capalloc.schema.facility import Facility
    from capalloc.schema.scenario import Scenario

_WARNINGS_SHOWN = 20


def load(path: Path) -> Scenario:
    """The scenario in a file; its warnings are said. Raises ScenarioError."""
    from capalloc.formats import load_scenario

    loaded = load_scenario(path)
    say_warnings(loaded)
    return loaded


def say_warnings(record: Scenario | Facility) -> None:
    """Say what is odd about a record that was read, the first of it where it is much."""
    from capalloc.formats import warnings_of

    warnings = warnings_of(record)
    for warning in warnings[:_WARNINGS_SHOWN]:
        say(f"warning: {warning}")
    if len(warnings) > _WARNINGS_SHOWN:
        say(f"warning: and {len(warnings) - _WARNINGS_SHOWN} more like these")
