"""Which files of a folder an earlier export wrote, and nobody has changed since: only those may be written over.

Beside the files lies a list of their digests. While files are written it has those of before and of now, so whoever is
killed meanwhile owns both.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from capalloc.exports.writing import Files
from capalloc.formats import write_atomically

LIST = ".capalloc-export.json"
"""Name of the list; an object of file names and SHA-256 digests."""


def foreign(folder: Path, files: Files) -> list[Path]:
    """Files of the folder that would be written over and are no earlier export's, or have been changed. OSError."""
    known = _known(folder)
    return [folder / name for name in sorted(files) if not _ours(folder / name, known.get(name, ()), files[name])]


def left(folder: Path, files: Files) -> list[Path]:
    """Files of earlier exports that are still in the folder and none of these, by name. Raises OSError."""
    return [folder / name for name in sorted(_known(folder).keys() - files.keys()) if (folder / name).is_file()]


@contextmanager
def owned(folder: Path, files: Files) -> Iterator[None]:
    """Note that the files which are written inside are an export's. Raises OSError."""
    before, now = _known(folder), {name: [_digest(content)] for name, content in files.items()}
    folder.mkdir(parents=True, exist_ok=True)
    _note(folder, {name: [*before.get(name, ()), *now.get(name, ())] for name in before.keys() | now.keys()})
    yield
    _note(folder, {**before, **now})


def _ours(path: Path, digests: Sequence[str], content: str | bytes) -> bool:
    return not path.exists() or (path.is_file() and _digest(path.read_bytes()) in (*digests, _digest(content)))


def _digest(content: str | bytes) -> str:
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def _known(folder: Path) -> dict[str, list[str]]:
    """Digests by file name; none where there is no list, or one that somebody has spoilt."""
    try:
        found = json.loads((folder / LIST).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: [str(one) for one in digests] for name, digests in found.items() if isinstance(digests, list)}


def _note(folder: Path, digests: Mapping[str, Sequence[str]]) -> None:
    write_atomically(folder / LIST, json.dumps(dict(sorted(digests.items())), indent=1) + "\n")
