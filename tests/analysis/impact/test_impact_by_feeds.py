"""Two things out and one more node lost are what plain Python over feeds makes of them."""

from __future__ import annotations

import random

import pytest

from capalloc.analysis.base import Base, planned_base
from capalloc.analysis.edits import all_supplies
from capalloc.analysis.impact import impact_of
from capalloc.errors import NoAnswerError
from capalloc.planner.params import PlannerParams
from capalloc.schema.impact import Impact
from capalloc.schema.scenario import Scenario
from tests.analysis.impact.by_feeds import ByFeeds, Recounted
from tests.corpus.random_scenarios import random_scenario


def planned(scenario: Scenario) -> Base | None:
    try:
        return planned_base(scenario, params=PlannerParams(time_limit=5))
    except NoAnswerError:
        return None


def require_recounted(base: Base, asked: ByFeeds, names: list[str], period: str) -> Impact:
    """The answer, after it has been compared with the recount, for what is out and for each further loss."""
    answer, t = impact_of(base, names, period=period), base.plan.periods.index(period)
    out = {
        kind: [name for one, name in (text.split(":", 1) for text in names) if one in kinds] for kind, kinds in KINDS
    }
    found = asked.out(t, out["nodes"], out["places"], out["supplies"])
    require_same(answer, found)
    if base.scenario.policy.idle == "powered":  # spares are among the idle racks of the recount
        assert len(answer.racks_dark) == found.dark.total()
        assert len(answer.racks_on_one_feed) == found.on_one_feed.total()
    for loss in answer.then:
        then = asked.out(t, [*out["nodes"], loss.contingency], out["places"], out["supplies"])
        then.require_over(loss.over)
        assert loss.kw_lost == pytest.approx(then.kw_lost, abs=1e-3)
        assert loss.kw_lost_more == pytest.approx(then.kw_lost - found.kw_lost, abs=1e-3)
    for number, hit in enumerate(answer.periods):
        then = asked.out(number, out["nodes"], out["places"], out["supplies"])
        then.require_over(hit.over)
        assert hit.kw_lost == pytest.approx(then.kw_lost, abs=1e-3)
    left = {node.name for node in base.scenario.facility.power if node.contingency} & set(found.limit_kw)
    assert {loss.contingency for loss in answer.then} == left
    return answer


KINDS = (("nodes", {"node"}), ("places", {"row", "hall", "zone"}), ("supplies", {"supply"}))


def require_same(answer: Impact, found: Recounted) -> None:
    assert {one.node for one in answer.limits} == set(found.limit_kw)
    for one in answer.limits:
        assert one.load_kw == pytest.approx(found.load_kw[one.node], abs=found.doubtful_kw), one.node
        assert one.failover_kw == pytest.approx(found.limit_kw[one.node], abs=1e-3), one.node
    found.require_over(answer.over)
    assert answer.kw_lost == pytest.approx(found.kw_lost, abs=1e-3)
    by_name = {one.demand: one for one in answer.demands}
    for counted, key in ((found.dark, "racks"), (found.on_one_feed, "racks_on_one_feed")):
        serving = {name: racks for name, racks in counted.items() if name}
        assert {name: getattr(one, key) for name, one in by_name.items() if getattr(one, key)} == serving


def test_any_two_ups_of_a_hall_of_colossus_and_one_more_loss(colossus: Base) -> None:
    asked = ByFeeds(colossus.scenario, colossus.plan)
    answer = require_recounted(colossus, asked, ["node:h4a-ups1", "node:h4a-ups3"], "2026-07")
    assert answer.over == ("h4a-ups2", "h4a-ups4")
    assert len(answer.then) == 30
    require_recounted(colossus, asked, ["node:h4a-ups2", "node:h2b-ups3"], "2028-01")


def drawn(base: Base, rng: random.Random) -> list[str]:
    """Two or three things of any kinds."""
    site, spots = base.scenario.facility, base.instance.positions
    nodes = [f"node:{node.name}" for node in site.power]
    places = [f"row:{name}" for name in spots.row_names] + [f"hall:{name}" for name in spots.hall_names]
    others = [f"zone:{zone.name}" for zone in site.cooling] + [
        f"supply:{one.name}" for one in all_supplies(base.scenario)
    ]
    return rng.sample(nodes, min(2, len(nodes))) + rng.sample([*places, *others], rng.choice([0, 0, 1]))


@pytest.mark.parametrize("seed", range(0, 80, 2))
def test_what_is_drawn_to_be_out_on_drawn_sites(seed: int) -> None:
    base = planned(random_scenario(seed).scenario)
    if base is None:
        return
    asked, rng = ByFeeds(base.scenario, base.plan), random.Random(seed)
    for period in base.plan.periods:
        require_recounted(base, asked, drawn(base, rng), period)
