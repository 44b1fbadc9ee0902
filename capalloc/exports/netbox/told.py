"""A difference in words, a line a change, as far as a person wants to read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from capalloc.exports.netbox.difference import RESERVATIONS, Action, Change
from capalloc.exports.netbox.remote import Row

_SIGNS = {"create": "+", "change": "~", "delete": "-"}
_WORDS: Mapping[Action, str] = {"create": "to make", "change": "to change", "delete": "to delete"}


def change_lines(changes: Sequence[Change], tenants: Mapping[int, str]) -> Iterator[str]:
    """A line for each: what is made (+), changed (~, with old and new values) or deleted (-).

    ``tenants`` are the names of those that are there, by number.
    """
    for change in changes:
        yield f"{_SIGNS[change.action]} {change.what}{_detail(change, tenants)}"


def counted(changes: Sequence[Change]) -> str:
    """How many of each kind: "3 to make, 1 to change"; "nothing" where there is none."""
    count = Counter(change.action for change in changes)
    return ", ".join(f"{count[action]:,} {words}" for action, words in _WORDS.items() if count[action]) or "nothing"


def _detail(change: Change, tenants: Mapping[int, str]) -> str:
    if change.action == "create":
        return f": {change.sent['description']}" if change.endpoint == RESERVATIONS else ""
    sent, was = _flat(change.sent, tenants), _flat(change.was, tenants)
    parts = (f"{key} {_shown(was.get(key))} -> {_shown(value)}" for key, value in sent.items())
    return f": {', '.join(parts)}" if sent else ""


def _flat(row: Row, tenants: Mapping[int, str]) -> Row:
    """Values with those of custom fields beside the others, tenants by name; without the object's number."""
    values = {key: value for key, value in row.items() if key not in ("id", "custom_fields")}
    if isinstance(values.get("tenant"), int):
        values["tenant"] = tenants[values["tenant"]]
    return values | (row.get("custom_fields") or {})


def _shown(value: object) -> str:
    if value is None or value == "":
        return "none"
    if isinstance(value, dict):
        return str(next(iter(value.values())))
    if isinstance(value, list) and len(value) > 2:
        return f"{value[0]}…{value[-1]}"
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
