"""First stages found by cuts against the whole program at once."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from capalloc import generate
from capalloc.analysis.hedge.drawn import Draw, deciding_of
from capalloc.instance.compile import compile_scenario
from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.stochastic.block import block_of, reduced, told_apart
from capalloc.planner.stochastic.cuts import best_first_stage
from capalloc.planner.stochastic.extensive import Extensive, Search
from capalloc.planner.stochastic.measure import Measure
from capalloc.reduction.counts import Counts
from capalloc.schema.uncertainty import Uncertainty

SEARCH = Search(Deadline(), gap=1e-9)
BY_CUTS = replace(SEARCH, most_whole_columns=0, cuts_gap=1e-9, rounds=60)
MEASURES = [Measure(0.95, 0.0), Measure(0.5, 0.6), Measure(0.5, 1.0)]
by_measure = pytest.mark.parametrize("measure", MEASURES, ids=["mean", "both", "worst"])


@cache
def extensive(seed: int, racks: int = 24, periods: int = 3, samples: int = 6) -> Extensive:
    """Samples of a generated site whose workloads may want less or more and whose racks move at a price."""
    scenario = generate(racks, periods=periods, seed=seed)
    factor = {"p10": 0.3, "p50": 1.0, "p90": 2.0}
    doubts = {"demand": [{"workload": one.name, "factor": factor} for one in scenario.workloads], "samples": samples}
    policy = scenario.policy.replace(move_cost_usd_per_rack=40_000, shortfall="price")
    deciding = deciding_of(scenario.replace(uncertainty=Uncertainty.model_validate(doubts), policy=policy))
    draws = [Draw(1, samples, number) for number in range(1, samples + 1)]
    instances = [compile_scenario(deciding.drawn(draw)) for draw in draws]
    blocks = [block_of(reduced(instance, deciding.first), deciding.first) for instance in instances]
    return Extensive(reduced(instances[0], deciding.first, told_apart(blocks)), blocks, deciding.first)


def forecast_of(form: Extensive) -> Counts:
    found = form.of_forecast(SEARCH)
    assert found is not None
    return found


def counted(form: Extensive, measure: Measure, counts: Counts | None) -> float:
    """What a first stage counts over the samples."""
    assert counts is not None
    found = form.recourse(counts)
    assert found is not None
    return measure.value(np.array([one.usd for one in found]))[0]


@by_measure
@pytest.mark.parametrize("seed", [4, 5])
def test_cuts_find_what_the_whole_program_does(seed: int, measure: Measure) -> None:
    form = extensive(seed)
    forecast, most = forecast_of(form), counted(form, measure, form.best(measure, SEARCH).counts)
    found = best_first_stage(form, measure, BY_CUTS, forecast)
    assert counted(form, measure, forecast) < most * (1 - 1e-5)  # there is something to find
    assert counted(form, measure, found.counts) == pytest.approx(most, rel=1e-7)
    assert found.bound_usd == pytest.approx(most, rel=1e-7)


@by_measure
@pytest.mark.parametrize("rounds", [1, 2, 3])
@pytest.mark.parametrize("seed", [2, 5, 14])
def test_however_few_the_rounds_the_bound_holds_and_the_forecast_is_not_lost(
    seed: int, rounds: int, measure: Measure
) -> None:
    # after one round the whole program is solved in parts of racks: its cuts are those that follow
    form = extensive(seed, 12, 2, 3)
    forecast, most = forecast_of(form), counted(form, measure, form.best(measure, SEARCH).counts)
    found = best_first_stage(form, measure, replace(BY_CUTS, rounds=rounds), forecast)
    near = 1e-7 * abs(most)
    assert found.bound_usd >= most - near
    assert found.bound_usd <= form.relaxed(measure, SEARCH).bound_usd + near
    assert counted(form, measure, forecast) - near <= counted(form, measure, found.counts) <= most + near


@by_measure
@pytest.mark.parametrize("seed", [4, 5])
def test_cuts_of_the_program_in_parts_are_what_samples_are_worth_there_and_above_it_elsewhere(
    seed: int, measure: Measure
) -> None:
    form = extensive(seed)
    relaxed = form.relaxed(measure, SEARCH)
    cuts = list(form.cuts_at(relaxed))
    assert relaxed.shares.sum() == pytest.approx(1.0)
    if not measure.weight:
        assert sum(usd for _, usd, _, _ in cuts) / len(form.samples) == pytest.approx(relaxed.bound_usd, rel=1e-7)
    looked_at = 0
    for block in form.samples:  # each sample's own best first stage: not where the cuts were made
        own = Extensive(form.reduction, [block], form.root.first).best(MEASURES[0], SEARCH).counts
        found = None if own is None else form.recourse(own)
        if own is None or found is None:
            continue
        racks = own.serve[:, :, : form.root.first][form.root.serve >= 0]
        for sample, usd, slopes, at in cuts:
            assert usd + slopes @ (racks - at) >= found[sample].usd - 1e-6 * abs(usd)
            looked_at += 1
    assert looked_at > len(cuts)


def test_the_best_of_what_was_tried_is_kept() -> None:
    # with one cut a sample the next first stage is far from the best: then the forecast's is
    form, measure = extensive(5), MEASURES[0]
    forecast = forecast_of(form)
    found = best_first_stage(form, measure, replace(BY_CUTS, rounds=2), forecast)
    assert counted(form, measure, found.counts) >= counted(form, measure, forecast)
