"""Checks of frozen records that are made once for each object, however often they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import ref

from capalloc.schema.record import Record

Checked = TypeVar("Checked", bound=Record)
Answer = TypeVar("Answer")


def once(check: Callable[[Checked], Answer]) -> Callable[[Checked], Answer]:
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
