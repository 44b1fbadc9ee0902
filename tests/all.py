"""Everything that must hold, in order: formatting, lint, types, layers, the installed command, the suite.

Run it with the interpreter of an environment that has the ``test`` extra. It stops at the first failure.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tempfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = Path(sysconfig.get_path("scripts"))
STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("formatting", ("ruff", "format", "--check", ".")),
    ("lint", ("ruff", "check", ".")),
    ("types", ("mypy",)),
    ("layers", ("lint-imports",)),
)


def main() -> int:
    """Run the steps; the exit code of the first that fails, else that of pytest."""
    for name, command in STEPS:
        if code := run(name, script(command[0]), *command[1:]):
            return code
    if code := installed_command():
        return code
    # -P and append keep the checkout behind site-packages: an installed capalloc is the one under test.
    return run("tests", sys.executable, "-P", "-m", "pytest", "--import-mode=append", "-n", "2", "--dist", "worksteal")


def run(name: str, *command: str, cwd: Path = ROOT) -> int:
    """Run one step and say its name first; its exit code."""
    print(f"== {name}", flush=True)
    return subprocess.run(command, cwd=cwd, check=False).returncode


def script(name: str) -> str:
    """The command of this environment, or else the one on the path."""
    path = SCRIPTS / name
    return str(path) if path.exists() else name


def installed_command() -> int:
    """Where capalloc is installed: its command works in an empty folder, with models and benchmarks of the wheel."""
    if not is_installed():
        print("== installed command: skipped, capalloc is not installed in this environment", flush=True)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        scenario = str(ROOT / "examples" / "tiny.yaml")
        for arguments in (
            ("models",),
            ("plan", scenario, "-o", "plan.json"),
            ("check", scenario, "plan.json"),
            ("bench", "plan", "--racks", "16", "--periods", "1", "--demands", "3"),
        ):
            command = (script("capalloc"), *arguments)
            if code := run(f"installed command: capalloc {arguments[0]}", *command, cwd=Path(folder)):
                return code
    return 0


def is_installed() -> bool:
    """Whether this environment has capalloc as a distribution, and nothing puts the checkout before it."""
    try:
        distribution("capalloc")
    except PackageNotFoundError:
        return False
    return "PYTHONPATH" not in os.environ


if __name__ == "__main__":
    sys.exit(main())
