"""What would be lost in silence: slips of the mapping file, and parts of a site without racks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from capalloc.errors import ScenarioError
from capalloc.formats.library import shipped_rack_type
from capalloc.imports.inventory.chosen import part_of
from capalloc.imports.inventory.convert import scenario_of
from capalloc.imports.inventory.mapping import MappingFile, PanelWords, RackWords
from capalloc.imports.inventory.records import Inventory
from capalloc.imports.missing import Tally
from tests.imports.inventory.test_site import OSLO, RACK, changed, device


def test_a_part_without_racks_is_refused_and_says_where_racks_are() -> None:
    with pytest.raises(ScenarioError) as refused:
        part_of(OSLO, ("Bergen",), (), "/", Tally())
    assert refused.value.problems[0].message == "has no racks in the site 'Bergen'; sites with racks: Oslo (1)"
    with pytest.raises(ScenarioError) as refused:
        part_of(changed(racks=()), ("Oslo",), ("Row 1",), "/", Tally())
    assert refused.value.problems[0].message == "has no racks in the site 'Oslo' and the location 'Row 1'"


UNMATCHED = "names in the mapping file that mean nothing here"


def unmatched(words: MappingFile, inventory: Inventory = OSLO) -> tuple[str, ...]:
    """What is counted of the mapping file."""
    tally = Tally()
    scenario_of(inventory, words, tally)
    return next((one.where for one in tally.missing() if one.what == UNMATCHED), ())


def test_names_of_the_mapping_file_that_mean_nothing_are_counted() -> None:
    words = MappingFile(
        panels={"UPS*": PanelWords(), "UPS": PanelWords(), "UPS-C*": PanelWords(), "ups": PanelWords()},
        racks={"R?": RackWords(), "R1": RackWords(), "R99": RackWords()},
        rack_types={"gb200-nvl72": "hgx-h100", "GB2000": "gb200-nvl72"},
    )
    assert unmatched(words) == (
        "UPS-C* (under panels)",
        "ups (under panels)",
        "R99 (under racks)",
        "GB2000 (under rack_types)",
    )
    assert unmatched(MappingFile(panels={"UPS": PanelWords()}, racks={"R1": RackWords()})) == ()


def test_a_rack_type_of_ones_own_means_something_where_another_name_leads_to_it() -> None:
    own = shipped_rack_type("gb200-nvl72")
    assert own is not None
    words = MappingFile(rack_types={"mine": own.replace(name="own"), "gb200-nvl72": "own", "far": "own"})
    assert unmatched(words) == ("far (under rack_types)",)
    lonely = MappingFile(rack_types={"mine": own.replace(name="own"), "gb200-nvl72": "hgx-h100"})
    assert unmatched(lonely) == ("mine (under rack_types)",)


def test_names_that_devices_may_have_are_not_counted_where_devices_were_not_read() -> None:
    words = MappingFile(rack_types={"8 x b-server": "hgx-h100"})
    counted = changed(racks=(replace(RACK, devices=8),))
    assert unmatched(words, counted) == ()
    assert unmatched(words, replace(counted, devices=(device(1, "b-server"),))) == ("8 x b-server (under rack_types)",)
