"""``capalloc export dps``: which period, which tags, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.commands import Run


def test_one_period_is_written_the_first_unless_asked(run: Run, tiny: Path, plan: Path, tmp_path: Path) -> None:
    for arguments, name in (([], "tiny-2026-05"), (["--period", "2026-08-15"], "tiny-2026-08")):
        ended = run("export", "dps", tiny, plan, "-o", tmp_path / "out", "-q", *arguments)
        assert (ended.code, ended.err) == (0, "")
        assert ended.out.splitlines() == [
            str(tmp_path / "out" / name) for name in ("dps-devices.yaml", "dps-topology.json")
        ]
        assert json.loads((tmp_path / "out" / "dps-topology.json").read_text())["Topology"]["Name"] == name


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--period", "2031-01"], "--period: found '2031-01'"),
        (["--feed-tags", "rpp"], "--feed-tags: found 'rpp', expected a kind of the site: utility, ups, busway"),
        (["--gpus-per-node", "7"], "--gpus-per-node"),
    ],
)
def test_bad_options_are_refused(
    run: Run, tiny: Path, plan: Path, tmp_path: Path, arguments: list[str], message: str
) -> None:
    ended = run("export", "dps", tiny, plan, "-o", tmp_path / "out", *arguments)
    assert ended.code == 2
    assert message in ended.err
    assert not (tmp_path / "out").exists()
