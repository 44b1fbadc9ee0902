"""The models that ship with the program: rack types, facilities, contracts and workloads."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal

from capalloc.errors import Problem
from capalloc.formats.document import YAML_BYTES, parse, read_mapping
from capalloc.formats.node import Node, Rejected
from capalloc.formats.reading import read_text
from capalloc.schema.hardware import RackType
from capalloc.spelling import nearest

Kind = Literal["facility", "rack_type", "contract", "workload"]

_FOLDERS: dict[Kind, str] = {
    "facility": "facilities",
    "rack_type": "rack_types",
    "contract": "contracts",
    "workload": "workloads",
}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_PACKAGE = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model as ``capalloc models`` lists it."""

    kind: Kind
    name: str
    description: str
    sources: int
    """Values or records that name a source."""
    confidence: tuple[tuple[str, int], ...]
    """How many values or records are reported, derived, assumed; those that occur, in this order."""
    path: str


def library_folder() -> Path:
    """Where the models are: inside an installed package, or next to the package in a checkout."""
    installed = _PACKAGE / "_models"
    return installed if installed.is_dir() else _PACKAGE.parent / "models"


def model_path(kind: Kind, name: str) -> Path | None:
    """The file of a model; None when no such model ships."""
    if not _NAME.fullmatch(name):
        return None
    path = _path(library_folder() / _FOLDERS[kind], kind, name)
    return path if path.is_file() else None


def model_names(kind: Kind) -> tuple[str, ...]:
    """The names of all models of a kind, sorted."""
    folder = library_folder() / _FOLDERS[kind]
    found = (entry.stem if kind != "facility" else entry.name for entry in folder.glob("*") if folder.is_dir())
    return tuple(sorted(name for name in found if _path(folder, kind, name).is_file()))


def unknown_model(kind: Kind, name: str) -> str:
    """The sentence on a model that does not ship."""
    known = model_names(kind)
    near = nearest(name, known)
    hint = f"; did you mean {near!r}?" if near else ""
    return f"unknown {kind.replace('_', ' ')} {name!r}{hint}; shipped are {', '.join(known) or 'none'}"


def read_model(kind: Kind, name: str, problems: list[Problem]) -> Node | None:
    """The mapping of a rack type, contract or workload that ships; None when there is none of that name."""
    path = model_path(kind, name)
    if path is None:
        return None
    node = read_mapping(path, str(path), problems)
    entries = {key: replace(child, base=(key,)) for key, child in node.items() if key != "description"}
    return replace(node, content=entries, base=())


@cache
def shipped_rack_type(name: str) -> RackType | None:
    """A rack type that ships; None when there is none of that name."""
    node = read_model("rack_type", name, [])
    return None if node is None else RackType.model_validate(node.plain, by_alias=True, by_name=False)


def list_models() -> tuple[ModelEntry, ...]:
    """Every model that ships, by kind and name; a file that cannot be read is listed without figures."""
    return tuple(_entry(kind, name) for kind in _FOLDERS for name in model_names(kind))


def _path(folder: Path, kind: Kind, name: str) -> Path:
    return folder / name / "facility.yaml" if kind == "facility" else folder / f"{name}.yaml"


def _entry(kind: Kind, name: str) -> ModelEntry:
    path = _path(library_folder() / _FOLDERS[kind], kind, name)
    try:
        root = parse(read_text(path, str(path), YAML_BYTES), str(path), [])
    except Rejected:
        return ModelEntry(kind, name, "cannot be read", 0, (), str(path))
    found = Counter(_origins(root))
    confidence = tuple((word, found[word]) for word in ("reported", "derived", "assumed") if found[word])
    return ModelEntry(kind, name, _description(root), found["source"], confidence, str(path))


def _origins(node: Node) -> Iterator[str]:
    """``source`` for each source given, and each word of confidence."""
    for key, child in node.items():
        if key == "source":
            yield "source"
        elif key == "confidence":
            yield str(child.plain)
        yield from _origins(child)
    for child in node.elements():
        yield from _origins(child)


def _description(root: Node) -> str:
    node = root.get("description")
    if node is not None and node.get("value") is not None:
        node = node.get("value")
    return " ".join(str(node.plain).split()) if node is not None and node.content is not None else ""
