"""Reservations cover exactly the assigned racks, each on its days; partitions name who may use them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from capalloc.analysis.base import Base
from capalloc.exports.slurm import tenants as module
from capalloc.exports.slurm.hostlist import expanded
from capalloc.exports.slurm.nodes import slurm_site
from capalloc.exports.slurm.tenants import Reservation, Reserved, partitions_conf, reservations, tenants_of
from tests.exports.slurm.sites import planned

Held = Counter[tuple[str, str, date]]
"""(demand or account, node, day): how many have it."""


def days(start: date, until: date) -> Iterable[date]:
    return (start + timedelta(days=n) for n in range((until - start).days))


def of_plan(base: Base) -> Held:
    return Counter((one.demand, one.rack, day) for one in base.plan.assignments for day in days(one.start, one.until))


def of_slurm(found: Iterable[Reservation]) -> Held:
    held: Held = Counter()
    for one in found:
        demand = one.name.split("_")[1]
        held.update((demand, node, day) for node in expanded(one.nodes) for day in days(one.start, one.until))
    return held


def reserved(base: Base, kind: Reserved) -> list[Reservation]:
    return reservations(base.plan.assignments, slurm_site(base), tenants_of(base.scenario.planned()), kind)


@pytest.mark.parametrize("kind", ["run", "step"])
def test_every_rack_is_reserved_on_the_days_on_which_it_serves_and_on_no_other(kind: Reserved) -> None:
    base = planned("tiny")
    assert of_slurm(reserved(base, kind)) == of_plan(base)


def test_a_run_has_the_racks_that_serve_on_the_same_days() -> None:
    base = planned("tiny")
    found = {one.name: one for one in reserved(base, "run")}
    assert len(found) == len({(one.demand, one.start, one.until) for one in base.plan.assignments})
    assert found["capalloc-tiny_lease_2026-05-01_2026-11-01"].account == "example-ai"


def test_a_step_has_all_racks_of_a_demand() -> None:
    # Inference falls from 8 racks to 7 and less; the lease ramps from 3 to 6 to 9 racks and then stays.
    base = planned("tiny")
    lease = [one for one in reserved(base, "step") if "_lease_" in one.name]
    assert [(one.start.month, one.until.month, len(expanded(one.nodes))) for one in lease] == [
        (5, 6, 3),
        (6, 7, 6),
        (7, 11, 9),
    ]


def test_a_list_of_nodes_too_long_for_a_command_becomes_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST", 12)
    base = planned("tiny")
    found = reserved(base, "run")
    assert of_slurm(found) == of_plan(base)
    assert len({one.name for one in found}) == len(found)
    assert max(len(one.nodes) for one in found) <= 12


def test_contracts_of_a_tenant_share_its_account() -> None:
    contract = planned("tiny").scenario.contracts[0]
    found = tenants_of([contract, contract.replace(name="second")])
    assert (found.account("lease"), found.account("second")) == ("example-ai", "example-ai")


def test_jobs_of_a_partition_are_of_its_account_and_name_a_reservation() -> None:
    base = planned("tiny")
    lines = partitions_conf(base.plan.assignments, slurm_site(base), tenants_of(base.scenario.planned()))
    assert lines[-1] == (
        "PartitionName=lease Nodes=demand-lease AllowAccounts=example-ai ReqResv=YES Default=NO State=UP"
    )
    assert {line.split()[0] for line in lines[:-2]} == {
        "NodeSet=demand-inference",
        "NodeSet=demand-lease",
        "NodeSet=hall-h1",
        "NodeSet=type-rack",
    }


def test_names_that_mean_something_to_slurm_are_spelled_without_it() -> None:
    base = planned("odd")
    lines = partitions_conf(base.plan.assignments, slurm_site(base), tenants_of(base.scenario.planned()))
    assert {line.split()[0] for line in lines if "PartitionName" in line} == {
        "PartitionName=lease-all",
        "PartitionName=own-x",
    }
    assert "AllowAccounts=bobby-drop" in "".join(lines)
