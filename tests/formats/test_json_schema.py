"""What the schemas let through is what the program reads, and the other way round."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from capalloc.formats.document import parse
from capalloc.formats.json_schema import KINDS, schema_of

ROOT = Path(__file__).parents[2]
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_FOLDERS = {"rack_type": "rack_types", "contract": "contracts", "workload": "workloads"}


def shipped() -> list[tuple[str, Path]]:
    """(kind, path) of every file that ships and has a schema."""
    scenarios = [*ROOT.glob("examples/*.yaml"), *ROOT.glob("examples/mine/*er.yaml")]
    facilities = [*ROOT.glob("models/facilities/*/facility.yaml"), *ROOT.glob("examples/**/facility.yaml")]
    models = [(kind, path) for kind, folder in _FOLDERS.items() for path in ROOT.glob(f"models/{folder}/*.yaml")]
    return [("scenario", path) for path in scenarios] + [("facility", path) for path in facilities] + models


def faults(kind: str, value: Any) -> list[str]:
    """What a validator says of a value."""
    return [error.message for error in jsonschema.Draft202012Validator(schema_of(kind)).iter_errors(value)]


def as_editors_read(text: str) -> Any:
    """The values of YAML 1.2's core schema, as the YAML language server has them: ``1_000`` and ``yes`` are text."""
    return _core(yaml.compose(text, Loader=yaml.SafeLoader))


def _core(node: Any) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _core(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_core(child) for child in node.value]
    if node.style is None and _NUMBER.fullmatch(node.value):
        return float(node.value) if not node.value.lstrip("+-").isdigit() else int(node.value)
    words = {"true": True, "false": False, "null": None, "": None}
    return words.get(node.value, node.value) if node.style is None else node.value


@pytest.mark.parametrize(("kind", "path"), shipped(), ids=lambda value: str(value).rsplit("capalloc/", maxsplit=1)[-1])
def test_shipped_files_follow_their_schema(kind: str, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert faults(kind, as_editors_read(text)) == []
    assert faults(kind, parse(text, str(path), []).plain) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_one(kind: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema_of(kind))
