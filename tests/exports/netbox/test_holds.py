"""Who has which place when, in NetBox's words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from capalloc.exports.netbox.holds import Hold, hold_on
from capalloc.exports.netbox.slugs import slugs_of
from capalloc.exports.netbox.spots import shared_units

MAY, JULY, SEPTEMBER = date(2026, 5, 1), date(2026, 7, 1), date(2026, 9, 1)
HOLD = Hold(MAY, JULY, "lease", "r1", "Example AI")


@pytest.mark.parametrize(
    ("day", "status"), [("2026-04-30", "pending"), ("2026-05-01", "active"), ("2026-07-01", "stale")]
)
def test_a_reservation_is_pending_before_active_during_and_stale_after(day: str, status: str) -> None:
    assert HOLD.status(date.fromisoformat(day)) == status


def test_the_hold_of_a_day_is_the_one_whose_days_have_it() -> None:
    holds = (HOLD, replace(HOLD, start=JULY, until=SEPTEMBER, demand="other"))
    assert hold_on(holds, JULY) is holds[1]
    assert hold_on(holds, SEPTEMBER) is None


def test_a_description_says_demand_and_days_in_at_most_200_letters() -> None:
    assert HOLD.description == "Planned for lease, from 2026-05-01 until 2026-07-01"
    assert replace(HOLD, spare=True).description.startswith("Spare of lease, ")
    long = replace(HOLD, demand="x" * 500).description
    assert len(long) == 200
    assert long.endswith("…, from 2026-05-01 until 2026-07-01")


def test_no_unit_is_in_two_reservations_and_later_holds_keep_theirs() -> None:
    assert shared_units(range(1, 49), 1) == [tuple(range(1, 49))]
    assert shared_units(range(1, 49), 3) == [tuple(range(1, 47)), (48,), (47,)]
    # One hold more: the second and third are where they were.
    assert shared_units(range(1, 49), 4)[1:3] == [(48,), (47,)]


def test_holds_for_which_no_unit_is_left_get_none() -> None:
    assert shared_units((7,), 2) == [(7,), ()]
    assert shared_units((), 2) == [(), ()]
    assert shared_units((1, 2), 0) == []


def test_slugs_are_one_to_one() -> None:
    slugs = slugs_of(["Example AI", "example-ai", "Ünïcode GmbH", "東京"], taken=["tenant"])
    assert slugs == {
        "Example AI": "example-ai",
        "example-ai": "example-ai-2",
        "Ünïcode GmbH": "unicode-gmbh",
        "東京": "tenant-2",
    }
