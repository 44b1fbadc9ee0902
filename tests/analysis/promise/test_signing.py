"""Which promise is followed next, where one does not hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from capalloc.analysis.base import base_of
from capalloc.analysis.promise import signing
from capalloc.analysis.promise.floor import Floor
from capalloc.analysis.promise.request import beside
from capalloc.analysis.promise.signing import Fared, Sought, sought
from capalloc.analysis.promise.term import Term
from capalloc.analysis.promise.work import Work
from capalloc.analysis.risk import Running
from capalloc.analysis.sampling import Late
from capalloc.planner.params import PlannerParams
from capalloc.solve import solve
from tests.analysis.promise.test_promise import EVEN, unsure, wanted

_COULD = np.array([160.0] * 3 + [400.0] * 97)


def sought_with(fares: Any, broken: int, monkeypatch: pytest.MonkeyPatch) -> Sought:
    """What is found where promises fare so."""
    scenario, request = unsure(EVEN), wanted()
    planned = solve(scenario).plan
    assert planned is not None
    base = base_of(scenario, planned)
    having = scenario.replace(uncertainty=None)
    monkeypatch.setattr(signing, "fares", fares)
    work = Work.of(base, beside(scenario, request), PlannerParams(), Running())
    return sought(work, having, Term(having, request, base.instance.periods), _COULD, broken)


def looked_for(delivers: Any, broken: int, monkeypatch: pytest.MonkeyPatch) -> tuple[Sought, list[float]]:
    """What is found where a promise of so many kW delivers ``delivers(kw)``, (100,), and the promises followed."""
    tried: list[float] = []

    def fares(work: Work, having: Any, term: Term) -> Fared:
        tried.append(term.asked_kw)
        kw = np.minimum(delivers(term.asked_kw), term.asked_kw)
        return Fared(len(kw), int((kw < term.asked_kw).sum()), 0, Floor(), 0.0, kw, ())

    return sought_with(fares, broken, monkeypatch), tried


def test_the_largest_that_samples_could_deliver_is_signed_where_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    found, tried = looked_for(lambda _: _COULD, 3, monkeypatch)
    assert found.signed is not None
    assert (found.signed.kw, tried, found.refused) == (400, [400], ())


@pytest.mark.parametrize("broken", [0, 4])
def test_after_one_that_does_not_hold_what_enough_samples_were_delivered_is(
    broken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivered = np.array([80.0] * 5 + [120.5] * 10 + [400.0] * 85)
    found, tried = looked_for(lambda _: delivered, broken, monkeypatch)
    assert found.signed is not None
    assert found.signed.kw == 80
    assert tried == ([160, 80] if broken == 0 else [400, 80])
    assert [one.kw for one in found.refused] == tried[:-1]


def test_of_two_ways_that_do_not_hold_the_one_that_delivers_more_leads_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 400 kW one way delivers nothing in 10 samples, the other 160 kW in 20; 160 kW always are delivered."""
    late = (Late("supply", "g2", None),)

    def fares(work: Work, having: Any, term: Term, care: tuple[Late, ...] = ()) -> Fared:
        kw = np.array([160.0] * 20 + [400.0] * 80 if care else [0.0] * 10 + [400.0] * 90)
        kw = np.minimum(kw, term.asked_kw) if term.asked_kw > 160 else np.full(100, term.asked_kw)
        return Fared(100, int((kw < term.asked_kw).sum()), 0, Floor(), 0.0, kw, late)

    found = sought_with(fares, 3, monkeypatch)
    assert found.signed is not None
    assert (found.signed.kw, [one.kw for one in found.refused]) == (160, [400])


def test_where_nothing_holds_nothing_is_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    found, tried = looked_for(lambda _: np.zeros(100), 3, monkeypatch)
    assert (found.signed, tried, found.given_up) == (None, [400], False)


def test_it_is_given_up_after_some_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    """A promise that always delivers a kW less than it says."""
    found, tried = looked_for(lambda kw: np.full(100, kw - 1), 3, monkeypatch)
    assert (found.signed, found.given_up) == (None, True)
    assert tried == list(_falling(400, len(tried)))


def _falling(kw: float, steps: int) -> Iterator[float]:
    return (kw - step for step in range(steps))
