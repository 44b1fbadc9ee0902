"""Flags are written yes and no, too."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from capalloc import load_scenario

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize(("word", "meant"), [("yes", True), ("no", False), ("true", True)])
def test_whether_prospects_are_unsure_is_said_by_yes_and_no(word: str, meant: bool, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / "tiny", tmp_path / "tiny")
    text = (EXAMPLES / "tiny-unsure.yaml").read_text(encoding="utf-8")
    path = tmp_path / "unsure.yaml"
    path.write_text(text.replace("uncertainty:\n", f"uncertainty:\n  prospects: {word}\n", 1), encoding="utf-8")
    doubts = load_scenario(path).uncertainty
    assert doubts is not None
    assert doubts.prospects is meant
