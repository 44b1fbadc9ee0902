"""LibreOffice opens our workbooks, and what it saves says the same."""

from __future__ import annotations

from pathlib import Path

from capalloc.exports.writing import write_files
from capalloc.formats import load_scenario
from capalloc.imports.book import book_files, load_book
from capalloc.synthetic.generate import generate
from tests.exports.office import saved_again
from tests.imports.book.conftest import EXAMPLES, Book


def test_what_libreoffice_saves_again_is_the_same_scenario(tmp_path: Path, book: Book) -> None:
    scenarios = {name: load_scenario(EXAMPLES / f"{name}.yaml") for name in ("tiny", "colossus1-anthropic")}
    scenarios["generated"] = generate(racks=200, halls=2, periods=6, demands=6, seed=2)
    paths = [tmp_path / f"{name}.xlsx" for name in scenarios]
    for path in paths:
        write_files(tmp_path, book_files(scenarios[path.stem], path.name))
    limit = book.column("power", "rated_kw")
    book.draw("power", lambda _, sheet: sheet.write_formula(1, limit, "=750*2"))
    *saved, calculated = saved_again([*paths, book.saved()], tmp_path)
    assert {path.stem: load_book(path) for path in saved} == scenarios
    assert load_book(calculated).facility.power[0].rated_kw == 1500  # 750 * 2, which nothing had calculated before
