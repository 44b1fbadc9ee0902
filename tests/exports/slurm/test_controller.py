"""Slurm's own controller takes what is exported, and says of it what the plan says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from capalloc.analysis.base import Base
from capalloc.exports.slurm import SlurmParams, slurm_files
from capalloc.exports.slurm.nodes import slurm_site
from capalloc.instance.timeline import Term
from capalloc.schema.plan import Assignment, Plan
from tests.exports.slurm.controller import Controller, controller
from tests.exports.slurm.sites import planned

_YEARS = 100
"""By which plans are moved, so that no day of theirs is in the past."""

Held = set[tuple[str, str, str]]
"""(node, first moment, end)."""


def later(day: date) -> date:
    return day.replace(year=day.year + _YEARS)


def moved(base: Base) -> Base:
    """The same plan, a century later."""
    spans = [
        Assignment(rack=one.rack, demand=one.demand, start=later(one.start), until=later(one.until))
        for one in base.plan.assignments
    ]
    return replanned(base, spans)


def replanned(base: Base, spans: list[Assignment]) -> Base:
    """The same site with other days, whatever its terms."""
    other = Base(base.scenario, base.plan.model_copy(update={"assignments": tuple(spans)}))
    other.__dict__["roster"] = base.roster
    endless = [replace(one, term=Term(date.min, date.max)) for one in base.instance.demands]
    other.__dict__["instance"] = replace(base.instance, demands=tuple(endless))
    return other


@contextmanager
def running(base: Base, folder: Path, params: SlurmParams) -> Iterator[Controller]:
    """A controller that has read an export; it must not have complained of it."""
    write(base, folder, params)
    slurm = controller(folder)
    with slurm.started():
        yield slurm
    assert slurm.complaints() == []


def write(base: Base, folder: Path, params: SlurmParams) -> None:
    for name, text in slurm_files(base, params).files.items():
        (folder / name).write_text(text, encoding="utf-8")


def held(slurm: Controller) -> dict[str, Held]:
    """What reservations hold, by account."""
    found: dict[str, Held] = defaultdict(set)
    for words in slurm.shown("reservation").values():
        nodes = slurm.names(words["Nodes"])
        found[words["Accounts"]] |= {(node, words["StartTime"], words["EndTime"]) for node in nodes}
    return found


def wanted(plan: Plan, nodes: dict[str, tuple[str, ...]], accounts: dict[str, str]) -> dict[str, Held]:
    found: dict[str, Held] = defaultdict(set)
    for one in plan.assignments:
        days = f"{one.start}T00:00:00", f"{one.until}T00:00:00"
        found[accounts[one.demand]] |= {(node, *days) for node in nodes[one.rack]}
    return found


@pytest.mark.parametrize(
    ("site", "gpus_per_node", "accounts"),
    [
        ("tiny", ("8",), {"lease": "example-ai", "inference": "inference"}),
        (
            "colossus1-anthropic",
            (),
            {"anthropic": "anthropic", "grok-training": "grok-training", "grok-inference": "grok-inference"},
        ),
        ("odd", (), {"lease, all": "bobby-drop", "own [x]": "own-x"}),
    ],
)
def test_the_controller_has_the_racks_of_each_demand_on_the_days_of_the_plan(
    site: str, gpus_per_node: tuple[str, ...], accounts: dict[str, str], tmp_path: Path
) -> None:
    base, params = moved(planned(site)), SlurmParams(None, gpus_per_node)
    racks = slurm_site(base, gpus_per_node).racks
    with running(base, tmp_path, params) as slurm:
        slurm.run("sh", "reservations.sh")
        nodes = {one.rack.name: one.nodes for one in racks}
        assert held(slurm) == wanted(base.plan, nodes, accounts)
        partitions = slurm.shown("partition")
        assert {words["AllowAccounts"] for words in partitions.values()} == {*accounts.values(), "root"}
        assert partitions["own"]["TotalNodes"] == str(sum(len(one.nodes) for one in racks))
        switches = slurm.shown("topology")
        (top,) = (one for one in switches.values() if one["SwitchName"].startswith("site"))
        assert sorted(slurm.names(top["Nodes"])) == sorted(node for one in racks for node in one.nodes)
        gpus = {node: int(words["Gres"].split(":")[2]) for node, words in slurm.shown("node").items()}
        assert gpus == {node: one.gpus_per_node for one in racks for node in one.nodes}


def test_a_job_gets_in_by_its_account_and_a_reservation_alone(tmp_path: Path) -> None:
    with running(moved(planned("tiny")), tmp_path, SlurmParams()) as slurm:
        slurm.run("sh", "reservations.sh")
        job = ("sbatch", "--wrap", "true", "-p", "lease", "-A", "example-ai")
        name = "--reservation=capalloc-tiny_lease_2126-05-01_2126-11-01"
        assert "Submitted batch job" in slurm.run(*job, name)
        assert "Access/permission denied" in slurm.run(*job, code=1)
        other = ("sbatch", "--wrap", "true", "-p", "inference", "-A", "inference")
        assert "Access denied to requested reservation" in slurm.run(*other, name, code=1)


def test_what_is_over_is_left_out_and_what_has_begun_begins_now(tmp_path: Path) -> None:
    today = date.today()
    day = timedelta(days=1)
    spans = [
        Assignment(rack=rack, demand="lease", start=today + first * day, until=today + end * day)
        for rack, first, end in (("r1-1", -300, -200), ("r1-2", -300, 300), ("r1-3", 100, 300))
    ]
    with running(replanned(planned("tiny"), spans), tmp_path, SlurmParams()) as slurm:
        slurm.run("sh", "reservations.sh")
        found = {one["Nodes"]: one for one in slurm.shown("reservation").values()}
        assert set(found) == {"r1-2", "r1-3"}
        assert found["r1-2"]["State"] == "ACTIVE"
        assert found["r1-2"]["EndTime"] == f"{today + 300 * day}T00:00:00"
        assert found["r1-3"]["StartTime"] == f"{today + 100 * day}T00:00:00"
        assert slurm.run("sh", "reservations.sh") == ""


def test_a_second_plan_takes_the_place_of_the_first(tmp_path: Path) -> None:
    first = moved(planned("tiny"))
    start, until = first.plan.assignments[0].start, first.plan.assignments[-1].until
    spans = [Assignment(rack=f"r{i}-1", demand="lease", start=start, until=until) for i in (1, 2, 3)]
    second = replanned(first, spans)
    with running(first, tmp_path, SlurmParams()) as slurm:
        slurm.run("sh", "reservations.sh")
        for kept in _KEPT:
            slurm.run(*kept)
        before = slurm.shown("reservation")
        write(second, tmp_path, SlurmParams())
        assert "is there, with other nodes" in slurm.run("sh", "reservations.sh", code=1)
        planned_steps = slurm.run("sh", "reservations.sh", "--replace", "--dry-run")
        assert slurm.shown("reservation") == before
        done = slurm.run("sh", "reservations.sh", "--replace")
        assert done == planned_steps
        after = slurm.shown("reservation")
        assert {name: slurm.names(words["Nodes"]) for name, words in after.items()} == {
            f"capalloc-tiny_lease_{start}_{until}": ["r1-1", "r2-1", "r3-1"],
            "window": ["r3-4"],
            "lease_2131-01-01_2131-01-02": ["r3-4"],
        }
        assert slurm.run("sh", "reservations.sh", "--replace") == ""


_KEPT = [
    f"scontrol create reservation ReservationName={name} StartTime={start} EndTime={end} {whose} Nodes=r3-4".split()
    for name, start, end, whose in (
        ("window", "2130-01-01", "2130-01-02", "Users=root"),
        ("lease_2131-01-01_2131-01-02", "2131-01-01", "2131-01-02", "Accounts=example-ai"),
    )
]
"""Reservations of somebody else's."""


