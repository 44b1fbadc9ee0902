"""`capalloc init`: what it writes, asks and refuses; `capalloc schema`; completion."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from capalloc.cli.schema import FileKind
from capalloc.formats.json_schema import KINDS, schema_of
from tests.cli.commands import Run


def test_init_lists_its_files_and_they_plan(run: Run, tmp_path: Path) -> None:
    ended = run("init", "-o", tmp_path / "mine", "--racks", "6", "--redundancy", "4n3")
    assert ended.code == 0
    assert str(tmp_path / "mine/scenario.yaml") in ended.out.splitlines()
    planned = run("plan", tmp_path / "mine/scenario.yaml", "-q")
    assert (planned.code, planned.err) == (0, "")


def test_init_keeps_another_site(run: Run, tmp_path: Path) -> None:
    assert run("init", "-o", tmp_path, "--racks", "6").code == 0
    again = run("init", "-o", tmp_path, "--racks", "7")
    assert again.code == 2
    assert "has a site already" in again.err
    assert run("init", "-o", tmp_path, "--racks", "7", "--force").code == 0


@pytest.mark.parametrize("kind", FileKind)
def test_schema_prints_the_schema_of_a_kind(run: Run, kind: FileKind) -> None:
    ended = run("schema", kind.value)
    assert (ended.code, json.loads(ended.out)) == (0, schema_of(kind))


def test_every_kind_of_schema_can_be_asked_for() -> None:
    assert list(FileKind) == list(KINDS)


def test_an_unknown_kind_names_those_that_are(run: Run) -> None:
    ended = run("schema", "scenari")
    assert ended.code == 2
    assert "'scenario', 'facility'" in ended.err
