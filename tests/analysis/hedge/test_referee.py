"""Hedges against mpi-sppy: an integer program of each sample, written here by hand, and its extensive form there."""

from __future__ import annotations

import json
import math
import os
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ortools.linear_solver.python import model_builder

from capalloc import sample
from capalloc.analysis.hedge import hedge
from capalloc.runner.here import Here
from capalloc.schema.scenario import Scenario
from tests.byhand import by_hand, contract, facility, workload

RACKS, GPUS, KW = 10, 64, 80.0
"""Of the site by hand: its racks, and GPUs and kW of each."""
SCRIPT = Path(__file__).with_name("extensive_form.py")


def drawn(seed: int) -> Scenario:
    """A prospect that may sign, own work that may want more or less; what moves, fees and values are is drawn."""
    dice = random.Random(seed)
    power = [{"name": name, "kind": "ups", "rated_kw": 2000, "contingency": True} for name in ("u1", "u2")]
    racks = dice.randint(2, 7)
    lease = contract(
        name="maybe",
        probability=round(dice.uniform(0.2, 0.8), 2),
        ramp=[{"from": "2026-06", "mw": racks * KW / 1000}],
        fee={"usd_per_month": dice.randint(20, 80) * 1000 * racks},
        shortfall={"penalty_usd_per_kw_month": dice.choice([0, 500, 2000])},
    )
    own = workload(
        demand=[{"from": "2026-05", "racks": dice.randint(4, RACKS)}],
        value=[{"usd_per_gpu_hour": round(dice.uniform(0.5, 2.5), 2)}],
    )
    doubts: dict[str, Any] = {
        "prospects": True,
        "demand": [{"workload": "own", "factor": {"min": 0.4, "p50": 1.0, "max": 1.6}}],
        "samples": 6,
        "seed": seed,
        "risk": {"alpha": 0.75, "weight": dice.choice([0.0, 0.5])},
    }
    return by_hand(
        facility=facility(power=power),
        contracts=[lease],
        workloads=[own],
        policy={"move_cost_usd_per_rack": dice.randint(0, 20) * 10_000, "priority": "money"},
        uncertainty=doubts,
    )


def program(scenario: Scenario) -> model_builder.Model:
    """One sample: whole racks by period, what they earn, and what those cost that leave."""
    model, (own,) = model_builder.Model(), scenario.workloads
    signed = [event.contract for event in scenario.events if event.type == "sign"]
    (lease,) = signed or scenario.contracts
    periods, cost, before = scenario.horizon.periods, [], None
    for t, period in enumerate(periods):
        hours, months = (period.end - period.start).days * 24, period.months
        mine, theirs, used = (model.new_int_var(0, RACKS, f"{kind}{t}") for kind in ("own", "maybe", "used"))
        missed = model.new_int_var(0, RACKS, f"missed{t}")
        model.add(mine + theirs <= RACKS)
        wanted = [step for step in own.demand if step.start <= period.start][-1].racks or 0
        served = model.new_num_var(0, wanted, f"served{t}")
        model.add(served <= mine)
        model.add(mine <= math.ceil(wanted))
        asked = round(lease.ramp[0].amount * 1000 / KW) if signed and period.start >= lease.ramp[0].start else 0
        model.add(used <= theirs)
        model.add(used + missed == asked)
        model.add(theirs <= asked)
        if before is not None:
            for number, (earlier, now) in enumerate(zip(before, (mine, theirs), strict=True)):
                gone = model.new_int_var(0, RACKS, f"gone{number}at{t}")
                model.add(gone >= earlier - now)
                cost.append(scenario.policy.move_cost_usd_per_rack * gone)
        (value,) = own.value
        fee = float(lease.fee.usd_per_month or 0) / max(asked, 1)
        penalty = lease.shortfall.penalty_usd_per_kw_month * KW * months
        cost += [
            -value.usd_per_gpu_hour * GPUS * hours * served,
            -fee * used,
            penalty * missed,
        ]
        before = mine, theirs
    model.minimize(sum(cost))
    return model


def write(scenario: Scenario, folder: Path) -> None:
    """All samples as mpi-sppy reads them: equally likely, the first period's racks the same in all."""
    doubts = scenario.uncertainty
    assert doubts is not None
    since = scenario.horizon.periods[1].start
    for number in range(doubts.samples):
        name, model = f"sample{number}", program(sample(scenario, number + 1, since=since))
        (folder / f"{name}.mps").write_text(model.export_to_mps_string(), encoding="utf-8")
        tree = {"ROOT": {"serialNumber": 0, "condProb": 1.0, "nonAnts": ["own0", "maybe0"]}}
        kept = {
            "scenarioData": {"name": name, "scenProb": 1 / doubts.samples},
            "treeData": {"globalNodeCount": 1, "nodes": tree},
        }
        (folder / f"{name}_nonants.json").write_text(json.dumps(kept), encoding="utf-8")


@pytest.mark.parametrize("seed", range(1, 13))
def test_a_hedge_is_worth_what_the_extensive_form_is(seed: int, tmp_path: Path) -> None:
    python = os.environ.get("MPISPPY", "")
    if not python:
        pytest.skip("no Python of an environment with mpi-sppy in MPISPPY; the exact model alone judges hedges here")
    scenario = drawn(seed)
    assert scenario.uncertainty is not None
    write(scenario, tmp_path)
    risk = scenario.uncertainty.risk
    ended = subprocess.run(
        [python, SCRIPT, tmp_path, str(risk.alpha), str(risk.weight)],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"]},
    )
    assert ended.returncode == 0, ended.stderr
    answer, _ = hedge(scenario, engine=Here())
    assert answer.counted_usd == pytest.approx(-float(ended.stdout.split()[-1]), rel=1e-3)
