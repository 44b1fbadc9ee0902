"""Contracts and workloads that take over keys of a model that ships."""

from __future__ import annotations

from dataclasses import replace

from capalloc.errors import Problem
from capalloc.formats.library import Kind, read_model, unknown_model
from capalloc.formats.node import Loc, Node, Rejected


def with_preset(root: Node, loc: Loc, kind: Kind, entry: Node, problems: list[Problem]) -> Node:
    """The entry at ``loc`` of a file with the keys that it does not give itself taken over from its preset."""
    named = entry.get("preset")
    if named is None:
        return entry
    given = {key: child for key, child in entry.items() if key != "preset"}
    try:
        preset = read_model(kind, named.content, problems) if isinstance(named.content, str) else None
    except Rejected as error:
        problems += error.problems
        return replace(entry, content=given)
    if preset is None:
        problems.append(root.problem((*loc, "preset"), unknown_model(kind, str(named.plain))))
        return replace(entry, content=given)
    return replace(entry, content=preset.content | given)
