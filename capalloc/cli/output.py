"""Checks of output paths, made before the work whose result they take."""

from __future__ import annotations

import errno
import os
from pathlib import Path


def require_writable_file(path: Path, scenario: Path) -> None:
    """Raise an OSError when ``path`` cannot become a plan file beside ``scenario``."""
    if path.is_dir():
        raise _fault(errno.EISDIR, "is a folder; expected the name of a file", path)
    if path.exists() and scenario.exists() and path.samefile(scenario):
        raise _fault(errno.EINVAL, "is the scenario itself; the plan needs another name", path)
    folder = path.parent
    if not folder.is_dir():
        raise _fault(errno.ENOENT, f"the folder {folder} does not exist; make it first", path)
    if not os.access(folder, os.W_OK):
        raise _fault(errno.EACCES, f"the folder {folder} is not writable", path)


def require_folder_name(path: Path) -> None:
    """Raise an OSError when ``path`` is there and is not a folder."""
    if path.exists() and not path.is_dir():
        raise _fault(errno.ENOTDIR, "is a file; expected the name of a folder", path)


def _fault(number: int, sentence: str, path: Path) -> OSError:
    return OSError(number, sentence, str(path))
