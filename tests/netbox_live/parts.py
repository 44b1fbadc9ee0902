"""What a NetBox of one's own needs of this machine, and where its installation is kept between runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

PACKAGES = ("netbox==4.7.3", "netboxlabs-netbox-branching==1.2.2", "netbox-contract==2.5.0", "gunicorn")
"""What pip installs; another version of any gives another installation."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Programs by their paths. ``python`` is 3.12 or later; ``cache`` the folder of the installation."""

    postgres: Path
    """The folder of PostgreSQL's programs."""

    redis: Path
    python: Path
    cache: Path

    @property
    def environment(self) -> Path:
        """The virtual environment that has NetBox."""
        return self.cache / "venv"

    @property
    def dump(self) -> Path:
        """The migrated, empty database."""
        return self.cache / "empty.dump"

    def is_prepared(self) -> bool:
        """Whether NetBox is installed here and its database migrated."""
        return self.dump.exists()


def cache() -> Path:
    """The folder of the installation: CAPALLOC_NETBOX_CACHE, or one of the temporary folder."""
    version = "-".join(package.rpartition("=")[2] for package in PACKAGES[:3])
    chosen = os.environ.get("CAPALLOC_NETBOX_CACHE")
    return (Path(chosen) if chosen else Path(tempfile.gettempdir()) / "capalloc-netbox") / version


def find() -> Parts | str:
    """The parts of this machine; a sentence with what is missing where one is."""
    postgres, redis, python = _postgres(), shutil.which("redis-server"), _python()
    if postgres is None:
        return "PostgreSQL 14 or later (Debian: apt-get install postgresql)"
    if redis is None:
        return "Redis (Debian: apt-get install redis-server)"
    if python is None:
        return "Python 3.12 or later, on the path or by pyenv"
    return Parts(postgres, Path(redis), python, cache())


def _postgres() -> Path | None:
    found = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if (folder / "initdb").exists()]
    if found:
        return max(found, key=lambda folder: int(folder.parent.name))
    there = shutil.which("initdb")
    return Path(there).resolve().parent if there else None


def _python() -> Path | None:
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates = [shutil.which("python3.12"), shutil.which("python3.13"), *sorted(pyenv.glob("3.1[2-9].*/bin/python"))]
    return next((Path(path) for path in candidates if path is not None and _is_new_enough(Path(path))), None)


def _is_new_enough(python: Path) -> bool:
    asked = [str(python), "-c", "import sys; sys.exit(sys.version_info < (3, 12))"]
    return subprocess.run(asked, check=False, capture_output=True).returncode == 0
