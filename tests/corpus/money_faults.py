"""What is wrong with the money of plans, against a plain sum over days; nothing, it is hoped.

``python -m tests.corpus.money_faults FIRST END`` looks at many more seeds than the suite does.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from capalloc.metrics import measure
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario
from capalloc.verify import recount
from tests.corpus.dated import dated_record
from tests.corpus.day_by_day import Books
from tests.corpus.faults import answers_of, faults_among
from tests.corpus.random_scenarios import RandomScenario
from tests.strategies import Record

CENT, RELATIVE = 0.011, 1e-9


def money_faults_of(seed: int) -> list[str]:
    """Faults of every plan that planner and reference make for a seed, and of their optima."""
    record = dated_record(seed)
    scenario = Scenario.model_validate(record)
    asked = frozenset(contract.name for contract in scenario.contracts if contract.probability < 1)
    answers = answers_of(RandomScenario(seed, scenario, frozenset(), tiny=True), asked)
    found = faults_among(answers, scenario.policy.priority == "contracts")
    for way, answer in answers.items():
        if answer.plan is not None:
            found += [f"{way}: {fault}" for fault in _against_days(record, scenario, answer.plan)]
    return found


def _against_days(record: Record, scenario: Scenario, plan: Plan) -> Iterator[str]:
    books = Books(record, plan.model_dump(mode="json", by_alias=True))
    yield from _rows(books, plan, "plan states")
    yield from _rows(books, plan.replace(demands=recount(scenario, plan).demands), "verifier counts")
    yield from _shortfalls(books, plan)
    yield from _sure(books, scenario, plan)
    if plan.stats.moves != sum(books.moves().values()):
        yield f"moves: {plan.stats.moves}, by hand {sum(books.moves().values())}"
    if not _same(plan.objective_usd, books.objective()):
        yield f"objective: {plan.objective_usd}, by days {books.objective()}"


def _same(stated: float, counted: float | Fraction) -> bool:
    return abs(stated - float(counted)) <= max(CENT, RELATIVE * abs(float(counted)))


def _rows(books: Books, plan: Plan, who: str) -> Iterator[str]:
    counted = books.rows()
    stated = {(row.demand, row.period): (row.revenue_usd, row.penalty_usd) for row in plan.demands}
    if stated.keys() != counted.keys():
        yield f"rows: {sorted(stated.keys() ^ counted.keys())}"
    for key in stated.keys() & counted.keys():
        for word, says, is_ in zip(("revenue", "penalty"), stated[key], counted[key], strict=True):
            if not _same(says, is_):
                yield f"{word}: {who} {says} for {key}, by days {float(is_)}"


def _shortfalls(books: Books, plan: Plan) -> Iterator[str]:
    counted = sorted(books.shortfalls(), key=lambda run: (run[0], run[1]))
    stated = sorted(plan.shortfalls, key=lambda run: (run.demand, run.start))
    dated = [(run.demand, run.start, run.until, run.tenant_may_leave_from) for run in stated]
    if dated != [(*run[:3], run[6]) for run in counted]:
        yield f"shortfalls: {dated}, by days {[(*run[:3], run[6]) for run in counted]}"
        return
    for says, is_ in zip(stated, counted, strict=True):
        usd = (says.most_short_kw, says.penalty_usd, says.lost_fee_usd)
        if not all(map(_same, usd, is_[3:6])):
            yield f"shortfall: {says.demand} {usd}, by days {[float(part) for part in is_[3:6]]}"


def _sure(books: Books, scenario: Scenario, plan: Plan) -> Iterator[str]:
    counted = books.sure()
    for one in measure(scenario, plan).revenue:
        usd = (one.firm_usd, one.at_risk_usd, one.prospect_usd)
        if not all(map(_same, usd, counted[one.demand])):
            yield f"firm: {one.demand} {usd}, by days {[float(part) for part in counted[one.demand]]}"


def main(first: int, end: int) -> int:
    """The seeds [first, end); 1 where there is a fault."""
    bad: Counter[str] = Counter()
    for seed in range(first, end):
        for fault in money_faults_of(seed):
            bad[fault.split(":")[1]] += 1
            print(seed, fault, flush=True)
    print(f"seeds {first} to {end - 1}: {sum(bad.values())} faults {dict(bad)}", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
