"""``capalloc figure``: each figure in each format, what is refused, and that names stay text."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from capalloc.cli.figure import FigureName
from tests.cli.commands import Run

CHARTS = ("ramp", "money", "calendar")
SVG = "{http://www.w3.org/2000/svg}"


def texts(path: Path) -> list[str]:
    """All texts of a drawing, titles included."""
    return [one.text for one in ElementTree.parse(path).iter() if one.tag in {f"{SVG}text", f"{SVG}title"} and one.text]


@pytest.mark.parametrize("name", list(FigureName))
def test_every_figure_is_a_drawing_with_a_title(run: Run, tiny: Path, plan: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / "x.svg"
    assert run("figure", name, tiny, plan, "-o", path, "-q").code == 0
    svg = path.read_text(encoding="utf-8")
    assert "var(--" not in svg
    assert any(text.startswith("tiny: ") for text in texts(path))
    if name in CHARTS:
        assert texts(path)[0].endswith("2026-05-01 until 2026-11-01")


@pytest.mark.parametrize("name", list(FigureName))
@pytest.mark.parametrize(("ending", "begin"), [("svg", b"<svg"), ("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_every_format_is_the_same_bytes_twice(
    run: Run, tiny: Path, plan: Path, tmp_path: Path, name: str, ending: str, begin: bytes
) -> None:
    paths = [tmp_path / f"{number}.{ending}" for number in range(2)]
    for path in paths:
        assert run("figure", name, tiny, plan, "-o", path, "-q").code == 0
    first, again = (path.read_bytes() for path in paths)
    assert first.startswith(begin)
    assert first == again


@pytest.mark.parametrize(
    ("name", "measure", "found"),
    [
        ("ramp", "GPUs", "GPUs"),
        ("ramp", "mw as SOLD", "MW"),
        ("ramp", "racks", "racks"),
        ("money", "firm", "Fees at risk"),
        ("money", "prices", "feeder"),
    ],
)
def test_a_measure_may_be_chosen(
    run: Run, tiny: Path, plan: Path, tmp_path: Path, name: str, measure: str, found: str
) -> None:
    path = tmp_path / "x.svg"
    assert run("figure", name, tiny, plan, "--measure", measure, "-o", path, "-q").code == 0
    assert found in texts(path)


def test_a_period_may_be_chosen(run: Run, tiny: Path, plan: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.svg"
    assert run("figure", "power", tiny, plan, "--period", "2026-08-15", "-o", path, "-q").code == 0
    assert any("2026-08" in text for text in texts(path))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("ramp", "--measure", "gigawatts"),
            "--measure: found 'gigawatts', expected one of MW, MW as sold, GPUs, Racks",
        ),
        (("money", "--measure", ""), "--measure: found '', expected one of earned, firm, prices"),
        (("power", "--measure", "kW"), "--measure: found 'kW', expected none: the figure 'power' has only one"),
        (
            ("ramp", "--period", "2026-06"),
            "--period: found '2026-06', expected none: the figure 'ramp' shows all periods",
        ),
        (("power", "--period", "2027-06"), "expected a period of the plan, from 2026-05 to 2026-10"),
        (("power", "--period", "soon"), "expected a period of the plan, from 2026-05 to 2026-10"),
    ],
)
def test_what_a_figure_has_not_is_refused(
    run: Run, tiny: Path, plan: Path, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    name, *options = arguments
    ended = run("figure", name, tiny, plan, *options, "-o", tmp_path / "x.svg", "-q")
    assert ended.code == 2
    assert message in " ".join(ended.err.split())
    assert not (tmp_path / "x.svg").exists()


def test_a_plan_that_the_check_rejects_is_drawn_and_said_to_be(
    run: Run, tiny: Path, plan: Path, tmp_path: Path
) -> None:
    record = json.loads(plan.read_text(encoding="utf-8"))
    bad, path = tmp_path / "bad.json", tmp_path / "x.svg"
    bad.write_text(json.dumps(record | {"assignments": record["assignments"][:3]}), encoding="utf-8")
    ended = run("figure", "ramp", tiny, bad, "-o", path, "-q")
    assert ended.code == 1
    assert "the independent check rejects the plan that is drawn" in ended.err
    assert path.exists()


def test_where_there_is_nothing_to_draw_it_says_so(run: Run, tiny: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny.parent / "tiny", tmp_path / "tiny")
    text = tiny.read_text(encoding="utf-8")
    contracts = text[text.index("contracts:") : text.index("policy:")]
    scenario, plan = tmp_path / "own.yaml", tmp_path / "own.json"
    scenario.write_text(text.replace(contracts, ""), encoding="utf-8")
    assert run("plan", scenario, "-o", plan, "-q").code == 0
    ended = run("figure", "money", scenario, plan, "--measure", "firm", "-o", tmp_path / "x.svg", "-q")
    assert ended.code == 1
    assert "the plan has no contracts, so no fees that could be firm or at risk" in " ".join(ended.err.split())


NAME = '<i>\'🚀\' var(--ink) \u202e& "fill="var(--d0)" קולוסוס ' + "W" * 150


@pytest.fixture
def odd(tiny: Path, run: Run, tmp_path: Path) -> tuple[Path, Path]:
    """The tiny example with a lease of an odd name, and its plan."""
    shutil.copytree(tiny.parent / "tiny", tmp_path / "tiny")
    scenario, plan = tmp_path / "odd.yaml", tmp_path / "odd.json"
    quoted = "'" + NAME.replace("'", "''") + "'"
    scenario.write_text(tiny.read_text(encoding="utf-8").replace("name: lease", f"name: {quoted}"), encoding="utf-8")
    assert run("plan", scenario, "-o", plan, "-q").code == 0
    return scenario, plan


@pytest.mark.parametrize("name", list(FigureName))
@pytest.mark.parametrize("ending", ["svg", "png", "pdf"])
def test_names_are_text_and_fit(run: Run, odd: tuple[Path, Path], tmp_path: Path, name: str, ending: str) -> None:
    path = tmp_path / f"x.{ending}"
    assert run("figure", name, *odd, "-o", path, "-q").code == 0
    if ending == "svg":
        root = ElementTree.parse(path).getroot()
        assert not list(root.iter(f"{SVG}i"))
        if name in CHARTS:
            assert any("var(--ink)" in text and NAME.startswith(text.removesuffix("…")) for text in texts(path))
            assert max(map(len, texts(path))) < 90


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs pdftotext, of Debian's package poppler-utils")
def test_text_of_a_pdf_is_text(run: Run, tiny: Path, plan: Path, tmp_path: Path) -> None:
    assert run("figure", "ramp", tiny, plan, "-o", tmp_path / "x.pdf", "-q").code == 0
    said = subprocess.run(["pdftotext", tmp_path / "x.pdf", "-"], capture_output=True, text=True, check=True).stdout
    assert {"tiny: Ramp in MW, 2026-05-01 until 2026-11-01", "lease", "Energised supply"} <= set(said.splitlines())


def test_a_chart_has_the_numbers_of_the_plan(run: Run, tiny: Path, plan: Path, tmp_path: Path) -> None:
    # The lease has 3, 6, then 9 of 12 racks: its top edge steps down the sheet by as much each time.
    assert run("figure", "ramp", tiny, plan, "--measure", "racks", "-o", tmp_path / "x.svg", "-q").code == 0
    svg = (tmp_path / "x.svg").read_text(encoding="utf-8")
    areas = re.findall(r'<path d="(M[^"]*Z)" fill="#e69f00"', svg)
    heights = [float(y) for y in re.findall(r"[ML,][\d.]+,([\d.]+)", areas[0])]
    low, steps = max(heights), sorted(set(heights), reverse=True)
    assert [round((low - y) / (low - steps[-1]) * 9, 2) for y in steps] == [0, 3, 6, 9]
