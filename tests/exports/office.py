"""LibreOffice, which computes a workbook anew and says what comes out."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from tests.html.browser import require

OFFICE = shutil.which("soffice")
Rows = dict[str, list[list[Any]]]
_STATED = re.compile(rb"(</f>)<v>[^<]*</v>")
_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode"><value>0</value></prop></item>
</oor:items>
"""
"""Of a profile of LibreOffice: formulas of such workbooks are always computed."""


def read(content: bytes) -> Rows:
    """The rows of each sheet, formulas by the values that are stated for them."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def without_values(content: bytes) -> bytes:
    """The same workbook with its formulas alone, and nothing that they come to."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as book, zipfile.ZipFile(stream, "w") as bare:
        for name in book.namelist():
            part = book.read(name)
            bare.writestr(name, _STATED.sub(rb"\1", part) if name.startswith("xl/worksheets/") else part)
    return stream.getvalue()


def computed(books: Mapping[str, bytes], folder: Path) -> dict[str, Rows]:
    """What LibreOffice makes of workbooks, by name, without the values of their formulas."""
    paths = [folder / f"{name}.xlsx" for name in books]
    for path in paths:
        path.write_bytes(without_values(books[path.stem]))
    return {path.stem: read(path.read_bytes()) for path in saved_again(paths, folder)}


def saved_again(paths: Sequence[Path], folder: Path) -> list[Path]:
    """The workbooks as LibreOffice writes them after opening them and computing their formulas."""
    require(OFFICE is not None, "LibreOffice, such as Debian's package libreoffice-calc-nogui")
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(_ALWAYS, encoding="utf-8")
    into = ("--convert-to", "xlsx", "--outdir", str(folder / "out"))
    where = f"-env:UserInstallation={profile.parent.as_uri()}"
    subprocess.run([str(OFFICE), "--headless", where, *into, *map(str, paths)], check=True, capture_output=True)
    return [folder / "out" / path.name for path in paths]
