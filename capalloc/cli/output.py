"""Checks of output paths, made before the work whose result they take."""

from __future__ import annotations

import errno
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

_KEPT = "is read by this command; the result needs another name"
_KEPT_PLAN = (
    "is the plan that this command reads as what stands today; write the new one to a file of its own, compare, "
    "and name that as incumbent next time"
)


def require_writable_file(path: Path) -> None:
    """Raise an OSError when ``path`` cannot become a file."""
    if path.is_dir():
        raise _fault(errno.EISDIR, "is a folder; expected the name of a file", path)
    folder = path.parent
    if not folder.is_dir():
        raise _fault(errno.ENOENT, f"the folder {folder} does not exist; make it first", path)
    if not os.access(folder, os.W_OK):
        raise _fault(errno.EACCES, f"the folder {folder} is not writable", path)


@contextmanager
def inputs_spared(*outputs: Path | None) -> Iterator[None]:
    """Raise an OSError when one of ``outputs`` is a file read inside, or would be a table beside such a file."""
    from capalloc.formats.reading import files_read

    with files_read() as paths:
        yield
    for output in outputs:
        if output is not None:
            _require_unread(output, paths)


def _require_unread(path: Path, read: Collection[Path]) -> None:
    from capalloc.formats.rows import TABLES

    if path.exists() and any(given.exists() and path.samefile(given) for given in read):
        raise _fault(errno.EINVAL, _KEPT_PLAN if path.suffix == ".json" else _KEPT, path)
    target = path.resolve()
    if target.name in {f"{table}.csv" for table in TABLES} and any(
        target.parent == one.resolve().parent for one in read
    ):
        raise _fault(errno.EINVAL, "would be a table of the facility; the result needs another name", path)


def require_folder_name(path: Path) -> None:
    """Raise an OSError when ``path`` is there and is not a folder."""
    if path.exists() and not path.is_dir():
        raise _fault(errno.ENOTDIR, "is a file; expected the name of a folder", path)


def _fault(number: int, sentence: str, path: Path) -> OSError:
    return OSError(number, sentence, str(path))
