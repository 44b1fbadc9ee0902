"""A folder that exports go to keeps what people put there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.commands import Run

FILES = {
    "focus": "focus-cost-and-usage-1.2.csv",
    "kueue": "kueue-names.csv",
    "netbox": "racks.csv",
    "parquet": "racks.parquet",
    "slurm": "nodes.conf",
    "dps": "dps-topology.json",
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_of_somebody_is_not_written_over(kind: str, run: Run, tiny: Path, plan: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    theirs = out / FILES[kind]
    theirs.write_text("precious", encoding="utf-8")
    ended = run("export", kind, tiny, plan, "-o", out, "-q")
    assert ended.code == 2
    assert f"{theirs}: is there already and is not as an earlier export wrote it" in ended.err
    assert [path.name for path in out.iterdir()] == [theirs.name]
    assert theirs.read_text(encoding="utf-8") == "precious"
    assert run("export", kind, tiny, plan, "-o", out, "-q", "--force").code == 0
    assert theirs.read_bytes() != b"precious"


def test_an_earlier_export_is_written_over_until_somebody_changes_it(
    run: Run, tiny: Path, plan: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    for period in ("2026-05", "2026-06", "2026-05"):
        assert run("export", "focus", tiny, plan, "-o", out, "-q", "--period", period).code == 0
    written = out / FILES["focus"]
    written.write_text(written.read_text(encoding="utf-8") + "more\n", encoding="utf-8")
    assert run("export", "focus", tiny, plan, "-o", out, "-q", "--period", "2026-06").code == 2


def test_a_list_that_is_spoilt_owns_nothing(run: Run, tiny: Path, plan: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("export", "focus", tiny, plan, "-o", out, "-q").code == 0
    for spoilt in ("[]", "{", '{"focus-cost-and-usage-1.2.csv": 1}'):
        (out / ".capalloc-export.json").write_text(spoilt, encoding="utf-8")
        assert run("export", "focus", tiny, plan, "-o", out, "-q", "--period", "2026-05").code == 2
    assert run("export", "focus", tiny, plan, "-o", out, "-q").code == 0  # the very bytes that are there


def test_what_an_earlier_export_wrote_besides_is_named(run: Run, tiny: Path, plan: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert "earlier" not in run("export", "kueue", tiny, plan, "-o", out, "-q").err
    assert "earlier" not in run("export", "kueue", tiny, plan, "-o", out, "-q").err
    ended = run("export", "kueue", tiny, plan, "-o", out, "-q", "--period", "2026-05")
    assert "an earlier export's files, which this one has not written, stay in" in ended.err
    assert "kueue-2026-06.yaml" in ended.err
    assert "kueue-2026-05.yaml" not in ended.err
    assert (out / "kueue-2026-06.yaml").is_file()
    assert "earlier" not in run("export", "slurm", tiny, plan, "-o", out, "-q").err


def test_where_a_folder_has_the_name_of_a_file_nothing_is_written(
    run: Run, tiny: Path, plan: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert run("export", "slurm", tiny, plan, "-o", out, "-q").code == 0
    (out / "topology.conf").unlink()
    (out / "topology.conf").mkdir()
    before = {path: path.read_bytes() for path in out.iterdir() if path.is_file() and path.name[0] != "."}
    ended = run("export", "slurm", tiny, plan, "-o", out, "-q", "--force", "--period", "2026-06")
    assert ended.code == 2
    assert f"{out / 'topology.conf'}: Is a directory" in ended.err
    assert {path: path.read_bytes() for path in before} == before
