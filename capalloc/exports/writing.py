"""The files of one export, written so that none is half there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from capalloc.formats import write_atomically

Files = Mapping[str, str | bytes]
"""Name, without folders, to content; text is written as UTF-8."""


def write_files(folder: Path, files: Files) -> list[Path]:
    """Write files into a folder, which is made when missing, each whole or not at all; their paths, sorted.

    Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / name for name in sorted(files)]
    for path in paths:
        write_atomically(path, files[path.name])
    return paths
