"""The page of ``capalloc place``, as text."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from capalloc.report.placing import placing_page
from capalloc.schema.facility import Facility
from capalloc.schema.placing import Placing, Reason, UnplacedRequest, ZoneHeat
from capalloc.schema.request import Placed, Request
from capalloc.synthetic.halls import HallUse, hall_uses
from tests.report.conftest import FACILITY

SITE = Facility.model_validate(FACILITY)
REQUESTS = (Request(name="a [b]", racks=3, power_kw=12.5), Request(name="c", racks=1000, power_kw=20.0))
PLACING = {
    "maximised": "racks",
    "placed": (),
    "requests_placed": 1,
    "racks_placed": 3,
    "kw_placed": 37.5,
    "objective": 3.0,
    "bound": 4.0,
    "gap": 0.25,
    "stranded_kw": 12.0,
    "seconds_core": 0.0012,
    "seconds_total": 0.75,
}
HALLS = (HallUse("1", 4, 1, 3, 37.5),)


def page(width: int = 100, halls: tuple[HallUse, ...] = HALLS, **changes: Any) -> str:
    out = Console(file=io.StringIO(), width=width, highlight=False, markup=False, emoji=False)
    for part in placing_page(SITE, REQUESTS, Placing(**(PLACING | changes)), halls):
        out.print(part)
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


def lacks(number: int) -> tuple[UnplacedRequest, ...]:
    reasons = (
        Reason(rule="power", where="u1 [x]", racks=1000, short_kw=2.5),
        Reason(rule="position", where="r", racks=1),
    )
    return tuple(UnplacedRequest(request=f"q{i:02}", racks=1000, reasons=reasons) for i in range(number))


def test_the_headline_says_what_came_of_it() -> None:
    lines = [line.rstrip() for line in page().splitlines()]
    assert lines[:8] == [
        "Facility   site",
        "Objective  3 (most racks)",
        "Bound      4, gap 25.00 %",
        "Requests   1 of 2 placed whole",
        "Racks      3 of 1,003 placed, 37.5 kW",
        "Stranded   12.0 kW that no free position can draw",
        "Verdict    ok: every rule holds",
        "Time       0.001 s placing, 0.750 s in all",
    ]
    assert "Every request is placed whole." in page()


@pytest.mark.parametrize(
    ("maximised", "objective", "shown"),
    [
        ("racks", 1209.0, "1,209 (most racks)"),
        ("requests", 134.0, "134 (most whole requests)"),
        ("kw", 8123.25, "8,123.2 kW (most kW)"),
        ("value", 0.5, "0.5 (most value)"),
    ],
)
def test_the_objective_is_shown_in_its_unit(maximised: str, objective: float, shown: str) -> None:
    lines = page(maximised=maximised, objective=objective).splitlines()
    assert f"Objective  {shown}" in [line.rstrip() for line in lines]


def test_no_bound_is_said() -> None:
    assert "Bound      none asked for" in page(bound=None, gap=None)


def test_an_unplaced_request_shows_its_reasons() -> None:
    text = page(120, unplaced=lacks(1))
    assert "power at u1 [x] (1,000 racks, 2.5 kW short); no free position in r (1 rack)" in text
    assert "Every request" not in text


def test_twenty_unplaced_requests_are_listed_and_the_rest_counted() -> None:
    text = page(120, unplaced=lacks(23))
    assert text.count("u1 [x]") == 20
    assert "… and 3 more; --json lists them all" in text


def test_twenty_halls_are_listed_and_the_rest_counted() -> None:
    assert "… and 2 more halls" in page(halls=HALLS * 22)


@pytest.mark.parametrize("width", [60, 100])
def test_the_page_fits_the_terminal(width: int) -> None:
    assert max(len(line) for line in page(width, unplaced=lacks(3)).splitlines()) <= width


def test_zones_show_their_heat_against_their_limits() -> None:
    apart = ZoneHeat(zone="z1", heat_kw=40.0, liquid_kw=30.0, air_kw=10.0, liquid_limit_kw=300.0, air_limit_kw=60.0)
    lines = [line.split() for line in page(zones=(apart,)).splitlines()]
    assert ["z1", "–", "30.0", "300.0", "10.0", "60.0"] in lines  # noqa: RUF001
    whole = ZoneHeat(zone="z2", heat_kw=40.0, liquid_kw=0.0, air_kw=40.0, limit_kw=440.0)
    both = [line.split() for line in page(zones=(apart, whole)).splitlines()]
    assert ["z2", *["–"] * 5, "40.0", "440.0"] in both  # noqa: RUF001
    assert "… and 5 more zones" in page(zones=(whole,) * 25)


def test_halls_count_what_stands_on_their_positions() -> None:
    halls = [{"hall": "1"}, {"hall": "1"}, {"hall": "2"}, {"hall": "2"}]
    positions = [place | hall for place, hall in zip(FACILITY["positions"], halls, strict=True)]
    site = Facility.model_validate(FACILITY | {"positions": positions, "racks": FACILITY["racks"][:1]})
    placed = [Placed(request="a [b]", position="p2"), Placed(request="c", position="p4")]
    first, second = hall_uses(site, REQUESTS, placed, {rack.position or "": rack.name for rack in site.racks})
    assert first == HallUse("1", positions=2, own=1, placed=1, placed_kw=12.5)
    assert second == HallUse("2", positions=2, own=0, placed=1, placed_kw=20.0)
    assert (first.free, second.free) == (0, 1)
