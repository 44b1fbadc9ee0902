"""Rules about single racks: exclusivity, availability, compatibility, position, pins, buffer."""

from __future__ import annotations

from typing import Any

import pytest

from capalloc.schema.rules import Rule
from capalloc.verify import verify
from tests.verify.tiny import RACKS, bare, broken, job, lease, plan, position, rack, scenario, serve, site

TWO_JOBS = [job("job"), job("other")]


def incumbent(assignments: list[dict[str, Any]], **parts: Any) -> dict[str, Any]:
    """A plan of April 2026."""
    return bare(assignments, periods=["2026-04"], **parts)


@pytest.mark.parametrize(("start", "rules"), [("2026-07", set()), ("2026-06", {Rule.EXCLUSIVITY})])
def test_rack_serves_one_demand_at_a_time(start: str, rules: set[Rule]) -> None:
    case = scenario(workloads=TWO_JOBS)
    assert broken(case, serve("job", ["r1"], until="2026-07") + serve("other", ["r1"], start=start)) == rules


def test_rack_that_serves_is_not_off() -> None:
    off = [{"rack": "r1", "from": "2026-06", "until": "2026-08"}]
    assert broken(scenario(), serve("job", ["r1"], until="2026-06"), off=off) == set()
    assert broken(scenario(), serve("job", ["r1"], until="2026-07"), off=off) == {Rule.EXCLUSIVITY}


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({"available_from": "2026-05-01"}, set()),
        ({"available_from": "2026-05-02"}, {Rule.AVAILABILITY}),
        ({"available_until": "2026-08-01"}, set()),
        ({"available_until": "2026-07-31"}, {Rule.AVAILABILITY}),
        ({"status": "planned", "available_from": "2026-05-01"}, set()),
        ({"status": "planned"}, {Rule.AVAILABILITY}),
        ({"status": "maintenance"}, {Rule.AVAILABILITY}),
        ({"status": "retired"}, {Rule.AVAILABILITY}),
    ],
)
def test_rack_serves_only_while_it_is_available(changes: dict[str, Any], rules: set[Rule]) -> None:
    assert broken(scenario(site(racks={"r1": changes})), serve("job", ["r1"])) == rules


@pytest.mark.parametrize("place", [{"row": "a"}, {"row": "h1/a"}, {"hall": "h1"}])
def test_outage_of_one_day_takes_the_whole_period(place: dict[str, str]) -> None:
    case = scenario(events=[{"type": "outage", "from": "2026-06-30", "until": "2026-07-01"} | place])
    assert broken(case, serve("job", ["r1"], until="2026-06") + serve("job", ["r1"], start="2026-07")) == set()
    assert broken(case, serve("job", ["r1"], until="2026-07")) == {Rule.AVAILABILITY}


@pytest.mark.parametrize("labels", [({"wing": "north"}, {}), ({}, {"wing": "north"})])
def test_outage_of_a_label_takes_positions_and_racks_that_have_it(labels: tuple[dict[str, str], ...]) -> None:
    facility = site(racks={"r1": {"labels": labels[1]}, "r2": {"labels": {"wing": "south"}}})
    facility["positions"][0]["labels"] = labels[0]
    case = scenario(
        facility, events=[{"type": "outage", "label": {"wing": "north"}, "from": "2026-06-30", "until": "2026-07-01"}]
    )
    assert broken(case, serve("job", ["r2"])) == set()
    assert broken(case, serve("job", ["r1"], until="2026-06") + serve("job", ["r1"], start="2026-07")) == set()
    assert broken(case, serve("job", ["r1"])) == {Rule.AVAILABILITY}


@pytest.mark.parametrize(
    ("where", "inside"),
    [
        ({"hall": "h1"}, True),
        ({"hall": "h1", "row": "b"}, False),
        ({"row": ["b", "h1/a"]}, True),
        ({"zone": "z", "node": "u1"}, True),
        ({"node": ["u3", "u4"]}, False),
        ({"node": "grid"}, True),
        ({"label": {"wing": ["north", "south"]}}, True),
        ({"label": {"wing": "south"}}, False),
        ({"label": {"wing": "north", "serial": "7"}}, True),
        ({"label": {"serial": "8"}}, False),
        ({"hall": "h1", "not": {"row": "b"}}, True),
        ({"not": {"row": "b", "label": {"serial": "7"}}}, False),
        ({"not": {"node": "u2"}}, False),
    ],
)
def test_rack_serves_only_where_its_demand_may_stand(where: dict[str, Any], inside: bool) -> None:
    # r1 stands on p1 in h1/a on u1 and u2 in zone z; p1 is in the north wing, r1 has the serial 7
    facility = site(racks={"r1": {"labels": {"serial": "7"}}, "r2": {"labels": {"serial": "8"}}})
    facility["positions"][0]["labels"] = {"wing": "north"}
    facility["positions"][1]["labels"] = {"wing": "south"}
    case = scenario(facility, workloads=[job(where=where)])
    assert broken(case, serve("job", ["r1"])) == (set() if inside else {Rule.WHERE})


