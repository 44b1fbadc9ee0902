"""What ``capalloc plan --hedge`` prints above the plan: what is decided, and what is expected of it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from capalloc.calendar import format_day
from capalloc.report.figures import DASH, count, percent, plural, usd
from capalloc.report.table import Column, grid, words
from capalloc.schema.hedged import Estimate, Hedged

_UNKEPT_SHOWN = 3
FIGURES = (
    ("If all were known", "wait_and_see"),
    ("Hedged", "hedged"),
    ("First periods of the forecast's best plan", "forecast"),
    ("Worth of perfect information", "evpi"),
    ("Worth of hedging", "vss"),
    ("No first periods bring more than", "bound"),
    ("That less the hedge", "gap"),
)
"""What is told of fresh samples, and its key."""
_NOTE = (
    "Means over samples that the hedge was not chosen on, discounted, with 95 % intervals; after what is decided, "
    "parts of racks count too. Forecast: the best first periods of the forecast that can be in every sample; without "
    "--hedge the plan may have others."
)


def hedge_page(answer: Hedged) -> Iterator[RenderableType]:
    """What is decided, what it is worth over the samples, and what is expected of it."""
    yield Text(_hedged(answer), style="bold")
    yield Text(_worth(answer))
    yield grid("Racks that are decided", _DECIDED, decided_rows(answer))
    yield grid("Expected", (words("What"), Column("USD"), Column("From"), Column("To")), expected_rows(answer))
    yield Text(of_what(answer), style="dim")
    yield from (Text(sentence, style="red") for sentence in warned(answer))


_DECIDED = (words("Period"), words("Demand"), Column("Hedged"), Column("Forecast"))


def _hedged(answer: Hedged) -> str:
    return (
        f"Hedged over {plural(answer.samples, 'sample')} (seed {answer.seed}): decided until "
        f"{format_day(answer.decide_until)}, planned again after"
    )


def _worth(answer: Hedged) -> str:
    bad = percent(1 - answer.alpha, 0)
    counts = f", {usd(answer.counted_usd)} with weight {answer.weight:g} on the latter" * bool(answer.weight)
    return (
        f"Mean objective over them {usd(answer.mean_usd)}, of the worst {bad} {usd(answer.cvar_usd)}{counts}; no first "
        f"periods bring more than {usd(answer.bound_usd)}"
    )


def decided_rows(answer: Hedged) -> Iterator[tuple[str, str, str, str]]:
    """Period, demand, racks and those of the forecast, in the order of time."""
    for one in sorted(answer.decided, key=lambda one: (one.period, one.demand)):
        yield one.period, one.demand, count(one.racks), count(one.forecast_racks)


def expected_rows(answer: Hedged) -> Iterator[tuple[str, str, str, str]]:
    """What is expected, a mean, and where its interval begins and ends."""
    for name, key in FIGURES:
        found: Estimate | None = getattr(answer.fresh, key)
        figures = (DASH,) * 3 if found is None else (usd(found.usd), usd(found.low_usd), usd(found.high_usd))
        yield name, *figures


def of_what(answer: Hedged) -> str:
    """Of which samples the expected figures are."""
    fresh = answer.fresh
    left = f" {plural(fresh.left_out, 'sample')} in which one of them has no plan left out." * bool(fresh.left_out)
    return f"{_NOTE} {count(fresh.samples)} samples.{left}"


def warned(answer: Hedged) -> Iterator[str]:
    """Samples that have no plan, or do not keep what is decided, in sentences."""
    if answer.unplanned:
        some = ", ".join(map(str, answer.unplanned[:_UNKEPT_SHOWN]))
        yield f"{plural(len(answer.unplanned), 'sample')} without any plan, left out: {some}"
    for one in answer.unkept[:_UNKEPT_SHOWN]:
        yield f"Sample {one.sample} does not keep what is decided: {one.why}"
    more = len(answer.unkept) - _UNKEPT_SHOWN
    if more > 0:
        yield f"and {plural(more, 'sample')} more"
