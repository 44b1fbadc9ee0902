"""Events in a file of their own, as further ones beside a scenario's."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from capalloc.errors import Problem, ScenarioError
from capalloc.formats.document import read_mapping
from capalloc.formats.flags import with_flags
from capalloc.formats.node import Node, Rejected
from capalloc.formats.presets import with_signed_presets
from capalloc.formats.problems import first_problems
from capalloc.formats.wording import messages
from capalloc.schema.event import Event
from capalloc.schema.record import Record


class _Events(Record):
    """The file."""

    events: Annotated[tuple[Event, ...], Field(min_length=1)]


def load_events(path: str | Path) -> tuple[Event, ...]:
    """The events in a file, in its order: ``events: [...]`` as a scenario has them, presets of contracts too.

    Whether they go with a scenario is for its checks. Raises ScenarioError with all problems.
    """
    problems: list[Problem] = []
    try:
        root = with_flags(with_signed_presets(read_mapping(Path(path), str(path), problems), problems))
        events = _validated(root, problems)
    except Rejected as error:
        raise ScenarioError(first_problems([*problems, *error.problems])) from error
    if problems:
        raise ScenarioError(first_problems(problems))
    return events


def _validated(root: Node, problems: list[Problem]) -> tuple[Event, ...]:
    try:
        return _Events.model_validate(root.plain, by_alias=True, by_name=False).events
    except ValidationError as error:
        problems += [root.problem(loc, text) for loc, text in messages(_Events, error)]
        return ()
