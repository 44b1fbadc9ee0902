"""Manifests with one fault each."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

Path = tuple[str | int, ...]
_TOO_LONG = "x" * 400
_ODD: tuple[Any, ...] = (None, True, 1.5, -1, "", "UPPER", "a b", "a/b/c", _TOO_LONG, [], {}, [1], {"x": 1})


def mutants(manifest: Any) -> Iterator[tuple[Path, str, Any]]:
    """(where, what was done there, the manifest): values left out, replaced, made many; keys that nothing has."""
    for path, value in _places(manifest, ()):
        for what, other in _instead(value):
            if path or isinstance(other, dict):
                yield path, what, _changed(manifest, path, other)
        if path:
            yield path, "left out", _changed(manifest, path, None, left_out=True)


def _instead(value: Any) -> Iterator[tuple[str, Any]]:
    """(what was done, what stands there instead) of a value."""
    if isinstance(value, dict):
        yield "a key too many", value | {"unknownKey": 1}
        yield "many keys", value | {f"k{number}": "v" for number in range(70)}
    if isinstance(value, list) and value:
        yield "repeated", value * 70
    for odd in _ODD:
        yield f"{str(odd)[:20]!r}", odd


def _places(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    yield path, value
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _places(below, (*path, key))
    if isinstance(value, list):
        for number, below in enumerate(value):
            yield from _places(below, (*path, number))


def _changed(manifest: Any, path: Path, value: Any, *, left_out: bool = False) -> Any:
    if not path:
        return value
    made = copy.deepcopy(manifest)
    inner = made
    for key in path[:-1]:
        inner = inner[key]
    if left_out:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return made
