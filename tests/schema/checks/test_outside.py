"""What has no day in the horizon, or changes nothing, is warned about in one line."""

from __future__ import annotations

from typing import Any

import pytest

from capalloc.schema.checks.usual import unusual
from tests.schema.checks.test_usual import scenario

FREE = {"contracts.0.termination": {"notice_days": 30, "by": "tenant"}}
SUPPLY = {"facility.supplies": [{"name": "gas", "node": "grid", "kw": 200.0, "from": "2027-02"}]}


def notices(*days: str) -> dict[str, Any]:
    """Notices of the tenant on some days, of 30 days each."""
    return FREE | {"events": [{"type": "notice", "contract": "c", "by": "tenant", "on": day} for day in days]}


def outage(start: str, until: str) -> dict[str, Any]:
    """An outage of the row."""
    return {"events": [{"type": "outage", "row": "r", "from": start, "until": until}]}


def delay(until: str) -> dict[str, Any]:
    """A delay of a supply that begins in 2027-02."""
    return SUPPLY | {"events": [{"type": "delay", "supply": "gas", "until": until}]}


# The horizon is 2027-01 to 2027-07, as is the term of the contract; notice of 30 days on 1 March ends it on 31 March.
@pytest.mark.parametrize(
    ("changes", "loc", "says"),
    [
        ({"contracts.0.until": "2029-01", "contracts.0.ramp": [{"from": "2028-01", "mw": 0.08}]}, "ramp", "with 'c'"),
        ({"workloads.0.demand": [{"from": "2028-01", "racks": 1}]}, "demand", "has no day in the horizon, 2027-01 to"),
        ({"horizon": {"start": "2026-01", "end": "2026-07"}}, "start", "'w' runs from 2027-01; mind the year"),
        (outage("2026-03", "2026-04"), "until", "an outage from 2026-03 until 2026-04, outside the horizon"),
        (outage("2028-03", "2028-04"), "until", "so it is with 'row r'"),
        (delay("2026-06"), "until", "found 2026-06, and 'gas' begins on 2027-02 anyway, so that nothing is delayed"),
        (notices("2027-03-01", "2027-04-01"), "on", "an earlier notice ends contract 'c' on 2027-03-31 already"),
        (notices("2027-06-20"), "on", "its term ends contract 'c' on 2027-07 already"),
        ({"contracts.0.termination": {"notice_days": 3, "by": "tenant"}}, "notice_days", "found 3; usual is 30 to 365"),
        ({"contracts.0.termination": {"initial_term_months": 365}}, "initial_term_months", "found 365; usual is 0 to"),
    ],
)
def test_it_is_told_in_one_line(changes: dict[str, Any], loc: str, says: str) -> None:
    (only,) = unusual(scenario(changes))
    assert only.loc[-1] == loc
    assert says in only.message


@pytest.mark.parametrize(
    "changes",
    [outage("2026-12", "2027-01-02"), delay("2027-02-02"), notices("2027-03-01"), notices("2027-03-01") | SUPPLY],
)
def test_what_has_an_effect_is_not(changes: dict[str, Any]) -> None:
    assert unusual(scenario(changes)) == ()
