"""``capalloc export kueue``: what it writes, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import yaml

from tests.cli.commands import Run


def test_a_period_has_a_file_and_all_share_the_topology(run: Run, tiny: Path, plan: Path, tmp_path: Path) -> None:
    ended = run("export", "kueue", tiny, plan, "-o", tmp_path / "out", "--period", "2026-06", "-q")
    told = "5 names written otherwise, such as example-ai for 'Example AI': see kueue-names.csv"
    assert (ended.code, ended.err) == (0, f"capalloc: {told}\n")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        ".capalloc-export.json",
        "kueue-2026-06-nodes.sh",
        "kueue-2026-06.yaml",
        "kueue-names.csv",
        "kueue-namespaces.yaml",
        "kueue-nodes.sh",
        "kueue-topology.yaml",
    ]
    kinds = {one["kind"] for one in yaml.safe_load_all((tmp_path / "out" / "kueue-2026-06.yaml").read_text())}
    assert kinds == {"ResourceFlavor", "Cohort", "ClusterQueue", "LocalQueue"}


def test_a_period_that_is_none_is_refused(run: Run, tiny: Path, plan: Path, tmp_path: Path) -> None:
    ended = run("export", "kueue", tiny, plan, "-o", tmp_path / "out", "--period", "2031-01", "-q")
    assert ended.code == 2
    assert "--period: found '2031-01', expected a period of the plan" in ended.err
    assert not (tmp_path / "out").exists()


def test_a_plan_that_breaks_a_rule_is_refused(run: Run, tiny: Path, plan: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text(plan.read_text().replace('"gpus": 384', '"gpus": 385'))
    ended = run("export", "kueue", tiny, broken, "-o", tmp_path / "out", "-q")
    assert ended.code == 2
    assert "breaks the scenario's rules" in ended.err
    assert not (tmp_path / "out").exists()
