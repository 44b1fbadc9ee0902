"""What a name means: one thing, or a sentence that says how to write it."""

from __future__ import annotations

from typing import Any

import pytest

from capalloc import ScenarioError
from capalloc.analysis.names import FEEDING, Meant, Names
from capalloc.instance.compile import compile_scenario
from tests.byhand import by_hand, facility


def names(**changes: Any) -> Names:
    return Names(compile_scenario(by_hand(facility=facility(**changes))))


def positions() -> list[dict[str, Any]]:
    """Row r1 in two halls, and a position that is called as a rack is."""
    feeds = {"feed_a": "u1", "feed_b": "u2"}
    places = [("p0", "h1", "r1"), ("p1", "h2", "r1"), ("k00", "h2", "r2")]
    return [{"name": name, "hall": hall, "row": row, **feeds} for name, hall, row in places]


def refused(known: Names, *texts: str) -> str:
    with pytest.raises(ScenarioError) as error:
        known.meant(texts)
    return str(error.value)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("u1", Meant("node", 1)),
        ("node:u1", Meant("node", 1)),
        ("h1", Meant("hall", 0)),
        ("h1/r1", Meant("row", 1)),
        ("r2", Meant("row", 2)),  # one hall has a row of that name
        ("row:r2", Meant("row", 2)),
        ("p3", Meant("position", 3)),
        ("k09", Meant("rack", 9)),
        ("lease", Meant("demand", 1)),
        ("demand:own", Meant("demand", 0)),
    ],
)
def test_a_name_that_one_thing_has_means_it(text: str, meant: Meant) -> None:
    assert names().meant([text]) == [meant]


def test_several_names_mean_one_thing_each_in_their_order() -> None:
    assert names().meant(["lease", "u2", "u2"]) == [Meant("demand", 1), Meant("node", 2), Meant("node", 2)]


def test_a_row_of_two_halls_is_listed_in_both() -> None:
    known = names(positions=positions(), racks=[{"name": "k", "rack_type": "hgx", "position": "p0"}])
    assert "found 'r1', which could be row:h1/r1 and row:h2/r1; write it as one of these" in refused(known, "r1")
    assert known.meant(["h2/r1"]) == [Meant("row", 1)]


def test_a_name_of_two_kinds_is_listed_with_both() -> None:
    rack = {"name": "k00", "rack_type": "hgx", "position": "p0"}
    known = names(positions=positions(), racks=[rack])
    assert "found 'k00', which could be rack:k00 and position:k00" in refused(known, "k00")
    assert known.meant(["rack:k00", "position:k00"]) == [Meant("rack", 0), Meant("position", 2)]


def test_an_unknown_name_has_those_near_it() -> None:
    said = refused(names(), "leese")
    assert "NAME: found 'leese', expected the name of a node, hall, row, zone, rack, position or demand" in said
    assert said.endswith("; near: demand:lease")


def test_a_kind_looks_among_its_own_names_alone() -> None:
    assert "found 'zone:u1'" in refused(names(), "zone:u1")


def test_every_wrong_name_is_told_at_once() -> None:
    assert len(refused(names(), "nothing-like-it", "u1", "neither-is-this").splitlines()) == 2


def test_an_empty_name_is_refused() -> None:
    assert "found ''" in refused(names(), "")


def test_what_can_be_out_of_service_has_no_racks_and_no_demands() -> None:
    known = Names(
        compile_scenario(by_hand(facility=facility(supplies=[{"name": "s", "node": "grid", "kw": 900}]))), FEEDING
    )
    assert known.meant(["supply:s", "u1"]) == [Meant("supply", 0), Meant("node", 1)]
    assert "found 'lease' (a demand), expected the name of a node, hall, row, zone or supply" in refused(known, "lease")
