"""What an export writes to NetBox: all that differs, nothing else, and nothing that people set."""

from __future__ import annotations

from datetime import date

import pytest

from capalloc.analysis.base import Base, planned_base
from capalloc.errors import ScenarioError
from capalloc.exports.netbox.difference import Difference, difference
from capalloc.exports.netbox.found import find
from capalloc.exports.netbox.told import change_lines, counted
from capalloc.exports.netbox.writing import write
from capalloc.formats import load_scenario
from capalloc.schema.plan import Assignment, Placement
from tests.exports.netbox.memory import Memory, racks_of

JULY = 2
ON_JULY = date(2026, 7, 1)


@pytest.fixture(scope="module")
def base() -> Base:
    return planned_base(load_scenario("examples/tiny.yaml"))


@pytest.fixture
def memory(base: Base) -> Memory:
    return Memory(racks_of(base.scenario.facility))


def apply(base: Base, memory: Memory, period: int = 0) -> Difference:
    on = base.instance.periods[period].start
    found = difference(base, find(memory, base.scenario.facility), on)
    write(memory, found.changes)
    return found


def planned(base: Base) -> set[tuple[str, str, str, str]]:
    return {(one.rack, one.demand, one.start.isoformat(), one.until.isoformat()) for one in base.plan.assignments}


def with_assignments(base: Base, assignments: tuple[Assignment, ...]) -> Base:
    return Base(base.scenario, base.plan.model_copy(update={"assignments": assignments}))


def test_reservations_are_the_assignments_of_the_plan(base: Base, memory: Memory) -> None:
    apply(base, memory)
    assert memory.reservations() == planned(base)


def test_racks_have_the_tenant_of_the_period(base: Base, memory: Memory) -> None:
    apply(base, memory, JULY)
    day = base.instance.periods[JULY].start
    serving = {one.rack: one.demand for one in base.plan.assignments if one.start <= day < one.until}
    stands = {rack.name: rack.position for rack in base.scenario.facility.racks}
    for rack, position in stands.items():
        found = memory.rack(position or "")
        assert found["custom_fields"].get("capalloc_demand") == serving.get(rack)
        assert (found["tenant"] or {}).get("name") == ("Example AI" if serving.get(rack) == "lease" else None)


def test_a_second_time_nothing_is_written(base: Base, memory: Memory) -> None:
    apply(base, memory)
    memory.sent.clear()
    assert apply(base, memory).changes == ()
    assert memory.sent == []


def test_what_differs_is_written_in_few_requests(base: Base, memory: Memory) -> None:
    apply(base, memory)
    # Fields, a tenant, all reservations of twelve racks, the racks in use: one request each.
    assert [(method, endpoint) for method, endpoint, _ in memory.sent] == [
        ("POST", "extras/custom-fields"),
        ("POST", "tenancy/tenants"),
        ("POST", "dcim/rack-reservations"),
        ("PATCH", "dcim/racks"),
    ]


@pytest.mark.parametrize("period", range(6))
def test_any_plan_can_follow_any_other(base: Base, memory: Memory, period: int) -> None:
    other = with_assignments(base, base.plan.assignments[period :: period + 2])
    for step in (base, other, base):
        apply(step, memory, period)
        assert memory.reservations() == planned(step)
        assert apply(step, memory, period).changes == ()


def test_a_name_that_tenants_of_several_groups_have_is_made_once(base: Base, memory: Memory) -> None:
    memory.tables["tenancy/tenants"] = [
        {"id": number, "name": "Example AI", "slug": f"example-{number}", "group": {"id": number}} for number in (1, 2)
    ]
    apply(base, memory)
    assert apply(base, memory).changes == ()
    assert len(memory.tables["tenancy/tenants"]) == 3


def test_tenants_that_people_gave_stay(base: Base, memory: Memory) -> None:
    memory.tables["tenancy/tenants"] = [{"id": 3, "name": "Initech", "slug": "initech"}]
    rack = memory.rack("r1-p1")
    rack["tenant"] = memory.tables["tenancy/tenants"][0]
    found = apply(base, memory)
    assert memory.rack("r1-p1")["tenant"]["name"] == "Initech"
    assert memory.rack("r1-p1")["custom_fields"] == {}
    assert [(one.what, one.where) for one in found.missing] == [
        ("racks that people gave to another tenant", (rack["url"],))
    ]


def people_gave(memory: Memory, rack: str, tenant: str | None) -> None:
    """As if somebody had changed the tenant of a rack in NetBox's pages."""
    if tenant is not None and tenant not in {row["name"] for row in memory.tables["tenancy/tenants"]}:
        memory.tables["tenancy/tenants"].append({"id": 90, "name": tenant, "slug": tenant.lower()})
    rows = {row["name"]: row for row in memory.tables["tenancy/tenants"]}
    memory.rack(rack)["tenant"] = None if tenant is None else rows[tenant]


