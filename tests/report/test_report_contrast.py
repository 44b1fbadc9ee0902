"""Texts on coloured boxes are read in both themes: WCAG 2.1, contrast of at least 4.5 to 1."""

from __future__ import annotations

import pytest

from capalloc.report.charts.shades import DARK, LIGHT


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_21_to_1() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("step", ["u0", "u1", "u2", "u3", "u4", "u5", "dark"])
def test_what_stands_on_a_step_of_use_is_read(theme: dict[str, str], step: str) -> None:
    assert contrast(theme[step], theme[f"on-{step}"]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ink", ["ink", "ink-2", "accent", "good", "bad", "warn"])
@pytest.mark.parametrize("ground", ["paper", "panel"])
def test_text_of_the_page_is_read(theme: dict[str, str], ink: str, ground: str) -> None:
    assert contrast(theme[ink], theme[ground]) >= 4.5
