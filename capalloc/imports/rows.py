"""Rows of CSV files that other systems export, each with its place."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from capalloc.errors import Problem
from capalloc.formats.node import Rejected
from capalloc.formats.reading import read_text
from capalloc.formats.tables import CSV_BYTES


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file: its cells by the names of fields."""

    where: str
    """Name of the file, with the line."""
    cells: Mapping[str, str]

    def __getitem__(self, name: str) -> str | None:
        """The cell under a field's name; None where the file has no such column."""
        return self.cells.get(name)


def csv_rows(path: Path, field: Callable[[str], str] = str.strip) -> Iterator[Row]:
    """The rows of a file that are not empty, parted by commas or semicolons; ``field`` names the field of a header.

    Raises Rejected.
    """
    content = read_text(path, str(path), CSV_BYTES)
    head = content.partition("\n")[0]
    reader = csv.reader(
        io.StringIO(content, newline=""), strict=True, delimiter=";" if head.count(";") > head.count(",") else ","
    )
    try:
        names = [field(name) for name in next(reader, [])]
        line = reader.line_num + 1
        for cells in reader:
            if any(cells):
                yield Row(f"{path.name}:{line}", dict(zip(names, cells, strict=False)))
            line = reader.line_num + 1
    except csv.Error as error:
        raise Rejected(Problem(str(path), reader.line_num, "", f"is not CSV: {error}")) from error
