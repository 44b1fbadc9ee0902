"""Days, months and periods as people name them."""

from __future__ import annotations

from datetime import date

import pytest

from capalloc.calendar import Period, PeriodUnit, add_days, day_named, period_named, periods_of


def periods(unit: PeriodUnit) -> tuple[Period, ...]:
    """Those of a horizon that begins and ends inside months: 18 May to 10 August 2026."""
    return periods_of(date(2026, 5, 18), date(2026, 8, 10), unit)


@pytest.mark.parametrize(
    ("unit", "text", "label"),
    [
        ("month", "2026-06", "2026-06"),
        ("month", "2026-06-30", "2026-06"),
        ("month", "2026-05-18", "2026-05-18"),
        ("month", "2026-05", "2026-05-18"),  # what the horizon has of May
        ("month", "2026-08-09", "2026-08"),
        ("week", "2026-05-24", "2026-05-18"),
        ("week", "2026-06", "2026-06-01"),  # the first week with a day in June
        ("week", "2026-07", "2026-06-29"),
        ("day", "2026-06", "2026-06-01"),
    ],
)
def test_a_period_is_named_by_its_label_or_by_a_day_or_month_in_it(unit: PeriodUnit, text: str, label: str) -> None:
    assert period_named(text, periods(unit)).label == label


@pytest.mark.parametrize("text", ["2026-05-17", "2026-08-10", "2026-04", "2026-09", "2026-06-31", "may", ""])
def test_what_no_period_has_is_refused_with_those_that_there_are(text: str) -> None:
    with pytest.raises(
        ValueError, match=f"^found '{text}', expected a period of the plan, from 2026-05-18 to 2026-08,"
    ):
        period_named(text, periods("month"))


def test_a_day_is_itself_and_a_month_or_label_begins_with_its_first() -> None:
    weeks = periods("week")
    assert day_named(weeks[1].label, weeks) == weeks[1].start
    assert day_named(weeks[1].start.isoformat(), weeks) == weeks[1].start
    later = add_days(weeks[1].start, 3)
    assert day_named(later.isoformat(), weeks) == later
    assert day_named(f"{weeks[0].start:%Y-%m}", weeks) == weeks[0].start
