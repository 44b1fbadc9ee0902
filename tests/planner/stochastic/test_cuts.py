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
from capalloc.planner.stochastic.extensive import Chosen, Extensive, Search
from capalloc.planner.stochastic.measure import Measure
from capalloc.schema.uncertainty import Uncertainty

SAMPLES = 6
SEARCH = Search(Deadline(np.inf), gap=1e-9)
BY_CUTS = replace(SEARCH, most_whole_columns=0, cuts_gap=1e-9, rounds=60)
MEASURES = (Measure(0.95, 0.0), Measure(0.5, 0.6))


@cache
def extensive(seed: int) -> Extensive:
    """Samples of a generated site whose workloads may want less or more and whose racks move at a price."""
    scenario = generate(24, periods=4, seed=seed)
    factor = {"p10": 0.4, "p50": 1.0, "p90": 1.5}
    doubts = {"demand": [{"workload": one.name, "factor": factor} for one in scenario.workloads], "samples": SAMPLES}
    policy = scenario.policy.replace(move_cost_usd_per_rack=40_000, shortfall="price")
    deciding = deciding_of(scenario.replace(uncertainty=Uncertainty.model_validate(doubts), policy=policy))
    draws = [Draw(1, SAMPLES, number) for number in range(1, SAMPLES + 1)]
    instances = [compile_scenario(deciding.drawn(draw)) for draw in draws]
    blocks = [block_of(reduced(instance, deciding.first), deciding.first) for instance in instances]
    return Extensive(reduced(instances[0], deciding.first, told_apart(blocks)), blocks, deciding.first)


def counted(seed: int, measure: Measure, chosen: Chosen) -> float:
    """What a first stage counts over the samples."""
    assert chosen.counts is not None
    found = extensive(seed).recourse(chosen.counts)
    assert found is not None
    return measure.value(np.array([one.usd for one in found]))[0]


@pytest.mark.parametrize("measure", MEASURES, ids=("mean", "worst"))
@pytest.mark.parametrize("seed", [4, 5])
def test_cuts_find_what_the_whole_program_does(seed: int, measure: Measure) -> None:
    whole = extensive(seed).best(measure, SEARCH)
    most = counted(seed, measure, whole)
    forecast = extensive(seed).of_forecast(SEARCH)
    found = best_first_stage(extensive(seed), measure, BY_CUTS, forecast)
    assert forecast is not None
    assert counted(seed, measure, Chosen(forecast, np.inf)) < most * (1 - 1e-5)  # cuts have something to find
    assert counted(seed, measure, found) == pytest.approx(most, rel=1e-7)
    assert found.bound_usd == pytest.approx(most, rel=1e-7)


@pytest.mark.parametrize("measure", MEASURES, ids=("mean", "worst"))
@pytest.mark.parametrize("seed", [5, 8])
def test_cuts_at_the_whole_program_in_parts_bound_it_as_it_does(seed: int, measure: Measure) -> None:
    # one round leaves too much open: then the cuts are at the best of the program in parts of racks
    most = counted(seed, measure, extensive(seed).best(measure, SEARCH))
    forecast = extensive(seed).of_forecast(SEARCH)
    relaxed = extensive(seed).relaxed(measure, SEARCH)
    found = best_first_stage(extensive(seed), measure, replace(BY_CUTS, rounds=1), forecast)
    assert found.bound_usd <= relaxed.bound_usd + 1e-7 * abs(most)
    assert found.bound_usd >= most - 1e-7 * abs(most)
    assert counted(seed, measure, found) <= most + 1e-7 * abs(most)


def test_without_a_forecast_it_is_the_same() -> None:
    most = counted(5, MEASURES[0], extensive(5).best(MEASURES[0], SEARCH))
    found = best_first_stage(extensive(5), MEASURES[0], BY_CUTS, None)
    assert counted(5, MEASURES[0], found) == pytest.approx(most, rel=1e-7)
    assert found.bound_usd == pytest.approx(most, rel=1e-7)


def test_a_cut_is_never_below_what_a_sample_is_worth() -> None:
    # at the first stage of the whole program in parts, its cuts are met; anywhere else they are above
    form, measure = extensive(5), MEASURES[0]
    relaxed = form.relaxed(measure, SEARCH)
    assert relaxed.values is not None
    assert relaxed.duals is not None
    cuts = list(form.cuts_at(relaxed.values, relaxed.duals))
    assert sum(usd for usd, _, _ in cuts) / SAMPLES == pytest.approx(relaxed.bound_usd, rel=1e-7)
    for counts in (form.of_forecast(SEARCH), form.best(measure, SEARCH).counts):
        assert counts is not None
        found = form.recourse(counts)
        assert found is not None
        racks = counts.serve[:, :, : form.root.first][form.root.serve >= 0]
        for one, (usd, slopes, at) in zip(found, cuts, strict=True):
            assert one.usd <= usd + slopes @ (racks - at) + 1e-6 * abs(usd)
