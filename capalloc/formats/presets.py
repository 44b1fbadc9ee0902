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


def with_signed_presets(root: Node, problems: list[Problem]) -> Node:
    """A mapping whose ``events`` sign contracts that may take over a preset."""
    events = root.get("events")
    if events is None or not isinstance(events.content, list):
        return root
    found = [_with_signed_preset(root, index, event, problems) for index, event in enumerate(events.content)]
    return replace(root, content=root.content | {"events": replace(events, content=found)})


def _with_signed_preset(root: Node, index: int, event: Node, problems: list[Problem]) -> Node:
    contract = event.get("contract")
    if contract is None or not isinstance(contract.content, dict):
        return event
    found = with_preset(root, ("events", index, "contract"), "contract", contract, problems)
    return replace(event, content=event.content | {"contract": found})
