"""Many names in few words: names that count on stand as a range."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from capalloc.report.figures import count

_LAST_NUMBER = re.compile(r"(.*?)(\d+)(\D*)")
_RANGE_FROM = 3
_Run = list[str]
_Item = TypeVar("_Item")


def ranges(names: Sequence[str]) -> list[str]:
    """Names in their order, each run that counts on by one as ``b1-r1 … r8``.

    Neighbouring runs of the same numbers under names that count on are one: ``b1-r1 … b6-r8 (48)``.
    """
    return [text for blocks in _joined(list(_joined(names, _counts_on)), _same_below) for text in _written(blocks)]


def _joined(items: Sequence[_Item], follows: Callable[[_Item, _Item], bool]) -> Iterator[list[_Item]]:
    """Runs of items each of which follows the one before."""
    run: list[_Item] = []
    for item in items:
        if run and not follows(run[-1], item):
            yield run
            run = []
        run.append(item)
    if run:
        yield run


def _counts_on(name: str, after: str) -> bool:
    """Whether the last number of a name is one more in the name after it, all else being the same."""
    one, two = _LAST_NUMBER.fullmatch(name), _LAST_NUMBER.fullmatch(after)
    if one is None or two is None:
        return False
    return (one[1], one[3]) == (two[1], two[3]) and int(two[2]) == int(one[2]) + 1


def _same_below(run: _Run, after: _Run) -> bool:
    """Whether two ranges have the same numbers, under names that count on."""
    if min(len(run), len(after)) < _RANGE_FROM:
        return False
    (head, first), (next_head, next_first) = _parted(run[0]), _parted(after[0])
    return first == next_first and len(run) == len(after) and _counts_on(head, next_head)


def _parted(name: str) -> tuple[str, str]:
    """A name before its last number, and from there on."""
    found = _LAST_NUMBER.fullmatch(name)
    assert found is not None  # it is part of a range
    return found[1], found[2] + found[3]


def _written(runs: list[_Run]) -> list[str]:
    first, last = runs[0], runs[-1]
    if len(runs) > 1:
        return [f"{first[0]} … {last[-1]} ({count(sum(map(len, runs)))})"]
    if len(first) < _RANGE_FROM:
        return first
    tail = re.split("[-/_.]", first[-1])[-1]
    return [f"{first[0]} … {tail if tail[-1:].isdigit() else first[-1]}"]
