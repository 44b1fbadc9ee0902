"""Demands in whole units and in money."""

from __future__ import annotations

import numpy as np
import pytest

from capalloc.instance.compile import compile_scenario
from capalloc.instance.model import DemandData
from capalloc.schema.scenario import Scenario
from tests.byhand import by_hand, contract, workload


def _data(scenario: Scenario, name: str = "lease") -> DemandData:
    return next(data for data in compile_scenario(scenario).demands if data.name == name)


def test_delivery_may_pass_the_commitment_by_less_than_one_rack() -> None:
    data = _data(by_hand())
    assert data.committed.tolist() == [160_000, 160_000, 400_000, 400_000, 400_000, 400_000]
    assert data.ceiling[0] == 160_000 + 80_000 - 1


def test_the_largest_commitment_of_a_period_counts_and_the_fee_counts_days() -> None:
    ramp = [{"from": "2026-05", "mw": 0.16, "fee_factor": 0.5}, {"from": "2026-06-16", "mw": 0.4}]
    data = _data(by_hand(contracts=[contract(ramp=ramp)]))
    assert data.committed[1] == 400_000
    # June: 15 of 30 days at half the fee, 15 at the full one = 0.75 M
    assert data.curves[0].gain_usd(np.full(6, 400_000))[1] == pytest.approx(750_000)


def test_half_delivery_earns_half_the_fee_and_pays_for_what_is_short() -> None:
    data = _data(by_hand())
    # July: 200 of 400 kW: 0.5 M fee less 200 kW x 1,000 USD
    assert data.curves[0].gain_usd(np.full(6, 200_000))[2] == pytest.approx(300_000)


def test_flexible_capacity_earns_the_contracts_unit_price() -> None:
    data = _data(by_hand(contracts=[contract(flexible_mw=0.1)]))
    # 160 kW earn 1 M, so 100 kW more earn 0.625 M, and nothing beyond
    assert data.curves[0].gain_usd(np.full(6, 300_000))[0] == pytest.approx(1_625_000)
    assert data.ceiling[0] == 260_000


def test_notice_ends_the_term_after_the_initial_months_and_the_notice() -> None:
    lease = contract(termination={"notice_days": 31, "initial_term_months": 3, "by": "either"})
    notice = {"type": "notice", "contract": "lease", "by": "tenant", "on": "2026-05-10"}
    # initial term ends 1 August; 31 days later is 1 September
    data = _data(by_hand(contracts=[lease], events=[notice]))
    assert data.in_term.tolist() == [True, True, True, True, False, False]


def test_a_delayed_contract_shifts_every_step_and_keeps_its_end() -> None:
    data = _data(by_hand(events=[{"type": "delay", "contract": "lease", "until": "2026-06"}]))
    # both steps move by 31 days: 1 June and 1 August
    assert data.committed.tolist() == [0, 160_000, 160_000, 400_000, 400_000, 400_000]


def test_a_workload_whose_last_steps_are_zero_ends_with_the_first_of_them() -> None:
    own = workload(demand=[{"from": "2026-05", "racks": 8}, {"from": "2026-07", "racks": 0}])
    assert _data(by_hand(workloads=[own]), "own").in_term.tolist() == [True, True, False, False, False, False]


def test_tiers_fill_from_the_dearest_down() -> None:
    own = workload(value=[{"up_to_gpus": 100, "usd_per_gpu_hour": 2.0}, {"usd_per_gpu_hour": 1.0}])
    data = _data(by_hand(workloads=[own]), "own")
    # two racks: 128 GPUs, 100 at 2 USD and 28 at 1 USD, 31 days x 24 h
    assert data.curves[0].gain_usd(np.full(6, 128))[0] == pytest.approx((200 + 28) * 744)


def test_the_penalty_below_min_defaults_to_ten_times_the_first_tier() -> None:
    data = _data(by_hand(), "own")
    # one of two racks: 64 GPUs x 744 h x 15 USD
    assert data.curves[1].gain_usd(np.full(6, 1))[0] == pytest.approx(-64 * 744 * 15)
