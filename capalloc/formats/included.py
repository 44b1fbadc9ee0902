"""Events in files of their own, named where a scenario has its events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from capalloc.errors import Problem
from capalloc.formats.document import read_mapping
from capalloc.formats.node import Node, Rejected
from capalloc.formats.reading import inside
from capalloc.formats.scalar import shown

KEY = "events"
_ENDINGS = (".yaml", ".yml", ".json")
"""Of texts that are paths; any other text is no event."""


def with_included_events(root: Node, folder: Path, problems: list[Problem]) -> Node:
    """A scenario whose ``events``, or any of them, may be the path of a file of events; these stand in its place."""
    events = root.get(KEY)
    if events is None or not (_is_path(events) or isinstance(events.content, list)):
        return root
    listed = events.content if isinstance(events.content, list) else [events]
    found = [
        event
        for index, one in enumerate(listed)
        for event in (_included(root, index, one, folder, problems) if _is_path(one) else (one,))
    ]
    return replace(root, content=root.content | {KEY: replace(events, content=found)})


def _is_path(node: Node) -> bool:
    return isinstance(node.content, str) and node.content.lower().endswith(_ENDINGS)


def _included(root: Node, index: int, named: Node, folder: Path, problems: list[Problem]) -> Iterator[Node]:
    """The events of a file, each with its path in it."""
    loc = (KEY, index) if isinstance(root.content[KEY].content, list) else (KEY,)
    try:
        path = inside(folder, named.content)
        events = read_mapping(path, str(path), problems, of_list=KEY).get(KEY)
    except ValueError as error:
        problems.append(root.problem(loc, str(error)))
        return
    except Rejected as error:
        problems += error.problems
        return
    if events is None or not isinstance(events.content, list):
        other = "nothing" if events is None else shown(events.plain)
        problems.append(Problem(str(path), 0, KEY, f"found {other}, expected a list of events"))
        return
    yield from (replace(event, base=(KEY, number)) for number, event in enumerate(events.content))
