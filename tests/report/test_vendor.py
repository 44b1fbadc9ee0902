"""Scripts of others in the report: the versions and files that their README names, with their licences."""

from __future__ import annotations

import hashlib
import os
import re
from importlib.metadata import PackageNotFoundError, distribution
from importlib.resources import files

import pytest
import vl_convert

from tests.docs.pages import ROOT, bare, table

VENDOR = files("capalloc.report.html") / "vendor"
ROWS = {bare(row["file"]): row for row in table((ROOT / "capalloc/report/html/vendor/README.md").read_text("utf-8"))}


def package(row: dict[str, str]) -> tuple[str, str]:
    """(name, version) of the npm package of a row."""
    name, version = row["npm package"].split()
    return name, version


@pytest.mark.parametrize("name", ROWS)
def test_a_script_is_the_file_that_the_readme_names(name: str) -> None:
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == ROWS[name]["sha256"]


def test_every_script_has_its_row_and_every_row_its_script() -> None:
    scripts = {
        f"{folder.name}/{file.name}" for folder in VENDOR.iterdir() if folder.is_dir() for file in folder.iterdir()
    }
    assert set(ROWS) == {name for name in scripts if name.endswith(".js")}


@pytest.mark.parametrize("name", ROWS)
def test_the_licences_beside_a_script_name_its_package_and_version(name: str) -> None:
    licence = (VENDOR / name.partition("/")[0] / "LICENSE").read_text(encoding="utf-8")
    first = licence.splitlines()[0]
    assert " ".join(package(ROWS[name])) in first
    assert name.partition("/")[2] in first


def test_pages_are_drawn_by_the_vega_that_draws_files() -> None:
    versions = dict(map(package, ROWS.values()))
    assert versions["vega"] == vl_convert.get_vega_version()
    major_minor = ".".join(versions["vega-lite"].split(".")[:2])
    assert major_minor == vl_convert.get_vegalite_versions()[-1]


def test_scripts_carry_the_versions_of_the_readme() -> None:
    versions = dict(map(package, ROWS.values()))
    for name in ("vega", "vega-lite"):
        text = (VENDOR / name / f"{name}.min.js").read_text(encoding="utf-8")
        assert re.search(rf'"{re.escape(versions[name])}"', text)


def test_the_installed_package_has_templates_styles_scripts_and_licences() -> None:
    try:
        found = distribution("capalloc")
    except PackageNotFoundError:
        assert not os.environ.get("CI"), "CI has not installed capalloc"
        pytest.skip("capalloc is not installed in this environment")
    licences = found.metadata.get_all("License-File") or []
    assert {f"capalloc/report/html/vendor/{name.partition('/')[0]}/LICENSE" for name in ROWS} < set(licences)
    shipped = {str(path) for path in found.files or ()}
    source = ROOT / "capalloc" / "report" / "html"
    wanted = {
        path.relative_to(ROOT).as_posix()
        for kind in ("templates", "static", "vendor")
        for path in source.glob(f"{kind}/**/*.*")
    }
    editable = any(path.endswith(".pth") for path in shipped)
    assert editable or wanted <= shipped
