"""The names that ``import capalloc`` offers."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import capalloc
from tests.cli.commands import Python

ROOT = Path(__file__).parents[2]
NAMES: list[str] = vars(capalloc)["__all__"]


@pytest.mark.parametrize("name", NAMES)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(capalloc, name) is not None
    assert name in dir(capalloc)


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("_")])
def test_every_public_name_is_documented(name: str) -> None:
    assert getattr(capalloc, name).__doc__


@pytest.mark.parametrize("first", ["import capalloc.solve, capalloc.verify", "import capalloc"])
def test_solve_and_verify_are_functions_whoever_loads_their_modules(python: Python, first: str) -> None:
    code = f"{first}\nimport capalloc\nassert callable(capalloc.solve), callable(capalloc.verify)\n"
    code += "from capalloc.solve import solve\nfrom capalloc.verify import verify\n"
    code += "assert (capalloc.solve, capalloc.verify) == (solve, verify)"
    with python("-c", code) as process:
        _, err = process.communicate()
    assert process.returncode == 0, err


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="frobnicate"):
        getattr(capalloc, "frobnicate")  # noqa: B009  a type checker knows that there is no such name


def test_the_version_is_the_one_of_the_distribution() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert capalloc.__version__ == project["version"]
