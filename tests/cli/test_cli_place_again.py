"""``capalloc place`` cut short, one time after the other, and where there is nothing left to place."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from capalloc.formats import load_facility, load_placed, load_requests
from capalloc.verify import verify_placed
from tests.cli.commands import Python, Run

ROOT = Path(__file__).parents[2]
SITE, TINY = ROOT / "examples" / "placement", ROOT / "examples" / "tiny"
CUT_SHORT = """
import os, signal, sys, threading
import capalloc.placement.core.chains as chains
from capalloc.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)
wait = chains.wait
def interrupted(running, timeout):
    chains.wait = wait
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
    return wait(running, timeout)
chains.wait = interrupted
main(sys.argv[1:])
"""
"""The command, which is sent SIGINT once its search has begun."""


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    """136 racks, far more than the 20 positions and 440 kW of the example take."""
    groups = [(1 + number % 6, (5.5, 12.1, 44.0, 31.3)[number % 4], number % 3 == 0) for number in range(40)]
    rows = [f"q{n},{racks},{kw},row,{'yes' if whole else 'no'}" for n, (racks, kw, whole) in enumerate(groups)]
    path = tmp_path / "asked.csv"
    path.write_text("\n".join(["request,racks,power_kw,together,all_or_nothing", *rows]) + "\n", encoding="utf-8")
    return path


def accepted(path: Path, requests: Path, facility: Path = SITE) -> Counter[str]:
    """Racks of each request in a file that the checker accepts."""
    site, wanted = load_facility(facility), load_requests(requests)
    placed = load_placed(path, site, wanted)
    assert verify_placed(site, wanted, placed) == ()
    return Counter(line.request for line in placed)


def test_ctrl_c_ends_the_search_with_the_best_there_is(python: Python, asked: Path, tmp_path: Path) -> None:
    path = tmp_path / "placed.csv"
    arguments = ("place", str(SITE), str(asked), "--time-limit", "600", "--no-bound", "--json", "-o", str(path))
    with python("-c", CUT_SHORT, *arguments) as process:
        out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    answer = json.loads(out)
    assert answer["seconds_core"] < 300
    assert accepted(path, asked).total() == answer["racks_placed"] > 0
    assert "Traceback" not in err


def test_ctrl_c_before_there_is_anything_leaves_every_file_as_it_was(
    run: Run, asked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("capalloc.placing.place_groups", interrupted)
    path = tmp_path / "placed.csv"
    path.write_text("request,position\nas,it was\n", encoding="utf-8")
    ended = run("place", SITE, asked, "-q", "-o", path)
    assert (ended.code, ended.out) == (130, "")
    assert ended.err == "capalloc: interrupted; every file is as it was\n"
    assert path.read_text(encoding="utf-8") == "request,position\nas,it was\n"


@pytest.mark.parametrize("objective", ["racks", "kw", "requests", "value"])
def test_figures_are_those_of_the_file(run: Run, asked: Path, tmp_path: Path, objective: str) -> None:
    path = tmp_path / "placed.csv"
    arguments = ("--json", "-q", "--time-limit", "0", "--objective", objective, "-o", path)
    answer = json.loads(run("place", SITE, asked, *arguments).out)
    racks, requests = accepted(path, asked), load_requests(asked)
    kw = sum(racks[request.name] * request.draw_kw for request in requests)
    whole = sum(racks[request.name] == request.racks for request in requests)
    worth = sum(racks[request.name] * request.value for request in requests)
    assert (answer["racks_placed"], answer["requests_placed"]) == (racks.total(), whole)
    assert answer["kw_placed"] == pytest.approx(kw, abs=1e-6)
    figures = {"racks": racks.total(), "kw": kw, "requests": whole, "value": worth}
    assert answer["objective"] == pytest.approx(figures[objective], abs=1e-6)
    assert answer["objective"] <= answer["bound"]
    missing = {request.name: request.racks - racks[request.name] for request in requests}
    told = {entry["request"]: entry["racks"] for entry in answer["unplaced"]}
    assert told == {name: lacks for name, lacks in missing.items() if lacks}


def test_what_a_former_run_placed_stays_with_all_its_lines(run: Run, asked: Path, tmp_path: Path) -> None:
    first, then = tmp_path / "first.csv", tmp_path / "then.csv"
    few = tmp_path / "few.csv"
    few.write_text("".join(asked.read_text(encoding="utf-8").splitlines(keepends=True)[:4]), encoding="utf-8")
    assert run("place", SITE, few, "-q", "--time-limit", "0", "-o", first).code == 0
    assert run("place", SITE, asked, "-q", "--time-limit", "0.05", "--occupied", first, "-o", then).code == 0
    before, after = load_placed(first), load_placed(then)
    assert before
    assert set(before) < set(after)
    assert accepted(then, asked).total() == len(after)


def test_a_run_on_its_own_output_moves_nothing(run: Run, asked: Path, tmp_path: Path) -> None:
    paths = [tmp_path / "one.csv", tmp_path / "two.csv"]
    assert run("place", SITE, asked, "-q", "--time-limit", "0.2", "--no-bound", "-o", paths[0]).code == 0
    again = ("--time-limit", "0", "--no-bound", "--occupied", paths[0], "-o", paths[1])
    assert run("place", SITE, asked, "-q", *again).code == 0
    assert set(load_placed(paths[0])) <= set(load_placed(paths[1]))


def test_construction_alone_writes_the_same_bytes_twice(run: Run, asked: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert run("place", SITE, asked, "-q", "--time-limit", "0", "-o", tmp_path / name).code == 0
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_where_everything_is_full_nothing_is_placed(run: Run, asked: Path, tmp_path: Path) -> None:
    # Racks of its own stand planned on all twelve positions of the tiny example.
    path = tmp_path / "placed.csv"
    ended = run("place", TINY, asked, "--json", "-q", "--on", "2026-09", "-o", path)
    assert ended.code == 0
    answer = json.loads(ended.out)
    assert [answer[key] for key in ("racks_placed", "kw_placed", "objective", "bound", "gap")] == [0, 0, 0, 0, 0]
    assert len(answer["unplaced"]) == 40
    assert {reason["rule"] for entry in answer["unplaced"] for reason in entry["reasons"]} == {"position"}
    assert path.read_text(encoding="utf-8").splitlines() == ["request,position"]
    assert run("place", TINY, asked, "-q", "--on", "2026-09", "--occupied", path).code == 0


def test_a_model_by_its_name_without_its_racks_takes_groups(run: Run, tmp_path: Path) -> None:
    wanted, path = tmp_path / "wanted.csv", tmp_path / "placed.csv"
    wanted.write_text("request,racks,power_kw,together\na,8,44,row\nb,64,44,fabric_block\n", encoding="utf-8")
    arguments = ("--standing", "none", "--on", "2026-09", "--time-limit", "0", "-o", path)
    ended = run("place", "colossus1", wanted, "-q", "--json", *arguments)
    assert ended.code == 0
    assert ended.err == (
        "capalloc: warning: all heat counts as air, though positions in 8 zones such as h1a are liquid-cooled; "
        "give requests a rack_type or a liquid_fraction\n"
    )
    assert json.loads(ended.out)["requests_placed"] == 2
    lines = load_placed(path)
    assert Counter(line.request for line in lines) == {"a": 8, "b": 64}
    positions = {place.name: place for place in load_facility("colossus1").positions}
    assert len({positions[line.position].row_key for line in lines if line.request == "a"}) == 1
    assert len({positions[line.position].fabric_block for line in lines if line.request == "b"}) == 1