def test_a_reservation_with_jobs_stays_and_the_script_says_so(tmp_path: Path) -> None:
    base = moved(planned("tiny"))
    name = "capalloc-tiny_lease_2126-05-01_2126-11-01"
    with running(base, tmp_path, SlurmParams()) as slurm:
        slurm.run("sh", "reservations.sh")
        slurm.run("sbatch", "--wrap", "true", "-p", "lease", "-A", "example-ai", f"--reservation={name}")
        write(replanned(base, []), tmp_path, SlurmParams())
        assert "Requested reservation is in use" in slurm.run("sh", "reservations.sh", "--replace", code=1)
        assert set(slurm.shown("reservation")) == {name}


def test_steps_are_taken_as_well_as_runs(tmp_path: Path) -> None:
    base = moved(planned("tiny"))
    with running(base, tmp_path, SlurmParams(reserved="step")) as slurm:
        slurm.run("sh", "reservations.sh")
        names = sorted(name for name in slurm.shown("reservation") if "_lease_" in name)
        assert names == [
            f"capalloc-tiny_lease_2126-{first}-01_2126-{end}-01"
            for first, end in (("05", "06"), ("06", "07"), ("07", "11"))
        ]


def test_an_option_of_the_script_that_is_none_is_refused(tmp_path: Path) -> None:
    with running(moved(planned("tiny")), tmp_path, SlurmParams()) as slurm:
        said = slurm.run("sh", "reservations.sh", "--force", code=2)
        assert "found --force, expected --replace, --dry-run or --help" in said


def test_reservations_of_one_period_take_the_place_of_no_others(tmp_path: Path) -> None:
    with running(moved(planned("tiny")), tmp_path, SlurmParams("2026-05")) as slurm:
        assert "has those of 2026-05 alone" in slurm.run("sh", "reservations.sh", "--replace", code=2)
