"""Who was served before whom, as the page says it."""

from __future__ import annotations

from typing import Any

import pytest

from capalloc.cancel import CancelToken
from capalloc.metrics import measure
from capalloc.progress import Progress
from capalloc.report.page import plan_page
from capalloc.solve import solve
from tests.byhand import by_hand, contract, workload
from tests.report.test_report_page import squeezed, text
from tests.strategies import contract as tiny_contract
from tests.strategies import facility, rack_type, scenario


def page(
    prospects: frozenset[str] = frozenset(), stop_at: str = "", allow_displacing: bool = False, **changes: Any
) -> str:
    scenario, token = by_hand(**changes), CancelToken()

    def hear(progress: Progress) -> None:
        if progress.stage == stop_at:
            token.cancel()

    result = solve(scenario, prospects=prospects, allow_displacing=allow_displacing, cancel=token, progress=hear)
    assert result.plan is not None
    return squeezed(text(plan_page(scenario, result.plan, result.verdict, measure(scenario, result.plan)), width=140))


def test_the_page_says_who_gave_way_and_what_that_costs() -> None:
    # the site by hand: one rack of 80 kW from July to October; 64 x 16.5 x 2,952 h less 4 x 280,000
    shown = page()
    assert "2026-07 2026-11 lease +80.0 +1" in shown
    assert "2026-07 2026-11 own -80.0 -1" in shown
    assert "The plan is worth $1.997M (discounted) less than where money alone decides." in shown
    assert "own 2026-07 … 2026-10 lease 5 400.0 lease comes first" in shown


@pytest.mark.parametrize("changes", [{"policy": {"priority": "money"}}, {"workloads": [workload(priority=1)]}])
def test_among_equals_the_page_says_that_money_decided(changes: dict[str, Any]) -> None:
    shown = page(**changes)
    assert "lease 2026-07 … 2026-10 own 2 160.0 money decides between them" in shown
    assert "less than where money alone decides" not in shown


def test_a_prospect_comes_after_what_is_signed() -> None:
    asked = contract(name="asked", probability=0.5, fee={"usd_per_month": 9e6})
    shown = page(frozenset({"asked"}), contracts=[contract(), asked], policy={"priority": "money"})
    assert "asked 2026-07 … 2026-10 lease 4 320.0 lease comes first" in shown


def test_a_search_that_was_stopped_claims_nothing_of_the_order() -> None:
    shown = page(stop_at="place")
    assert "lease 2026-07 … 2026-10 own 2 160.0 the search ended before their order was decided" in shown
    assert "before the order of priorities was decided: lease may be short for what comes later" in " ".join(
        shown.split()
    )
    assert "no more without" not in shown


def test_what_no_racks_of_others_would_help_is_said_as_far_as_it_is_known() -> None:
    # own's hard minimum keeps two of six racks from the lease, though that comes first
    shown = page(workloads=[workload(commitment="hard")])
    assert "lease 2026-07 … 2026-10 own 2 160.0 no plan was found that gives lease more" in shown


ASKED = frozenset({"asked"})


def test_signed_contracts_that_give_way_to_a_prospect_are_told() -> None:
    # six racks from July on: the prospect pays nine times what the lease does, one is left for the lease
    asked = contract(name="asked", probability=0.5, fee={"usd_per_month": 9e6})
    contracts, money = [contract(), asked], {"priority": "money"}
    shown = page(ASKED, allow_displacing=True, contracts=contracts, workloads=[], policy=money)
    assert "Signed contracts that are short while a prospect is served (--allow-displacing)" in shown
    assert "lease 2026-07 … 2026-10 320.0 asked 400.0" in shown
    assert "gives way" not in page(ASKED, contracts=contracts, workloads=[], policy=money)


def test_a_contract_that_has_all_its_gpus_in_racks_that_draw_less_gives_way_to_nobody() -> None:
    # two racks of 8 GPUs, of 10 and of 5 kW, are the 16 GPUs that 20 kW of the type that the lease names first have
    site = facility(3)
    site["rack_types"].append(rack_type("b", nameplate_kw=5, expected_kw=4, idle_kw=1))
    site["racks"][0]["rack_type"] = "b"
    lease = tiny_contract("lease", rack_types=["a", "b"], ramp=[{"from": "2026-05", "gpus": 16}])
    asked = scenario(site, contracts=[lease, tiny_contract("asked", probability=0.5)])
    result = solve(asked, prospects=ASKED, allow_displacing=True)
    assert result.plan is not None
    shown = squeezed(text(plan_page(asked, result.plan, result.verdict, measure(asked, result.plan)), width=140))
    assert "No signed contract gives way to a prospect: none is short while one is served." in shown


def test_where_none_gives_way_the_page_says_so_and_why_the_plan_is_worth_less() -> None:
    # one rack each: both are served in full, and internal work has what is left
    ramp = [{"from": "2026-05", "mw": 0.08}]
    asked = contract(name="asked", probability=0.5, ramp=ramp)
    contracts = [contract(ramp=ramp), asked]
    shown = page(ASKED, allow_displacing=True, contracts=contracts)
    assert "No signed contract gives way to a prospect: none is short while one is served." in shown
    assert "it comes before internal work" in shown
    assert "--allow-displacing" not in page(ASKED, contracts=contracts)
    assert "--allow-displacing" not in page(allow_displacing=True)
