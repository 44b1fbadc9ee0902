"""Files written atomically: after a crash the previous file is there or the new one, never a part of it.

The content goes to a temporary file in the same folder, is synced, and takes the place of the target by a rename
(POSIX ``rename``, IEEE Std 1003.1).
"""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from capalloc.told import tell_written


def write_atomically(path: str | Path, content: str | bytes) -> None:
    """Write bytes, or text as UTF-8, so that, killed at any moment, the previous file or the new one is there.

    A device or pipe is written directly; a link keeps pointing where it did. Raises OSError, also where links lead
    in a circle or a folder has the name.
    """
    write_together({Path(path): content})


def write_together(files: Mapping[Path, str | bytes]) -> None:
    """Write files as :func:`write_atomically` does, none of them before the disk holds all of them.

    Raises OSError; where the disk is full, every file is as it was.
    """
    with ExitStack() as ending:
        staged = []
        targets = {path: _target(path) for path in files}
        for path, target in targets.items():
            content = files[path]
            data = content.encode() if isinstance(content, str) else content
            if path.exists() and not path.is_file():  # /dev/stdout leads to no path, in a pipe
                tell_written([path])
                path.write_bytes(data)
            else:
                staged.append((ending.enter_context(_staged(path, target, data)), target))
        for temporary, target in staged:
            os.replace(temporary, target)
    for folder in {target.parent for _, target in staged}:
        _sync_folder(folder)


def _target(path: Path) -> Path:
    """The file that a path leads to."""
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    if target.is_dir():
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    return target


@contextmanager
def _staged(path: Path, target: Path, data: bytes) -> Iterator[str]:
    """A temporary file beside the target that holds the bytes, and is gone afterwards."""
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:100]}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fchmod(stream.fileno(), _mode(target))
            os.fsync(stream.fileno())
        yield temporary
    finally:
        _end(temporary, path)


def _end(temporary: str, path: Path) -> None:
    """Remove a file that was not to take its place, or tell that it has: true whenever an interrupt comes."""
    try:
        os.unlink(temporary)
    except FileNotFoundError:
        tell_written([path])


def _mode(target: Path) -> int:
    """Permissions of the file that is replaced, or those that a new file would get."""
    if target.is_file():
        return target.stat().st_mode & 0o777
    mask = os.umask(0o022)
    os.umask(mask)
    return 0o666 & ~mask


def _sync_folder(folder: Path) -> None:
    """Make the rename last through a power cut, where the system lets a folder be synced."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
