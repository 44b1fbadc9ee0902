"""The command line explains itself, and quickly."""

from __future__ import annotations

import pytest

import capalloc
from tests.cli.commands import Python, Run

COMMANDS = (
    *("plan", "check", "show", "explain"),
    *("quote", "surplus", "whatif", "risk", "promise", "impact", "revenue", "diff"),
    *("place", "slots", "init", "expand", "schema", "generate", "models", "bench"),
)
GROUPS = {
    "export": ("dps", "focus", "ics", "kueue", "parquet", "slurm", "xlsx"),
    "import": ("ics", "nautobot", "netbox", "xlsx"),
}
"""Commands of commands."""


def test_the_version_is_that_of_the_package(run: Run) -> None:
    ended = run("--version")
    assert (ended.code, ended.out) == (0, f"capalloc {capalloc.__version__}\n")


def test_help_names_every_command(run: Run) -> None:
    ended = run("--help")
    assert ended.code == 0
    for command in COMMANDS:
        assert f"\n  {command} " in ended.out


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_has_an_example(run: Run, command: str) -> None:
    ended = run(command, "--help")
    assert ended.code == 0
    assert f"Example:\n    capalloc {command}" in ended.out


@pytest.mark.parametrize(("group", "command"), [(group, one) for group, members in GROUPS.items() for one in members])
def test_help_of_a_command_of_commands_has_an_example(run: Run, group: str, command: str) -> None:
    assert f"\n  {command} " in run(group, "--help").out
    ended = run(group, command, "--help")
    assert ended.code == 0
    assert f"Example:\n    capalloc {group} {command}" in ended.out


@pytest.mark.parametrize(
    "arguments", [["--help"], ["plan", "--help"], ["place", "--help"], ["slots", "--help"], ["--version"]], ids=" ".join
)
def test_help_loads_neither_a_solver_nor_a_schema(python: Python, arguments: list[str]) -> None:
    """What makes help quick, told by modules instead of a clock."""
    code = f"import capalloc.cli\ntry: capalloc.cli.main({arguments!r})\nexcept SystemExit: pass\n"
    heavy = {"ortools", "numba", "numpy", "networkx", "yaml", "capalloc.schema", "capalloc.formats"}
    assert modules_after(python, code).isdisjoint(heavy)


def test_importing_the_package_loads_nothing_heavy(python: Python) -> None:
    heavy = {"rich", "typer", "pydantic", "ortools", "numba", "numpy", "networkx", "yaml"}
    assert modules_after(python, "import capalloc").isdisjoint(heavy)


def test_python_m_capalloc_is_the_command(python: Python) -> None:
    with python("-m", "capalloc", "--version") as process:
        out, _ = process.communicate()
    assert (process.returncode, out) == (0, f"capalloc {capalloc.__version__}\n")


def modules_after(python: Python, code: str) -> set[str]:
    """Names of the modules that a fresh interpreter has loaded after running the code."""
    with python("-c", f"{code}\nimport sys\nprint('@'.join(['', *sys.modules]))") as process:
        out, err = process.communicate()
    assert process.returncode == 0, err
    return set(out.splitlines()[-1].split("@"))
