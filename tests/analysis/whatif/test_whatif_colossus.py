"""Notice to Anthropic on Colossus 1, by hand: racks free on the day, the fee lost, what follows regained."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from capalloc.analysis.whatif import whatif
from capalloc.runner.here import Here
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario
from capalloc.schema.whatif import WhatIf

EXAMPLES = Path(__file__).parents[3] / "examples"
NOTICE = "notice:anthropic:2027-03-01"


@pytest.fixture(scope="module")
def answer(example: Callable[[str], tuple[Scenario, Plan]]) -> WhatIf:
    scenario, plan = example("colossus1-anthropic")
    offer = f"{NOTICE}+sign:{EXAMPLES / 'whatif' / 'offer.yaml'}"
    return whatif(scenario, [NOTICE, offer], plan=plan, engine=Here())


def test_notice_of_ninety_days_frees_the_racks_on_30_may_and_loses_the_fee_from_then_on(answer: WhatIf) -> None:
    alone = answer.cases[0]
    (anthropic,) = alone.demands
    assert anthropic.until == (date(2029, 6, 1), date(2027, 5, 30))
    # Of May 2027 two of 31 days, then 24 months until May 2029, at $1.25 billion.
    assert anthropic.delta_usd == pytest.approx(-1.25e9 * (2 / 31 + 24))
    (change,) = alone.changes
    assert (change.start, change.until) == (date(2027, 6, 1), date(2029, 6, 1))
    freed = change.racks[0]
    assert change.racks == (freed, 0)
    assert freed > 3_400
    assert (alone.free[0].start, alone.free[-1].until) == (date(2027, 6, 1), date(2029, 6, 1))
    assert {one.racks[1] - one.racks[0] for one in alone.free} == {freed}


def test_the_prospect_that_follows_regains_its_fee(answer: WhatIf) -> None:
    alone, followed = answer.cases
    usd = {one.demand: one.delta_usd for one in followed.demands}
    # 100 MW at $4,000 per kW-month for the 23 months from July 2027.
    assert usd["successor"] == pytest.approx(100_000 * 4_000 * 23)
    assert usd["anthropic"] == pytest.approx(-1.25e9 * (2 / 31 + 24))
    assert usd.get("grok-inference", 0.0) == pytest.approx(0.0)
    assert (followed.delta_usd or 0.0) > (alone.delta_usd or 0.0)
    assert followed.fees_usd == pytest.approx((alone.fees_usd or 0.0) + usd["successor"])
    assert followed.missed == ()
