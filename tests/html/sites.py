"""Sites whose pages are opened: examples, a large one, and odd ones, each small and planned in a blink."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path

from capalloc import generate, load_scenario
from capalloc.schema.scenario import Scenario
from tests.byhand import by_hand, contract, facility, rack_type, workload

_FOLDER = Path(__file__).parents[2] / "examples"
LARGE_RACKS = 20_000

NAMES = (
    "<script>alert(1)</script>",
    "</script><script>alert(2)</script>",
    "<!-- <script>",
    "<img src=x onerror=alert(3)>",
    "]]> &amp; &lt; \"quoted\" & 'single' `tick`",
    r"back\slash \u003c \n",
    "{{ 7 * 7 }} {% raw %} ${7 * 7} %s {0}",
    "🏗️ 👩‍🚀 🇺🇸",
    "קולוסוס אחד (100)",  # right to left
    "مركز بيانات",
    "e\u0301\u0323\u0308\u0304 Z\u0351\u034b\u0342\u0301 ä",  # combining
    "\u202eright to left by force",
    "W" * 200,
    "数据中心一号",
    "__proto__",
    "constructor",
    "-1e999",
    "two\nlines\tand tabs",
)
"""Each is a name that somebody may have given."""


def named(kind: str, number: int) -> str:
    """A name of ``NAMES`` that no other of its kind has."""
    turn, which = divmod(number, len(NAMES))
    return NAMES[which] if turn == 0 else f"{NAMES[which]} {kind} {turn}"


def hostile() -> Scenario:
    """Two rows of each hall, three racks a row, and every name of them is one of ``NAMES``."""
    racks = range(3 * len(NAMES))
    feeds = [named("feed", number) for number in range(len(NAMES))]
    zone, block = NAMES[0], NAMES[8]
    site = {
        "facility": NAMES[0],
        "description": " ".join(NAMES),
        "rack_types": [rack_type(name=name, gpu=name) for name in NAMES[:4]],
        "power": [
            {"name": "root " + NAMES[8], "kind": "utility", "rated_kw": 20_000, "load": "facility"},
            *(
                {"name": name, "kind": "ups", "parent": "root " + NAMES[8], "rated_kw": 2000, "contingency": True}
                for name in feeds
            ),
        ],
        "supplies": [{"name": name, "node": "root " + NAMES[8], "kw": 300} for name in NAMES],
        "positions": [
            {
                "name": named("position", number),
                "hall": named("hall", number // 6),
                "row": named("row", number // 3),
                "feed_a": feeds[number % len(feeds)],
                "feed_b": feeds[(number + 1) % len(feeds)],
                "cooling_zone": zone,
                "fabric_block": f"{block} {number // 6}",
                "labels": {NAMES[0]: named("label", number), "cage": named("cage", number)},
            }
            for number in racks
        ],
        "cooling": [{"name": zone, "liquid_kw": 4000, "air_kw": 4000}],
        "racks": [
            {
                "name": named("rack", number),
                "rack_type": NAMES[number % 4],
                "position": named("position", number),
                "tenant": named("tenant", number % len(NAMES)),
                "labels": {"owner": named("owner", number)},
            }
            for number in racks
        ],
    }
    half = len(NAMES) // 2
    contracts = [
        contract(
            name=name,
            tenant=name,
            rack_types=list(NAMES[:4]),
            ramp=[{"from": "2026-05", "mw": 0.16}, {"from": "2026-07", "mw": 0.32}],
            labels={name: name},
            source=name,
            termination={"notice_days": 30, "by": "either"},
        )
        for name in NAMES[:half]
    ]
    workloads = [
        workload(name=name, rack_types=list(NAMES[:4]), demand=[{"from": "2026-05", "racks": 3, "min": 1}])
        for name in NAMES[half:]
    ]
    signed = contract(name="signed " + NAMES[0], tenant="signed " + NAMES[9], rack_types=[NAMES[0]], until="2026-10")
    events = [
        {"type": "notice", "contract": NAMES[0], "by": "tenant", "on": "2026-06-15"},
        {"type": "outage", "node": feeds[3], "from": "2026-07", "until": "2026-08"},
        {"type": "outage", "label": {NAMES[0]: [NAMES[2]]}, "from": "2026-08-03", "until": "2026-08-05"},
        {"type": "delay", "supply": NAMES[1], "until": "2026-06-01"},
        {"type": "supply", "name": "later " + NAMES[8], "node": "root " + NAMES[8], "kw": 500, "from": "2026-08"},
        {"type": "sign", "contract": signed | {"ramp": [{"from": "2026-07", "mw": 0.16}]}, "on": "2026-06-10"},
    ]
    return by_hand(scenario=NAMES[1] + NAMES[8], facility=site, contracts=contracts, workloads=workloads, events=events)


def many_demands(count: int = 200) -> Scenario:
    """As many demands, each of a rack or two."""
    positions = [
        {"name": f"p{n}", "hall": f"h{n // 80}", "row": f"r{n // 10}", "feed_a": "grid"} for n in range(2 * count)
    ]
    racks = [{"name": f"k{n:03}", "rack_type": "hgx", "position": f"p{n}"} for n in range(2 * count)]
    grid = {"name": "grid", "kind": "utility", "rated_kw": 200 * count}
    half = count // 2
    return by_hand(
        facility=facility(power=[grid], positions=positions, racks=racks),
        contracts=[contract(name=f"lease {n}", tenant=f"Tenant {n % 40}") for n in range(half)],
        workloads=[workload(name=f"work {n}", demand=[{"from": "2026-05", "racks": 1}]) for n in range(half, count)],
    )


def over_time(period: str, start: date, days: int) -> Scenario:
    """The site by hand over another calendar: the ramp begins with it and ends before it."""
    later, until, end = start + timedelta(days // 3), start + timedelta(days * 9 // 10), start + timedelta(days)
    ramp = [{"from": start.isoformat(), "mw": 0.16}, {"from": later.isoformat(), "mw": 0.4}]
    work = [{"from": start.isoformat(), "racks": 8, "min": 2}, {"from": later.isoformat(), "racks": 5, "min": 1}]
    return by_hand(
        horizon={"start": start.isoformat(), "end": end.isoformat(), "period": period},
        contracts=[contract(ramp=ramp, until=until.isoformat())],
        workloads=[workload(demand=work)],
    )


def one_rack() -> Scenario:
    """One rack on one position."""
    site = facility()
    return by_hand(facility=site | {"positions": site["positions"][:1], "racks": site["racks"][:1]}, contracts=[])


def unpowered() -> Scenario:
    """Racks that stand while no supply is in force."""
    supplies = [{"name": "grid-1", "node": "grid", "kw": 900, "from": "2026-08"}]
    return by_hand(facility=facility(supplies=supplies), policy={"idle": "off"})


def _example(name: str) -> Callable[[], Scenario]:
    return lambda: load_scenario(_FOLDER / f"{name}.yaml")


ODD: Mapping[str, Callable[[], Scenario]] = {
    "hostile": hostile,
    "no contracts": lambda: by_hand(contracts=[]),
    "no workloads": lambda: by_hand(workloads=[]),
    "no demands": lambda: by_hand(contracts=[], workloads=[]),
    "one period": lambda: by_hand(horizon={"start": "2026-05", "end": "2026-06"}),
    "one rack": one_rack,
    "unpowered": unpowered,
    "200 demands": many_demands,
    "520 weeks": lambda: over_time("week", date(2026, 5, 4), 520 * 7),
    "days": lambda: over_time("day", date(2026, 5, 20), 45),
    "mid-month": lambda: over_time("month", date(2026, 5, 18), 160),
}
"""By name, each unlike what a site usually is."""

EXAMPLES: Mapping[str, Callable[[], Scenario]] = {
    path.stem: _example(path.stem) for path in sorted(_FOLDER.glob("*.yaml"))
}

SITES: Mapping[str, Callable[[], Scenario]] = {
    **ODD,
    **EXAMPLES,
    "large": lambda: generate(racks=LARGE_RACKS, periods=6, demands=4, seed=1),
}
