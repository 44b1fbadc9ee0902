"""Which files of a folder an earlier export wrote, and nobody has changed since: only those may be written over.

Beside the files lies a list of their digests. While files are written it has those of before and of now, so whoever is
killed meanwhile owns both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from capalloc.exports.writing import Files
from capalloc.formats import write_atomically

LIST = ".capalloc-export.json"
"""Name of the list; by file name the SHA-256 digests, and one of the names that were written together."""


@dataclass(frozen=True, slots=True)
class _Known:
    digests: tuple[str, ...] = ()
    together: str = ""
    """The first name, in the order of names, of the files that one export wrote."""


def foreign(folder: Path, files: Files) -> list[Path]:
    """Files of the folder that would be written over and are no earlier export's, or have been changed. OSError."""
    known = _known(folder)
    return [folder / name for name in sorted(files) if not _ours(folder / name, known.get(name, _Known()), files[name])]


def left(folder: Path, files: Files) -> list[Path]:
    """Files that are still in the folder and none of these, of earlier exports that wrote some of these. OSError."""
    known = _known(folder)
    together = {known[name].together for name in files.keys() & known.keys()}
    others = sorted(name for name, one in known.items() if one.together in together and name not in files)
    return [folder / name for name in others if (folder / name).is_file()]


@contextmanager
def owned(folder: Path, files: Files) -> Iterator[None]:
    """Note that the files which are written inside are an export's. Raises OSError."""
    before, first = _known(folder), min(files, default="")
    now = {name: _Known((_digest(content),), first) for name, content in files.items()}
    meanwhile = {name: _Known(before[name].digests + now[name].digests, first) for name in before.keys() & now.keys()}
    folder.mkdir(parents=True, exist_ok=True)
    _note(folder, before | now | meanwhile)
    yield
    _note(folder, before | now)


def _ours(path: Path, known: _Known, content: str | bytes) -> bool:
    return not path.exists() or (path.is_file() and _digest(path.read_bytes()) in (*known.digests, _digest(content)))


def _digest(content: str | bytes) -> str:
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def _known(folder: Path) -> dict[str, _Known]:
    """What is known by file name; nothing where there is no list, or one that somebody has spoilt."""
    try:
        found = _LIST.validate_json((folder / LIST).read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValidationError):
        return {}
    return found


def _note(folder: Path, known: Mapping[str, _Known]) -> None:
    write_atomically(folder / LIST, _LIST.dump_json(dict(sorted(known.items())), indent=1) + b"\n")


_LIST = TypeAdapter(dict[str, _Known])
