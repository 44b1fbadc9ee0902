"""One command over and over, with Ctrl-C at each moment of the command line's own modules in turn.

``python -m tests.cli.moments COMMAND…`` prints a line of JSON for each: where it was, the exit code and what was said.
A moment is where a profiler hears of a call or a return. Each time it is a child of one process that has loaded all.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import sys
import tempfile
from functools import cache
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

import typer.main

import capalloc.cli.app
from capalloc.cli import main, signals

_CLI = Path(capalloc.cli.__file__).parent
_LISTENED = {str(_CLI / name) for name in ("__init__.py", "exits.py", "results.py")}


def _interrupt_at(moment: int, told: Path) -> None:
    """Interrupt this process at a moment from now on, and write where that is."""
    passed = -1  # the call of main itself is not ours yet

    def hear(frame: FrameType, event: str, _: Any) -> None:
        nonlocal passed
        passed += frame.f_code.co_filename in _LISTENED
        if passed > moment:
            sys.setprofile(None)
            told.write_text(f"{frame.f_code.co_name}:{frame.f_lineno} {event}", encoding="utf-8")
            signal.raise_signal(signal.SIGINT)

    sys.setprofile(hear)


def _became_command(folder: Path) -> bool:
    """Whether this is a child, which is about to be the command; the parent prints what came of each moment."""
    said, where = folder / "said", folder / "where"
    for moment in count():
        where.unlink(missing_ok=True)
        sys.stdout.flush()
        child = os.fork()
        if not child:
            opened = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(opened, 1)
            os.dup2(opened, 2)
            _interrupt_at(moment, where)
            return True
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if not where.exists():
            break
        told = {"where": where.read_text(encoding="utf-8"), "code": code, "said": said.read_text(encoding="utf-8")}
        print(json.dumps(told))
    return False


def _load(command: list[str]) -> None:
    """Run a command once, so that nothing is left to be imported, nor the tree of commands to be built.

    What is put off until later comes at once: a command that is as quick would have ended by then.
    """
    typer.main.get_command = cache(typer.main.get_command)
    signals._AGAIN_S = 0.0
    with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO(), "utf-8")):
        main(command)


if __name__ == "__main__":
    _load(sys.argv[1:])
    signals.hear_all()
    kept = Path(tempfile.mkdtemp())
    if _became_command(kept):
        main()
    shutil.rmtree(kept)  # by the parent alone: main ends the child