def test_a_spare_stands_where_its_demand_may() -> None:
    spare = {"demand": "job", "from": "2026-05", "until": "2026-08"}
    case = scenario(workloads=[job(buffer_share=1.0, where={"row": "a"})])
    assert broken(case, serve("job", ["r1"]), buffers=[spare | {"rack": "r2"}]) == set()
    assert broken(case, serve("job", ["r1"]), buffers=[spare | {"rack": "r7"}]) == {Rule.BUFFER}


def test_a_pin_of_a_hall_means_racks_that_its_demand_may_use_there() -> None:
    case = scenario(workloads=[job(where={"row": "a"})], pins=[{"hall": "h1", "demand": "job"}])
    row_a = [f"r{i}" for i in range(1, 7)]
    assert broken(case, serve("job", row_a)) == set()
    assert broken(case, serve("job", row_a[1:])) == {Rule.PINS}


def test_delay_of_a_rack_type_moves_planned_racks() -> None:
    racks = {"r1": {"status": "planned", "available_from": "2026-05"}, "r2": {"available_from": "2026-05"}}
    case = scenario(site(racks=racks), events=[{"type": "delay", "rack_type": "hgx", "days": 31}])
    assert broken(case, serve("job", ["r1"], start="2026-06") + serve("job", ["r2"])) == set()
    assert broken(case, serve("job", ["r1"])) == {Rule.AVAILABILITY}


def test_demand_takes_only_types_it_accepts() -> None:
    facility = site(racks={"r1": {"rack_type": "big"}})
    assert broken(scenario(facility), serve("job", ["r1"])) == {Rule.COMPATIBILITY}
    both = scenario(facility, workloads=[job(rack_types=["hgx", "big"])])
    assert broken(both, serve("job", ["r1", "r2"])) == set()


def test_homogeneous_demand_takes_one_type_at_a_time() -> None:
    case = scenario(
        site(racks={"r1": {"rack_type": "big"}}), workloads=[job(rack_types=["hgx", "big"], homogeneous=True)]
    )
    apart = serve("job", ["r1"], until="2026-06") + serve("job", ["r2"], start="2026-06")
    assert broken(case, apart) == set()
    assert broken(case, serve("job", ["r1"], until="2026-07") + serve("job", ["r2"], start="2026-06")) == {
        Rule.COMPATIBILITY
    }


def test_dedicated_rack_serves_its_tenant_only() -> None:
    facility = site(racks={"r1": {"tenant": "Lease"}, "r2": {"tenant": "a label"}})
    case = scenario(facility, contracts=[lease()])
    assert broken(case, serve("lease", ["r1"]) + serve("job", ["r2"])) == set()
    assert broken(case, serve("job", ["r1"])) == {Rule.COMPATIBILITY}


def delivery(start: str = "2026-06", **changes: Any) -> dict[str, Any]:
    """A planned rack r13 without a position, and the free position p13."""
    new = rack(13, position=None, status="planned", available_from=start) | changes
    return site(more_racks=[new], positions=[position(13)])


def place(rack: str = "r13", where: str = "p13", start: str = "2026-06") -> list[dict[str, str]]:
    """One placement."""
    return [{"rack": rack, "position": where, "from": start}]


def test_delivery_serves_where_it_is_placed() -> None:
    case = scenario(delivery())
    served = serve("job", ["r13"], start="2026-06")
    assert broken(case, served, placements=place()) == set()
    assert broken(case, served) == {Rule.AVAILABILITY}
    assert broken(case) == set()


@pytest.mark.parametrize(
    "placements",
    [
        place(where="p1"),
        place(where="nowhere"),
        place(start="2026-05"),
        place(start="2026-07"),
        place(rack="r1"),
        place() + place(),
    ],
    ids=["taken", "unknown", "too early", "too late", "not a delivery", "twice"],
)
def test_placement_that_cannot_be(placements: list[dict[str, str]]) -> None:
    assert broken(scenario(delivery()), placements=placements) == {Rule.POSITION}


def test_two_deliveries_take_two_positions() -> None:
    facility = delivery()
    facility["racks"].append(facility["racks"][-1] | {"name": "r14"})
    assert broken(scenario(facility), placements=place() + place("r14")) == {Rule.POSITION}
    facility["positions"].append(position(14))
    assert broken(scenario(facility), placements=place() + place("r14", "p14")) == set()


@pytest.mark.parametrize(("until", "rules"), [("2026-06-01", set()), ("2026-06-02", {Rule.POSITION})])
def test_position_is_free_from_the_day_its_rack_leaves(until: str, rules: set[Rule]) -> None:
    facility = delivery()
    facility["racks"][0]["available_until"] = until
    assert broken(scenario(facility), placements=place(where="p1")) == rules


@pytest.mark.parametrize(("cooling", "rules"), [("hybrid", set()), ("air", {Rule.POSITION})])
def test_position_must_cool_as_the_rack_needs(cooling: str, rules: set[Rule]) -> None:
    facility = delivery()
    facility["positions"][-1]["cooling"] = cooling
    assert broken(scenario(facility), placements=place()) == rules


