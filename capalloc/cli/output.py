"""Checks of output paths, made before the work whose result they take."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile, ZipFile

_KEPT = "is read by this command; the result needs another name"
_KEPT_PLAN = (
    "is the plan that this command reads as what stands today; write the new one to a file of its own, compare, "
    "and name that as incumbent next time"
)
_BEGINNING = 4096
"""Bytes of a file that tell what it is."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a command writes, and how such a file begins."""

    name: str
    begins: re.Pattern[bytes]

    def has(self, path: Path) -> bool:
        """Whether a file is one."""
        with path.open("rb") as stream:
            return self.begins.search(stream.read(_BEGINNING)) is not None


@dataclass(frozen=True, slots=True)
class Book(Kind):
    """A workbook that says in its properties what it is; ``begins`` is looked for there."""

    def has(self, path: Path) -> bool:
        """Whether a file is one."""
        try:
            with ZipFile(path) as book:
                return self.begins.search(book.read("docProps/core.xml")) is not None
        except (BadZipFile, KeyError):
            return False


PLAN = Kind("a plan", re.compile(rb'"format"\s*:\s*"capalloc\.plan/'))
PLACED = Kind("a placement", re.compile(rb'\A(\xef\xbb\xbf)?"?request"?\s*,\s*"?position"?\s*(\r|\n|\Z)'))

_NO_PAGES = (".pdf", ".png", ".svg", ".csv", ".xlsx", ".docx", ".pptx")
"""Endings of files that no page for a browser is."""
REPORT = Kind("a report", re.compile(rb"\A<!doctype html>\s*<!-- capalloc report -->"))
FIGURE = Kind("a figure", re.compile(rb"\A(<svg|\x89PNG|%PDF)"))
EARNINGS = Kind("a table of earnings", re.compile(rb"\Aperiod,demand,tenant,"))
HITS = Kind("a list of racks that are hit", re.compile(rb"\Arack,hit,does,"))
BOOK = Kind("a workbook", re.compile(rb"\APK\x03\x04"))
EVENTS = Kind("a file of events", re.compile(rb"^events:", re.MULTILINE))
PLAN_BOOK = Book("a plan's workbook", re.compile(rb"<cp:category>capalloc plan</cp:category>"))
CALENDAR = Kind("a calendar of plans", re.compile(rb"\ABEGIN:VCALENDAR\r?\n(?s:.*)^PRODID:-//capalloc//", re.MULTILINE))
RISK = Kind("an answer of capalloc risk", re.compile(rb'"format"\s*:\s*"capalloc\.risk/'))
PROMISED = Kind("an answer of capalloc promise", re.compile(rb'"format"\s*:\s*"capalloc\.promised/'))
MOVES = Kind("a list of moves", re.compile(rb"\Adate,change,rack,"))


@dataclass(frozen=True, slots=True)
class OutputFile:
    """The file that a command writes, if any."""

    path: Path | None
    kind: Kind
    force: bool = False
    """It may take the place of a file of another kind."""

    def require_writable(self) -> None:
        """Raise an OSError when the path cannot become a file."""
        if self.path is None:
            return
        _require_no_circle(self.path)
        if self.path.is_dir():
            raise _fault(errno.EISDIR, "is a folder; expected the name of a file", self.path)
        folder = self.path.parent
        if not folder.is_dir():
            raise _fault(errno.ENOENT, f"the folder {folder} does not exist; make it first", self.path)
        if not os.access(folder, os.W_OK):
            raise _fault(errno.EACCES, f"the folder {folder} is not writable", self.path)

    def require_page(self) -> None:
        """Raise an OSError when a page for a browser would have a name that says otherwise."""
        if self.path is not None and self.path.suffix.lower() in _NO_PAGES:
            sentence = "is no name of a page; expected one that ends in .html (a browser prints it to PDF)"
            raise _fault(errno.EINVAL, sentence, self.path)
        self.require_writable()

    def require_name(self, *endings: str) -> None:
        """Raise an OSError when the name has none of the endings."""
        if self.path is not None and self.path.suffix.lower() not in endings and not _is_device(self.path):
            expected = f"is no name of {self.kind.name}; expected one that ends in {' or '.join(endings)}"
            raise _fault(errno.EINVAL, expected, self.path)

    def require_same(self, content: str | bytes) -> None:
        """Raise an OSError when the file is there and says something else, unless it may be written over."""
        if self.path is None or self.force or not self.path.is_file():
            return
        if self.path.read_bytes() != (content.encode() if isinstance(content, str) else content):
            message = "is there already and says something else; choose another name, or write over it with --force"
            raise _fault(errno.EEXIST, message, self.path)

    def require_apart(self, other: OutputFile) -> None:
        """Raise an OSError when another result is to become the same file."""
        if self.path is not None and other.path is not None and self.path.resolve() == other.path.resolve():
            sentence = f"cannot become both {other.kind.name} and {self.kind.name}; give each a file of its own"
            raise _fault(errno.EINVAL, sentence, self.path)

    @contextmanager
    def spared(self) -> Iterator[None]:
        """Raise an OSError when writing would lose a file that is read inside, or one of another kind."""
        with inputs_spared(*([] if self.path is None else [self.path]), plan=self.kind is PLAN):
            yield
        if self.path is None or self.force or not self.path.is_file():
            return
        if self.path.stat().st_size and not self.kind.has(self.path):
            message = (
                f"is there already and is not {self.kind.name}; choose another name, or write over it with --force"
            )
            raise _fault(errno.EEXIST, message, self.path)


def write_file(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all. Raises an OSError that names it."""
    from capalloc.formats import write_atomically

    try:
        write_atomically(path, content)
    except OSError as error:
        raise _fault(error.errno or 0, f"cannot be written: {error.strerror or error}", path) from error


@contextmanager
def inputs_spared(*outputs: Path, plan: bool = False) -> Iterator[list[Path]]:
    """Raise an OSError when one of ``outputs`` is a file read inside, or would be a table beside such a file.

    Gives the outputs, for those who learn inside what more they write.
    ``plan``: what is written is a plan, which may take the place of today's.
    """
    from capalloc.formats.reading import files_read

    known = list(outputs)
    with files_read() as paths:
        yield known
    for output in known:
        _require_unread(output, paths, plan)


def _require_unread(path: Path, read: Collection[Path], plan: bool) -> None:
    from capalloc.formats.rows import TABLES

    if path.exists() and any(given.exists() and path.samefile(given) for given in read):
        raise _fault(errno.EINVAL, _KEPT_PLAN if plan and PLAN.has(path) else _KEPT, path)
    target = Path(os.path.realpath(path))
    if target.name in {f"{table}.csv" for table in TABLES} and any(
        target.parent == one.resolve().parent for one in read
    ):
        raise _fault(errno.EINVAL, "would be a table of the facility; the result needs another name", path)


def require_folder_name(path: Path) -> None:
    """Raise an OSError when ``path`` is there and is not a folder."""
    _require_no_circle(path)
    if path.exists() and not path.is_dir():
        raise _fault(errno.ENOTDIR, "is a file; expected the name of a folder", path)


def _require_no_circle(path: Path) -> None:
    if os.path.islink(os.path.realpath(path)):
        raise _fault(errno.ELOOP, "is a symbolic link that leads in a circle; remove it, or choose another name", path)


def _fault(number: int, sentence: str, path: Path) -> OSError:
    return OSError(number, sentence, str(path))


def _is_device(path: Path) -> bool:
    """Whether it is a device or a pipe, which has no ending."""
    return path.exists() and not path.is_file() and not path.is_dir()
