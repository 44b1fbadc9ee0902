"""Files in: text of bounded size, and paths that stay inside the folder they belong to."""

from __future__ import annotations

from pathlib import Path

from capalloc.errors import Problem
from capalloc.formats.node import Rejected
from capalloc.told import Told

MEGABYTE = 1_000_000
_ZIP = b"PK\x03\x04"
_WHOLE = "a scenario's folder holds all that it reads, so that it can be passed on whole; copy the file there"
_SHOWN = 100
"""Characters of a reference that an error shows."""
_READ: Told[Path] = Told("files that were read")
files_read = _READ.heard
"""The paths of the files that are read inside, in their order."""


def read_text(path: Path, file: str, limit: int) -> str:
    """The UTF-8 text of a regular file of at most ``limit`` bytes; Rejected with a sentence otherwise."""
    data = read_bytes(path, file, limit)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if data.startswith(_ZIP):
            message = "is a workbook or another archive, expected text; `capalloc import xlsx` makes tables of one"
            raise Rejected(Problem(file, 0, "", message)) from error
        line = data.count(b"\n", 0, error.start) + 1
        hint = "; save it as that (in Excel: CSV UTF-8)" if path.suffix.lower() == ".csv" else ""
        raise Rejected(Problem(file, line, "", f"is not UTF-8 text{hint}")) from error
    if "\0" in text:
        raise Rejected(Problem(file, text.count("\n", 0, text.index("\0")) + 1, "", "is not text: it holds a NUL byte"))
    return text


def read_bytes(path: Path, file: str, limit: int) -> bytes:
    """The bytes of a regular file of at most ``limit`` bytes; Rejected with a sentence otherwise."""
    try:
        if path.is_dir():
            raise Rejected(Problem(file, 0, "", "is a folder, expected a file"))
        if path.exists() and not path.is_file():
            raise Rejected(Problem(file, 0, "", "is not a regular file"))
        with path.open("rb") as stream:
            data = stream.read(limit + 1)
    except FileNotFoundError as error:
        raise Rejected(Problem(file, 0, "", _missing(path))) from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise Rejected(Problem(file, 0, "", f"cannot be read: {reason}")) from error
    if len(data) > limit:
        raise Rejected(Problem(file, 0, "", f"is larger than {limit / MEGABYTE:g} MB, the most that is read"))
    _READ.tell([path])
    return data


def _missing(path: Path) -> str:
    if not path.parent.exists():
        return f"no such file: the folder {path.parent} is not there"
    return "no such file"


def inside(folder: Path, reference: str) -> Path:
    """The path that ``reference`` names below ``folder``. Raises ValueError with a sentence when it leaves it."""
    if "\0" in reference:
        raise ValueError("a path cannot hold a NUL character")
    path = Path(reference)
    if path.is_absolute() or "\\" in reference:
        raise ValueError(f"found {reference!r}, expected a path relative to this file, with /; {_WHOLE}")
    try:
        found = (folder / path).resolve()
        home = folder.resolve()
        found.exists()  # raises where a name is longer than the system takes
    except (OSError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        shown = reference if len(reference) <= _SHOWN else f"{reference[:_SHOWN]}…"
        raise ValueError(f"{shown!r} cannot be followed: {reason}") from error
    if ".." in path.parts or not found.is_relative_to(home):
        raise ValueError(f"{reference!r} leaves the folder of this file; expected a path inside it: {_WHOLE}")
    return folder / path
