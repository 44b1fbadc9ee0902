"""Pages in Markdown: blocks between markers, tables, code blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "CONTRIBUTING.md", "examples/README.md", "models/README.md")
LINKED = (*PAGES, "examples/EXCHANGE.md")
"""Pages whose links are followed; the guide to formats names files that other systems have."""

_MARKED = re.compile(r"^<!-- (?P<marker>(?!end\b).+?) -->\n(?P<text>.*?)^<!-- end -->$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"^```(?P<language>\w*)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
_CELL = re.compile(r"(?<!\\)\|")


@cache
def page(name: str) -> str:
    """The text of a page, by its path from the root."""
    return (ROOT / name).read_text(encoding="utf-8")


def marked(name: str) -> dict[str, str]:
    """The texts of a page that stand between a marker and the next end, by their marker."""
    found = [(match["marker"], match["text"]) for match in _MARKED.finditer(page(name))]
    assert len(dict(found)) == len(found), f"{name} has a marker twice"
    return dict(found)


def code(text: str) -> str:
    """The one code block of a text, without its fence."""
    (block,) = _CODE.finditer(text)
    return block["code"]


def unmarked_code(name: str, language: str) -> Iterator[str]:
    """The code blocks of a page in a language that no marker names."""
    for block in _CODE.finditer(_MARKED.sub("", page(name))):
        if block["language"] == language:
            yield block["code"]


def table(text: str) -> list[dict[str, str]]:
    """The rows of the one table of a text, by the heads of its columns; code marks are kept."""
    lines = [cells(line) for line in text.splitlines() if line.startswith("|")]
    head, _, *rows = lines
    return [dict(zip(head, row, strict=True)) for row in rows]


def cells(line: str) -> list[str]:
    """The cells of a line of a table."""
    return [cell.strip() for cell in _CELL.split(line.strip())[1:-1]]


def bare(cell: str) -> str:
    """A cell without the code marks around it."""
    found = re.fullmatch("`([^`]*)`", cell)
    assert found is not None, f"{cell} is not in code marks"
    return found[1]
