"""What a workbook says beside its values, from the parts of its file: formulas, errors, whether it was calculated.

Source: ECMA-376, Office Open XML, part 1: 18.3.1.4 (cells), 18.3.1.40 (formulas), 18.2.2 (calculation).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_UNCALCULATED = re.compile(rb"fullCalcOnLoad=[\"'](?:1|true)[\"']")
_MARKED = re.compile(rb"<(?:\w+:)?f[\s>/]|\bt=[\"']e[\"']")
_REFERENCE = re.compile(rb"\br=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
_PLACE = re.compile(r"([A-Z]+)([0-9]+)")
Cell = tuple[int, int]
"""Row and column, from 0."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Of one sheet."""

    formulas: frozenset[Cell] = frozenset()
    """Cells whose values a formula gives."""
    unvalued: frozenset[Cell] = frozenset()
    """Those of them that the file has no value of."""
    errors: dict[Cell, str] = field(default_factory=dict)
    """Cells that hold an error, such as ``#REF!``."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a workbook."""

    calculated: bool
    """Its formulas have been calculated by who wrote it; else they are when a spreadsheet program opens it."""
    marks: dict[str, Marks]
    """By the name of the sheet."""


def parts_of(data: bytes) -> Parts:
    """The marks in an xlsx file. Raises BadZipFile, KeyError or ParseError where it is none."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        book = parts.read("xl/workbook.xml")
        marks = {name: _marks(parts.read(part)) for name, part in _sheets(parts, book) if part in parts.NameToInfo}
    return Parts(not _UNCALCULATED.search(book), marks)


def size_of(data: bytes) -> int:
    """Bytes of all parts of a file, unpacked. Raises BadZipFile."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return sum(part.file_size for part in parts.infolist())


def farthest(data: bytes) -> tuple[int, str]:
    """Cells of the largest sheet's rectangle from A1 on, and its last corner. Raises BadZipFile."""
    most, corner = 0, "A1"
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        for name in parts.namelist():
            if not name.startswith("xl/worksheets/"):
                continue
            found = _REFERENCE.findall(parts.read(name))
            height = max((int(row) for _, row in found), default=1)
            last = max({letters.decode() for letters, _ in found}, key=_column, default="A")
            if (cells := height * (_column(last) + 1)) > most:
                most, corner = cells, f"{last}{height}"
    return most, corner


def _sheets(parts: zipfile.ZipFile, book: bytes) -> Iterator[tuple[str, str]]:
    """The name of each sheet and its part."""
    relations = ElementTree.fromstring(parts.read("xl/_rels/workbook.xml.rels"))
    targets = {one.get("Id"): one.get("Target", "") for one in relations}
    for sheet in ElementTree.fromstring(book).iter():
        if _tag(sheet) == "sheet":
            target = targets.get(sheet.get(_RELATION), "") or ""
            yield sheet.get("name", ""), target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _marks(part: bytes) -> Marks:
    if not _MARKED.search(part):
        return Marks()
    formulas, unvalued, errors = set(), set(), {}
    for _, cell in ElementTree.iterparse(io.BytesIO(part)):
        if _tag(cell) != "c":
            continue
        inner = {_tag(one): one.text or "" for one in cell}
        place = _place(cell.get("r", ""))
        if place is None:
            continue
        if "f" in inner:
            formulas.add(place)
            if not inner.get("v") and cell.get("t") != "str":
                unvalued.add(place)
        if cell.get("t") == "e":
            errors[place] = inner.get("v", "")
        cell.clear()
    return Marks(frozenset(formulas), frozenset(unvalued), errors)


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _place(reference: str) -> Cell | None:
    found = _PLACE.fullmatch(reference)
    return None if found is None else (int(found[2]) - 1, _column(found[1]))


def _column(letters: str) -> int:
    """The number of a column, from 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
