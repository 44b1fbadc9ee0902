"""Prospects in the charts of money are told apart from what has signed."""

from __future__ import annotations

from capalloc import solve
from capalloc.analysis.picture import Pictured
from capalloc.report.charts.money import money_figures
from capalloc.report.charts.shades import shades_of
from tests.byhand import by_hand, contract


def test_fees_of_prospects_are_pale_and_named_apart() -> None:
    # The lease pays $1M a month for six months; the prospect would pay as much for five.
    maybe = contract(name="maybe", probability=0.5, ramp=[{"from": "2026-06", "mw": 0.08}])
    scenario = by_hand(contracts=[contract(), maybe])
    result = solve(scenario, prospects=frozenset({"maybe"}))
    assert result.plan is not None
    shown = Pictured(scenario, result.plan, result.instance, result.verdict)
    figures = money_figures(shown, shades_of(shown))
    assert figures["earned"].says.startswith("Fees of $11.000M ($5.000M of prospects, as if signed) and values of ")
    assert [(key.label, key.kind) for key in figures["earned"].keys if key.kind == "pale"] == [
        ("maybe (prospect)", "pale")
    ]
    assert figures["firm"].says == (
        "Of fees of $6.000M, $6.000M are firm and $0 at risk. Prospects would pay $5.000M more, never firm."
    )
