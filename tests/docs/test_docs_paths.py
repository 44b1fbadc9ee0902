"""Every path that a page names is there, every link leads somewhere, every package has its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from capalloc.formats.rows import RECORDS
from tests.docs.pages import PAGES, ROOT, page

_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_PARAGRAPHS = re.compile(r"\n\s*\n|\n(?=- |\d\. |\| )")
_MARKED = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(r"[\w.*-]+(/[\w.*-]+)*/?")
_SUFFIXES = (".py", ".pyi", ".yaml", ".csv", ".md", ".toml", ".json")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_MADE = {"plan.json", "placed.csv", "scenario.yaml", "facility.yaml", *(f"{table}.csv" for table in RECORDS)}
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


def test_every_package_has_its_line() -> None:
    packages = {file.parent for file in (ROOT / "capalloc").rglob("*.py")}
    missing = [
        str(folder)
        for path in packages
        if f"`{(folder := path.relative_to(ROOT)).as_posix()}/`" not in page("CONTRIBUTING.md")
    ]
    assert not missing


@pytest.mark.parametrize("name", PAGES)
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
