"""Files written atomically: after a crash the previous file is there or the new one, never a part of it.

The content goes to a temporary file in the same folder, is synced, and takes the place of the target by a rename
(POSIX ``rename``, IEEE Std 1003.1). One that a killed process has left is removed when the target is next written.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from capalloc.told import tell_written

_DIGITS = 16
"""Hexadecimal digits by which temporary files are told apart."""


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
    staged: list[_Staged] = []
    try:
        targets = {path: _target(path) for path in files}
        for path, target in targets.items():
            content = files[path]
            data = content.encode() if isinstance(content, str) else content
            if path.exists() and not path.is_file():  # /dev/stdout leads to no path, in a pipe
                tell_written([path])
                path.write_bytes(data)
            else:
                _clear(target)
                staged.append(_Staged(path, target))
                staged[-1].write(data)
        _put_in_place(staged)
    finally:
        _remove(staged)
    for folder in {one.target.parent for one in staged}:
        _sync_folder(folder)


@dataclass(slots=True)
class _Staged:
    """A temporary file that is to take the place of a target; nothing is there before it is written.

    It is locked while it is open, so that others can tell it from one that a killed process has left.
    """

    path: Path
    target: Path
    temporary: Path = field(init=False)
    stream: BinaryIO | None = None

    def __post_init__(self) -> None:
        self.temporary = self.target.with_name(f"{_beginning(self.target)}{secrets.token_hex(_DIGITS // 2)}.part")

    def write(self, data: bytes) -> None:
        """Put bytes on the disk."""
        self.stream = self._opened()
        self.stream.write(data)
        self.stream.flush()
        os.fchmod(self.stream.fileno(), _mode(self.target))
        os.fsync(self.stream.fileno())

    def _opened(self) -> BinaryIO:
        while True:
            stream = open(self.temporary, "xb", opener=_private)  # noqa: SIM115  # open as long as it is at work
            with suppress(OSError):  # some disks know no locks
                fcntl.flock(stream, fcntl.LOCK_EX)
            if os.fstat(stream.fileno()).st_nlink:  # nobody took it for one that was left
                return stream
            stream.close()


def _private(name: str, flags: int) -> int:
    """Open a file that nobody else may read before it has its permissions."""
    return os.open(name, flags, 0o600)


def _put_in_place(staged: Sequence[_Staged]) -> None:
    """Let files take their places. No interrupt of the command line comes between."""
    for one in staged:
        os.replace(one.temporary, one.target)


def _remove(staged: Sequence[_Staged]) -> None:
    """Remove what has not taken its place, and tell of what has. No interrupt of the command line comes between."""
    for one in staged:
        with suppress(OSError):
            one.temporary.unlink(missing_ok=True)
        if one.stream is not None:
            with suppress(OSError):
                if os.path.samestat(os.fstat(one.stream.fileno()), os.stat(one.target)):
                    tell_written([one.path])
            with suppress(OSError):  # the disk is full: that was said when it was written
                one.stream.close()


def _beginning(target: Path) -> str:
    """How names of a target's temporary files begin."""
    return f".{target.name[:100]}."


def _clear(target: Path) -> None:
    """Remove temporary files of a target that a process has left which was killed: nobody has a lock on them."""
    ours = re.compile(rf"{re.escape(_beginning(target))}[0-9a-f]{{{_DIGITS}}}\.part")
    with suppress(OSError):
        for name in filter(ours.fullmatch, os.listdir(target.parent)):
            left = target.with_name(name)
            with suppress(OSError), left.open("rb") as stream:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                left.unlink()


def _target(path: Path) -> Path:
    """The file that a path leads to."""
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    if target.is_dir():
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    return target


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
