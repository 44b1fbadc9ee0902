"""``capalloc report``, ``plan --report`` and ``capalloc figure``: what they write, and where they refuse to."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import Python, Run

HEAD = "<!doctype html>\n<!-- capalloc report -->\n"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """Where a page is to be written."""
    return tmp_path / "plan.html"


def test_report_writes_a_page_and_says_so(run: Run, tiny: Path, plan: Path, page: Path) -> None:
    ended = run("report", tiny, plan, "-o", page)
    assert (ended.code, ended.out) == (0, "")
    assert ended.err.splitlines()[-1] == f"capalloc: report written to {page}"
    assert page.read_text(encoding="utf-8").startswith(HEAD)


def test_quiet_says_nothing(run: Run, tiny: Path, plan: Path, page: Path) -> None:
    ended = run("report", tiny, plan, "-o", page, "-q")
    assert (ended.code, ended.out, ended.err) == (0, "", "")


def test_plan_writes_the_same_page_beside_its_tables(run: Run, tiny: Path, page: Path, tmp_path: Path) -> None:
    file, again = tmp_path / "again.json", tmp_path / "again.html"
    ended = run("plan", tiny, "-q", "-o", file, "--report", page)
    assert (ended.code, ended.err) == (0, "")
    assert "Verdict      ok" in ended.out
    assert run("report", tiny, file, "-o", again, "-q").code == 0
    assert page.read_bytes() == again.read_bytes()


def test_plan_as_json_stays_json_beside_a_page(run: Run, tiny: Path, page: Path) -> None:
    ended = run("plan", tiny, "--json", "--report", page)
    assert json.loads(ended.out)["status"] == "optimal"
    assert page.exists()


def test_a_plan_that_the_check_rejects_makes_a_page_that_says_so(
    run: Run, tiny: Path, plan: Path, page: Path, tmp_path: Path
) -> None:
    bad = _changed(plan, tmp_path, lambda record: record["assignments"].clear())
    assert run("check", tiny, bad).code == 1
    ended = run("report", tiny, bad, "-o", page)
    assert ended.code == 1
    assert "The independent check rejects this plan" in page.read_text(encoding="utf-8")
    assert "the independent check rejects the plan" in ended.err


@pytest.mark.parametrize("key", ["assignments", "demands"])
def test_a_plan_of_racks_or_demands_that_are_not_there_is_refused_or_judged(
    run: Run, tiny: Path, plan: Path, page: Path, tmp_path: Path, key: str
) -> None:
    bad = _changed(plan, tmp_path, lambda record: record[key][0].update({"demand": "nobody"}))
    ended = run("report", tiny, bad, "-o", page)
    assert ended.code in (1, 2)
    assert "internal error" not in ended.err
    assert "nobody" in ended.err or "nobody" in page.read_text(encoding="utf-8")


def _changed(plan: Path, folder: Path, change: Callable[[Any], None]) -> Path:
    record = json.loads(plan.read_text(encoding="utf-8"))
    change(record)
    path = folder / "changed.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    return path


def test_without_a_plan_there_is_a_sentence_and_no_page(run: Run, tiny: Path, page: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    assert run("expand", tiny, "-o", site).code == 0
    scenario = site / "scenario.yaml"
    text = scenario.read_text(encoding="utf-8").replace("policy: {", "policy: {shortfall: forbid, ")
    scenario.write_text(f"{text}pins: [{{hall: h1, demand: idle}}]\n", encoding="utf-8")
    ended = run("plan", scenario, "-q", "--report", page)
    assert ended.code == 1
    assert "infeasible" in ended.out
    assert ended.err == "capalloc: there is no plan, so no report was written\n"
    assert not page.exists()


def test_plan_and_page_need_files_of_their_own(run: Run, tiny: Path, tmp_path: Path) -> None:
    path = tmp_path / "both"
    (tmp_path / "link").symlink_to(path)
    for report in (path, tmp_path / "link", tmp_path / ".." / tmp_path.name / "both"):
        ended = run("plan", tiny, "-q", "-o", path, "--report", report)
        assert (ended.code, ended.out) == (2, "")
        assert "cannot become both a plan and a report; give each a file of its own" in ended.err
        assert not path.exists()


@pytest.mark.parametrize("command", ["report", "plan"])
def test_a_folder_that_is_not_there_is_not_made(run: Run, tiny: Path, plan: Path, tmp_path: Path, command: str) -> None:
    page = tmp_path / "not-there" / "plan.html"
    ended = run(*_writing(command, tiny, plan, page))
    assert ended.code == 2
    assert f"the folder {page.parent} does not exist; make it first" in ended.err
    assert not page.parent.exists()


@pytest.mark.parametrize("command", ["report", "plan"])
def test_a_file_of_another_kind_is_kept_unless_forced(
    run: Run, tiny: Path, plan: Path, page: Path, command: str
) -> None:
    page.write_text("<!doctype html>\n<p>not ours", encoding="utf-8")
    ended = run(*_writing(command, tiny, plan, page))
    assert ended.code == 2
    assert "is there already and is not a report" in ended.err
    assert page.read_text(encoding="utf-8").endswith("not ours")
    assert run(*_writing(command, tiny, plan, page), "--force").code == 0
    assert run(*_writing(command, tiny, plan, page)).code == 0  # a report takes the place of a report


@pytest.mark.parametrize("command", ["report", "plan"])
def test_what_is_read_is_not_written_over(run: Run, tiny: Path, plan: Path, command: str) -> None:
    read = tiny if command == "plan" else plan
    before = read.read_bytes()
    ended = run(*_writing(command, tiny, plan, read), "--force")
    assert (ended.code, read.read_bytes()) == (2, before)
    assert "is read by this command; the result needs another name" in ended.err


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("command", ["report", "plan"])
def test_a_full_disk_is_said_with_the_name_of_the_file(run: Run, tiny: Path, plan: Path, command: str) -> None:
    ended = run(*_writing(command, tiny, plan, Path("/dev/full")))
    assert ended.code == 2
    assert "/dev/full: cannot be written: No space left on device" in ended.err


def _writing(command: str, tiny: Path, plan: Path, page: Path) -> list[str | Path]:
    if command == "plan":
        return ["plan", tiny, "-q", "--report", page]
    return ["report", tiny, plan, "-q", "-o", page]


def test_an_interrupt_while_the_page_is_made_leaves_no_part_of_it(
    python: Python, tiny: Path, plan: Path, page: Path
) -> None:
    text = (
        "import os, signal, sys\n"
        "import capalloc.report.html.page as page\n"
        "def interrupted(*_): os.kill(os.getpid(), signal.SIGINT)\n"
        "page.sections_of = interrupted\n"
        "from capalloc.cli import main\n"
        f"main(['report', {str(tiny)!r}, {str(plan)!r}, '-q', '-o', {str(page)!r}])\n"
    )
    started = python("-c", text)
    _, err = started.communicate(timeout=60)
    assert started.returncode == 130
    assert "interrupted; every file is as it was" in err
    assert [path.name for path in page.parent.iterdir() if path.suffix in {".html", ".part"}] == []


def test_report_works_without_what_draws_files(
    run: Run, monkeypatch: pytest.MonkeyPatch, tiny: Path, plan: Path, page: Path
) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    assert run("report", tiny, plan, "-o", page, "-q").code == 0


def test_figure_says_what_to_install(
    run: Run, monkeypatch: pytest.MonkeyPatch, tiny: Path, plan: Path, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    ended = run("figure", "ramp", tiny, plan, "-o", tmp_path / "ramp.svg", "-q")
    assert ended.code == 2
    assert "pip install 'capalloc[figures]'" in ended.err
    assert not (tmp_path / "ramp.svg").exists()


@pytest.mark.parametrize("name", ["ramp.gif", "ramp", "ramp.html"])
def test_figure_names_the_formats_that_it_knows(run: Run, tiny: Path, plan: Path, tmp_path: Path, name: str) -> None:
    ended = run("figure", "ramp", tiny, plan, "-o", tmp_path / name, "-q")
    assert ended.code == 2
    assert f"found {name!r}, expected a name that ends in .svg, .png, .pdf" in ended.err
    assert not (tmp_path / name).exists()


def test_the_end_of_a_file_may_be_in_capitals(run: Run, tiny: Path, plan: Path, tmp_path: Path) -> None:
    assert run("figure", "ramp", tiny, plan, "-o", tmp_path / "RAMP.SVG", "-q").code == 0
    assert (tmp_path / "RAMP.SVG").read_bytes().startswith(b"<svg")


@pytest.mark.parametrize("command", ["report", "plan"])
def test_a_page_is_no_pdf(run: Run, tiny: Path, plan: Path, tmp_path: Path, command: str) -> None:
    ended = run(*_writing(command, tiny, plan, tmp_path / "plan.pdf"))
    assert ended.code == 2
    assert "expected one that ends in .html (a browser prints it to PDF)" in ended.err
    assert not (tmp_path / "plan.pdf").exists()
