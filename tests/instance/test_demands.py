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


def test_gpu_hours_are_paid_up_to_each_days_commitment() -> None:
    # 128 GPUs until 20 June, then 320, at 2 USD; 320 all June: (20 x 128 + 10 x 320) x 24 h x 2 USD = 276,480
    ramp = [{"from": "2026-05", "gpus": 128}, {"from": "2026-06-21", "gpus": 320}]
    lease = contract(ramp=ramp, fee={"usd_per_gpu_hour": 2.0})
    hourly = _data(by_hand(contracts=[lease])).curves[1]
    assert hourly.gain_usd(np.full(6, 320))[1] == pytest.approx(276_480)
    # 80 kW flexible are 64 GPUs of the first type: (20 x 192 + 10 x 320) x 48 = 337,920
    hourly = _data(by_hand(contracts=[lease | {"flexible_mw": 0.08}])).curves[1]
    assert hourly.gain_usd(np.full(6, 320))[1] == pytest.approx(337_920)


def test_a_period_with_a_step_inside_adds_up_the_fee_and_penalty_of_its_days() -> None:
    ramp = [{"from": "2026-05", "mw": 0.16}, {"from": "2026-06-16", "mw": 0.4}]
    data = _data(by_hand(contracts=[contract(ramp=ramp)]))
    # 240 kW in June: 15 of 30 days in full, 15 at 240/400 less 160 kW x 1,000 USD: 0.5 M + 0.3 M - 0.08 M
    assert data.curves[0].gain_usd(np.full(6, 240_000))[1] == pytest.approx(720_000)
    # 80 kW: 0.25 M - 0.04 M, and 0.1 M - 0.16 M
    assert data.curves[0].gain_usd(np.full(6, 80_000))[1] == pytest.approx(150_000)


def test_a_step_inside_a_period_is_the_same_curve_in_all_others() -> None:
    ramp = [{"from": "2026-05", "mw": 0.16}, {"from": "2026-06-16", "mw": 0.4}]
    stepped, plain = (_data(by_hand(contracts=[contract(ramp=steps)])).curves[0] for steps in (ramp, ramp[:1]))
    for delivered in (0, 80_000, 160_000, 240_000):
        assert stepped.gain_usd(np.full(6, delivered))[0] == plain.gain_usd(np.full(6, delivered))[0]
    assert (stepped.slopes[:, :-1] >= stepped.slopes[:, 1:]).all()


def test_a_day_is_worth_no_more_gpus_than_may_be_delivered_on_it() -> None:
    # 100 GPUs (two racks, 128 GPUs) until 20 June, then 512 at 1.5 USD; 512 all June:
    # (20 x 128 + 10 x 512) x 24 x 1.5 = 276,480
    own = workload(demand=[{"from": "2026-05", "gpus": 100}, {"from": "2026-06-21", "gpus": 512}])
    data = _data(by_hand(workloads=[own]), "own")
    assert data.curves[0].gain_usd(np.full(6, 512))[1] == pytest.approx(276_480)
    assert data.curves[0].gain_usd(np.full(6, 512))[2] == pytest.approx(512 * 744 * 1.5)


def test_the_minimum_counts_each_days_own() -> None:
    # two racks from 21 June on, one delivered: 64 GPUs x 10 days x 24 h x 15 USD
    own = workload(demand=[{"from": "2026-05", "racks": 8}, {"from": "2026-06-21", "racks": 8, "min": 2}])
    assert _data(by_hand(workloads=[own]), "own").curves[1].gain_usd(np.full(6, 1))[1] == pytest.approx(-230_400)
