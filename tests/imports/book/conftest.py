"""The tiny example as a workbook, to be changed cell by cell by each test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from capalloc.errors import ScenarioError
from capalloc.formats import load_scenario, warnings_of
from capalloc.imports.book import load_book
from capalloc.imports.book.contents import contents
from capalloc.imports.book.listed import as_list
from capalloc.schema.scenario import Scenario

EXAMPLES = Path(__file__).parents[3] / "examples"
Draw = Callable[[Any, Worksheet], None]


class Book:
    """A workbook as a dictionary of sheets, rows and cells; ``None`` and ``""`` are empty."""

    def __init__(self, path: Path, scenario: Scenario) -> None:
        self.path = path
        self.options: dict[str, Any] = {}
        self.sheets: dict[str, list[list[Any]]] = {}
        self.drawn: dict[str, Draw] = {}
        for one in contents(scenario, None):
            values = [[record.get(header.keys) for header in one.headers] for record in one.records]
            names = [header.name for header in one.headers]
            below = [[name, value] for name, value in zip(names, values[0], strict=True)] if values else []
            rows: list[list[Any]] = [["key", "value"], *below] if one.sheet.upright else [names, *values]
            self.sheets[one.sheet.name] = rows

    def put(self, sheet: str, row: int, column: str, value: Any) -> None:
        """Set a cell of a sheet by its header; ``row`` is as a spreadsheet counts it."""
        rows = self.sheets[sheet]
        if column not in rows[0]:
            for one in rows:
                one.append(None)
            rows[0][-1] = column
        while len(rows) < row:
            rows.append([None] * len(rows[0]))
        rows[row - 1][rows[0].index(column)] = value

    def set(self, sheet: str, key: str, value: Any) -> None:
        """Set a key of a sheet whose keys stand below each other."""
        next(row for row in self.sheets[sheet] if row[0] == key)[1] = value

    def column(self, sheet: str, column: str) -> int:
        return self.sheets[sheet][0].index(column)

    def draw(self, sheet: str, draw: Draw) -> None:
        """Do something to a sheet that only XlsxWriter can say."""
        self.drawn[sheet] = draw

    def saved(self) -> Path:
        with xlsxwriter.Workbook(
            self.path, {"default_date_format": "yyyy-mm-dd", "strings_to_formulas": False, **self.options}
        ) as book:
            for name, rows in self.sheets.items():
                into = book.add_worksheet(name)
                for row, cells in enumerate(rows):
                    for column, cell in enumerate(cells):
                        if cell is not None:
                            into.write(row, column, as_list(cell) if isinstance(cell, list) else cell)
                if name in self.drawn:
                    self.drawn[name](book, into)
        return self.path

    def loaded(self) -> Scenario:
        return load_book(self.saved())

    def told(self) -> list[str]:
        """What is warned about, without the folder."""
        return [str(one).replace(f"{self.path.parent}/", "") for one in warnings_of(self.loaded())]

    def problems(self) -> list[str]:
        with pytest.raises(ScenarioError) as caught:
            self.loaded()
        return [str(one).replace(f"{self.path.parent}/", "") for one in caught.value.problems]


@pytest.fixture
def tiny() -> Scenario:
    return load_scenario(EXAMPLES / "tiny.yaml")


@pytest.fixture
def book(tmp_path: Path, tiny: Scenario) -> Book:
    return Book(tmp_path / "book.xlsx", tiny)
