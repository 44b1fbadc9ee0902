"""On paper: light, whole, with its swatches, whatever the screen looks like."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.html.browser import Shown, require

Open = Callable[..., Shown]
PageOf = Callable[[str], Path]
_DPI = 40


@dataclass(frozen=True)
class Sheet:
    """A page of paper: its pixels as red, green, blue, row by row."""

    width: int
    height: int
    pixels: bytes

    def at(self, x: int, y: int) -> tuple[int, int, int]:
        start = 3 * (y * self.width + x)
        red, green, blue = self.pixels[start : start + 3]
        return red, green, blue

    def light(self) -> float:
        """The share of pixels that are nearly white."""
        triples = zip(self.pixels[::3], self.pixels[1::3], self.pixels[2::3], strict=True)
        return sum(min(triple) > 235 for triple in triples) / (self.width * self.height)

    def coloured(self, red: int, green: int, blue: int) -> bool:
        """Whether some pixel is nearly of that colour."""
        wanted = (red, green, blue)
        triples = zip(self.pixels[::3], self.pixels[1::3], self.pixels[2::3], strict=True)
        return any(max(abs(a - b) for a, b in zip(one, wanted, strict=True)) < 24 for one in triples)


def printed(page: Shown, folder: Path, paper: str = "A4") -> list[Sheet]:
    """The page as Chromium prints it, rendered by poppler."""
    require(shutil.which("pdftoppm") is not None, "pdftoppm, of Debian's package poppler-utils")
    page.page.pdf(path=folder / "page.pdf", format=paper, print_background=False)
    subprocess.run(["pdftoppm", "-r", str(_DPI), "page.pdf", "sheet"], cwd=folder, check=True)
    return [_sheet(path.read_bytes()) for path in sorted(folder.glob("sheet-*.ppm"))]


def _sheet(ppm: bytes) -> Sheet:
    kind, width, height, most, pixels = ppm.split(maxsplit=4) if ppm[:2] == b"P6" else (b"", b"0", b"0", b"0", b"")
    assert (kind, most) == (b"P6", b"255")
    size = 3 * int(width) * int(height)
    return Sheet(int(width), int(height), ppm[-size:])


@pytest.fixture
def dark(page_of: PageOf, shown: Open) -> Shown:
    """Colossus 1 on a dark screen."""
    return shown(page_of("colossus1-anthropic"), color_scheme="dark")


def test_paper_is_light_though_the_screen_is_dark(dark: Shown, tmp_path: Path) -> None:
    for number, sheet in enumerate(printed(dark, tmp_path), start=1):
        edges = [sheet.at(x, y) for x in (2, sheet.width - 3) for y in (2, sheet.height - 3)]
        assert all(min(edge) > 245 for edge in edges), number
        assert sheet.light() > 0.4, number


def test_paper_is_light_though_dark_was_chosen_by_the_button(page_of: PageOf, shown: Open, tmp_path: Path) -> None:
    page = shown(page_of("tiny"))
    page.page.click("#theme")
    assert page.ask("document.documentElement.dataset.theme") == "dark"
    assert all(sheet.light() > 0.4 for sheet in printed(page, tmp_path))


def test_swatches_and_bars_keep_their_colours_on_paper(dark: Shown, tmp_path: Path) -> None:
    sheets = printed(dark, tmp_path)
    shades = dark.ask("() => Object.values(report.shades)") if dark.ask("typeof report !== 'undefined'") else ["d0"]
    assert shades
    assert any(sheet.coloured(0x00, 0x72, 0xB2) for sheet in sheets)  # the light theme's first


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_nothing_is_cut_off_at_the_side_of_the_paper(paper: str, dark: Shown, tmp_path: Path) -> None:
    for number, sheet in enumerate(printed(dark, tmp_path, paper), start=1):
        right = [sheet.at(x, y) for x in range(sheet.width - 6, sheet.width) for y in range(sheet.height)]
        assert min(map(min, right)) > 200, f"ink at the right edge of sheet {number}"


def test_the_screen_is_dark_again_after_printing(dark: Shown, tmp_path: Path) -> None:
    before = dark.ask("getComputedStyle(document.documentElement).backgroundColor")
    printed(dark, tmp_path)
    assert dark.ask("getComputedStyle(document.documentElement).backgroundColor") == before
    assert dark.complaints == []
