"""What the verifier found, as ``capalloc check`` shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from capalloc.report.figures import count, plural, usd
from capalloc.report.table import Column, grid, words
from capalloc.schema.verdict import Verdict, Violation

_SHOWN = 50
_NUMBER = re.compile(r"\d[\d,.]*")


def verdict_page(verdict: Verdict, other: str = "") -> Iterator[RenderableType]:
    """The verdict, the objective recomputed, and the violations; of more than fifty, each kind with its number.

    ``other`` says what else the plan was made for, where it was not for this scenario.
    """
    if other and verdict.violations:
        yield Text(f"{other}; what follows may come of that alone.", style="yellow")
    if verdict.verdict == "ok":
        yield Text("ok: every rule holds", style="green")
    else:
        yield Text(f"violated: {plural(len(verdict.violations), 'violation')}", style="red")
    yield Text(f"Objective recomputed: {usd(verdict.objective_usd)} (discounted)")
    if verdict.not_checked:
        keys = ", ".join(one.what for one in verdict.not_checked)
        yield Text(f"Not checked, since only the search can know: {keys} (--json says what of each)")
    if verdict.violations:
        yield from _listed(verdict.violations)


def _listed(violations: Sequence[Violation]) -> Iterator[RenderableType]:
    columns = [words("Rule"), words("Where"), words("Period"), Column("Found"), Column("Limit"), words("What")]
    if len(violations) <= _SHOWN:
        yield grid("Violations", columns, map(_row, violations))
        return
    rows = [(count(len(group)), *_row(group[0])) for group in alike(violations)]
    yield grid("Violations, the first of each kind", [Column("Alike"), *columns], rows[:_SHOWN])
    more = f"… and {plural(len(rows) - _SHOWN, 'more kind')}; " if len(rows) > _SHOWN else ""
    yield Text(f"{more}--json lists them all")


def alike(violations: Sequence[Violation]) -> list[list[Violation]]:
    """Violations by kind, in the order in which kinds occur."""
    kinds: dict[tuple[str, ...], list[Violation]] = {}
    for one in violations:
        kinds.setdefault(_kind(one), []).append(one)
    return list(kinds.values())


def _kind(one: Violation) -> tuple[str, ...]:
    """What violations have in common that differ by place, period and figures alone."""
    text = one.message
    for name in sorted({one.where, one.period} - {""}, key=len, reverse=True):
        text = text.replace(name, "")
    return one.rule.value, one.unit, _NUMBER.sub("", text)


def _row(one: Violation) -> tuple[str, ...]:
    found, limit = (f"{amount:,.10g} {one.unit}" for amount in (one.amount, one.limit))
    return (one.rule.value, one.where, one.period, found, limit, one.message)
