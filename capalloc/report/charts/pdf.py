"""The same PDF for the same drawing: what writes them numbers and orders fonts differently from run to run."""

from __future__ import annotations

import re
from itertools import groupby, pairwise

_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")
_ENTRY = re.compile(rb"(\d{10}) \d{5} n")
_OBJECT = re.compile(rb"\s*(\d+) 0 obj")
_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
_RESOURCE = re.compile(rb"\s*/\w+ \d+ 0 R")
_STREAM = b"\nstream"


def in_order(pdf: bytes) -> bytes:
    """The same document, its objects numbered as they are met from its root, their resources by name.

    Layout after ISO 32000-1, 7.5: a header, objects, a table of where each begins, and a trailer.
    """
    found = _START.search(pdf)
    assert found is not None
    table = int(found[1])
    starts = sorted(int(offset) for offset in _ENTRY.findall(pdf[table:]))
    objects = dict(_read(pdf[start:end]) for start, end in pairwise([*starts, table]))
    trailer = pdf[pdf.index(b"trailer", table) : found.start()]
    number = {old: new for new, old in enumerate(_met(trailer, objects), 1)}
    body = [pdf[: starts[0]]]
    body += [b"%d 0 obj" % new + _renumbered(objects[old][0], number) + objects[old][1] for old, new in number.items()]
    begins, at = [], 0
    for one in body:
        at += len(one)
        begins.append(at)
    entries = b"".join(b"%010d 00000 n\r\n" % offset for offset in begins[:-1])
    head = b"xref\n0 %d\n0000000000 65535 f\r\n" % len(body)
    trailer = re.sub(rb"/Size \d+", b"/Size %d" % len(body), _renumbered(trailer, number))
    return b"".join((*body, head, entries, trailer, b"startxref\n%d\n%%%%EOF" % at))


def _read(one: bytes) -> tuple[int, tuple[bytes, bytes]]:
    """The number of an object, what it says, its resources by name, and its stream."""
    found = _OBJECT.match(one)
    assert found is not None
    end = one.find(_STREAM)
    said, stream = (one[found.end() :], b"") if end < 0 else (one[found.end() : end], one[end:])
    lines: list[bytes] = []
    for resource, group in groupby(said.split(b"\n"), key=lambda line: _RESOURCE.fullmatch(line) is not None):
        kept = list(group)
        lines += sorted(kept) if resource else kept
    return int(found[1]), (b"\n".join(lines), stream)


def _met(trailer: bytes, objects: dict[int, tuple[bytes, bytes]]) -> list[int]:
    """Numbers of objects as a reader meets them, depth first."""
    met: dict[int, None] = {}
    waiting = [int(one) for one in reversed(_REFERENCE.findall(trailer))]
    while waiting:
        one = waiting.pop()
        if one not in met:
            met[one] = None
            waiting += [int(other) for other in reversed(_REFERENCE.findall(objects[one][0]))]
    return list(met)


def _renumbered(said: bytes, number: dict[int, int]) -> bytes:
    return _REFERENCE.sub(lambda found: b"%d 0 R" % number[int(found[1])], said)