# In July r1-p2 is the lease's, of Example AI, and r1-p1 a workload's, which has no tenant.
@pytest.mark.parametrize(
    ("rack", "given", "told"),
    [
        ("r1-p2", "Initech", "Example AI -> Initech"),
        ("r1-p2", None, "Example AI -> none"),
        ("r1-p1", "Initech", "none -> Initech"),
    ],
)
def test_a_tenant_that_people_changed_after_a_plan_stays_until_it_is_taken_back(
    base: Base, memory: Memory, rack: str, given: str | None, told: str
) -> None:
    apply(base, memory, JULY)
    planned_for = memory.rack(rack)["tenant"]
    people_gave(memory, rack, given)
    found = difference(base, find(memory, base.scenario.facility), ON_JULY)
    assert found.changes == ()
    assert [(one.what, one.where) for one in found.missing] == [
        ("racks whose tenant people changed after a plan", (f"{memory.rack(rack)['url']} ({told})",))
    ]
    assert "--take-back" in found.missing[0].mend
    back = difference(base, find(memory, base.scenario.facility), ON_JULY, take_back=True)
    write(memory, back.changes)
    assert (memory.rack(rack)["tenant"], back.missing) == (planned_for, ())


def test_a_tenant_that_people_changed_stays_whatever_later_plans_and_periods_say(base: Base, memory: Memory) -> None:
    apply(base, memory, JULY)
    people_gave(memory, "r1-p2", "Initech")
    for period, plan in ((0, base), (JULY, with_assignments(base, ())), (JULY, base)):
        apply(plan, memory, period)
        assert memory.rack("r1-p2")["tenant"]["name"] == "Initech"


def test_a_tenant_that_people_gave_and_the_plan_gives_too_is_the_plans_again(base: Base, memory: Memory) -> None:
    apply(base, memory)
    people_gave(memory, "r1-p2", "Example AI")  # a workload's until July
    assert apply(base, memory, JULY).missing == ()
    assert memory.rack("r1-p2")["custom_fields"]["capalloc_tenant"] == "Example AI"
    assert apply(with_assignments(base, ()), memory, JULY).missing == ()
    assert memory.rack("r1-p2")["tenant"] is None


def test_reservations_of_people_stay_and_their_units_too(base: Base, memory: Memory) -> None:
    memory.reserve("r1-p1", 1, 48)
    apply(base, memory)
    kept = [row for row in memory.tables["dcim/rack-reservations"] if row["description"] == "for us"]
    assert [row["units"] for row in kept] == [[1, 48]]
    assert memory.reservations() == planned(base)


def test_times_for_which_no_unit_is_left_are_counted(base: Base, memory: Memory) -> None:
    memory.reserve("r1-p1", *range(1, 49))
    found = apply(base, memory)
    assert [(one.what, one.count) for one in found.missing] == [("times in a rack that has no unit left", 1)]
    assert len(memory.reservations()) == len(planned(base)) - 1


def test_positions_that_netbox_does_not_have_are_counted(base: Base) -> None:
    memory = Memory(racks_of(base.scenario.facility)[1:])
    assert [(one.what, one.where) for one in apply(base, memory).missing] == [
        ("positions with no rack in NetBox", ("r1-p1",))
    ]


def test_two_racks_of_one_name_are_not_guessed_between(base: Base) -> None:
    racks = racks_of(base.scenario.facility)
    twice = {**racks[0], "id": 9}
    found = apply(base, Memory([*racks, twice]))
    assert [(one.what, one.where) for one in found.missing] == [
        ("positions that several racks of NetBox could be", ("r1-p1",))
    ]


def test_a_free_place_that_a_delivery_takes_is_reserved_and_stays_so_since_people_may_have_reserved_it(
    base: Base,
) -> None:
    memory = Memory(racks_of(base.scenario.facility))
    memory.rack("r1-p1")["status"] = {"value": "available"}
    stands = next(rack.name for rack in base.scenario.facility.racks if rack.position == "r1-p1")
    placed = Placement.model_validate({"rack": stands, "position": "r1-p1", "from": "2026-05-01"})
    coming = Base(base.scenario, base.plan.model_copy(update={"placements": (placed,)}), compiled=lambda: base.instance)
    coming.__dict__["roster"] = base.roster
    apply(coming, memory)
    assert memory.rack("r1-p1")["status"]["value"] == "reserved"
    left = apply(with_assignments(base, ()), memory)
    assert memory.rack("r1-p1")["status"]["value"] == "reserved"
    assert [one.what for one in left.missing] == ["racks that are reserved though no delivery comes to them"]


def test_racks_of_another_site_are_not_taken_for_those_of_the_plan(base: Base) -> None:
    memory = Memory(racks_of(base.scenario.facility))
    for row in memory.tables["dcim/racks"]:
        row["site"] = {**row["site"], "name": "other-city"}
    found = find(memory, base.scenario.facility)
    assert found.racks == {}
    assert [one.what for one in found.missing] == ["positions with no rack in NetBox"]


