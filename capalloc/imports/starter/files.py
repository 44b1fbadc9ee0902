"""All files of a site to begin with."""

from __future__ import annotations

from capalloc.errors import Problem, ScenarioError
from capalloc.formats.expand import dump_yaml, facility_head, table_texts
from capalloc.formats.library import model_path, shipped_rack_type, unknown_model
from capalloc.formats.placing import load_facility
from capalloc.imports.starter.pages import Asked, facility_page, scenario_page
from capalloc.imports.starter.site import facility_of
from capalloc.imports.starter.wish import Wish
from capalloc.schema.facility import Facility
from capalloc.schema.hardware import RackType


def starter_files(wish: Wish) -> dict[str, str]:
    """Name to text of every file of the site that is asked for."""
    facility = facility_of(wish)
    return _files(facility, Asked.of(wish, facility, wish.lease_racks))


def copied_files(name: str, wish: Wish) -> dict[str, str]:
    """Name to text of every file of a facility that ships, with a scenario for all its racks.

    Raises ScenarioError where no facility of that name ships.
    """
    path = model_path("facility", name)
    if path is None:
        raise ScenarioError([Problem("--from", 0, "", unknown_model("facility", name))])
    facility = load_facility(path)
    return _files(facility, Asked.of(wish, facility, 0))


def _files(facility: Facility, asked: Asked) -> dict[str, str]:
    return {
        "scenario.yaml": scenario_page(asked),
        "facility.yaml": facility_page(dump_yaml(_head(facility))),
        **table_texts(facility),
    }


def _head(facility: Facility) -> dict[str, object]:
    """What the facility says of itself; rack types that ship by name, others in full."""
    return facility_head(facility) | {"rack_types": [_kind(kind) for kind in facility.rack_types]}


def _kind(kind: RackType) -> object:
    return kind.name if kind == shipped_rack_type(kind.name) else kind.model_dump(mode="json", exclude_none=True)