def test_delivery_that_the_incumbent_placed_stays() -> None:
    facility = delivery(start="2026-04", status="active")
    facility["positions"].append(position(14))
    case = scenario(facility, incumbent=incumbent([], placements=place(start="2026-04")))
    assert broken(case, serve("job", ["r13"])) == set()
    assert broken(case, placements=place(start="2026-04")) == set()
    assert broken(case, placements=place(where="p14", start="2026-05")) == {Rule.POSITION}


@pytest.mark.parametrize(
    ("start", "pin", "rules"),
    [
        ("2026-05", {"rack": "r1"}, set()),
        ("2026-06", {"rack": "r1"}, {Rule.PINS}),
        ("2026-06", {"rack": "r1", "from": "2026-06"}, set()),
        ("2026-06", {"rack": "r1", "from": "2026-05-31"}, {Rule.PINS}),
    ],
)
def test_pinned_rack_serves_its_demand(start: str, pin: dict[str, str], rules: set[Rule]) -> None:
    case = scenario(pins=[pin | {"demand": "job"}])
    assert broken(case, serve("job", ["r1"], start=start)) == rules


def test_idle_pin_keeps_a_rack_free() -> None:
    case = scenario(pins=[{"rack": "r1", "demand": "idle", "until": "2026-06"}])
    assert broken(case, serve("job", ["r1"], start="2026-06")) == set()
    assert broken(case, serve("job", ["r1"])) == {Rule.PINS}


@pytest.mark.parametrize("where", [{"row": "a"}, {"row": "h1/a"}])
def test_row_pin_means_racks_that_the_demand_accepts(where: dict[str, str]) -> None:
    facility = site(racks={"r1": {"rack_type": "big"}})
    case = scenario(facility, pins=[where | {"demand": "job"}])
    assert broken(case, serve("job", RACKS[1:6])) == set()
    assert broken(case, serve("job", RACKS[2:6])) == {Rule.PINS}


def test_pin_asks_nothing_of_a_rack_that_is_away_or_outside_the_term() -> None:
    contract = lease(mw=0.01, ramp=[{"from": "2026-06", "mw": 0.01}], until="2026-07")
    case = scenario(contracts=[contract], pins=[{"rack": "r1", "demand": "lease"}])
    assert broken(case, serve("lease", ["r1"], start="2026-06", until="2026-07")) == set()
    away = scenario(site(racks={"r1": {"status": "maintenance"}}), pins=[{"rack": "r1", "demand": "job"}])
    assert broken(away) == set()


def test_frozen_racks_do_what_the_incumbent_says() -> None:
    before = incumbent(serve("job", ["r1"], start="2026-04", until="2026-06"))
    case = scenario(incumbent=before, policy={"freeze_until": "2026-06"})
    kept = serve("job", ["r1"])
    assert broken(case, kept) == set()
    assert broken(case) == {Rule.PINS}
    assert broken(case, kept + serve("job", ["r2"])) == {Rule.PINS}
    assert broken(case, kept + serve("job", ["r2"], start="2026-06")) == set()


def hold(racks: list[str], demand: str = "job") -> list[dict[str, str]]:
    """Spares held all horizon long."""
    return serve(demand, racks)


@pytest.mark.parametrize(
    ("racks", "spares", "rules"),
    [
        # ceil(0.2 x 5) = 1 spare; ceil(0.2 x 6) = 2
        (5, ["r12"], set()),
        (6, ["r12"], {Rule.BUFFER}),
        (6, ["r12", "r11"], set()),
        (5, [], {Rule.BUFFER}),
        (5, ["r1"], {Rule.BUFFER}),
    ],
)
def test_spares_are_a_share_of_the_racks_that_serve(racks: int, spares: list[str], rules: set[Rule]) -> None:
    case = scenario(workloads=[job(buffer_share=0.2)])
    assert broken(case, serve("job", RACKS[:racks]), buffers=hold(spares)) == rules


def test_spare_is_a_rack_that_could_serve() -> None:
    facility = site(
        racks={"r10": {"status": "maintenance"}, "r11": {"tenant": "Lease"}, "r12": {"rack_type": "big"}},
    )
    case = scenario(facility, workloads=[job(buffer_share=0.2), job("other", buffer_share=0.2)], contracts=[lease()])
    served = serve("job", ["r1"])
    assert broken(case, served, buffers=hold(["r9"])) == set()
    for unfit in ("r10", "r11", "r12"):
        assert broken(case, served, buffers=hold([unfit])) == {Rule.BUFFER}
    off = [{"rack": "r9", "from": "2026-05", "until": "2026-08"}]
    assert broken(case, served, buffers=hold(["r9"]), off=off) == {Rule.BUFFER}
    assert broken(case, served, buffers=hold(["r9"]) + hold(["r9"], "other")) == {Rule.BUFFER}


def test_message_says_why_a_rack_cannot_serve() -> None:
    case = scenario(site(racks={"r1": {"available_from": "2026-05-02"}}))
    found = verify(case, plan(case, serve("job", ["r1"], until="2026-06"))).violations
    assert [violation.message for violation in found] == ["rack r1 serves job but is available only from 2026-05-02 on"]
