"""Every value that ships says where it comes from and how sure it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from capalloc.formats import list_models

MODELS = Path(__file__).parents[2] / "models"
FILES = sorted(MODELS.rglob("*.yaml"))
LABELS = {"name", "description", "gpu", "source", "confidence"}
"""Keys that name a thing, or say where a value comes from."""
CONFIDENCE = {"reported", "derived", "assumed"}


def unsourced(value: Any, source: bool = False, confidence: bool = False, path: str = "") -> Iterator[str]:
    """Paths of the values without a source, or without a confidence, in their own or an enclosing mapping."""
    if isinstance(value, dict):
        source, confidence = source or bool(value.get("source")), confidence or value.get("confidence") in CONFIDENCE
        for key, inner in value.items():
            if key not in LABELS:
                yield from unsourced(inner, source, confidence, f"{path}/{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from unsourced(inner, source, confidence, f"{path}/{index}")
    elif not (source and confidence):
        yield path


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(MODELS).as_posix())
def test_every_value_has_source_and_confidence(path: Path) -> None:
    assert list(unsourced(yaml.safe_load(path.read_text(encoding="utf-8")))) == []


def test_a_value_without_source_would_be_found() -> None:
    assert list(
        unsourced({"a": {"value": 1, "source": "x"}, "b": [{"c": 2, "source": "y", "confidence": "derived"}]})
    ) == ["/a/value"]


def test_everything_that_is_promised_ships_and_can_be_read() -> None:
    shipped = {(entry.kind, entry.name) for entry in list_models()}
    assert shipped >= {
        *(("facility", name) for name in ("abilene", "colo-2n", "colossus1")),
        *(("rack_type", name) for name in ("hgx-h100", "hgx-h200", "gb200-nvl72", "gb300-nvl72", "hgx-h100-air")),
        *(("contract", name) for name in ("anthropic", "google", "reflection")),
        *(("workload", name) for name in ("grok-training", "grok-inference")),
    }
    assert [entry.name for entry in list_models() if entry.description == "cannot be read"] == []


def test_nothing_inside_a_building_of_abilene_is_called_reported() -> None:
    templates = yaml.safe_load((MODELS / "facilities/abilene/facility.yaml").read_text(encoding="utf-8"))["templates"]
    below = [block for block in templates["power"] if block["kind"] in ("ups", "busway")]
    tables = [block for table in ("positions", "cooling") for block in templates[table]]
    assert {block["confidence"] for block in below + tables} == {"assumed"}


def test_nothing_of_the_colocation_hall_is_called_reported() -> None:
    site = yaml.safe_load((MODELS / "facilities/colo-2n/facility.yaml").read_text(encoding="utf-8"))
    blocks = [block for table in site["templates"].values() for block in table]
    kinds = [kind for kind in site["rack_types"] if isinstance(kind, dict)]
    assert {block["confidence"] for block in (site, *blocks, *kinds)} <= {"assumed", "derived"}


def test_nothing_about_the_layout_of_colossus1_is_called_reported() -> None:
    templates = yaml.safe_load((MODELS / "facilities/colossus1/facility.yaml").read_text(encoding="utf-8"))["templates"]
    roots = {"grid-1", "grid-2", "turbines"}
    below = [block for block in templates["power"] if block["name"] not in roots]
    tables = [block for table in ("positions", "cooling", "racks") for block in templates[table]]
    assert {block["confidence"] for block in below + tables} == {"assumed"}
