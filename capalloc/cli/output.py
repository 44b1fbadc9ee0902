"""Checks of output paths, made before the work whose result they take."""

from __future__ import annotations

import errno
import os
from collections.abc import Collection, Mapping
from pathlib import Path


def require_writable_file(path: Path, inputs: Mapping[str, Path]) -> None:
    """Raise an OSError when ``path`` cannot become a file, or is one of the inputs, given by what they are."""
    if path.is_dir():
        raise _fault(errno.EISDIR, "is a folder; expected the name of a file", path)
    for what, given in inputs.items():
        if path.exists() and given.exists() and path.samefile(given):
            raise _fault(errno.EINVAL, f"is the {what} itself; the result needs another name", path)
    folder = path.parent
    if not folder.is_dir():
        raise _fault(errno.ENOENT, f"the folder {folder} does not exist; make it first", path)
    if not os.access(folder, os.W_OK):
        raise _fault(errno.EACCES, f"the folder {folder} is not writable", path)


def require_no_table(path: Path, facility: Path, tables: Collection[str]) -> None:
    """Raise an OSError when ``path`` is one of these files in the folder of a facility, or below it."""
    home, target = facility if facility.is_dir() else facility.parent, path.resolve()
    if facility.exists() and target.name in tables and target.is_relative_to(home.resolve()):
        raise _fault(errno.EINVAL, "is a table of the facility; the result needs another name", path)


def require_folder_name(path: Path) -> None:
    """Raise an OSError when ``path`` is there and is not a folder."""
    if path.exists() and not path.is_dir():
        raise _fault(errno.ENOTDIR, "is a file; expected the name of a folder", path)


def _fault(number: int, sentence: str, path: Path) -> OSError:
    return OSError(number, sentence, str(path))
