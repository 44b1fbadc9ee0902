"""What cases change, on a site that is computed by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from capalloc.analysis.base import Base, planned_base
from capalloc.analysis.whatif import whatif_from
from capalloc.errors import ScenarioError
from capalloc.formats import load_plan
from capalloc.runner.here import Here
from capalloc.schema.scenario import Scenario
from capalloc.schema.whatif import CaseAnswer
from tests.strategies import contract, facility, incumbent, scenario, workload

ENDS = {"termination": {"notice_days": 31, "by": "either"}}
NOTICE = "notice:lease:2026-05-31"


def site(**changes: Any) -> Scenario:
    """Two racks, May to July: one for a lease of $10,000 a month, one for a workload that wants both."""
    return scenario(
        facility(), 3, **{"contracts": [contract("lease", **ENDS)], "workloads": [workload("own")]} | changes
    )


def one(base: Base, case: str) -> CaseAnswer:
    (answer,) = whatif_from(base, [case], engine=Here()).cases
    return answer


def test_notice_frees_the_rack_on_its_day_and_what_it_earns_instead_is_counted() -> None:
    # 31 days after 31 May the lease ends, on 1 July: July's fee of $10,000 is lost, and the workload's second rack
    # earns 8 GPUs x 744 h x $2.
    regained = 8 * 744 * 2.0
    answer = one(planned_base(site()), NOTICE)
    assert answer.status == "optimal"
    assert answer.delta_usd == pytest.approx(regained - 10_000)
    low, high = answer.delta_usd_between or (0.0, 0.0)
    assert low <= regained - 10_000 <= high
    assert {one.demand: one.delta_kw_months for one in answer.demands} == {"own": 10.0, "lease": -10.0}
    assert {one.demand: one.delta_usd for one in answer.demands} == pytest.approx({"own": regained, "lease": -10_000})
    lease = next(one for one in answer.demands if one.demand == "lease")
    assert lease.until == (date(2027, 5, 1), date(2026, 7, 1))
    july = date(2026, 7, 1), date(2026, 8, 1)
    assert {(one.demand, one.start, one.until): one.racks for one in answer.changes} == {
        ("lease", *july): (1, 0),
        ("own", *july): (1, 2),
    }
    assert answer.free == ()
    assert (answer.fees_usd, answer.penalties_usd) == (20_000, 0)


def test_racks_that_nobody_wants_after_notice_are_counted_as_free() -> None:
    only = site(workloads=[])
    answer = one(planned_base(only), NOTICE)
    assert [(one.start, one.until, one.racks) for one in answer.free] == [
        (date(2026, 7, 1), date(2026, 8, 1), (1, 2)),
    ]


def test_a_prospect_that_is_signed_regains_what_notice_loses() -> None:
    prospect = contract("maybe", probability=0.5, ramp=[{"from": "2026-07", "mw": 0.01}], fee={"usd_per_month": 12_000})
    asked = site(contracts=[contract("lease", **ENDS), prospect])
    # The prospect takes the lease's rack in July: $12,000 for $10,000; the workload keeps its own.
    answer = one(planned_base(asked), f"{NOTICE}+sign:maybe")
    assert answer.delta_usd == pytest.approx(2_000)
    assert {one.demand: one.delta_usd for one in answer.demands} == pytest.approx({"lease": -10_000, "maybe": 12_000})


def test_a_case_that_changes_nothing_is_worth_nothing() -> None:
    answer = one(planned_base(site()), "fee:lease:x1")
    assert answer.delta_usd == pytest.approx(0.0)
    assert (answer.demands, answer.changes, answer.free, answer.missed) == ((), (), (), ())


def test_leaving_the_base_plan_costs_a_move() -> None:
    # Both racks serve the workload; the signature takes one of them in May, at the cost of a move.
    prospect = contract("maybe", probability=0.5, fee={"usd_per_month": 50_000})
    asked = site(contracts=[prospect], policy={"move_cost_usd_per_rack": 100.0})
    answer = one(planned_base(asked), "sign:maybe")
    lost = 8 * 2.0 * 24 * (31 + 30 + 31)
    assert answer.delta_usd == pytest.approx(150_000 - lost - 100)
    assert answer.racks_moved == 1


def test_what_led_to_the_base_plan_is_spent_and_no_gain_of_a_case() -> None:
    # Yesterday both racks served the workload; the base plan has moved one of them to the lease, at $100.
    serving = [{"rack": rack, "demand": "own", "from": "2026-04", "until": "2026-08"} for rack in ("r0", "r1")]
    asked = site(incumbent=incumbent(assignments=serving), policy={"move_cost_usd_per_rack": 100.0})
    base = planned_base(asked)
    answer = whatif_from(base, ["fee:lease:x1"], engine=Here())
    assert answer.base.objective_usd == pytest.approx(base.plan.objective_usd + 100)
    assert answer.base.racks_moved == 0
    assert answer.cases[0].delta_usd == pytest.approx(0.0)


def test_a_rack_that_still_cools_after_its_hand_over_does_so_in_every_case() -> None:
    # Until 1 May r0 and r1 served the workload; a hand-over of 31 days keeps the lease's rack idle in May.
    serving = [{"rack": rack, "demand": "own", "from": "2026-04", "until": "2026-08"} for rack in ("r0", "r1")]
    asked = site(incumbent=incumbent(assignments=serving), policy={"handover_days": 31})
    base = planned_base(asked)
    idle = [row for row in base.plan.demands if row.demand == "lease" and row.period == "2026-05"]
    assert [row.racks for row in idle] == [0]
    answer = one(base, "fee:lease:x1")
    assert answer.delta_usd == pytest.approx(0.0)
    assert answer.changes == ()


def test_a_delivery_that_stands_elsewhere_is_counted() -> None:
    # Of two deliveries in June one position is out of the outage's row: what the base plan stood in the other moves.
    place = facility()
    place["positions"] = [
        {"name": name, "hall": "h1", "row": row, "feed_a": "u1"} for name, row in (("p0", "w0"), ("p1", "w1"))
    ]
    place["racks"] = [{"name": "new", "rack_type": "a", "status": "planned", "available_from": "2026-06"}]
    base = planned_base(scenario(place, 3, contracts=[contract("lease")]))
    (stood,) = base.plan.placements
    row = {"p0": "w0", "p1": "w1"}[stood.position]
    moved = one(base, f"outage:{row}:2026-06:2026-08")
    assert (moved.relocated, moved.racks_moved) == (1, 0)
    assert one(base, "fee:lease:x1").relocated == 0


def test_a_commitment_that_is_missed_is_named_by_period() -> None:
    answer = one(planned_base(site(workloads=[])), "outage:h1:2026-06:2026-07")
    assert [(one.demand, one.period, one.short_kw) for one in answer.missed] == [("lease", "2026-06", 10.0)]


def test_a_case_without_a_plan_says_so_beside_the_others() -> None:
    asked = site(policy={"shortfall": "forbid"})
    dark, fine = whatif_from(planned_base(asked), ["outage:h1:2026-06:2026-07", "fee:lease:x2"], engine=Here()).cases
    assert (dark.status, dark.objective_usd, dark.delta_usd) == ("infeasible", None, None)
    assert dark.detail
    assert fine.status == "optimal"


def test_processes_and_this_process_answer_alike() -> None:
    base = planned_base(site())
    cases = ["demand:own:x0,x0.5,x2", NOTICE]
    assert whatif_from(base, cases, jobs=2) == whatif_from(base, cases, engine=Here())


class TestFolder:
    CASES = ("demand:own:x0,x0.5", NOTICE)

    def test_it_has_each_plan_and_answer(self, tmp_path: Path) -> None:
        base = planned_base(site())
        answer = whatif_from(base, self.CASES, engine=Here(), folder=tmp_path)
        assert len(list(tmp_path.iterdir())) == 6
        plans = [load_plan(tmp_path / (case.plan or "")) for case in answer.cases]
        assert [plan.objective_usd for plan in plans] == [case.objective_usd for case in answer.cases]

    def test_a_second_run_plans_nothing_and_says_the_same(self, tmp_path: Path) -> None:
        base = planned_base(site())
        first = whatif_from(base, self.CASES, engine=Here(), folder=tmp_path)
        heard: list[str] = []
        again = whatif_from(
            base, self.CASES, engine=Here(), folder=tmp_path, progress=lambda progress: heard.append(progress.stage)
        )
        assert again == first
        assert heard == [f"3 of 3 cases are in {tmp_path} already"]

    @pytest.mark.parametrize(
        ("lost", "old", "new"),
        [
            ("*.plan.json", "{", "{ "),
            ("demand-own-x0-*[0-9a-f].json", "{", "{}"),
            ("demand-own-x0-*[0-9a-f].json", '"delta_usd": -', '"delta_usd": '),
            ("demand-own-x0-*[0-9a-f].json", '"detail": "', '"detail": "no '),
        ],
    )
    def test_what_was_changed_since_is_planned_again_and_said_to_be(
        self, tmp_path: Path, lost: str, old: str, new: str
    ) -> None:
        base = planned_base(site())
        first = whatif_from(base, self.CASES, engine=Here(), folder=tmp_path)
        path = sorted(tmp_path.glob(lost))[0]
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))
        heard: list[str] = []
        again = whatif_from(
            base, self.CASES, engine=Here(), folder=tmp_path, progress=lambda progress: heard.append(progress.stage)
        )
        assert again == first.replace(redone=("demand:own:x0",))
        assert heard[0] == f"2 of 3 cases are in {tmp_path} already"
        assert len(heard) == 2
        assert whatif_from(base, self.CASES, engine=Here(), folder=tmp_path) == first

    def test_a_folder_of_other_files_is_left_alone(self, tmp_path: Path) -> None:
        (tmp_path / "note.txt").write_text("mine")
        with pytest.raises(ScenarioError, match=r"has other files \(note.txt\) and no answer; expected a folder"):
            whatif_from(planned_base(site()), [NOTICE], engine=Here(), folder=tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]

    def test_other_files_beside_answers_do_no_harm(self, tmp_path: Path) -> None:
        first = whatif_from(planned_base(site()), [NOTICE], engine=Here(), folder=tmp_path)
        (tmp_path / "moves.csv").write_text("mine")
        assert whatif_from(planned_base(site()), [NOTICE], engine=Here(), folder=tmp_path) == first

    def test_another_base_plan_or_seed_has_answers_of_its_own(self, tmp_path: Path) -> None:
        whatif_from(planned_base(site()), [NOTICE], engine=Here(), folder=tmp_path)
        other = site(policy={"discount_rate": 0.08})
        whatif_from(planned_base(other), [NOTICE], engine=Here(), folder=tmp_path)
        assert len(list(tmp_path.iterdir())) == 4
