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

_OF_CASES = {"fee": "fee:CONTRACT:x0.9", "demand": "demand:WORKLOAD:x0.8"}


class _Events(Record):
    """The file."""

    events: Annotated[tuple[Event, ...], Field(min_length=1)]


def load_events(path: str | Path) -> tuple[Event, ...]:
    """The events in a file, in its order: ``events: [...]`` as a scenario has them, or the list alone; presets too.

    Whether they go with a scenario is for its checks. Raises ScenarioError with all problems.
    """
    problems: list[Problem] = []
    try:
        read = read_mapping(Path(path), str(path), problems, of_list="events")
        root = with_flags(with_signed_presets(read, problems))
        events = _validated(root, problems)
    except Rejected as error:
        raise ScenarioError(first_problems([*problems, *error.problems])) from error
    if problems:
        raise ScenarioError(first_problems(problems))
    return events


def _instead(text: str) -> str:
    """How a case writes what is no event of a scenario."""
    written = next(
        (case for word, case in _OF_CASES.items() if text.startswith(f"found {word!r}, expected one of")), ""
    )
    return f"; beside the file, joined by +, it is written {written}" if written else ""


def _validated(root: Node, problems: list[Problem]) -> tuple[Event, ...]:
    try:
        return _Events.model_validate(root.plain, by_alias=True, by_name=False).events
    except ValidationError as error:
        problems += [root.problem(loc, text + _instead(text)) for loc, text in messages(_Events, error)]
        return ()
