"""Numbers are written alike by the program and by the page."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from importlib.resources import files

import pytest
from playwright.sync_api import Browser

from capalloc.report.figures import count, percent, plural, power_unit, usd, usd_cents

_DRAWN = 500
_TEXT = (files("capalloc.report.html") / "static" / "text.js").read_text(encoding="utf-8")


def _power(kw: float) -> str:
    return power_unit([kw]).named(kw)


def _rack(number: float) -> str:
    return plural(int(number), "rack")


def _share(number: float) -> str:
    return percent(number / 1e6)


def _whole(number: float) -> str:
    return count(int(number))


def _drawn() -> Iterator[float]:
    """Numbers of all sizes, among them those halfway between two that can be written."""
    numbers = random.Random(14)
    yield from (0.0, 0.04, 0.05, 0.5, 1.5, 2.5, 999.5, 9_999.95, 9_999.96, 10_000.0, 10_005.0, 999_999.5, 1e6, 1e9)
    for _ in range(_DRAWN):
        size = 10 ** numbers.uniform(-3, 13)
        yield from (size, round(size, 1), round(size), round(size) + 0.5, round(size * 8) / 8, round(size, 2))


NUMBERS = sorted(set(_drawn()))


@pytest.mark.parametrize(
    ("call", "python", "signed", "whole"),
    [
        ("power(one)", _power, False, False),
        ("percent(one / 1e6)", _share, True, False),
        ("usd(one)", usd, True, False),
        ("usdCents(one)", usd_cents, True, False),
        ("count(one)", _whole, True, True),
        ("plural(one, 'rack')", _rack, False, True),
    ],
)
def test_the_page_writes_numbers_as_the_program_does(
    call: str, python: Callable[[float], str], signed: bool, whole: bool, browser: Browser
) -> None:
    numbers = [float(int(number)) for number in NUMBERS] if whole else NUMBERS
    numbers = [*numbers, *(-number for number in numbers)] if signed else numbers
    page = browser.new_page()
    written = page.evaluate(f"(numbers) => {{ {_TEXT}; return numbers.map((one) => {call}); }}", numbers)
    page.close()
    assert written == [python(number) for number in numbers]
