"""The same on a Dask cluster: a scheduler and two workers on loopback, one of them killed in the middle."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from capalloc.cancel import CancelToken
from capalloc.errors import NoAnswerError
from capalloc.runner import Ended, Standing, cluster, run
from capalloc.runner.cluster import Cluster
from tests.runner.dask import DaskCluster, dask_cluster
from tests.runner.work import FAILS, slow, times, waits


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    with dask_cluster(tmp_path_factory.mktemp("dask")) as found:
        yield found


def test_answers_come_in_the_order_of_the_cases_and_one_that_fails_leaves_the_others_alone(dask: DaskCluster) -> None:
    found = run([3, 1, FAILS, 2], 10, times, Cluster(dask.address))
    assert found == (Ended(30), Ended(10), Ended(failure="ValueError: seven is too many"), Ended(20))


def test_a_worker_hears_that_nobody_waits_for_its_case_any_more(dask: DaskCluster, tmp_path: Path) -> None:
    token = CancelToken()

    def hear(number: int, ended: Ended[int], standing: Standing) -> None:
        token.cancel()

    assert run([0, 1, 2], tmp_path, waits, Cluster(dask.address, jobs=1), heard=hear, cancel=token) == (
        Ended(0),
        None,
        None,
    )
    # Both workers are free for what comes next, long before the case that was left would have ended by itself.
    assert run([1, 2], 10, times, Cluster(dask.address)) == (Ended(10), Ended(20))


def test_a_worker_that_is_killed_in_the_middle_takes_no_answer_along(dask: DaskCluster) -> None:
    def hear(number: int, ended: Ended[int], standing: Standing) -> None:
        if standing.done == 3:
            dask.workers[0].kill()

    found = run(range(10), 0.2, slow, Cluster(dask.address), heard=hear)
    assert [one and one.answer for one in found] == list(range(10))
    dask.add_worker()


def test_a_scheduler_that_does_not_answer_is_said_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_CONNECT_S", 0.5)
    with pytest.raises(NoAnswerError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:1: .*`dask scheduler`"):
        run([1], 10, times, Cluster("tcp://127.0.0.1:1"))


def test_a_scheduler_without_workers_is_said_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_CONNECT_S", 2.0)
    with dask_cluster(tmp_path, workers=0) as empty, pytest.raises(NoAnswerError, match="has no workers; start some"):
        run([1], 10, times, Cluster(empty.address))


def test_workers_of_another_version_are_refused(dask: DaskCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "__version__", "9.9")
    with pytest.raises(NoAnswerError, match=r"runs capalloc \d.*; expected 9\.9, as here"):
        run([1], 10, times, Cluster(dask.address))


def test_without_dask_what_to_install_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(NoAnswerError, match=r"pip install 'capalloc\[dask\]', here and where the workers are"):
        run([1], 10, times, Cluster("tcp://127.0.0.1:1"))