def test_the_difference_is_told_line_by_line(base: Base, memory: Memory) -> None:
    first = apply(base, memory)
    lines = list(change_lines(first.changes, {}))
    assert lines[0] == "+ custom field capalloc_demand"
    assert "+ tenant Example AI" in lines
    assert "+ reservation of r1-p1: Planned for inference, from 2026-05-01 until 2026-11-01" in lines
    july = difference(base, find(memory, base.scenario.facility), ON_JULY)
    tenants = {row["id"]: row["name"] for row in memory.tables["tenancy/tenants"]}
    changed = "~ rack r1-p2: tenant none -> Example AI, capalloc_demand inference -> lease"
    assert any(line.startswith(changed) for line in change_lines(july.changes, tenants))
    assert counted(july.changes).endswith(" to change")


def test_a_refusal_says_what_was_written_before(base: Base, memory: Memory) -> None:
    # Six fields and a tenant before, then 18 times and the 10 racks in use in May.
    memory.refuses = "dcim/rack-reservations"
    with pytest.raises(ScenarioError, match="7 of 35 changes were written before it; run again"):
        apply(base, memory)


def test_a_field_that_is_defined_for_some_is_defined_for_the_others_too(base: Base, memory: Memory) -> None:
    row = {"id": 50, "name": "capalloc_demand", "type": {"value": "text"}, "object_types": ["dcim.device", "dcim.rack"]}
    memory.tables["extras/custom-fields"] = [row]
    apply(base, memory)
    assert row["object_types"] == ["dcim.device", "dcim.rack", "dcim.rackreservation"]
    assert apply(base, memory).changes == ()


def test_units_are_those_that_the_rack_has(base: Base) -> None:
    memory = Memory({**row, "starting_unit": 5} for row in racks_of(base.scenario.facility, height=10))
    apply(base, memory)
    units: dict[int, list[int]] = {}
    for row in memory.tables["dcim/rack-reservations"]:
        units.setdefault(row["rack"]["id"], []).extend(row["units"])
    assert {tuple(sorted(found)) for found in units.values()} == {tuple(range(5, 15))}


def test_what_an_older_netbox_does_not_have_is_not_sent(base: Base, memory: Memory) -> None:
    apply(base, memory)
    for row in memory.tables["dcim/rack-reservations"]:
        del row["status"]  # of NetBox 4.4 and later
    assert apply(base, memory, JULY).changes
    assert not any("status" in row for row in memory.tables["dcim/rack-reservations"])


def test_a_rack_that_people_reserved_and_no_plan_had_is_not_spoken_of(base: Base, memory: Memory) -> None:
    memory.rack("r1-p1")["status"] = {"value": "reserved"}
    assert apply(with_assignments(base, ()), memory).missing == ()


def test_a_slug_that_another_tenant_has_is_not_taken(base: Base, memory: Memory) -> None:
    memory.tables["tenancy/tenants"] = [{"id": 3, "name": "Example A.I.", "slug": "example-ai"}]
    apply(base, memory)
    assert [row["slug"] for row in memory.tables["tenancy/tenants"]] == ["example-ai", "example-ai-2"]


def test_the_order_of_assignments_in_a_plan_changes_nothing(base: Base, memory: Memory) -> None:
    apply(base, memory)
    assert apply(with_assignments(base, base.plan.assignments[::-1]), memory).changes == ()


def test_a_rack_that_stands_idle_for_a_demand_is_reserved_as_its_spare(base: Base, memory: Memory) -> None:
    spare = base.plan.assignments[0]
    plan = base.plan.model_copy(update={"assignments": base.plan.assignments[1:], "buffers": (spare,)})
    apply(Base(base.scenario, plan), memory)
    rows = [row for row in memory.tables["dcim/rack-reservations"] if row["custom_fields"]["capalloc_spare"]]
    assert [row["custom_fields"]["capalloc_rack"] for row in rows] == [spare.rack]
    assert rows[0]["description"].startswith(f"Spare of {spare.demand}, ")


def test_a_first_hold_stays_the_reservation_that_it_is_where_later_ones_come_and_go(base: Base, memory: Memory) -> None:
    def lowest() -> int:
        rack = memory.rack("r1-p2")["id"]
        rows = memory.tables["dcim/rack-reservations"]
        return next(int(row["id"]) for row in rows if row["rack"]["id"] == rack and 1 in row["units"])

    apply(base, memory)
    first = lowest()
    serving = [one for one in base.plan.assignments if one.rack != "r1-2" or str(one.start) < "2026-07-01"]
    fewer = apply(with_assignments(base, tuple(serving)), memory)
    assert lowest() == first
    units = "~ reservation of r1-p2: units 1…47 -> 1…48"
    assert [line for line in change_lines(fewer.changes, {}) if line.startswith("~ reservation")] == [units]
