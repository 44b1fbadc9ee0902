"""Records are changed by replacing and validating anew."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from capalloc.schema.facility import PowerNode, Supply
from capalloc.schema.scenario import Scenario
from tests.strategies import facility, scenario, workload


def _sound() -> Scenario:
    return scenario(facility(), workloads=[workload("own")])


def test_a_replaced_field_is_validated() -> None:
    supply = Supply(name="grid", node="u", kw=10.0)
    assert supply.replace(kw=0.1 + 0.2).kw == 0.3  # kW are kept to nine places
    with pytest.raises(ValidationError, match="greater than or equal to 0"):
        supply.replace(kw=-1.0)
    with pytest.raises(ValidationError, match="kva"):
        supply.replace(kva=1.0)


def test_a_field_is_replaced_by_its_name_not_by_its_key_in_a_file() -> None:
    supply = Supply(name="grid", node="u", kw=10.0, start=date(2026, 1, 1))
    assert supply.replace(start=date(2026, 2, 1)).start == date(2026, 2, 1)
    with pytest.raises(ValidationError, match="from"):
        supply.replace(**{"from": date(2026, 2, 1)})


def test_the_record_as_a_whole_is_validated() -> None:
    step = _sound().workloads[0].demand[0]
    with pytest.raises(ValidationError, match="exactly one of gpus, racks, mw"):
        step.replace(gpus=1, racks=1, mw=1.0)


def test_records_inside_are_shared_and_the_original_stays() -> None:
    sound = _sound()
    renamed = sound.replace(name="other")
    assert renamed.name == "other" != sound.name
    assert renamed.facility is sound.facility
    assert renamed.workloads[0] is sound.workloads[0]


def test_fields_left_to_their_defaults_stay_unset() -> None:
    node = PowerNode(name="u", kind="utility", rated_kw=10.0)
    assert node.replace(rated_kw=5.0).model_fields_set == {"name", "kind", "rated_kw"}
    assert node.replace(rated_kw=10.0) == node
