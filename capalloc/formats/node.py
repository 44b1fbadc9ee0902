"""Values read from a file that remember where they stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from capalloc.errors import Problem

Loc = tuple[str | int, ...]
"""Path of a value inside a record, outermost first."""


def dotted(loc: Loc) -> str:
    """A path as messages write it: ``contracts.0.ramp.1.mw``."""
    return ".".join(map(str, loc))


def in_sheet(file: str, sheet: str) -> str:
    """A file and the sheet in it, if any, as messages name them."""
    return f"{file}, sheet {sheet}" if sheet else file


class Rejected(Exception):  # noqa: N818 - it carries problems, it is not one
    """Input that cannot be read further; carries the problems found. Becomes a ScenarioError at the border."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Node:
    """A scalar, a dict of nodes or a list of nodes, with the line that it starts on."""

    file: str
    """The file as the user named it."""
    line: int
    """Counted from 1; of a mapping's value, the line of its key."""
    content: Any
    """A text, number, bool or None; ``dict[str, Node]``; or ``list[Node]``."""
    size: int = 1
    """Nodes in it, itself included, with every alias written out."""
    base: Loc | None = None
    """For a value taken over from another file: its path in that file."""
    written: str = ""
    """Of a number with decimals, how the file writes it."""
    sheet: str = ""
    """Of a value in a workbook, the sheet that it stands in; its line is the row."""

    @property
    def plain(self) -> Any:
        """The value without its places."""
        if isinstance(self.content, dict):
            return {key: child.plain for key, child in self.content.items()}
        if isinstance(self.content, list):
            return [child.plain for child in self.content]
        return self.content

    def get(self, key: str) -> Node | None:
        """The child under ``key`` of a mapping; None where there is none."""
        return self.content.get(key) if isinstance(self.content, dict) else None

    def items(self) -> Iterator[tuple[str, Node]]:
        """The children of a mapping; nothing for anything else."""
        yield from self.content.items() if isinstance(self.content, dict) else ()

    def elements(self) -> Iterator[Node]:
        """The children of a list; nothing for anything else."""
        yield from self.content if isinstance(self.content, list) else ()

    def problem(self, loc: Loc, message: str, *, own: bool = False) -> Problem:
        """A problem at ``loc`` below this node, or at the nearest value above it that the file has.

        Steps that the file does not have keep their place in the dotted key when they are missing keys, and
        drop out when they are tags of a union. With ``own`` the problem stays in this node's own file, at
        the entry that takes over a value from another one.
        """
        node, key = self, list(self.base or ())
        for depth, step in enumerate(loc):
            child = node._child(step)
            if own and child is not None and child.file != self.file:
                key += loc[depth:]
                break
            if child is None:
                key += [] if depth < len(loc) - 1 or node._tagged(step) else [step]
                continue
            key = [*key, step] if child.base is None else list(child.base)
            node = child
        return Problem(node.place, node.line, dotted(tuple(key)), message)

    @property
    def place(self) -> str:
        """The file, and the sheet in it."""
        return in_sheet(self.file, self.sheet)

    def _child(self, step: str | int) -> Node | None:
        if isinstance(self.content, dict):
            return self.content.get(step)
        if isinstance(self.content, list) and isinstance(step, int) and 0 <= step < len(self.content):
            child: Node = self.content[step]
            return child
        return None

    def _tagged(self, step: str | int) -> bool:
        tag = self.get("type")
        return tag is not None and tag.content == step
