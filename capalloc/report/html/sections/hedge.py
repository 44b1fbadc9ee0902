"""A hedged plan: what is decided before it is known how things come out, and what is expected of it."""

from __future__ import annotations

from collections.abc import Iterator

from capalloc.calendar import format_day
from capalloc.report.charts.figure import Figure
from capalloc.report.charts.hedge import decided_figure, expected_figure, worth_figure
from capalloc.report.figures import percent, plural, usd
from capalloc.report.hedge import decided_rows, expected_rows, of_what, warned
from capalloc.report.html.chart import chart_data
from capalloc.report.html.section import Section
from capalloc.schema.hedged import Estimate, Hedged

_DECIDED = (("Period", False), ("Demand", False), ("Hedged, racks", True), ("Forecast, racks", True))
_EXPECTED = (("What", False), ("Mean", True), ("95 % from", True), ("To", True))
_SAME = "What is decided is what the forecast's best plan decides too."


def hedge_section(answer: Hedged) -> Section:
    """All of the answer."""
    drawn = list(_drawn(answer))
    otherwise = any(one.racks != one.forecast_racks for one in answer.decided)
    values = {
        "warned": list(warned(answer)),
        "facts": list(_facts(answer)),
        "drawn": drawn,
        "tables": [
            ("What is decided", _DECIDED, list(decided_rows(answer))),
            ("What is expected", _EXPECTED, list(expected_rows(answer))),
        ],
        "notes": [*([] if otherwise else [_SAME]), of_what(answer)],
    }
    return Section("hedge", "Hedged", values, {"drawn": [chart_data(figure) for figure in drawn]})


def _drawn(answer: Hedged) -> Iterator[Figure]:
    if any(one.racks != one.forecast_racks for one in answer.decided):
        yield decided_figure(answer)
    if answer.fresh.hedged is not None:
        yield expected_figure(answer)
        yield worth_figure(answer)


def _facts(answer: Hedged) -> Iterator[tuple[str, str, str]]:
    until = format_day(answer.decide_until)
    yield "Samples", plural(answer.samples, "sample"), f"seed {answer.seed}; decided until {until}, planned again after"
    yield "Mean objective", usd(answer.mean_usd), "over them"
    bad = percent(1 - answer.alpha, 0)
    yield "CVaR", usd(answer.cvar_usd), f"the mean of the worst {bad}, which counts {percent(answer.weight, 0)}"
    yield "No first periods bring more than", usd(answer.bound_usd), "over them"
    yield from _worth("Perfect information", answer.fresh.evpi, "more, if all were known")
    yield from _worth("Hedging", answer.fresh.vss, "more than the forecast's first periods")


def _worth(label: str, one: Estimate | None, note: str) -> Iterator[tuple[str, str, str]]:
    if one is not None:
        yield label, usd(one.usd), f"{note}; {usd(one.low_usd)} to {usd(one.high_usd)}"
