"""Every path that a page names is there, every link leads somewhere, every package has its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from capalloc.formats.rows import RECORDS
from tests.docs.pages import LINKED, PAGES, ROOT, page

_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_PARAGRAPHS = re.compile(r"\n\s*\n|\n(?=- |\d\. |\| )")
_MARKED = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(r"[\w.*-]+(/[\w.*-]+)*/?")
_SUFFIXES = (".py", ".pyi", ".yaml", ".csv", ".md", ".toml", ".json")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_MADE = {
    "plan.json",
    "plan-2026-11.json",
    "november.yaml",
    "december.yaml",
    "late.yaml",
    "placed.csv",
    "scenario.yaml",
    "facility.yaml",
    *(f"{table}.csv" for table in RECORDS),
}
"""Names of files that users write or are given."""


def named(name: str) -> Iterator[tuple[str, list[Path]]]:
    """(path, folders that it may lie in) of every path in code marks: those named before it in the same paragraph."""
    for paragraph in _PARAGRAPHS.split(_FENCED.sub("", page(name))):
        folders = [ROOT, (ROOT / name).parent]
        for text in _MARKED.findall(paragraph):
            if not _PATH.fullmatch(text) or text in _MADE or "NAME" in text:
                continue
            if text.endswith("/") or ("/" in text and text.split("/")[0] in TOP) or text.endswith(_SUFFIXES):
                yield text, list(folders)
            if (ROOT / text).is_dir():
                folders.append(ROOT / text)
            elif (ROOT / text).parent != ROOT:
                folders.append((ROOT / text).parent)


TOP = {path.name for path in ROOT.iterdir()}


@pytest.mark.parametrize("name", PAGES)
def test_every_path_named_is_there(name: str) -> None:
    found = list(named(name))
    assert found
    missing = [path for path, folders in found if not any(list(folder.glob(path)) for folder in folders)]
    assert not missing


PACKAGES = sorted({file.parent.relative_to(ROOT).as_posix() for file in (ROOT / "capalloc").rglob("*.py")})
A_MODULE_EACH = {
    "capalloc/cli",
    "capalloc/report",
    "capalloc/report/html/sections",
    "capalloc/planner/model/rules",
    "capalloc/exact/rules",
    "capalloc/verify/checks",
}
"""Packages of modules of one kind, named by what they are for: a command, a table, a section, a rule."""


def line_of(package: str) -> str:
    """What the page of contributors says of a package."""
    lines = [text for text in _PARAGRAPHS.split(page("CONTRIBUTING.md")) if text.startswith(f"- `{package}/`")]
    assert len(lines) == 1, f"{package} has {len(lines)} lines"
    return lines[0]


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_has_its_line_and_the_line_its_modules(package: str) -> None:
    modules = {path.name for path in (ROOT / package).glob("*.py")} - {"__init__.py", "__main__.py"}
    line = line_of(package)
    assert package in A_MODULE_EACH or not {name for name in modules if f"`{name}`" not in line}


def test_the_picture_of_the_layers_is_what_import_linter_holds() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    picture = page("CONTRIBUTING.md").partition("## Layers")[2].split("```")[1]
    shown = [re.split(r"   +", line.strip())[0] for line in picture.strip().splitlines()]
    assert shown == [layer for layer in layers if layer != "__main__"]


@pytest.mark.parametrize("name", LINKED)
def test_every_link_leads_somewhere(name: str) -> None:
    for link in _LINK.findall(page(name)):
        path, _, anchor = link.partition("#")
        target = (ROOT / name).parent / path if path else ROOT / name
        assert link.startswith("https://") or target.exists(), link
        if anchor:
            heads = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {anchor_of(head) for head in heads}, link


def anchor_of(head: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", head.strip().lower()).replace(" ", "-")
