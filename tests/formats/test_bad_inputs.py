"""Every bad input of tests/bad gives exactly its problems, with file, line, key and a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from capalloc.errors import Problem, ScenarioError
from capalloc.formats import load_scenario, warnings_of

BAD = Path(__file__).parent.parent / "bad"
REFUSED = yaml.safe_load((BAD / "expected.yaml").read_text(encoding="utf-8"))
ODD = yaml.safe_load((BAD / "odd" / "expected.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", REFUSED, ids=[case["input"] for case in REFUSED])
def test_bad_input_names_file_line_key_and_what_was_expected(
    case: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(BAD)
    with pytest.raises(ScenarioError) as raised:
        load_scenario(case["input"])
    _agree(raised.value.problems, case["problems"])


@pytest.mark.parametrize("case", ODD, ids=[case["input"] for case in ODD])
def test_odd_input_is_read_with_warnings_of_file_line_key_and_what_was_found(
    case: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(BAD)
    _agree(warnings_of(load_scenario(case["input"])), case["warnings"])


def _agree(found: tuple[Problem, ...], wanted: list[dict[str, Any]]) -> None:
    expected = [(want["file"], want["line"], want["key"]) for want in wanted]
    assert [(problem.file, problem.line, problem.key) for problem in found] == expected
    for problem, want in zip(found, wanted, strict=True):
        assert want["says"] in problem.message


def test_every_file_of_the_folder_is_a_case() -> None:
    listed = {case["input"] for case in (*REFUSED, *ODD)} | {"expected.yaml", "odd/expected.yaml"}
    files = (*BAD.glob("*.yaml"), *(BAD / "odd").glob("*.yaml"))
    assert {path.relative_to(BAD).as_posix() for path in files} <= listed


@pytest.mark.parametrize("sign", ["x", "[", "{a: ", "- ", "\t", "&a *a ", '"', "? ", "a: b\n"])
def test_ten_megabytes_of_junk_give_one_sentence(tmp_path: Path, sign: str) -> None:
    path = tmp_path / "junk.yaml"
    path.write_text(sign * (10_000_000 // len(sign)), encoding="utf-8")
    with pytest.raises(ScenarioError, match="is larger than 8 MB"):
        load_scenario(path)


@pytest.mark.parametrize("sign", ["x", "[", "{a: ", "- ", "\t", "&a *a ", '"', "? ", "*a ", "%", "x y\n"])
def test_junk_below_the_limit_gives_one_sentence(tmp_path: Path, sign: str) -> None:
    path = tmp_path / "junk.yaml"
    path.write_text(sign * (1_000_000 // len(sign)), encoding="utf-8")
    with pytest.raises(ScenarioError) as raised:
        load_scenario(path)
    assert len(raised.value.problems) == 1
    assert len(str(raised.value)) < 500


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "found an empty file, expected a mapping"),
        (b"\xff\xfe\x00", "is not UTF-8 text"),
        (b"scenario: a\nname: \x80\n", ":2: is not UTF-8 text"),
        (b"PK\x03\x04\xff", "is a workbook or another archive, expected text; `capalloc import xlsx` makes tables of"),
        (b"a: \x00", "holds a NUL byte"),
        (b"a: 1\n---\nb: 2\n", ":2: holds a second document"),
        (b"a: {b: [1, 2}\n", ":1: is not YAML"),
        (b"? [a]\n: 1\n", "a key must be a plain word"),
        (b"a: !!python/object:os.system x\n", "the tag tag:yaml.org,2002:python/object:os.system is not read here"),
        (b"a: &a [*a]\n", "names no value that is complete before it"),
        (b'a: "\\ud800"\n', ""),
        (b"just text", "found the text 'just text', expected a mapping"),
        (b"12", "found the value 12, expected a mapping"),
    ],
)
def test_unreadable_text_gives_one_sentence(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_bytes(data)
    with pytest.raises(ScenarioError) as raised:
        load_scenario(path)
    (problem,) = raised.value.problems
    assert says in str(problem)


def test_a_device_is_no_scenario() -> None:
    with pytest.raises(ScenarioError, match="is not a regular file"):
        load_scenario("/dev/zero")
