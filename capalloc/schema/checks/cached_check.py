"""Checks of frozen records whose answers are kept: each object is checked once, however often it is asked for.

A scenario is checked when it is loaded, compiled, planned and verified. It does not change in between, so that its
identity is the key; an equal record is another object and checked anew.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import ref

from capalloc.schema.record import Record

Checked = TypeVar("Checked", bound=Record)
Answer = TypeVar("Answer")


def cached_check(check: Callable[[Checked], Answer]) -> Callable[[Checked], Answer]:
    """The check with its answer kept for as long as the record lives; a copy of the record is checked anew."""
    known: dict[int, tuple[ref[Checked], Answer]] = {}

    @wraps(check)
    def asked(record: Checked) -> Answer:
        key = id(record)
        if key not in known:
            answer = check(record)
            known[key] = ref(record, lambda _: known.pop(key, None)), answer
        return known[key][1]

    return asked
