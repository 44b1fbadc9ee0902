"""What the verifier found, as ``capalloc check`` shows it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from capalloc.report.figures import count, plural, usd
from capalloc.report.table import Column, grid, words
from capalloc.schema.verdict import Verdict, Violation

_SHOWN = 50


def verdict_page(verdict: Verdict) -> Iterator[RenderableType]:
    """The verdict, the objective recomputed, and the violations (the first fifty)."""
    if verdict.verdict == "ok":
        yield Text("ok: every rule holds", style="green")
    else:
        yield Text(f"violated: {plural(len(verdict.violations), 'violation')}", style="red")
    yield Text(f"Objective recomputed: {usd(verdict.objective_usd)} (discounted)")
    if verdict.violations:
        columns = [words("Rule"), words("Where"), words("Period"), Column("Found"), Column("Limit"), words("What")]
        yield grid("Violations", columns, (_row(one) for one in verdict.violations[:_SHOWN]))
    if len(verdict.violations) > _SHOWN:
        yield Text(f"… and {count(len(verdict.violations) - _SHOWN)} more; --json lists them all")


def _row(one: Violation) -> tuple[str, ...]:
    found, limit = (f"{amount:,.10g} {one.unit}" for amount in (one.amount, one.limit))
    return (one.rule.value, one.where, one.period, found, limit, one.message)
