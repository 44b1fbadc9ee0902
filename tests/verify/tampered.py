"""Plans in which one thing was altered: ``python -m tests.verify.tampered [PLANS]`` counts what ``check`` says of each.

A kind alters the JSON of a plan and says which key excuses it where ``check`` names that as not checked; without one it
has to be caught, unless what is left is a plan of which every figure is still true.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from capalloc.analysis.judged import judged
from capalloc.errors import PlanFileError
from capalloc.formats import dump_plan, load_plan, load_scenario
from capalloc.planner.params import PlannerParams
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario
from capalloc.solve import solve
from capalloc.synthetic.generate import generate
from capalloc.verify import recount
from tests.corpus.random_scenarios import random_scenario

Json = dict[str, Any]
Alter = Callable[[Json, random.Random], str | None]
"""Alters a plan in place; gives the key that excuses it, "" for none, or None where the plan has no such thing."""

_FIGURES = ("committed_kw", "wanted_kw", "delivered_kw", "racks", "gpus", "revenue_usd", "penalty_usd")
_LISTS = ("assignments", "demands", "placements", "off", "buffers", "shortfalls")


def _one(plan: Json, key: str, dice: random.Random) -> Json | None:
    return dice.choice(plan[key]) if plan[key] else None


def status(plan: Json, dice: random.Random) -> str | None:
    plan["status"] = dice.choice([one for one in ("optimal", "feasible", "infeasible") if one != plan["status"]])
    return ""


def gap(plan: Json, dice: random.Random) -> str | None:
    plan["gap"] += dice.choice([-1e-4, 1e-4, 0.03, 1.0])
    return ""


def bound_below(plan: Json, dice: random.Random) -> str | None:
    plan["bound_usd"] = plan["objective_usd"] - dice.uniform(1, 1e6)
    return _fit_gap(plan)


def bound_elsewhere(plan: Json, dice: random.Random) -> str | None:
    plan["bound_usd"] = plan["objective_usd"] + dice.uniform(0.001, 0.5) * max(1.0, abs(plan["objective_usd"]))
    _fit_gap(plan)
    return "bound_usd"


def _fit_gap(plan: Json) -> str:
    plan["gap"] = (plan["bound_usd"] - plan["objective_usd"]) / abs(plan["bound_usd"] or 1)
    return ""


def objective(plan: Json, dice: random.Random) -> str | None:
    plan["objective_usd"] -= dice.uniform(1, 1e5)
    return ""


def all_money(plan: Json, dice: random.Random) -> str | None:
    if abs(plan["objective_usd"]) < 1:
        return None
    for key in ("objective_usd", "bound_usd"):
        plan[key] *= 1.01
    return ""


def row_figure(plan: Json, dice: random.Random) -> str | None:
    row = _one(plan, "demands", dice)
    if row is None:
        return None
    row[dice.choice(_FIGURES)] += dice.choice([1, 10])
    return ""


def row_dropped(plan: Json, dice: random.Random) -> str | None:
    return _drop(plan, "demands", dice)


def _drop(plan: Json, key: str, dice: random.Random) -> str | None:
    if not plan[key]:
        return None
    del plan[key][dice.randrange(len(plan[key]))]
    return ""


def row_doubled(plan: Json, dice: random.Random) -> str | None:
    row = _one(plan, "demands", dice)
    if row is None:
        return None
    plan["demands"].append(dict(row))
    return ""


def assignment_dropped(plan: Json, dice: random.Random) -> str | None:
    return _drop(plan, "assignments", dice)


def assignment_swapped(plan: Json, dice: random.Random) -> str | None:
    one, other = _one(plan, "assignments", dice), _one(plan, "assignments", dice)
    if one is None or other is None or one["demand"] == other["demand"]:
        return None
    one["demand"], other["demand"] = other["demand"], one["demand"]
    return ""


def assignment_doubled(plan: Json, dice: random.Random) -> str | None:
    one = _one(plan, "assignments", dice)
    if one is None:
        return None
    plan["assignments"].append(dict(one))
    return ""


def assignment_ghost(plan: Json, dice: random.Random) -> str | None:
    one = _one(plan, "assignments", dice)
    if one is None:
        return None
    one[dice.choice(["rack", "demand"])] = "ghost"
    return ""


def assignment_other_rack(plan: Json, dice: random.Random) -> str | None:
    one, other = _one(plan, "assignments", dice), _one(plan, "assignments", dice)
    if one is None or other is None or one["rack"] == other["rack"]:
        return None
    one["rack"] = other["rack"]
    return ""


def assignment_dates(plan: Json, dice: random.Random) -> str | None:
    one = _one(plan, "assignments", dice)
    if one is None:
        return None
    one["until"] = dice.choice([one["from"], "2199-01", one["from"][:7] + "-17"])
    return ""


def off_while_serving(plan: Json, dice: random.Random) -> str | None:
    one = _one(plan, "assignments", dice)
    if one is None:
        return None
    plan["off"].append({key: one[key] for key in ("rack", "from", "until")})
    return ""


def off_ghost(plan: Json, dice: random.Random) -> str | None:
    one = _one(plan, "assignments", dice)
    if one is None:
        return None
    plan["off"].append({"rack": "ghost", "from": one["from"], "until": one["until"]})
    return ""


def placements(plan: Json, dice: random.Random) -> str | None:
    one = _one(plan, "placements", dice)
    if one is None:
        return None
    one[dice.choice(["rack", "position"])] = "ghost"
    return ""


def placement_date(plan: Json, dice: random.Random) -> str | None:
    one = _one(plan, "placements", dice)
    if one is None:
        return None
    one["from"] = "2001-01"
    return ""


def unplaced_emptied(plan: Json, dice: random.Random) -> str | None:
    if not plan["unplaced"]:
        return None
    plan["unplaced"] = []
    return ""


def unplaced_racks(plan: Json, dice: random.Random) -> str | None:
    one = _one(plan, "unplaced", dice)
    if one is None:
        return None
    one["racks"] += dice.choice([2, 20])
    return ""


def unplaced_invented(plan: Json, dice: random.Random) -> str | None:
    row = _one(plan, "demands", dice)
    if row is None:
        return None
    plan["unplaced"].append({"demand": row["demand"], "period": row["period"], "racks": 1, "reasons": []})
    return ""


def unplaced_reasons(plan: Json, dice: random.Random) -> str | None:
    one = _one(plan, "unplaced", dice)
    if one is None:
        return None
    one["reasons"] = []
    return "unplaced[].reasons"


def prices_emptied(plan: Json, dice: random.Random) -> str | None:
    key = dice.choice(["prices", "demand_prices"])
    if not plan[key]:
        return None
    plan[key] = []
    return key


def price_value(plan: Json, dice: random.Random) -> str | None:
    key = dice.choice(["prices", "demand_prices"])
    one = _one(plan, key, dice)
    if one is None:
        return None
    one["usd_per_kw_month"] += 100
    return key


def price_ghost(plan: Json, dice: random.Random) -> str | None:
    one = _one(plan, "prices", dice)
    if one is None:
        return None
    one[dice.choice(["node", "period"])] = "ghost"
    return ""


def shortfalls(plan: Json, dice: random.Random) -> str | None:
    one = _one(plan, "shortfalls", dice)
    if one is None:
        return None
    one[dice.choice(["most_short_kw", "penalty_usd", "lost_fee_usd"])] += 7
    return ""


def list_emptied(plan: Json, dice: random.Random) -> str | None:
    full = [key for key in _LISTS if plan[key]]
    if not full:
        return None
    key = dice.choice(full)
    plan[key] = []
    return "placements" if key == "placements" else ""


def periods(plan: Json, dice: random.Random) -> str | None:
    plan["periods"] = dice.choice([[], plan["periods"][1:], [*plan["periods"], "2199-01"]])
    return ""


def digest(plan: Json, dice: random.Random) -> str | None:
    plan["scenario_sha256"] = dice.choice(["", "0" * 64, plan["scenario_sha256"][::-1]])
    return ""


def scenario_name(plan: Json, dice: random.Random) -> str | None:
    plan["scenario"] += "-2"
    return ""


def version(plan: Json, dice: random.Random) -> str | None:
    plan["capalloc"] = "9.9"
    return "capalloc"


def format_(plan: Json, dice: random.Random) -> str | None:
    plan["format"] = "capalloc.plan/2"
    return ""


def counted(plan: Json, dice: random.Random) -> str | None:
    plan["stats"][dice.choice(["moves", "racks", "periods"])] += 1
    return ""


def sizes(plan: Json, dice: random.Random) -> str | None:
    plan["stats"][dice.choice(["classes", "windows", "rows", "columns"])] += 1
    return "stats"


def ending(plan: Json, dice: random.Random) -> str | None:
    reasons = ("optimal", "gap_reached", "time_limit", "interrupted", "infeasible")
    plan["termination"]["reason"] = dice.choice([one for one in reasons if one != plan["termination"]["reason"]])
    return "termination"


def no_number(plan: Json, dice: random.Random) -> str | None:
    plan[dice.choice(["objective_usd", "bound_usd", "gap"])] = dice.choice(
        [float("nan"), float("inf"), "1", True, None]
    )
    return ""


def unknown_key(plan: Json, dice: random.Random) -> str | None:
    plan["objective_musd"] = plan["objective_usd"] / 1e6
    return ""


def missing_key(plan: Json, dice: random.Random) -> str | None:
    del plan[dice.choice(["objective_usd", "bound_usd", "gap", "periods", "status", "termination", "scenario"])]
    return ""


def undecided(plan: Json, dice: random.Random) -> str | None:
    row = _one(plan, "demands", dice)
    plan["undecided"].append("ghost" if row is None else row["demand"])
    return "undecided"


def prospects(plan: Json, dice: random.Random) -> str | None:
    row = _one(plan, "demands", dice)
    plan["prospects"].append("ghost" if row is None else row["demand"])
    return ""


def precedence(plan: Json, dice: random.Random) -> str | None:
    plan["precedence"] = {"less_usd": 5.0, "bound_usd": plan["bound_usd"], "changes": []}
    return "precedence"


KINDS: tuple[Alter, ...] = (
    status, gap, bound_below, bound_elsewhere, objective, all_money, row_figure, row_dropped, row_doubled,
    assignment_dropped, assignment_swapped, assignment_doubled, assignment_ghost, assignment_other_rack,
    assignment_dates, off_while_serving, off_ghost, placements, placement_date, unplaced_emptied, unplaced_racks,
    unplaced_invented, unplaced_reasons, prices_emptied, price_value, price_ghost, shortfalls, list_emptied, periods,
    digest, scenario_name, version, format_, counted, sizes, ending, no_number, unknown_key, missing_key, undecided,
    prospects, precedence,
)  # fmt: skip


@dataclass(frozen=True)
class Made:
    """A scenario with a plan of it."""

    scenario: Scenario
    plan: Plan

    def says(self, alter: Alter, dice: random.Random, folder: Path) -> str:
        """``caught``, ``not checked``, ``true``, ``none`` where the plan has nothing of the kind, or ``passed``."""
        values = json.loads(dump_plan(self.plan))
        before = deepcopy(values)
        excuse = alter(values, dice)
        if excuse is None or values == before:
            return "none"
        path = folder / "plan.json"
        path.write_text(json.dumps(values), encoding="utf-8")
        try:
            plan = load_plan(path)
        except PlanFileError:
            return "caught"
        verdict = judged(self.scenario, plan)
        if verdict.verdict != "ok":
            return "caught"
        if excuse in {one.what for one in verdict.not_checked}:
            return "not checked"
        if excuse == "bound_usd":
            return "true"  # that it is one has been proven anew
        without: Json = {"assignments": (), "off": (), "placements": ()}
        only_racks = plan.replace(**without) == self.plan.replace(**without)
        same = recount(self.scenario, plan) == recount(self.scenario, self.plan)
        return "true" if only_racks and same and excuse in ("", "placements") else "passed"


def made(scenario: Scenario) -> Made | None:
    """A scenario with its plan, if it has one."""
    plan = solve(scenario, params=PlannerParams(time_limit=600.0, gap=0.02)).plan
    return None if plan is None else Made(scenario, plan)


def sites(corpus: int, large: bool) -> Iterator[Scenario]:
    """Examples, drawn scenarios, generated sites."""
    yield load_scenario("examples/tiny.yaml")
    yield load_scenario("examples/grid-slip.yaml") if large else load_scenario("examples/mine/november.yaml")
    if large:
        yield load_scenario("examples/colossus1-anthropic.yaml")
        for seed in (1, 2, 3):
            yield generate(60, halls=2, periods=6, demands=6, seed=seed)
    for seed in range(corpus):
        yield random_scenario(seed).scenario


def count(plans: int, corpus: int, large: bool) -> tuple[Counter[str], list[str], set[str]]:
    """What was said of so many tampered plans, what passed, and the kinds that were tried."""
    known = [one for one in map(made, sites(corpus, large)) if one is not None]
    said: Counter[str] = Counter()
    passed, tried = [], set()
    dice = random.Random(1)
    with tempfile.TemporaryDirectory() as name:
        while sum(said.values()) < plans:
            one, alter = dice.choice(known), KINDS[sum(said.values()) % len(KINDS)]
            for one in dice.sample(known, len(known)):
                what = one.says(alter, dice, Path(name))
                if what != "none":
                    break
            said[what] += 1
            if what != "none":
                tried.add(alter.__name__)
            if what == "passed":
                passed.append(f"{one.scenario.name}: {alter.__name__}")
    return said, passed, tried


if __name__ == "__main__":
    counts, through, _ = count(int(sys.argv[1]) if len(sys.argv) > 1 else 1500, 40, large=True)
    print(dict(counts), *sorted(Counter(through).items()), sep="\n")
