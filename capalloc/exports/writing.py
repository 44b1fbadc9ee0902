"""The files of one export, written so that none is half there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from capalloc.formats import write_together

Files = Mapping[str, str | bytes]
"""Name, without folders, to content; text is written as UTF-8."""


def write_files(folder: Path, files: Files) -> list[Path]:
    """Write files into a folder, which is made when missing, all or none; their paths, sorted.

    Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    contents = {folder / name: files[name] for name in sorted(files)}
    write_together(contents)
    return list(contents)
