"""YAML in: a tree of nodes with lines, numbers as YAML 1.2 reads them, nothing expanded without bound."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from capalloc.errors import Problem
from capalloc.formats.node import Loc, Node, Rejected, dotted
from capalloc.formats.reading import MEGABYTE, read_text
from capalloc.formats.scalar import plain_word, shown

YAML_BYTES = 8 * MEGABYTE
"""Largest YAML file that is read."""
MOST_NODES = 500_000
"""Most values in a file, with every alias written out."""
DEEPEST = 60
"""Deepest nesting."""

_AFTER_COMMA = re.compile(r"[0-9]+(?:\.[0-9]+)?")
"""What a comma inside a number leaves as the next key of a line in braces: ``kw: 130,000``, ``utilization: 0,8``."""
_THOUSANDS = re.compile(r"[0-9]{3}(?:\.[0-9]+)?")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_STRING_TAGS = (None, "!", "tag:yaml.org,2002:str")
_MOST_PROBLEMS = 200
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
_WRAPPER = frozenset({"value", "source", "confidence"})
_CONFIDENCE = ("reported", "derived", "assumed")


def read_mapping(path: Path, file: str, problems: list[Problem], *, of_list: str | None = None) -> Node:
    """The mapping that a YAML file holds; Rejected where it holds anything else.

    A list alone stands under the key ``of_list``, where one is given.

    ``{value: ..., source: ..., confidence: ...}`` stands for its value. Problems that leave the rest
    readable (a key given twice, an unknown confidence) are appended to ``problems``.
    """
    root = parse(read_text(path, file, YAML_BYTES), file, problems)
    if of_list is not None and isinstance(root.content, list):
        root = replace(root, content={of_list: root})
    if not isinstance(root.content, dict):
        raise Rejected(Problem(file, root.line, "", f"found {_kind(root)}, expected a mapping of keys to values"))
    return unwrapped(root, problems)


def refuse_kind(root: Node, own: frozenset[str], others: frozenset[str], sentence: str) -> None:
    """Rejected with one sentence where a file is of another kind: it has keys of that kind, and none that are its own.

    Without it, each of its keys would be an unknown one.
    """
    keys = {key for key, _ in root.items()}
    if keys & others and not keys & own:
        raise Rejected(Problem(root.file, 0, "", sentence))


def parse(text: str, file: str, problems: list[Problem]) -> Node:
    """The tree of one YAML document, wrappers kept; of a key given twice the first stays."""
    try:
        return _Composer(text, file, problems).document()
    except yaml.MarkedYAMLError as error:
        mark: Any = error.problem_mark or error.context_mark
        message = " ".join(part for part in (error.context, error.problem) if part)
        raise Rejected(Problem(file, mark.line + 1 if mark else 0, "", f"is not YAML: {message}")) from error
    except yaml.YAMLError as error:
        message = str(error).splitlines()[0] if str(error) else "unreadable"
        raise Rejected(Problem(file, 0, "", f"is not YAML: {message}")) from error


def unwrapped(node: Node, problems: list[Problem], loc: Loc = ()) -> Node:
    """The tree with ``{value, source, confidence}`` mappings replaced by their values."""
    if isinstance(node.content, list):
        children = [unwrapped(child, problems, (*loc, index)) for index, child in enumerate(node.content)]
        return replace(node, content=children)
    if not isinstance(node.content, dict):
        return node
    if "value" in node.content and node.content.keys() <= _WRAPPER:
        problems += _wrapper_faults(node, loc)
        return replace(unwrapped(node.content["value"], problems, loc), line=node.line)
    entries = {key: unwrapped(child, problems, (*loc, key)) for key, child in node.content.items()}
    return replace(node, content=entries)


def _wrapper_faults(node: Node, loc: Loc) -> Iterator[Problem]:
    for key, child in node.items():
        place = (node.file, child.line, dotted((*loc, key)))
        if key == "source" and not isinstance(child.content, str):
            yield Problem(*place, f"found {shown(child.plain)}, expected text")
        if key == "confidence" and child.content not in _CONFIDENCE:
            yield Problem(*place, f"found {shown(child.plain)}, expected {' | '.join(_CONFIDENCE)}")


def _kind(node: Node) -> str:
    if isinstance(node.content, list):
        return "a list"
    if node.content is None:
        return "an empty file"
    return f"the text {shown(node.content)}" if isinstance(node.content, str) else f"the value {shown(node.content)}"


class _Composer:
    """Builds nodes from parser events, so that no depth and no alias is followed without a bound."""

    def __init__(self, text: str, file: str, problems: list[Problem]) -> None:
        self._file = file
        self._problems = problems
        self._events: Iterator[Any] = yaml.parse(text, Loader=_Loader)
        self._anchors: dict[str, Node] = {}
        self._nodes = 0

    def document(self) -> Node:
        root: Node | None = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    raise self._fault(event, "holds a second document ('---'), expected one")
                root = self._node(next(self._events), ())
        return Node(self._file, 1, None) if root is None else root

    def _node(self, event: Any, loc: Loc, line: int = 0) -> Node:
        line = line or _line(event)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, line)
        if len(loc) > DEEPEST:
            raise self._fault(event, f"is nested deeper than {DEEPEST} levels")
        if isinstance(event, yaml.ScalarEvent):
            content = self._scalar(event)
            node = Node(self._file, line, content, written=event.value if isinstance(content, float) else "")
        elif isinstance(event, yaml.SequenceStartEvent):
            children = list(self._elements(loc))
            node = Node(self._file, line, children, 1 + sum(child.size for child in children))
        else:
            entries = self._entries(loc)
            node = Node(self._file, line, entries, 1 + sum(child.size for child in entries.values()))
        self._count(event, 1)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _elements(self, loc: Loc) -> Iterator[Node]:
        index = 0
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            yield self._node(event, (*loc, index))
            index += 1

    def _entries(self, loc: Loc) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        before = ""
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self._fault(event, "a key must be a plain word")
            key, line = event.value, _line(event)
            value = self._node(next(self._events), (*loc, key), line)
            if value.content is None and self._ends_a_number(entries, before, key, loc):
                continue
            before = key
            if key in entries:
                message = f"the key is given twice, first on line {entries[key].line}"
                self._problems.append(Problem(self._file, line, dotted((*loc, key)), message))
                if len(self._problems) > _MOST_PROBLEMS:
                    raise self._fault(event, "is read no further: too many keys are given twice")
            entries.setdefault(key, value)
        return entries

    def _ends_a_number(self, entries: dict[str, Node], before: str, key: str, loc: Loc) -> bool:
        """Whether a key without a value is the end of the number before it; that is a problem, and told."""
        whole = entries[before].content if before in entries else None
        if not isinstance(whole, int) or isinstance(whole, bool) or not _AFTER_COMMA.fullmatch(key):
            return False
        thousands = whole and _THOUSANDS.fullmatch(key)
        meant = f"{whole}{key}" if thousands else f"{whole}.{key}"
        ways = f"{meant} or {whole}_{key}" if thousands else f"{meant}, or [{whole}, {key}] for a list"
        message = f"found {whole},{key}: a comma parts entries here; write {ways}"
        self._problems.append(Problem(self._file, entries[before].line, dotted((*loc, before)), message))
        entries[before] = replace(entries[before], content=plain_word(meant))
        return True

    def _alias(self, event: Any, line: int) -> Node:
        anchored = self._anchors.get(event.anchor)
        if anchored is None:
            raise self._fault(event, f"the alias *{event.anchor} names no value that is complete before it")
        self._count(event, anchored.size)
        return Node(self._file, line, anchored.content, anchored.size, written=anchored.written)

    def _scalar(self, event: Any) -> Any:
        if event.tag not in _STRING_TAGS:
            raise self._fault(event, f"the tag {event.tag} is not read here; write the value plainly")
        if _NO_TEXT.search(event.value):
            raise self._fault(event, "holds a NUL or half a character (a lone surrogate)")
        return plain_word(event.value) if event.implicit[0] and event.tag is None else event.value

    def _count(self, event: Any, nodes: int) -> None:
        self._nodes += nodes
        if self._nodes > MOST_NODES:
            raise self._fault(event, f"holds more than {MOST_NODES:,} values once its aliases are written out")

    def _fault(self, event: Any, message: str) -> Rejected:
        return Rejected(Problem(self._file, _line(event), "", message))


def _line(event: Any) -> int:
    line: int = event.start_mark.line + 1
    return line
