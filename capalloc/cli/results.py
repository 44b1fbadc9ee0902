"""Standard output that takes all that it is given, or says that it cannot."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO


def results(stream: TextIO) -> TextIO:
    """Standard output, should ``stream`` be it, such that what it cannot take is an OSError that names it.

    Without a buffer (``PYTHONUNBUFFERED``, as in containers) Python's own loses what a full disk did not take.
    """
    if stream is not sys.__stdout__ or not isinstance(stream, io.TextIOWrapper):
        return stream
    encoding, lines = stream.encoding, stream.line_buffering
    binary = stream.detach()
    whole = io.BufferedWriter(binary) if isinstance(binary, io.RawIOBase) else binary
    return _Results(whole, encoding, line_buffering=lines)


class _Results(io.TextIOWrapper):
    def write(self, text: str, /) -> int:
        with _named():
            return super().write(text)

    def flush(self) -> None:
        with _named():
            super().flush()


@contextmanager
def _named() -> Iterator[None]:
    """Name standard output in an OSError, which is then at an end: the interpreter's last flush finds an open one."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        raise OSError(error.errno, error.strerror, "standard output") from error
