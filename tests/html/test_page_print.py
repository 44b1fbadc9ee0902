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
A4_PX = 700
"""The width of A4 between its margins, in pixels of a style sheet."""
_CUT = """() => [...document.querySelectorAll("main *")].filter((one) => {
  const style = getComputedStyle(one);
  const wide = style.overflowX !== "visible" && one.scrollWidth > one.clientWidth + 1;
  const high = style.overflowY !== "visible" && one.scrollHeight > one.clientHeight + 1;
  return one.getClientRects().length > 0 && style.display !== "inline" && one.clientWidth > 2 && (wide || high);
}).map((one) => `${one.scrollWidth} x ${one.scrollHeight} in ${one.clientWidth} x ${one.clientHeight}: `
  + one.outerHTML.slice(0, 100))"""


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

    def dark(self) -> float:
        """The share of pixels that are nearly black."""
        triples = zip(self.pixels[::3], self.pixels[1::3], self.pixels[2::3], strict=True)
        return sum(max(triple) < 70 for triple in triples) / (self.width * self.height)

    def coloured(self, red: int, green: int, blue: int) -> bool:
        """Whether some pixel is nearly of that colour."""
        wanted = (red, green, blue)
        triples = zip(self.pixels[::3], self.pixels[1::3], self.pixels[2::3], strict=True)
        return any(max(abs(a - b) for a, b in zip(one, wanted, strict=True)) < 24 for one in triples)


def printed(page: Shown, folder: Path) -> list[Sheet]:
    """The page as Chromium prints it, rendered by poppler."""
    require(shutil.which("pdftoppm") is not None, "pdftoppm, of Debian's package poppler-utils")
    page.page.pdf(path=folder / "page.pdf", format="A4", print_background=False)
    subprocess.run(["pdftoppm", "-r", str(_DPI), "page.pdf", "sheet"], cwd=folder, check=True)
    return [_sheet(path.read_bytes()) for path in sorted(folder.glob("sheet-*.ppm"))]


def _sheet(ppm: bytes) -> Sheet:
    kind, width, height, most = ppm.split(maxsplit=4)[:4]
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
        assert sheet.dark() < 0.15, number


def test_paper_is_light_though_dark_was_chosen_by_the_button(page_of: PageOf, shown: Open, tmp_path: Path) -> None:
    page = shown(page_of("tiny"))
    page.page.click("#theme")
    assert page.ask("document.documentElement.dataset.theme") == "dark"
    assert all(sheet.dark() < 0.15 for sheet in printed(page, tmp_path))


def test_swatches_and_bars_keep_their_colours_on_paper(dark: Shown, tmp_path: Path) -> None:
    sheets = printed(dark, tmp_path)
    assert any(sheet.coloured(0x00, 0x72, 0xB2) for sheet in sheets)  # the light theme's first


@pytest.mark.parametrize("name", ["tiny", "colossus1-anthropic"])
def test_nothing_is_cut_off_on_paper(name: str, page_of: PageOf, shown: Open) -> None:
    page = shown(page_of(name), viewport={"width": 1440, "height": 900})
    page.page.emulate_media(media="print")
    page.page.set_viewport_size({"width": A4_PX, "height": 1000})
    page.ask("() => dispatchEvent(new Event('beforeprint'))")
    page.page.wait_for_timeout(200)
    assert page.beyond() == ""
    assert "\n".join(page.ask(_CUT)) == ""


def test_the_screen_is_dark_again_after_printing(dark: Shown, tmp_path: Path) -> None:
    before = dark.ask("getComputedStyle(document.documentElement).backgroundColor")
    printed(dark, tmp_path)
    assert dark.ask("getComputedStyle(document.documentElement).backgroundColor") == before
    assert dark.complaints == []
