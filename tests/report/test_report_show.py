"""The pages of ``capalloc show``, as text; every figure is derived by hand.

grid (100 kW, 1 kW static)
├── u1, a contingency     15 kW in normal operation
└── u2                    15 kW, 30 after a loss
    └── h1/w0   p0 (r0), p1 (r1)      half of every rack on u1, half on u2; zone z, 20 kW of each heat
    └── h1/w1   p2, free
lease has one rack of 10 kW in May and two in June; a rack that serves nobody is off. 2 kW are the reserve.
"""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from capalloc.analysis.show.answer import show
from capalloc.report.show import shown_page
from capalloc.schema.scenario import Scenario
from capalloc.solve import solve
from tests.strategies import contract, facility, scenario


def site() -> Scenario:
    built = facility(3)
    grid, u1, u2 = built["power"]
    grid.update(rated_kw=100, static_load_kw=1)
    u1.update(rated_kw=15, contingency=True)
    u2.update(rated_kw=15, failover_kw=30)
    for place in built["positions"]:
        place["cooling_zone"] = "z"
    built["cooling"] = [{"name": "z", "liquid_kw": 20, "air_kw": 20}]
    built["racks"].pop()
    steps = [{"from": "2026-05", "mw": 0.01}, {"from": "2026-06", "mw": 0.02}]
    return scenario(
        built,
        contracts=[contract("lease", ramp=steps)],
        pins=[{"rack": "r0", "demand": "lease"}],
        policy={"idle": "off", "reserve_mw": 0.002},
    )


@pytest.fixture(scope="module")
def pages() -> dict[str, list[str]]:
    """The page of each thing, its lines without further blanks."""
    made = site()
    plan = solve(made).plan
    assert plan is not None
    found = {}
    for name in EXPECTED:
        out = Console(file=io.StringIO(), width=160, highlight=False, markup=False, emoji=False)
        for part in shown_page(show(made, plan, (name,) if name else ()), "month"):
            out.print(part)
        assert isinstance(out.file, io.StringIO)
        found[name] = [" ".join(line.split()) for line in out.file.getvalue().splitlines()]
    return found


EXPECTED: dict[str, tuple[str, ...]] = {
    "grid": (
        # 1 kW static and racks of 10; the loss of u1 only moves them to u2
        "2026-05 11.0 100.0 89.0 11.0 % u1 11.0 100.0 89.0",
        "2026-06 21.0 100.0 79.0 21.0 % u1 21.0 100.0 79.0",
        (
            "Load and limit of grid in kW: in normal operation, and after the loss that asks most; "
            "of what the site has left, 2.0 kW are the reserve"
        ),
        # each UPS has 10 kW left in May, and 5 in June: twice that for racks of two feeds; u2 after the loss 20 and 10
        "2026-05 20.0 20.0 1 1 no free position in grid",
        "2026-06 10.0 10.0 1 1 no free position in grid",
    ),
    "u2": (
        "Path grid > u2",
        "Rating 15.0 kW; all of it usable, 30.0 kW while another node is out",
        # half of one and of two racks; after the loss of u1 all of them
        "2026-05 5.0 15.0 10.0 33.3 % u1 10.0 30.0 20.0",
        "2026-06 10.0 15.0 5.0 66.7 % u1 20.0 30.0 10.0",
        "2026-05 lease a 1 10.0",
        "nobody a 1 0.0",
        "2026-06 lease a 2 20.0",
    ),
    "h1/w0": (
        "Row h1/w0: 2 positions (2 hybrid)",
        "Feeds u1 + u2 (2)",
        # both positions are taken
        "2026-05 20.0 20.0 0 0 no free position in h1/w0",
        "2026-06 10.0 10.0 0 0 no free position in h1/w0",
    ),
    "h1": (
        "Hall h1: 3 positions (3 hybrid)",
        "Rows 2 rows: h1/w0, h1/w1",
        # p2 is free, and a rack of 10 kW is what is left in June
        "2026-05 20.0 20.0 1 1 no free position in h1",
        "2026-06 10.0 10.0 1 1 no free position in h1",
        "2026-06 lease a 2 20.0",
    ),
    "z": (
        # half of 10 and of 20 kW by liquid, half by air, of 20 kW each
        "2026-05 5.0 20.0 15.0 5.0 20.0 15.0",
        "2026-06 10.0 20.0 10.0 10.0 20.0 10.0",
    ),
    "p2": (
        "Position p2: number 2 of row h1/w1",
        "Cooling hybrid, zone z",
        "2026-05 … 2026-06 free – 0.0 on",  # noqa: RUF001
        "2026-05 20.0 20.0 1 1 no free position in p2",
    ),
    "r1": (
        "Rack r1: a, 8 GPUs, 10 kW nameplate, 8 expected, 2 idle",
        "Position p1 in row h1/w0",
        "2026-05 off – 0.0",  # noqa: RUF001
        "2026-06 serves lease 10.0",
    ),
    "lease": (
        "Demand lease: contract with Lease",
        "Term from 2026-05 until 2027-05",
        "2026-05 0.01 MW 1",
        "2026-06 0.02 MW 1",
        # committed, delivered, drawn; racks, spares, GPUs, penalty
        "2026-05 10.0 10.0 10.0 1 0 8 –",  # noqa: RUF001
        "2026-06 20.0 20.0 20.0 2 0 16 –",  # noqa: RUF001
        # half of each rack draws from u1, the only contingency
        "2026-05 h1 1 (100 %) h1/w0 1 (100 %) u1 0.5 (50 %)",
        "2026-06 h1 2 (100 %) h1/w0 2 (100 %) u1 1 (50 %)",
    ),
    "": (
        # June is tightest: 21 of 100 kW, 10 of 15, both racks in w0; w1 is empty
        "grid utility 21.0 100.0 21.0 % 2026-06 3",
        "├─ u1 ups 10.0 15.0 66.7 % 2026-06 3",
        "│ ├─ h1/w0 row 20.0 2026-06 2",
        "│ └─ h1/w1 row 0.0 2026-05 1",
        "└─ u2 ups 10.0 15.0 66.7 % 2026-06 3",
        "h1 2026-06 10.0 10.0 1 1",
        "u1 2026-06 10.0 10.0 1 1",
    ),
}
"""Lines that the page of each thing must have."""


@pytest.mark.parametrize("name", EXPECTED, ids=lambda name: name or "the site")
def test_each_page_has_the_figures_derived_by_hand(name: str, pages: dict[str, list[str]]) -> None:
    for line in EXPECTED[name]:
        assert line in pages[name]
