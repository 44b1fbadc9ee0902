"""The page of ``capalloc check`` and the list of models, as text."""

from __future__ import annotations

import io
from collections.abc import Iterable

import pytest
from rich.console import Console

from capalloc.report.catalogue import catalogue
from capalloc.report.verdict import verdict_page
from capalloc.schema.verdict import Verdict, Violation


def text(parts: Iterable[object], width: int = 120) -> str:
    out = Console(file=io.StringIO(), width=width, highlight=False, markup=False, emoji=False)
    for part in parts:
        out.print(part)
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


def over(number: int) -> Violation:
    return Violation(
        rule="failover",
        where=f"ups{number} [b]",
        period="2026-07",
        amount=410.5,
        limit=400.0,
        unit="kW",
        message="too much after the loss of ups9",
    )


def test_an_accepted_plan_gets_two_lines() -> None:
    page = text(verdict_page(Verdict(verdict="ok", objective_usd=1.5e9)))
    assert page == "ok: every rule holds\nObjective recomputed: $1.500B (discounted)\n"


def test_a_violation_shows_rule_place_period_amount_and_limit() -> None:
    page = text(verdict_page(Verdict(verdict="violated", violations=(over(1),), objective_usd=0.0)))
    assert "violated: 1 violation\n" in page
    for part in ("failover", "ups1 [b]", "2026-07", "410.5 kW", "400 kW", "too much after the loss of ups9"):
        assert part in page


def test_more_than_fifty_violations_are_counted_by_their_kind() -> None:
    """They differ by node, period and figures alone."""
    fifty = Verdict(verdict="violated", violations=tuple(map(over, range(50))), objective_usd=0.0)
    assert text(verdict_page(fifty)).count("too much") == 50
    other = over(1).replace(message="nothing like it")
    many = fifty.replace(violations=(*map(over, range(1052)), other))
    page = text(verdict_page(many, "The plan was made for 'b', and is checked against 'a'"))
    assert page.startswith("The plan was made for 'b', and is checked against 'a'; what follows may come of that alone")
    assert page.count("too much") == 1
    assert "1,052" in page
    assert "nothing like it" in page
    assert "--json lists them all" in page


@pytest.mark.parametrize("width", [60, 100])
def test_violations_fit_the_terminal(width: int) -> None:
    page = text(verdict_page(Verdict(verdict="violated", violations=(over(1),), objective_usd=0.0)), width)
    assert max(len(line) for line in page.splitlines()) <= width


def test_models_are_listed_with_their_confidence() -> None:
    page = text([catalogue([("facility", "colossus1", "Four halls", "assumed")])])
    assert "facility" in page
    assert "colossus1" in page
    assert "assumed" in page
