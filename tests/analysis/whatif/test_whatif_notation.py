"""Cases in short notation: what each word says, what lists and ranges make, what is wrong and how it is told."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from capalloc.analysis.whatif.change import ScaleDemand, ScaleFee, SignProspect, changed
from capalloc.analysis.whatif.doubts import doubts_of
from capalloc.analysis.whatif.notation import cases_of
from capalloc.errors import ScenarioError
from capalloc.schema.event import Delay, NewSupply, Notice, Outage, Sign
from capalloc.schema.scenario import Scenario
from capalloc.solve import solve
from tests.strategies import contract, facility, scenario, workload

ENDS = {"termination": {"notice_days": 31, "by": "either"}}


def site(**changes: Any) -> Scenario:
    """Two racks; a lease, a prospect and a workload; a node and a supply of the same name."""
    place = facility()
    place["power"][0]["available_from"] = "2026-05"
    place["supplies"] = [{"name": "grid", "node": "grid", "kw": 1000, "from": "2026-05"}]
    prospect = contract("maybe", probability=0.5)
    return scenario(
        place, periods=3, contracts=[contract("lease", **ENDS), prospect], workloads=[workload("own")], **changes
    )


def names(*texts: str) -> list[str]:
    return [case.name for case in cases_of(site(), texts)]


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("notice:lease:2026-06", Notice(type="notice", contract="lease", by="provider", on=date(2026, 6, 1))),
        ("notice:lease:2026-06-09:tenant", Notice(type="notice", contract="lease", by="tenant", on=date(2026, 6, 9))),
        ("delay:u1:2026-06", Delay(type="delay", node="u1", until=date(2026, 6, 1))),
        ("delay:supply:grid:90d", Delay(type="delay", supply="grid", days=90)),
        ("delay:lease:30d", Delay(type="delay", contract="lease", days=30)),
        (
            "outage:h1/w0:2026-06:2026-07",
            Outage(type="outage", row="h1/w0", start=date(2026, 6, 1), until=date(2026, 7, 1)),
        ),
        (
            "outage:node:u1:2026-06:2026-07",
            Outage(type="outage", node="u1", start=date(2026, 6, 1), until=date(2026, 7, 1)),
        ),
        ("sign:maybe:2026-06-15", SignProspect("maybe", date(2026, 6, 15))),
        ("sign:maybe", SignProspect("maybe")),
        ("demand:own:x0.5", ScaleDemand("own", 0.5)),
        ("fee:lease:x1.1", ScaleFee("lease", 1.1)),
    ],
)
def test_a_word_and_its_fields_are_a_change(text: str, change: object) -> None:
    (case,) = cases_of(site(), [text])
    assert (case.name, case.changes) == (text, (change,))


def test_a_new_supply_is_given_in_mw() -> None:
    (case,) = cases_of(site(), ["supply:grid:2.5:2026-06:2026-07"])
    (supply,) = case.changes
    assert isinstance(supply, NewSupply)
    assert (supply.node, supply.kw, supply.start, supply.until) == ("grid", 2500.0, date(2026, 6, 1), date(2026, 7, 1))


def test_events_joined_by_plus_happen_together() -> None:
    (case,) = cases_of(site(), ["notice:lease:2026-06 + fee:lease:x0.9"])
    assert case.name == "notice:lease:2026-06+fee:lease:x0.9"
    assert len(case.changes) == 2


def test_a_range_of_days_goes_by_period_and_has_both_ends() -> None:
    assert names("notice:lease:2026-05..2026-07") == [f"notice:lease:2026-0{month}" for month in (5, 6, 7)]
    days = ("2026-05-31", "2026-06-30", "2026-07")
    assert names("notice:lease:2026-05-31..2026-07") == [f"notice:lease:{day}" for day in days]
    assert names("notice:lease:2026-05..2026-05-05") == ["notice:lease:2026-05", "notice:lease:2026-05-05"]
    assert names("notice:lease:2026-05..2026-05") == ["notice:lease:2026-05"]


def test_lists_and_products_make_every_combination_the_first_varying_slowest() -> None:
    assert names("demand:own:x0.5,x2*fee:lease:x0.9,x1.1") == [
        f"demand:own:{own}+fee:lease:{fee}" for own in ("x0.5", "x2") for fee in ("x0.9", "x1.1")
    ]


@pytest.mark.parametrize("name", ["dc1:lease", "lease, first", "lease+2", "lease*", "2026..27", "../../lease"])
def test_a_name_with_separators_is_read_whole(name: str) -> None:
    there = scenario(facility(), periods=3, contracts=[contract(name, **ENDS), contract("lease", **ENDS)])
    given = [f"notice:{name}:2026-06", f"fee:lease,{name}:x0.5+notice:lease:2026-07"]
    found = [case.name for case in cases_of(there, given)]
    assert found == [given[0], "fee:lease:x0.5+notice:lease:2026-07", f"fee:{name}:x0.5+notice:lease:2026-07"]
    assert [case.name for case in cases_of(there, found)] == found
    with pytest.raises(ScenarioError, match=re.escape(f"case 'notice:x{name}:2026-06'")):
        cases_of(there, [f"notice:x{name}:2026-06"])


def test_a_case_that_is_written_twice_comes_once() -> None:
    assert names("demand:own:x2,x2", "demand:own:x2", "fee:lease:x2") == ["demand:own:x2", "fee:lease:x2"]


def test_more_than_some_hundred_cases_are_planned_only_where_so_many_are_asked_for() -> None:
    with pytest.raises(ScenarioError, match=r"found 1,201 cases, expected at most 500; --most N plans up to N of them"):
        names("notice:lease:2020-01..2120-01")
    assert len(cases_of(site(), ["notice:lease:2020-01..2120-01"], 1_201)) == 1_201


def test_a_prospect_that_is_signed_is_no_prospect_any_more() -> None:
    after = changed(site(), [SignProspect("maybe", date(2026, 6, 1))])
    signed = next(one for one in after.all_contracts if one.name == "maybe")
    assert not after.is_prospect(signed)
    assert [one.name for one in after.contracts] == ["lease"]
    assert "maybe" in [demand.name for demand in after.planned()]


def test_demand_is_scaled_with_its_minimum_in_whole_racks() -> None:
    before = scenario(facility(), workloads=[workload("own", demand=[{"from": "2026-05", "racks": 5, "min": 3}])])
    (step,) = changed(before, [ScaleDemand("own", 0.5)]).workloads[0].demand
    assert (step.racks, step.min) == (2, 1.5)


def test_a_scaled_minimum_that_is_missed_costs_the_same_to_planner_and_verifier() -> None:
    before = scenario(facility(), workloads=[workload("own", demand=[{"from": "2026-05", "racks": 40, "min": 30}])])
    after = changed(before, [ScaleDemand("own", 0.987654321)])
    (step,) = after.workloads[0].demand
    assert step.min == 29.62963  # as finely as planners count
    assert solve(after).plan is not None  # and verified


def test_a_fee_is_scaled_in_the_unit_that_it_has() -> None:
    assert changed(site(), [ScaleFee("lease", 0.9)]).contracts[0].fee.usd_per_month == pytest.approx(9000.0)


def test_a_file_of_events_is_a_case(tmp_path: Path) -> None:
    path = tmp_path / "storm.yaml"
    path.write_text("events:\n  - {type: outage, node: u1, from: 2026-06, until: 2026-07}\n")
    (case,) = cases_of(site(), [f"{path}+demand:own:x2"])
    assert [type(change) for change in case.changes] == [Outage, ScaleDemand]


def test_a_list_of_events_alone_is_a_case(tmp_path: Path) -> None:
    path = tmp_path / "storm.yaml"
    path.write_text("- {type: outage, node: u1, from: 2026-06, until: 2026-07}\n")
    (case,) = cases_of(site(), [str(path)])
    assert [type(change) for change in case.changes] == [Outage]
    path.write_text("- {type: outage, node: u1, from: 2026-06}\n")
    with pytest.raises(ScenarioError, match=r"storm.yaml:1: events.0.until: "):
        cases_of(site(), [str(path)])
    path.write_text("- {type: fee, contract: lease, factor: 0.9}\n")
    with pytest.raises(
        ScenarioError, match=r"found 'fee', .*; beside the file, joined by \+, it is written fee:CONTRACT:x"
    ):
        cases_of(site(), [str(path)])


def test_a_contract_in_a_file_is_signed_on_its_first_day(tmp_path: Path) -> None:
    path = tmp_path / "offer.yaml"
    path.write_text(
        "{name: offer, tenant: New, rack_types: [a], ramp: [{from: 2026-06, mw: 0.01}], until: 2027-05, "
        "fee: {usd_per_month: 9000}}"
    )
    (case,) = cases_of(site(), [f"sign:{path}"])
    (sign,) = case.changes
    assert isinstance(sign, Sign)
    assert (sign.contract.name, sign.on) == ("offer", date(2026, 6, 1))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("notic:lease:2026-06", "found the event 'notic'; did you mean 'notice'? Write it as notice:lease:2026-06"),
        ("notice:leese:2026-06", "unknown contract 'leese'; did you mean 'lease'?"),
        ("notice:lease", "it is written notice:CONTRACT:DATE[:provider|tenant], such as notice:lease:2026-06"),
        ("notice:lease:2026-06:me", "found 'me', expected provider or tenant"),
        ("notice:maybe:2026-06", "found provider, but nobody may end contract 'maybe'"),
        ("notice:lease:soon", "found 'soon', expected a day such as 2027-03-01"),
        ("notice:lease:2026-07..2026-05", "which ends before it begins"),
        ("notice:lease:2026-05..2026-06..2026-07", "expected DATE..DATE, such as 2027-01..2027-06"),
        ("notice:lease:2026-05..soon", "found the range '2026-05..soon', expected DATE..DATE"),
        ("notice:lease:2026-05..9999-12", "expected dates from 1900 to 2500"),
        ("delay:grid:90d", "which is several things; begin with delay:node:grid or delay:supply:grid"),
        ("delay:nowhere:90d", "unknown node, supply, rack type or contract 'nowhere'"),
        ("delay:u1:90", "found '90', expected days such as 90d"),
        ("delay:hall:h1:90d", "found 'hall', expected one of node, supply, rack_type, contract before a name"),
        ("outage:h2:2026-06:2026-07", "unknown node, hall or row 'h2'"),
        ("outage:h1:2026-07:2026-06", "until 2026-06-01 is not after from 2026-07-01"),
        ("supply:u1:2:2026-06", "a supply feeds a root"),
        ("supply:grid:much:2026-06", "found 'much', expected MW above 0"),
        ("sign:lease", "the contract 'lease' is signed already"),
        ("sign:nowhere.yaml", "nowhere.yaml: no such file"),
        ("demand:lease:x2", "unknown workload 'lease'"),
        ("demand:own:2", "found '2', expected a factor such as x0.8"),
        ("demand:own:x-1", "found 'x-1', expected a factor such as x0.8"),
        ("fee:lease:x0.9+", "an event is missing beside '+' or '*'"),
        ("nowhere.yaml", "nowhere.yaml: no such file"),
        ("notice:lease:2026-05..2126-05*fee:lease:x1,x2,x3,x4,x5,x6,x7,x8,x9", "cases, expected at most 10,000"),
    ],
)
def test_what_is_no_case_is_told_with_what_would_be_one(text: str, sentence: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        cases_of(site(), [text])
    assert sentence in str(raised.value)


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        ("fee:lease:x9000", "fee.usd_per_month: found 9e+07, which is 9e+06 USD a kW-month for 0.01 MW"),
        ("notice:lease:2027-05", "its term ends contract 'lease' on 2027-05 already"),
        ("notice:lease:2026-09", "2026-09 is not before the horizon's end, 2026-08: nothing of it is planned"),
        ("sign:maybe:2026-09", "2026-09 is not before the horizon's end, 2026-08: nothing of it is planned"),
        ("supply:grid:0.001:2026-09", "2026-09 is not before the horizon's end"),
        ("delay:maybe:30d", "'maybe' is a prospect, which is not planned: sign:maybe signs it"),
        ("fee:maybe:x2", "'maybe' is a prospect, which is not planned"),
        ("outage:u1:2027-06:2027-07", "outside the horizon, 2026-05 to 2026-08, so that it changes nothing"),
        ("delay:node:grid:2026-03", "'grid' begins on 2026-05 anyway, so that nothing is delayed"),
        ("supply:grid:3000:2026-06", "mind the unit of 'what-if:grid:3000:2026-06'; a case says MW, not kW"),
    ],
)
def test_what_is_odd_or_changes_nothing_is_doubted_with_the_reason(case: str, sentence: str) -> None:
    (one,) = cases_of(site(), [case])
    assert sentence in "; ".join(doubts_of(site(), one))


def test_what_the_scenario_has_that_is_odd_is_no_doubt_of_a_case() -> None:
    odd = contract("odd", fee={"usd_per_month": 9e9}, **ENDS)
    there = scenario(facility(), periods=3, contracts=[odd, contract("maybe", probability=0.5)])
    assert doubts_of(there, cases_of(there, ["notice:odd:2026-06"])[0]) == ()
    asked = frozenset({"maybe"})
    assert doubts_of(there, cases_of(there, ["delay:maybe:30d"])[0], asked) == ()
    assert doubts_of(there, cases_of(there, ["sign:maybe:2026-05+delay:maybe:30d"])[0]) == ()


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(ScenarioError) as raised:
        cases_of(site(), ["notice:leese:2026-06", "demand:own:2"])
    assert len(raised.value.problems) == 2
