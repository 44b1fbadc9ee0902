"""A Dask scheduler and workers on loopback, each a process of its own, for tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(slots=True)
class DaskCluster:
    """A scheduler's address, and its workers."""

    address: str
    folder: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def add_worker(self) -> None:
        """One more worker, with one thread and no process that would start it again."""
        options = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", self.folder]
        self.workers.append(_start("dask_worker", self.address, *options))


@contextmanager
def dask_cluster(folder: Path, workers: int = 2) -> Iterator[DaskCluster]:
    """A scheduler with some workers, ended when the context is left."""
    address = folder / "scheduler.json"
    options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", address]
    scheduler = _start("dask_scheduler", *options)
    cluster = DaskCluster(_address(address, scheduler), folder)
    try:
        for _ in range(workers):
            cluster.add_worker()
        yield cluster
    finally:
        for process in (*cluster.workers, scheduler):
            process.kill()
            process.wait()


def _start(module: str, *options: object) -> subprocess.Popen[bytes]:
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.{module}", *map(str, options)],
        env=os.environ | {"PYTHONPATH": paths},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _address(path: Path, scheduler: subprocess.Popen[bytes]) -> str:
    """The address that a scheduler writes into a file once it listens."""
    for _ in range(600):
        if path.exists() and path.read_text().rstrip().endswith("}"):
            return str(json.loads(path.read_text())["address"])
        assert scheduler.poll() is None, "the scheduler has ended"
        time.sleep(0.1)
    raise AssertionError("the scheduler does not begin")
