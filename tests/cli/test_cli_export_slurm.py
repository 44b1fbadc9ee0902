"""``capalloc export slurm``: what it writes and says, and what it refuses."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.commands import Run

FILES = [
    "names.csv",
    "nodes.conf",
    "partitions.conf",
    "reservations.sh",
    "resources-26.11.yaml",
    "resources.yaml",
    "topology.conf",
    "topology.yaml",
]


def test_the_files_are_named_and_the_same_again(run: Run, tiny: Path, plan: Path, tmp_path: Path) -> None:
    first = run("export", "slurm", tiny, plan, "-o", tmp_path / "first")
    assert first.out.splitlines() == [str(tmp_path / "first" / name) for name in FILES]
    assert "1 name is another in Slurm: Example AI; names.csv has them all" in first.err
    second = run("export", "slurm", tiny, plan, "-o", tmp_path / "second", "-q", "--json")
    assert [Path(path).name for path in json.loads(second.out)["files"]] == FILES
    for name in FILES:
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes()


def test_a_period_leaves_out_what_is_over_and_what_is_to_come(run: Run, tiny: Path, plan: Path, tmp_path: Path) -> None:
    assert run("export", "slurm", tiny, plan, "-o", tmp_path / "out", "--period", "2026-05-18", "-q").code == 0
    script = (tmp_path / "out" / "reservations.sh").read_text()
    starts = {line.split("StartTime=")[1][:10] for line in script.splitlines() if line.startswith("create reservation")}
    assert starts == {"2026-05-01"}
    assert "in 2026-05:" in (tmp_path / "out" / "resources.yaml").read_text()


def test_racks_may_be_several_nodes_and_steps_be_reserved(run: Run, tiny: Path, plan: Path, tmp_path: Path) -> None:
    asked = ("--gpus-per-node", "rack=8", "--reserve", "step")
    assert run("export", "slurm", tiny, plan, "-o", tmp_path / "out", *asked, "-q").code == 0
    assert "NodeName=r[1-3]-[1-4]-n[1-8] Gres=gpu:h100:8 " in (tmp_path / "out" / "nodes.conf").read_text()
    assert "lease_2026-06-01_2026-07-01 " in (tmp_path / "out" / "reservations.sh").read_text()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (("--period", "2031-01"), "--period: found '2031-01', expected a period of the plan"),
        (("--gpus-per-node", "7"), "--gpus-per-node: found 7, expected a divisor of the 64 GPUs of a rack"),
        (("--gpus-per-node", "b200=8"), "found 'b200=8', expected a number of GPUs such as 8, or TYPE=8"),
        (("--prospect", "nobody"), "nobody"),
    ],
)
def test_what_cannot_be_asked_is_refused_and_nothing_written(
    run: Run, tiny: Path, plan: Path, tmp_path: Path, asked: tuple[str, ...], found: str
) -> None:
    ended = run("export", "slurm", tiny, plan, "-o", tmp_path / "out", *asked, "-q")
    assert ended.code == 2
    assert found in ended.err
    assert not (tmp_path / "out").exists()


def test_nodes_of_racks_come_from_the_table(run: Run, tiny: Path, tmp_path: Path) -> None:
    assert run("expand", tiny, "-o", tmp_path / "site").code == 0
    racks = tmp_path / "site" / "racks.csv"
    head, *lines = racks.read_text().splitlines()
    nodes = [f'"gpu[{8 * i:03}-{8 * i + 7:03}]"' for i in range(len(lines))]
    racks.write_text("\n".join([f"{head},slurm_nodes", *(f"{a},{b}" for a, b in zip(lines, nodes, strict=True))]))
    ended = run("export", "slurm", tmp_path / "site" / "scenario.yaml", "-o", tmp_path / "out", "-q")
    assert ended.code == 0
    assert "NodeName=gpu[000-095] Gres=gpu:h100:8 " in (tmp_path / "out" / "nodes.conf").read_text()
    racks.write_text(racks.read_text().replace("gpu[000-007]", "gpu[000-00"))
    ended = run("export", "slurm", tmp_path / "site" / "scenario.yaml", "-o", tmp_path / "other", "-q")
    assert ended.code == 2
    assert "racks.csv: r1-1.slurm_nodes: found 'gpu[000-00', expected a list of nodes such as gpu[001-008]" in ended.err


def test_a_folder_that_is_a_file_is_refused(run: Run, tiny: Path, plan: Path, tmp_path: Path) -> None:
    shutil.copy(plan, tmp_path / "out")
    ended = run("export", "slurm", tiny, plan, "-o", tmp_path / "out", "-q")
    assert (ended.code, ended.err.count("expected the name of a folder")) == (2, 1)
