"""Many names in few words: names that count on stand as a range."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_NUMBERED = re.compile(r"(.*?)(\d+)")
_RANGE_FROM = 3


def ranges(names: Sequence[str]) -> list[str]:
    """Each run of names that count on by one as ``a-r1 … r8``, other names as they are, in their order."""
    return [text for run in _runs(names) for text in _written(run)]


def _runs(names: Sequence[str]) -> Iterator[list[str]]:
    run: list[str] = []
    for name in names:
        if run and not _follows(run[-1], name):
            yield run
            run = []
        run.append(name)
    if run:
        yield run


def _follows(name: str, after: str) -> bool:
    one, two = _NUMBERED.fullmatch(name), _NUMBERED.fullmatch(after)
    return one is not None and two is not None and one[1] == two[1] and int(two[2]) == int(one[2]) + 1


def _written(run: list[str]) -> list[str]:
    if len(run) < _RANGE_FROM:
        return run
    return [f"{run[0]} … {re.split('[-/_.]', run[-1])[-1]}"]
