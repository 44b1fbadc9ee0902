"""Money by day: every figure of a plan equals a plain sum over days, and months, weeks and days agree."""

from __future__ import annotations

import random
from collections import defaultdict

import pytest

from capalloc.calendar import PeriodUnit
from capalloc.instance.compile import compile_scenario
from capalloc.roster.figures import delivered_racks, demand_rows
from capalloc.roster.read import read
from capalloc.schema.plan import DemandPeriod, Plan
from capalloc.schema.scenario import Scenario
from capalloc.verify import recount
from tests.corpus.dated import dated_record
from tests.corpus.money_faults import money_faults_of
from tests.strategies import Record
from tests.verify.tiny import bare

SEEDS, CHUNK = 40, 10
HELD = 60
"""Scenarios whose racks are held all along."""


@pytest.mark.parametrize("first", range(0, SEEDS, CHUNK))
def test_every_figure_is_a_plain_sum_over_days(first: int) -> None:
    faults = {seed: money_faults_of(seed) for seed in range(first, first + CHUNK)}
    assert {seed: found for seed, found in faults.items() if found} == {}


def _always_there(record: Record) -> Record:
    """The scenario without what takes racks away for some days: periods would differ in whom a rack can serve."""
    site = record["facility"]
    site["power"] = [{key: node[key] for key in node if key != "available_from"} for node in site["power"]]
    site["racks"] = [
        {key: rack[key] for key in ("name", "rack_type", "position")} for rack in site["racks"] if rack["position"]
    ]
    about_terms = (event for event in record["events"] if event["type"] == "sign" or event.get("contract"))
    policy = {key: value for key, value in record["policy"].items() if key != "freeze_until"}
    return record | {"facility": site, "events": list(about_terms), "pins": [], "incumbent": None, "policy": policy}


def _held(record: Record, seed: int) -> list[Record]:
    """Racks that serve one demand that accepts them, or nobody, from the first day to the last."""
    rng, horizon, held = random.Random(seed), record["horizon"], []
    for rack in record["facility"]["racks"]:
        takers = [one for one in (*record["workloads"], *record["contracts"]) if rack["rack_type"] in one["rack_types"]]
        demand = rng.choice([*takers, None])
        if demand is not None:
            span = {"from": horizon["start"], "until": horizon["end"]}
            held.append({"rack": rack["name"], "demand": demand["name"]} | span)
    return held


def _by_both(record: Record, held: list[Record], unit: PeriodUnit) -> list[dict[str, list[float]]]:
    """Revenue and penalty of each demand over the horizon, by the planner's figures and by the verifier's."""
    scenario = Scenario.model_validate(record | {"horizon": record["horizon"] | {"period": unit}})
    labels = [period.label for period in scenario.horizon.periods]
    asked = tuple(contract.name for contract in scenario.contracts if contract.probability < 1)
    plan = Plan.model_validate(bare(held, periods=labels, prospects=asked))
    instance = compile_scenario(scenario, frozenset(asked))
    ours = demand_rows(instance, delivered_racks(instance, read(instance, plan)))
    return [_sums(rows) for rows in (tuple(ours), recount(scenario, plan).demands)]


def _sums(rows: tuple[DemandPeriod, ...]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for row in rows:
        found[row.demand][0] += row.revenue_usd
        found[row.demand][1] += row.penalty_usd
    return found


@pytest.mark.parametrize("seed", range(HELD))
def test_months_weeks_and_days_earn_and_miss_the_same(seed: int) -> None:
    record = _always_there(dated_record(seed))
    held = _held(record, seed)
    by_unit = [sums for unit in ("month", "week", "day") for sums in _by_both(record, held, unit)]
    for sums in by_unit[1:]:
        assert sums.keys() == by_unit[0].keys()
        for name, usd in sums.items():
            assert usd == pytest.approx(by_unit[0][name], rel=1e-9, abs=0.01), name
