"""Nobody has a rack before or after the term that pays for it, though a plan holds it for whole periods."""

from __future__ import annotations

from datetime import date

import pytest

from capalloc.analysis.base import Base, planned_base
from capalloc.exports.netbox.holds import holds_of
from capalloc.exports.slurm import slurm_files
from capalloc.exports.terms import within_terms
from tests.byhand import by_hand, contract

STARTS, ENDS = date(2026, 5, 12), date(2026, 10, 20)
NOTICE = {"type": "notice", "contract": "lease", "by": "tenant", "on": "2026-07-10"}


@pytest.fixture(scope="module")
def base() -> Base:
    ramp = [{"from": STARTS.isoformat(), "mw": 0.16}, {"from": "2026-07-15", "mw": 0.4}]
    return planned_base(by_hand(contracts=[contract(ramp=ramp, until=ENDS.isoformat())]))


def test_the_plan_holds_racks_for_whole_months(base: Base) -> None:
    lease = [one for one in base.plan.assignments if one.demand == "lease"]
    assert min(one.start for one in lease) == date(2026, 5, 1)
    assert max(one.until for one in lease) == date(2026, 11, 1)


def test_spans_are_cut_to_the_term_and_no_others(base: Base) -> None:
    for before, after in zip(base.plan.assignments, within_terms(base, base.plan.assignments), strict=True):
        assert (before.rack, before.demand) == (after.rack, after.demand)
        if before.demand == "lease":
            assert after.start == max(before.start, STARTS)
            assert after.until == min(before.until, ENDS)
        else:
            assert after == before


def test_reservations_of_slurm_end_with_the_term(base: Base) -> None:
    lines = [one for one in slurm_files(base).files["reservations.sh"].splitlines() if "Accounts=tenant" in one]
    ends = {one.split("EndTime=")[1][:10] for one in lines}
    starts = {one.split("StartTime=")[1][:10] for one in lines}
    assert max(ends) == "2026-10-20"
    assert min(starts) == "2026-05-12"


def test_reservations_of_netbox_end_with_the_term(base: Base) -> None:
    lease = [hold for holds in holds_of(base).values() for hold in holds if hold.demand == "lease"]
    assert max(hold.until for hold in lease) == ENDS
    assert min(hold.start for hold in lease) == STARTS


def test_a_notice_ends_them_on_its_day() -> None:
    terms = {"notice_days": 90, "by": "either"}
    noticed = planned_base(by_hand(contracts=[contract(termination=terms)], events=[NOTICE]))
    lease = [one for one in within_terms(noticed, noticed.plan.assignments) if one.demand == "lease"]
    # 10 July and 90 days.
    assert max(one.until for one in lease) == date(2026, 10, 8)
