"""Outages as a file of events, each beneath the notice that it comes from; objects to be named as another."""

from __future__ import annotations

from collections.abc import Iterable

import yaml

from capalloc.imports.maintenance.notices import Notice
from capalloc.imports.maintenance.outages import Outages
from capalloc.schema.event import Outage

_HEAD = """\
# Outages from maintenance notices, written by `capalloc import ics`. A scenario has them with `events: THIS FILE`;
# `capalloc whatif SCENARIO THIS FILE` tells what they change.
"""
_OBJECTS = """\
# What the objects of maintenance notices are at this site: {node: N}, {row: R}, {hall: H}, {label: {KEY: VALUE}},
# or a list of these. An object that is nothing of this site stays empty.
"""
_WIDE = 1_000_000


def events_page(outages: Outages) -> str:
    """The file of events."""
    if not outages.found:
        return f"{_HEAD}events: []\n"
    lines = [f"  # {_told(notice)}\n  - {_inline(outage)}\n" for outage, notice in outages.found]
    return f"{_HEAD}events:\n{''.join(lines)}"


def objects_page(unknown: Iterable[tuple[str, str]]) -> str:
    """A file in which objects that are not known can be named."""
    lines = [f"  {_key(name)}:  # {notice}\n" for name, notice in unknown]
    return f"{_OBJECTS}objects:\n{''.join(lines)}"


def _told(notice: Notice) -> str:
    provider = f"{notice.provider} " if notice.provider else ""
    summary = f": {notice.summary}" if notice.summary not in ("", notice.name) else ""
    return f"{provider}{notice.name}{summary} ({notice.times})"


def _inline(outage: Outage) -> str:
    record = {key: value for key, value in outage.model_dump(by_alias=True).items() if value is not None}
    if outage.label is not None:
        record["label"] = {key: list(values) for key, values in outage.label.items()}
    text: str = yaml.safe_dump(record, default_flow_style=True, sort_keys=False, allow_unicode=True, width=_WIDE)
    return text.strip()


def _key(name: str) -> str:
    text: str = yaml.safe_dump(name, default_style="'", allow_unicode=True, width=_WIDE)
    return text.strip()
