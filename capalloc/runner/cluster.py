"""Cases on a Dask cluster: its scheduler hands them to workers on any number of machines (https://distributed.dask.org).

The shared data is sent to the workers once. A worker that dies takes no answer along: the scheduler gives its cases to
another one, and gives up on a case that has ended several workers (``distributed.scheduler.allowed-failures``).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING, Any

from capalloc.cancel import CancelToken
from capalloc.errors import NoAnswerError
from capalloc.runner.engine import Case, Function, Pool, Shared
from capalloc.version import __version__

if TYPE_CHECKING:
    from distributed import Client

_CONNECT_S = 20.0
"""Seconds to wait for the scheduler, and for its first worker."""
_LISTEN_S = 0.5
"""Seconds after which a case looks whether anybody waits for it still."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """The workers of the Dask scheduler at an address, such as ``tcp://10.0.0.5:8786``."""

    scheduler: str
    jobs: int | None = None
    """Most cases at work at a time; None: a case for each thread of the workers."""
    can_end_cases: bool = False

    @contextmanager
    def open(self, function: Function[Shared, Case, Any], shared: Shared) -> Iterator[Pool]:
        """The cluster's workers, with the shared data.

        Raises NoAnswerError where Dask is not installed, or no scheduler or worker of this version answers.
        """
        with _connected(self.scheduler) as client:
            threads = _threads(client, self.scheduler)
            data = client.scatter((function, shared), broadcast=True, hash=False)
            pool = _Workers(client.get_executor(pure=False), data, min(self.jobs or threads, threads))
            try:
                yield pool
            finally:
                pool.stop()


@contextmanager
def _connected(scheduler: str) -> Iterator[Client]:
    try:
        from distributed import Client
    except ImportError as error:
        raise NoAnswerError(
            "a cluster needs Dask's distributed scheduler, which is not installed here: pip install 'capalloc[dask]', "
            "here and where the workers are"
        ) from error
    try:
        client = Client(scheduler, timeout=_CONNECT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise NoAnswerError(
            f"no Dask scheduler answers at {scheduler}: {error}; start one with `dask scheduler`, and workers with "
            f"`dask worker {scheduler}`"
        ) from error
    with client:
        yield client


def _threads(client: Client, scheduler: str) -> int:
    """Threads of all workers, once there is one; each must run this version."""
    try:
        client.wait_for_workers(1, timeout=_CONNECT_S)
    except TimeoutError as error:
        message = f"the Dask scheduler at {scheduler} has no workers; start some with `dask worker {scheduler}`"
        raise NoAnswerError(message) from error
    versions = client.run(_version, on_error="return")
    for worker, version in sorted(versions.items()):
        if version != __version__:
            found = "cannot import capalloc" if isinstance(version, Exception) else f"runs capalloc {version}"
            raise NoAnswerError(f"the worker {worker} {found}; expected {__version__}, as here")
    return sum(client.nthreads().values())


def _version() -> str:
    return __version__


@dataclass(frozen=True, slots=True)
class _Workers:
    executor: Executor
    data: Any
    """The function and the shared data, as the workers have them."""
    width: int

    def submit(self, case: Any) -> Future[Any]:
        return self.executor.submit(_answer, self.data, case)

    def stop(self) -> None:
        self.executor.shutdown(wait=False)


def _answer(data: tuple[Function[Any, Any, Any], Any], case: Any) -> Any:
    """In a worker: answer a case, and give up where nobody waits for it any longer."""
    from distributed import get_worker

    worker, token = get_worker(), CancelToken()
    key = worker.get_current_task()

    def heed() -> None:
        while not token.cancelled:
            time.sleep(_LISTEN_S)
            task = worker.state.tasks.get(key)
            if task is None or task.state != "executing":
                token.cancel()

    Thread(target=heed, daemon=True).start()
    try:
        function, shared = data
        return function(shared, case, token)
    finally:
        token.cancel()
