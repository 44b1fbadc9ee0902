"""A rack is the nodes that its row names, or nodes named after it, as many as its GPUs make."""

from __future__ import annotations

from typing import Any

import pytest

from capalloc.errors import ScenarioError
from capalloc.exports.slurm.nodes import nodes_conf, slurm_site
from tests.exports.slurm.sites import racks, small


def labelled(text: str) -> dict[str, Any]:
    return {"labels": {"slurm_nodes": text}}


def test_a_rack_is_one_node_unless_more_is_asked_for() -> None:
    site = slurm_site(small())
    assert [one.nodes for one in site.racks[:2]] == [("k00",), ("k01",)]
    assert nodes_conf(site) == ["NodeName=k[00-09] Gres=gpu:h100:64 Feature=type-hgx,hall-h1"]


@pytest.mark.parametrize("asked", ["16", "hgx=16"])
def test_gpus_of_a_node_say_how_many_nodes_a_rack_is(asked: str) -> None:
    site = slurm_site(small(), [asked])
    assert site.racks[1].nodes == ("k01-n1", "k01-n2", "k01-n3", "k01-n4")
    assert nodes_conf(site) == ["NodeName=k[00-09]-n[1-4] Gres=gpu:h100:16 Feature=type-hgx,hall-h1"]


def test_made_names_leave_those_of_other_racks_alone() -> None:
    named = racks(k01={"name": "k00-n1"})
    nodes = [node for one in slurm_site(small(racks=named), ["32"]).racks for node in one.nodes]
    assert nodes[:4] == ["k00-nn1", "k00-nn2", "k00-n1-nn1", "k00-n1-nn2"]
    assert len(set(nodes)) == 20


def test_racks_keep_the_nodes_that_their_rows_name() -> None:
    base = small(racks=racks(k00=labelled("gpu[001-004]"), k01=labelled("k05,gpu9"), k02=labelled(" ")))
    site = slurm_site(base, ["64"])
    assert site.racks[0].nodes == ("gpu001", "gpu002", "gpu003", "gpu004")
    assert site.racks[1].nodes == ("k05", "gpu9")
    assert site.racks[5].nodes == ("k05-2",)  # the rack k05, whose name is that of a node of another
    assert [line.split()[1] for line in nodes_conf(site)] == [f"Gres=gpu:h100:{n}" for n in (16, 32, 64)]


def test_racks_of_no_gpus_have_no_gpus_in_slurm() -> None:
    plain = {**small().scenario.facility.rack_types[0].model_dump(exclude_none=True), "name": "cpu", "gpus": 0}
    hgx = small().scenario.facility.rack_types[0].model_dump(exclude_none=True)
    base = small(rack_types=[hgx, plain], racks=racks(k09={"rack_type": "cpu"}))
    site = slurm_site(base, ["8"])
    assert nodes_conf(site)[-1] == "NodeName=k09 Feature=type-cpu,hall-h1"


def test_retired_racks_are_no_nodes_and_deliveries_are_once_they_are_placed() -> None:
    named = racks(k00={"status": "retired"})
    delivery = {"name": "new", "rack_type": "hgx", "available_from": "2026-08", "status": "planned"}
    base = small(racks=[*named, delivery])
    names = [one.rack.name for one in slurm_site(base).racks]
    assert "k00" not in names
    assert ("new" in names) == bool(base.plan.placements)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("0", "--gpus-per-node: found '0', expected a number of GPUs such as 8, or TYPE=8 with TYPE one of hgx"),
        ("-8", "found '-8'"),
        ("eight", "found 'eight'"),
        ("", "found ''"),
        ("gb200=4", "found 'gb200=4'"),
        ("hgx=", "found 'hgx='"),
        ("7", "--gpus-per-node: found 7, expected a divisor of the 64 GPUs of a hgx; name it as hgx=N"),
        ("128", "found 128, expected a divisor of the 64 GPUs"),
        ("99999", "found '99999'"),
    ],
)
def test_a_number_of_gpus_that_cannot_be_is_refused(asked: str, found: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        slurm_site(small(), [asked])
    assert found in str(caught.value)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("gpu[1-8", "racks.csv: k00.slurm_nodes: found 'gpu[1-8', expected a list of nodes such as gpu[001-008]"),
        ("gpu[1-3]", "found 3 nodes, expected a number that divides the 64 GPUs of the rack"),
        ("gpu1,gpu1", "found the node gpu1 of k00 again, expected each node in one rack, once"),
        ("gpu1;reboot", "expected letters, digits"),
    ],
)
def test_nodes_that_cannot_be_are_refused(text: str, found: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        slurm_site(small(racks=racks(k00=labelled(text))))
    assert found in str(caught.value)


def test_a_node_in_two_racks_is_refused_though_its_case_differs() -> None:
    base = small(racks=racks(k00=labelled("gpu1"), k01=labelled("GPU1"), k02=labelled("gpu[1-2]")))
    with pytest.raises(ScenarioError) as caught:
        slurm_site(base)
    assert [one.key for one in caught.value.problems] == ["k01.slurm_nodes", "k02.slurm_nodes"]
    assert "found the node GPU1 of k00 again" in str(caught.value)
