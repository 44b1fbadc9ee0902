"""``capalloc promise``: what may be signed, as a page and as JSON, and refusals that say how to mend."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from capalloc.schema.promised import Promised
from tests.cli.commands import Run
from tests.docs.pages import ROOT

UNSURE = ROOT / "examples/tiny-unsure.yaml"
ASKED = ("--mw", "0.3", "--from", "2026-06", "--until", "2026-08", "--confidence", "50%", "--samples", "5")


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "130")


@pytest.fixture
def short(tmp_path: Path) -> Path:
    """The same site over four months."""
    shutil.copytree(ROOT / "examples/tiny", tmp_path / "tiny")
    path = tmp_path / "short.yaml"
    path.write_text(UNSURE.read_text(encoding="utf-8").replace("2026-11", "2026-09"), encoding="utf-8")
    return path


def test_page_json_and_file_tell_the_same(run: Run, short: Path, tmp_path: Path) -> None:
    kept = tmp_path / "promise.json"
    page = run("promise", short, *ASKED, "-o", kept)
    assert page.code == 0
    assert "5 of 5 samples followed" in page.err
    answer = Promised.model_validate_json(kept.read_text(encoding="utf-8"))
    assert (answer.asked_kw, answer.promised_kw, answer.most_broken) == (300, 100, 0)
    for part in ("May be signed 100.0 kW, at 50 %", "Falls short in 0 of 5 samples, where 0 may", "Month by month"):
        assert part in " ".join(page.out.split())
    again = run("promise", short, *ASKED, "--json", "-q", "--jobs", "1")
    assert again.out == kept.read_text(encoding="utf-8")


def test_a_request_in_a_file(run: Run, short: Path, tmp_path: Path) -> None:
    request = tmp_path / "request.yaml"
    request.write_text(
        "name: wish\ntenant: Wish\nrack_types: [rack]\nramp: [{from: 2026-06, mw: 0.1}]\nuntil: 2026-08\n",
        encoding="utf-8",
    )
    ended = run("promise", short, request, "--confidence", "0.5", "--samples", "5", "--jobs", "1", "-q", "--json")
    answer = Promised.model_validate_json(ended.out)
    assert (answer.request, answer.promised_kw, answer.earliest) == ("wish", 100, answer.start)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((ROOT / "examples/tiny.yaml", "--mw", "1", "--from", "2026-06"), "uncertainty: is missing"),
        ((UNSURE, "--mw", "1", "--from", "2026-06", "--confidence", "95"), "95% is 0.95"),
        ((UNSURE, "--mw", "1", "--from", "2026-06", "--confidence", "0"), "found 0.0, expected a chance from 0.01"),
        (
            (UNSURE, "--mw", "1", "--from", "2026-06", "--samples", "20"),
            "samples: found 20, of which none may be broken",
        ),
        ((UNSURE, "--mw", "1"), "--from: is missing"),
        ((UNSURE, "--mw", "1", "--from", "2030-01"), "--from: found a request from 2030-01"),
        ((UNSURE, "nobody"), "nobody: "),
        ((UNSURE,), "expected a file with a contract, or one of --mw and --gpus"),
        ((UNSURE, "--mw", "1", "--from", "2026-06", "--type", "gpu9000"), "gpu9000"),
    ],
)
def test_what_is_wrong_is_said_with_how_to_mend_it(words: tuple[object, ...], says: str, run: Run) -> None:
    ended = run("promise", *words, "-q")
    assert ended.code == 2
    assert says in " ".join(ended.err.split())


def test_a_file_of_another_kind_is_spared_before_anything_is_planned(run: Run, tmp_path: Path) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("mine", encoding="utf-8")
    for command, words in (("promise", ASKED), ("risk", ("--samples", "3"))):
        ended = run(command, UNSURE, *words, "-o", mine)
        assert ended.code == 2
        assert "is there already and is not an answer of capalloc" in " ".join(ended.err.split())
        assert "planning" not in ended.err
    assert mine.read_text(encoding="utf-8") == "mine"
