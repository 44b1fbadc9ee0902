"""The same checks before a commit and in the suite."""

from __future__ import annotations

from pathlib import Path

import yaml

from tests.all import STEPS

ROOT = Path(__file__).parents[1]


def test_a_commit_runs_what_the_suite_begins_with() -> None:
    (repository,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    hooks = {hook["name"]: tuple(hook["entry"].split()) for hook in repository["hooks"]}
    assert hooks == dict(STEPS)
