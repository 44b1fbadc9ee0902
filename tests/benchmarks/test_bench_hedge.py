"""``capalloc bench hedge``: what knowing and hedging are worth on sites where things are not sure."""

from __future__ import annotations

import json

import pytest

from benchmarks.hedge import Worth, table, unsure
from capalloc.report.figures import DASH
from tests.benchmarks.command import bench


def test_perfect_information_is_worth_most_and_the_hedge_more_than_the_forecast(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = bench("hedge", "--racks", "12", "--seeds", "1", "--seed", "3", "--json")
    (row,) = json.loads(capsys.readouterr().out)
    assert code == 0
    assert row["verdict"] == "ok"
    for key, more, less in (("evpi", "wait_and_see", "hedged"), ("vss", "hedged", "forecast")):
        usd, _, high = row[key]
        assert usd == pytest.approx(row[more][0] - row[less][0], abs=0.01)
        assert high >= -0.01


def test_sites_are_the_same_for_a_seed_and_have_every_kind_of_doubt() -> None:
    site = unsure(7)
    assert site == unsure(7) != unsure(8)
    assert site.uncertainty is not None
    doubts = site.uncertainty
    assert all((doubts.supplies, doubts.notices, doubts.demand, doubts.failures, doubts.prospects))
    assert any(contract.probability < 1 for contract in site.contracts)


def test_a_site_without_a_hedge_says_why() -> None:
    row = Worth(site="seed 1", process_s=1.4, verdict="failed (1): no plan")
    assert list(table([row]).rows[0]) == ["seed 1", "0", DASH, DASH, DASH, DASH, "1", "failed (1): no plan"]
