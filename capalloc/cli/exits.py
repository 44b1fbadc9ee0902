"""Exit codes, and a sentence on stderr in place of a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn, TextIO

from capalloc.background import calls_at_work
from capalloc.cli.signals import answered, was_interrupted
from capalloc.errors import CapallocError, InternalError, NoAnswerError
from capalloc.memory import want_of_memory
from capalloc.told import files_written

NOT_ACCEPTABLE = 1
BAD_INPUT = 2
INTERNAL = 3
INTERRUPTED = 130
PIPE_CLOSED = 141
_DEBUG = "CAPALLOC_DEBUG"
_PROBLEMS_SHOWN = 50
_FILES_SHOWN = 3


def say(sentence: str) -> None:
    """One line on stderr, marked as ours; nobody is told where it is full or its reader gone."""
    try:
        print(f"capalloc: {sentence}\n", end="", file=sys.stderr)  # in one write: a signal may come between two
    except OSError:
        _drop(sys.stderr)


def nothing_more_to_say() -> None:
    """Let the interpreter's own ending find nothing on stderr that a full disk would not take."""
    try:
        sys.stderr.flush()
    except OSError:
        _drop(sys.stderr)


@contextmanager
def faults() -> Iterator[None]:
    """Turn what a command raises into sentences on stderr and an exit code."""
    with files_written() as written, _answered(written):
        yield
        sys.stdout.flush()


@contextmanager
def _answered(written: Sequence[Path]) -> Iterator[None]:
    """What is raised inside as sentences and an exit code; ``written`` is told where the command was interrupted."""
    try:
        yield
    except SystemExit as ending:
        if ending.code == INTERRUPTED and was_interrupted():  # click has heard of it outside of a command
            _interrupted(written)
        sys.stdout.flush()
        _leave_solver_behind(ending.code if isinstance(ending.code, int) else 0)
        raise
    except BrokenPipeError:
        _drop(sys.stdout)
        _end(PIPE_CLOSED)
    except KeyboardInterrupt:
        _interrupted(written)
    except Exception as error:
        if was_interrupted():
            _interrupted(written)
        if os.environ.get(_DEBUG):
            raise
        _end(_explained(error))


def _interrupted(written: Sequence[Path]) -> NoReturn:
    answered()
    say(f"interrupted; {_left(written)}")
    _end(INTERRUPTED)


def _left(written: Sequence[Path]) -> str:
    """What an interrupt leaves of the files."""
    paths = list(dict.fromkeys(map(str, written)))
    if not paths:
        return "every file is as it was"
    more = [f"{len(paths) - _FILES_SHOWN:,} more"] if len(paths) > _FILES_SHOWN else []
    return f"written already: {', '.join(paths[:_FILES_SHOWN] + more)}; every other file is as it was"


def _end(code: int) -> NoReturn:
    """End the command with a code."""
    _leave_solver_behind(code)
    raise SystemExit(code) from None


def _leave_solver_behind(code: int) -> None:
    """End the process at once where a solver is still at work: the interpreter's own ending would abort under it."""
    if calls_at_work():
        sys.stderr.flush()
        os._exit(code)


def _explained(error: Exception) -> int:
    if (want := want_of_memory(error)) is not None:
        say(str(want))
        return BAD_INPUT
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        say(f"{place}{error.strerror or error}")
        return BAD_INPUT
    if isinstance(error, CapallocError) and not isinstance(error, InternalError):
        _say_all(str(error).splitlines())
        return NOT_ACCEPTABLE if isinstance(error, NoAnswerError) else BAD_INPUT
    kind = "" if isinstance(error, InternalError) else f"{type(error).__name__}: "
    say(f"internal error, not a fault of your input: {kind}{error} (set {_DEBUG}=1 for the traceback)")
    return INTERNAL


def _say_all(sentences: list[str]) -> None:
    for sentence in sentences[:_PROBLEMS_SHOWN]:
        say(sentence)
    if len(sentences) > _PROBLEMS_SHOWN:
        say(f"and {len(sentences) - _PROBLEMS_SHOWN} more problems")


def _drop(stream: TextIO) -> None:
    """Point stdout or stderr at nothing, so that the interpreter's last flush finds an open end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
