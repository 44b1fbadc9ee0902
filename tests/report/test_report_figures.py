"""Numbers as text."""

from __future__ import annotations

import pytest

from capalloc.report.figures import KW, MW, percent, power_unit, usd, usd_cents, usd_rate


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0.0, "$0"),
        (999_999.0, "$999,999"),
        (1e6, "$1.000M"),
        (1.25e9, "$1.250B"),
        (43_750_000_000.0, "$43.750B"),
        (-1234.4, "-$1,234"),
        (-0.2, "$0"),
    ],
)
def test_dollars_are_shown_in_their_scale(amount: float, text: str) -> None:
    assert usd(amount) == text


def test_unit_prices_keep_their_cents() -> None:
    assert usd_cents(4166.667) == "$4,166.67"
    assert usd_cents(-0.001) == "$0.00"


def test_power_is_in_megawatts_from_ten_of_them_on() -> None:
    assert power_unit([9_999.9]) is KW
    assert power_unit([3.0, 10_000.0]) is MW
    assert power_unit([]) is KW


def test_power_shows_its_unit() -> None:
    assert MW.named(300_000.0) == "300.00 MW"
    assert KW.named(81.6) == "81.6 kW"
    assert MW.show(-0.001) == "0.00"


def test_a_share_is_shown_in_percent() -> None:
    assert percent(0.9314) == "93.1 %"
    assert percent(-1e-9, 3) == "0.000 %"


def test_small_unit_prices_have_two_significant_digits() -> None:
    assert [usd_rate(x) for x in (1.108, 0.0053, -0.012, 0.0, 1e-9)] == [
        "$1.11",
        "$0.0053",
        "-$0.012",
        "$0.00",
        "$0.00",
    ]


def test_power_that_can_be_had_is_rounded_down_and_told_from_what_is_asked() -> None:
    assert (MW.show(10_868.0), MW.show_down(10_868.0), MW.show_down(10_870.0)) == ("10.87", "10.86", "10.87")
    assert MW.exact([10_870.0, 10_868.0]).show(10_868.0) == "10.868"
    assert MW.exact([10_868.4]) is MW
    asked = MW.telling_apart([(10_874.9, 10_872.3), (5.0, 5.0)])
    assert (asked.show(10_874.9), asked.show_down(10_872.3)) == ("10.875", "10.872")
