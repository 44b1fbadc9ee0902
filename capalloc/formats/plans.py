"""Plan files: JSON in format ``capalloc.plan/1``."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from capalloc.errors import PlanFileError
from capalloc.formats.atomic import write_atomically
from capalloc.formats.node import Rejected, dotted
from capalloc.formats.reading import MEGABYTE, read_text
from capalloc.formats.scalar import shown
from capalloc.formats.wording import messages
from capalloc.schema.plan import FORMAT, Plan

PLAN_BYTES = 512 * MEGABYTE
"""Largest plan file that is read."""
_MOST_PROBLEMS = 20
_SCENARIO = re.compile(r"^(scenario|horizon|facility)[ \t]*:", re.MULTILINE)
"""A key that a scenario or a facility begins a line with, and no JSON."""


def dump_plan(plan: Plan) -> str:
    """The plan as JSON, ending with a line feed: the same plan gives the same text. Records stand one on a line."""
    values = plan.model_dump(mode="json", by_alias=True)
    return "{\n" + ",\n".join(f"  {_json(key)}: {_lines(value)}" for key, value in values.items()) + "\n}\n"


def save_plan(plan: Plan, path: str | Path) -> None:
    """Write a plan file, format ``capalloc.plan/1``, whole or not at all.

    Raises PlanFileError where the system refuses.
    """
    try:
        write_atomically(path, dump_plan(plan))
    except OSError as error:
        raise PlanFileError(f"{path}: cannot be written: {error.strerror or error}") from error


def load_plan(path: str | Path) -> Plan:
    """The plan in a file of format ``capalloc.plan/1``, at most 512 MB large.

    The plan is well formed; whether it keeps the rules of its scenario is for ``verify``. Raises PlanFileError, with a
    sentence for each of the first problems, where the file cannot be read or is no plan.
    """
    try:
        text = read_text(Path(path), str(path), PLAN_BYTES)
    except Rejected as error:
        raise PlanFileError("\n".join(map(str, error.problems))) from error
    try:
        return Plan.model_validate(_mapping(text, path), by_alias=True, by_name=False)
    except ValidationError as error:
        found = [f"{path}: {dotted(loc)}: {message}" for loc, message in messages(Plan, error)]
        more = [f"{path}: and {len(found) - _MOST_PROBLEMS:,} further problems"] if len(found) > _MOST_PROBLEMS else []
        raise PlanFileError("\n".join(found[:_MOST_PROBLEMS] + more)) from error


def _mapping(text: str, path: str | Path) -> dict[str, Any]:
    try:
        values = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        if _SCENARIO.search(text):
            raise PlanFileError(
                f"{path}: is a scenario, expected a plan, as `capalloc plan -o PLAN` writes it"
            ) from error
        raise PlanFileError(f"{path}:{error.lineno}: is not JSON: {error.msg}") from error
    except (ValueError, RecursionError) as error:
        raise PlanFileError(f"{path}: is not JSON of a plan: {error}") from error
    if not isinstance(values, dict):
        raise PlanFileError(f"{path}: found {shown(values)}, expected a JSON object")
    if values.get("format") != FORMAT:
        raise PlanFileError(f"{path}: format: found {shown(values.get('format'))}, expected {FORMAT!r}")
    return values


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"the key {next(key for key in keys if keys.count(key) > 1)!r} is given twice")
    return values


def _no_constant(word: str) -> float:
    raise ValueError(f"found {word}, expected a finite number")


def _lines(value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(f"    {_json(record)}" for record in value) + "\n  ]"
    return _json(value)


_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
