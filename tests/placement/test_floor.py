"""A floor after any sequence of requests that come and go is the floor built anew, and every rule holds."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from benchmarks.placement.room import room
from capalloc.errors import ScenarioError
from capalloc.placement.floor import Floor
from capalloc.placing import place
from capalloc.schema.request import Placed, Request, Together
from capalloc.verify.placed import verify_placed
from tests.placement.case import Case
from tests.placement.random_cases import random_case
from tests.placement.reference import Reference, kept
from tests.placement.test_floor_records import group, hall

ON = date(2026, 6, 1)
TOGETHER: tuple[Together, ...] = ("row", "fabric_block", "hall")
CASES, MOVES, OFTEN = range(600, 650), 12, 20


def built(case: Case) -> Floor:
    return Floor(case.facility, case.requests, case.occupied, on=case.on, standing=case.standing)


def sums(floor: Floor, case: Case) -> dict[str, list[int]]:
    """Loads, heat, room and what else the floor keeps up."""
    return kept(Reference(replace(case, requests=()), floor._problem, Reference.of(case).groups, floor._memory))


class Changing:
    """A floor with the requests and lines that it should have."""

    def __init__(self, case: Case) -> None:
        self.floor, self.case = built(case), case
        self.requests = {request.name: request for request in case.requests}
        self.lines = set(case.occupied)
        self.came = 0

    def add(self, request: Request) -> None:
        lines = self.floor.place(request)
        assert len(lines) <= request.racks
        assert not request.all_or_nothing or len(lines) in (0, request.racks)
        assert all(line.request == request.name for line in lines)
        self.came += bool(lines)
        if lines:
            self.requests[request.name] = request
        self.lines |= set(lines)

    def drop(self, name: str) -> None:
        lines = {line for line in self.lines if line.request == name}
        assert set(self.floor.remove(name)) == lines
        self.lines -= lines
        del self.requests[name]

    def check(self) -> None:
        case, requests = self.case, tuple(self.requests.values())
        assert self.floor.placed == tuple(sorted(self.lines, key=lambda line: (line.request, line.position)))
        stood = tuple(line for line in case.occupied if line in self.lines)
        wrong = verify_placed(
            case.facility, requests, self.floor.placed, occupied=stood, on=case.on, standing=case.standing
        )
        assert wrong == (), case.seed

    def is_as_built_anew(self) -> None:
        now = replace(self.case, requests=tuple(self.requests.values()), occupied=self.floor.placed)
        anew = built(now)
        assert sums(self.floor, self.case) == sums(anew, self.case), self.case.seed
        assert anew.placed == self.floor.placed
        for together in ("row", "none"):
            assert self.floor.slots(2, 3.7, together=together) == anew.slots(2, 3.7, together=together)


def test_requests_that_come_and_go_leave_the_floor_as_if_built_anew() -> None:
    came = 0
    for case in map(random_case, CASES):
        dice, changing = random.Random(case.seed), Changing(case)
        dark = {line.request for line in case.occupied} & _unlit(case)
        for number in range(MOVES):
            gone = sorted(changing.requests.keys() - dark)
            if gone and dice.random() < 0.4:
                changing.drop(dice.choice(gone))
            else:
                like = dice.choice(case.requests)
                changing.add(like.model_copy(update={"name": f"n{number}", "racks": dice.randint(1, 6)}))
            changing.check()
        changing.is_as_built_anew()
        came += changing.came
    assert came > len(CASES)


def _unlit(case: Case) -> set[str]:
    """Requests with racks on positions without power."""
    return {line.request for line in case.occupied if not case.power.lit(case.positions[line.position])}


def test_a_room_that_churns_keeps_every_rule() -> None:
    facility, requests = room(rooms=1, requests=120, seed=5)
    case = Case(0, facility, (), (), "racks", "nameplate", ON)
    dice, changing = random.Random(5), Changing(case)
    for request in requests:
        changing.add(request)
        if dice.random() < 0.3 and changing.requests:
            changing.drop(dice.choice(sorted(changing.requests)))
    changing.check()
    assert changing.came > 60
    assert len(changing.lines) > 300


def test_slots_are_places_for_so_many_groups() -> None:
    told = 0
    for case in map(random_case, CASES):
        floor, dice = built(case), random.Random(case.seed)
        like = dice.choice(case.requests).model_copy(update={"racks": dice.randint(1, 3), "all_or_nothing": True})
        before = sums(floor, case)
        found = floor.slots(
            like.racks,
            like.power_kw,
            like.cooling_kw,
            like.together,
            rack_type=like.rack_type,
            liquid_fraction=like.liquid_fraction,
        )
        assert sums(floor, case) == before
        groups = [like.model_copy(update={"name": f"slot{number}"}) for number in range(found.site)]
        assert _placed(case, groups) == found.site, case.seed
        told += found.site
    assert told > len(CASES)


def test_a_hall_or_a_block_has_the_slots_of_a_site_of_its_positions_alone() -> None:
    told = 0
    for case in map(random_case, CASES):
        if case.occupied or case.facility.racks:
            continue
        for together in TOGETHER:
            found = built(case).slots(2, 3.7, together=together)
            of_block = {name: _alone(case, "fabric_block", name, together) for name in found.blocks}
            of_hall = {name: _alone(case, "hall", name, together) for name in found.halls}
            assert (found.halls, found.blocks) == (of_hall, of_block), case.seed
            told += sum(found.blocks.values())
    assert told > OFTEN


def _alone(case: Case, column: str, name: str, together: Together) -> int:
    """Groups that fit where the facility has no positions but those of one hall or block."""
    places = tuple(place for place in case.facility.positions if getattr(place, column) == name)
    facility = case.facility.model_copy(update={"positions": places})
    return Floor(facility, on=case.on, standing=case.standing).slots(2, 3.7, together=together).site


def test_a_row_of_two_blocks_has_the_slots_of_each_in_each() -> None:
    # 8 positions: 4 pairs in the row, 2 in either half of it; of threes 2 in the row, 1 in either half.
    facility = hall(rows=1, places=8)
    halves = [place.model_copy(update={"fabric_block": f"b{p // 4}"}) for p, place in enumerate(facility.positions)]
    floor = Floor(facility.model_copy(update={"positions": tuple(halves)}), on=ON)
    pairs, threes = floor.slots(2, 1.0), floor.slots(3, 1.0)
    assert (pairs.site, pairs.blocks) == (4, {"b0": 2, "b1": 2})
    assert (threes.site, threes.blocks) == (2, {"b0": 1, "b1": 1})
    assert floor.slots(5, 1.0).blocks == {"b0": 0, "b1": 0}


def _placed(case: Case, groups: Sequence[Request]) -> int:
    """How many of equal groups are placed whole, beside what stands."""
    asked = (*(r for r in case.requests if r.name in {line.request for line in case.occupied}), *groups)
    found = place(
        case.facility,
        [request.model_copy(update={"racks": _standing(case, request)}) for request in asked],
        occupied=case.occupied,
        objective="requests",
        time_limit=0.0,
        bound=False,
        on=case.on,
        standing=case.standing,
    )
    names = {line.request for line in found.placed}
    return sum(request.name in names for request in groups)


def _standing(case: Case, request: Request) -> int:
    """Racks that a request asks for where those that stand are all that it wants."""
    return sum(line.request == request.name for line in case.occupied) or request.racks


def test_slots_by_hand() -> None:
    # Rows of 4 positions, pairs of 2 racks of 1 kW: 2 pairs a row, 4 in all. A feed of 7 kW carries 3 pairs;
    # each hall alone (one row) takes its 2.
    facility = hall(rows=2, places=4, rated_kw=7.0)
    halls = tuple(
        place.model_copy(update={"hall": f"h{place.row[1:]}", "fabric_block": f"b{place.row[1:]}"})
        for place in facility.positions
    )
    floor = Floor(facility.model_copy(update={"positions": halls}), on=ON)
    found = floor.slots(2, 1.0)
    assert (found.site, found.halls, found.blocks) == (3, {"h0": 2, "h1": 2}, {"b0": 2, "b1": 2})
    # Threes: one a row, since a row's fourth position is left; across rows two of three.
    assert floor.slots(3, 1.0).site == 2
    assert floor.slots(3, 1.0, together="hall").blocks == {}
    anywhere = floor.slots(3, 1.0, together="none")
    assert (anywhere.site, anywhere.halls, anywhere.blocks) == (2, {}, {})
    # 5 racks fit into no row; 7 of them anywhere, 8 not even there.
    assert floor.slots(5, 1.0).site == 0
    assert [floor.slots(n, 1.0, together="none").site for n in (7, 8)] == [1, 0]
    # After 2 racks in row 0 its 2 other positions take a pair; 5 kW are left, 2 pairs of 4 kW.
    floor.place(group("g", 2, together="row"))
    assert floor.slots(2, 1.0).site == 2


def test_a_name_that_stands_already_is_refused() -> None:
    floor = Floor(hall(rows=1, places=4), on=ON)
    lines = floor.place(group("g", 2))
    with pytest.raises(ScenarioError, match="'g' stands already; remove it first"):
        floor.place(group("g", 1))
    assert floor.placed == lines


def test_a_name_that_does_not_stand_is_not_removed() -> None:
    floor = Floor(hall(rows=1, places=4), on=ON)
    with pytest.raises(ScenarioError, match="'g' does not stand; nothing was removed"):
        floor.remove("g")


def test_a_request_that_found_no_place_may_come_again() -> None:
    floor = Floor(hall(rows=1, places=4), on=ON)
    assert floor.place(group("g", 5, all_or_nothing=True)) == ()
    with pytest.raises(ScenarioError, match="does not stand"):
        floor.remove("g")
    assert len(floor.place(group("g", 4, all_or_nothing=True))) == 4


def test_what_may_be_split_is_placed_in_part() -> None:
    floor = Floor(hall(rows=1, places=4), on=ON)
    assert len(floor.place(group("g", 5))) == 4


def test_what_stands_without_power_stays_and_counts() -> None:
    # Row 0 is below a UPS that comes next year; one rack stands there.
    facility = hall(rows=2, places=2)
    late = facility.power[0].model_copy(update={"name": "late", "available_from": date(2027, 1, 1)})
    dark = tuple(
        place.model_copy(update={"feed_a": "late"} if place.row == "r0" else {}) for place in facility.positions
    )
    facility = facility.model_copy(update={"power": (*facility.power, late), "positions": dark})
    stands = Placed(request="old", position="0-0")
    floor = Floor(facility, [group("old", 1)], [stands], on=ON)
    assert floor.placed == (stands,)
    assert [line.position for line in floor.place(group("new", 4))] == ["1-0", "1-1"]
    with pytest.raises(ScenarioError, match="'old' stands on positions without power; nothing was removed"):
        floor.remove("old")
    assert stands in floor.placed


def test_faults_of_what_stands_are_refused() -> None:
    with pytest.raises(ScenarioError, match="nobody"):
        Floor(hall(rows=1, places=1), [], [Placed(request="nobody", position="0-0")], on=ON)
