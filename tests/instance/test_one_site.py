"""Scenarios of one site, compiled one after the other, are each as they are alone."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from capalloc.analysis.edits import with_site
from capalloc.instance.compile import compile_scenario
from capalloc.instance.model import Instance
from capalloc.schema.scenario import Scenario
from tests.strategies import facility, scenario


def _arrays(instance: Instance) -> list[Any]:
    racks, places = instance.racks, instance.positions
    rows = [(row.where, row.positions, row.weights, row.limit_w) for row in instance.rows]
    return [
        (racks.names, racks.type, racks.position, racks.arrival, racks.usable, racks.pin, racks.powered_before),
        (places.names, places.ok, places.row, places.hall, places.block, places.fits, places.site_weight),
        *rows,
    ]


def _alone(one: Scenario) -> Instance:
    """The scenario compiled with a site that nothing is known of."""
    return compile_scenario(Scenario.model_validate(one.model_dump()))


@pytest.fixture
def base() -> Scenario:
    site = facility(4)
    site["racks"][1] |= {"status": "planned", "available_from": date(2026, 7, 1)}
    return scenario(site)


def _outage(base: Scenario) -> Scenario:
    hall = base.facility.positions[0].hall
    start, until = base.horizon.start, base.horizon.periods[0].end
    out = {"type": "outage", "hall": hall, "from": start, "until": until}
    return Scenario.model_validate(base.model_dump() | {"facility": base.facility, "events": [out]})


def _delay(base: Scenario) -> Scenario:
    kind = base.facility.racks[1].rack_type
    late = {"type": "delay", "rack_type": kind, "days": 400}
    return Scenario.model_validate(base.model_dump() | {"facility": base.facility, "events": [late]})


def _retired(base: Scenario) -> Scenario:
    first, *others = base.facility.racks
    return with_site(base, racks=(first.replace(status="retired"), *others))


def test_what_is_shared_of_a_site_does_not_depend_on_who_came_before(base: Scenario) -> None:
    every = [base, _outage(base), _delay(base), _retired(base), base]
    for one, alone in [(compile_scenario(one), _alone(one)) for one in every]:
        np.testing.assert_equal(_arrays(one), _arrays(alone))


def test_scenarios_of_one_site_share_its_positions(base: Scenario) -> None:
    first, second = compile_scenario(base), compile_scenario(_outage(base))
    assert first.positions.row is second.positions.row
    assert not np.array_equal(first.positions.ok, second.positions.ok)
