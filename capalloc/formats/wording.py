"""What pydantic finds wrong, in words for the person who wrote the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from capalloc.formats.node import Loc
from capalloc.formats.scalar import percent_hint, shown, thousands_hint
from capalloc.spelling import ALIKE, folded, nearest

_UNITS: tuple[tuple[str, ...], ...] = (
    ("w", "kw", "mw", "gw", "va", "kva", "mva"),
    ("days", "day", "months", "month", "weeks", "hours", "years", "year", "week", "hour"),
    ("usd", "eur", "cents", "musd", "busd"),
    ("share", "percent", "pct", "fraction"),
)
"""Words for the same kind of quantity."""
_REMARKS = ("source", "confidence")
_ALIKE_UNITS = 0.5
"""A unit alone has two letters: one of them may be wrong."""
_WORD = re.compile(r"\w+")
_PLAIN = {
    "missing": "is missing",
    "float_type": "expected a number",
    "int_type": "expected a whole number",
    "int_from_float": "expected a whole number",
    "string_type": "expected text; write it in quotes if it is meant as text",
    "string_too_short": "expected at least one character",
    "bool_type": "expected true or false",
    "finite_number": "expected a finite number",
    "tuple_type": "expected a list",
    "dict_type": "expected a mapping of keys to values",
    "model_type": "expected a mapping of keys to values",
    "model_attributes_type": "expected a mapping of keys to values",
    "union_tag_not_found": "is missing; expected one of notice, outage, delay, supply, sign",
}
_MEMBER = re.compile(r"<\w+\.\w+: ('[^']*')>")
"""How pydantic writes a member of an enum where only some members are allowed."""
_SURELY_PERCENT = 2
"""A share of more than 1 may be one in excess, from here on it is meant in percent."""
_AT_MOST = ("maximum", "exclusiveMaximum")
"""How a JSON schema writes a limit."""
_BOUNDS = {
    "greater_than_equal": ("ge", "{} or more"),
    "greater_than": ("gt", "more than {}"),
    "less_than_equal": ("le", "{} or less"),
    "less_than": ("lt", "less than {}"),
}


def messages(model: type[BaseModel], error: ValidationError) -> Iterator[tuple[Loc, str]]:
    """(path, sentence) for everything that ``error`` found wrong with a ``model``."""
    details = error.errors(include_url=False)
    inside = {detail["loc"][:depth] for detail in details for depth in range(len(detail["loc"]))}
    for detail in details:
        if detail["type"] == "too_short" and detail["loc"] in inside:
            continue  # short of the elements that are at fault themselves
        text = sentence(model, detail)
        yield (*detail["loc"], *_subject(detail, text)), text


def _subject(detail: ErrorDetails, text: str) -> tuple[str, ...]:
    """The key that a sentence on a whole record names first, so that the problem points at its line."""
    if detail["type"] in ("union_tag_invalid", "union_tag_not_found"):
        return ("type",)
    if detail["type"] != "value_error" or not isinstance(detail["input"], dict):
        return ()
    return tuple(word for word in _WORD.findall(text) if word in detail["input"])[:1]


def sentence(model: type[BaseModel], detail: ErrorDetails) -> str:
    """What was found and what was expected."""
    kind, found, context = detail["type"], detail["input"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        record = record_at(model, detail["loc"][:-1])
        return unknown_key(str(detail["loc"][-1]), keys_of(record) if record else ())
    if kind in ("missing", "union_tag_not_found"):
        return _PLAIN[kind]
    if kind in ("value_error", "assertion_error"):
        return str(context.get("error", detail["msg"]))
    if kind == "union_tag_invalid":
        found = context["tag"]
    return f"found {_found(found)}, {_expected(detail, context)}{_meant_as_share(model, detail)}"


def _meant_as_share(model: type[BaseModel], detail: ErrorDetails) -> str:
    """How to write the share that a percentage means; nothing where none is meant."""
    kind, found = detail["type"], detail["input"]
    if kind in ("less_than_equal", "less_than") and found >= _SURELY_PERCENT:
        found = f"{found}%"
    elif kind != "float_type":
        return ""
    record = record_at(model, detail["loc"][:-1])
    return percent_hint(found) if record and detail["loc"][-1] in share_keys(record) else ""


def _expected(detail: ErrorDetails, context: dict[str, Any]) -> str:
    kind = detail["type"]
    if kind in _BOUNDS:
        key, phrase = _BOUNDS[kind]
        return f"expected {phrase.format(format(context[key], 'g'))}"
    if kind == "too_short":
        return f"expected at least {context['min_length']} element"
    if kind in ("literal_error", "enum"):
        values = _MEMBER.sub(r"\1", str(context["expected"]))
        return f"expected {values.replace(chr(39), '')}"
    if kind == "union_tag_invalid":
        return f"expected one of {str(context['expected_tags']).replace(chr(39), '')}"
    hint = thousands_hint(detail["input"]) if kind in ("float_type", "int_type") else ""
    return _PLAIN.get(kind, detail["msg"]) + hint


def _found(value: Any) -> str:
    if isinstance(value, dict):
        return f"a mapping with the keys {', '.join(map(str, value))}" if value else "an empty mapping"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}" if value else "an empty list"
    return shown(value)


def unknown_key(key: str, known: tuple[str, ...]) -> str:
    """The sentence on a key that is not known, with the known key that is nearest, or all of them."""
    unit = other_unit(key, known) or bare_quantity(key, known)
    near = nearest(key, known, alike=ALIKE if len(key) > len("mw") else _ALIKE_UNITS) or last_word(key, known)
    if unit:
        return f"unknown key {key!r}; expected {unit!r}, mind the unit"
    if near:
        return f"unknown key {key!r}; did you mean {near!r}?"
    return f"unknown key {key!r}" + (f"; known keys are {', '.join(known)}" if known else "")


def other_unit(key: str, known: tuple[str, ...]) -> str | None:
    """The known key of the same quantity in another unit (``rated_kw`` for ``rated_mw``), if any."""
    for name in known:
        if name != key and _same_quantity(folded(key).split("_"), name.split("_")):
            return name
    return None


def bare_quantity(key: str, known: tuple[str, ...]) -> str | None:
    """The known key that ``key`` is without its unit (``power`` for ``power_kw``), if any."""
    units = {f"_{unit}" for kind in _UNITS for unit in kind}
    bare = {folded(key) + unit for unit in units}
    return next((name for name in known if name in bare), None)


def last_word(key: str, known: tuple[str, ...]) -> str | None:
    """The known key that ``key`` is the last word of (``zone`` for ``cooling_zone``), if any."""
    return next((name for name in known if folded(key) == name.split("_")[-1]), None)


def _same_quantity(one: list[str], other: list[str]) -> bool:
    if len(one) != len(other) or one == other:
        return False
    return all(a == b or any(a in units and b in units for units in _UNITS) for a, b in zip(one, other, strict=True))


def keys_of(record: type[BaseModel]) -> tuple[str, ...]:
    """The keys of a record as files write them."""
    keys = [field.alias or name for name, field in record.model_fields.items()]
    return tuple(sorted(keys, key=_REMARKS.__contains__))


@cache
def share_keys(record: type[BaseModel]) -> frozenset[str]:
    """Those of them whose numbers are at most 1."""
    schemas = record.model_json_schema()["properties"].items()
    return frozenset(key for key, one in schemas for part in one.get("anyOf", [one]) if 1 in map(part.get, _AT_MOST))


def record_at(model: Any, loc: Loc) -> type[BaseModel] | None:
    """The record type that a path of validation leads to, through tuples, options and tagged unions."""
    records = _records(model)
    for step in loc:
        if isinstance(step, int):
            continue
        chosen = [record for record in records if _tag(record) == step] if len(records) > 1 else []
        records = chosen or [inner for record in records for inner in _under(record, step)]
    return records[0] if len(records) == 1 else None


def _under(record: type[BaseModel], key: str) -> list[type[BaseModel]]:
    for name, field in record.model_fields.items():
        if key in (field.alias, name):
            return _records(field.annotation)
    return []


def _records(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [record for part in get_args(annotation) for record in _records(part)]


def _tag(record: type[BaseModel]) -> str | None:
    field = record.model_fields.get("type")
    return str(get_args(field.annotation)[0]) if field is not None and get_args(field.annotation) else None
