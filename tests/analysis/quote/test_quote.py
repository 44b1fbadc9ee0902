"""A request on the tiny site, whose figures are known by heart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from capalloc.analysis.base import planned_base
from capalloc.analysis.quote import asked_for, quote, quote_from
from capalloc.formats import load_scenario
from capalloc.schema.scenario import Scenario

TINY = Path(__file__).parents[3] / "examples" / "tiny.yaml"


@pytest.fixture(scope="module")
def tiny() -> Scenario:
    return load_scenario(TINY)


def test_the_floor_is_what_inference_loses_and_the_moves_cost(tiny: Scenario) -> None:
    # From September the lease has 9 racks of the 12 and inference 3; a rack more for the request is one less for
    # inference: its third, 64 GPUs at $1.50, 720 hours in September and 744 in October, and one move of $1,000.
    answer = quote(tiny, asked_for(tiny, start="2026-09", mw=0.1, usd_per_kw_month=4000))
    lost = 64 * 1.5 * (720 + 744) + 1000
    assert answer.fits
    assert answer.earliest == "2026-09"
    assert answer.objective_without_usd - (answer.objective_with_usd or 0.0) == pytest.approx(lost)
    assert answer.floor_usd_per_kw_month == pytest.approx(lost / 200)
    assert answer.floor_usd_per_gpu_hour == pytest.approx(lost / (64 * (720 + 744)))
    assert answer.margin_usd == pytest.approx(800_000 - lost)
    assert [one.displaced_usd for one in answer.periods] == pytest.approx([64 * 1.5 * 720 + 1000, 64 * 1.5 * 744])
    assert [(one.demand, one.kw) for one in answer.periods[0].gives_way] == [("inference", 80.0)]


def test_a_plan_far_from_its_bound_is_told_of(tiny: Scenario) -> None:
    # The floor is $707.72 for 200 kW-months; a bound $1,000,000 higher hides $5,000 for each.
    base = planned_base(tiny)
    loose = replace(base, plan=base.plan.replace(bound_usd=base.plan.bound_usd + 1e6))
    request = asked_for(tiny, start="2026-09", mw=0.1)
    assert not quote_from(base, request).notes
    answer = quote_from(loose, request)
    assert answer.floor_interval is not None
    assert answer.floor_interval.high == pytest.approx(707.72 + 5000, abs=0.1)
    assert any("may be worth up to $1,000,00" in note for note in answer.notes)


def test_what_does_not_fit_says_how_much_does_and_what_keeps_racks_away(tiny: Scenario) -> None:
    answer = quote(tiny, asked_for(tiny, start="2026-09", mw=0.2))
    assert not answer.fits
    assert answer.earliest is None
    assert answer.floor_usd_per_kw_month is None
    assert [one.deliverable_kw for one in answer.periods] == [100.0, 100.0]
    assert {reason.where for reason in answer.periods[0].binding} >= {"lease", "inference"}
