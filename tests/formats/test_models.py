"""Models that ship: presets, rack types and facilities by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from capalloc.formats import list_models, load_scenario
from tests.formats.conftest import FACILITY, POSITIONS, POWER, RACKS, Files

Library = Callable[[str, str], Path]

PRESET = """\
name: bee
description: A tenant.
tenant: Bee
source: a filing
confidence: reported
rack_types: [hgx]
ramp: [{from: 2026-06, mw: {value: 0.08, source: a filing, confidence: assumed}}]
until: 2026-10
fee: {usd_per_month: {value: 5, confidence: assumed}}
"""
RACK_TYPE = """\
name: hgx
gpu: H100
gpus: 64
nameplate_kw: {value: 80, source: a data sheet, confidence: derived}
expected_kw: 68
idle_kw: 20
liquid_fraction: 0.7
cooling: liquid
"""


def test_a_preset_gives_what_the_entry_does_not(files: Files, library: Library) -> None:
    library("contracts/bee.yaml", PRESET)
    files.append("scenario.yaml", "  - {preset: bee, fee: {usd_per_kw_month: 4}, until: 2026-09}\n")
    contract = load_scenario(files.scenario).contracts[1]
    assert (contract.name, contract.tenant, contract.ramp[0].mw) == ("bee", "Bee", 0.08)
    # an override replaces the whole top-level key: usd_per_month of the preset is gone
    assert (contract.fee.usd_per_month, contract.fee.usd_per_kw_month, contract.until.month) == (None, 4, 9)


def test_an_error_in_a_preset_names_the_preset_file(files: Files, library: Library) -> None:
    path = library("contracts/bee.yaml", PRESET.replace("until: 2026-10", "until: soon"))
    files.append("scenario.yaml", "  - preset: bee\n")
    file, line, key, message = files.problem()
    assert (file, line, key) == (path.as_posix(), 8, "until")
    assert "'soon' is not a date" in message


def test_a_reference_of_a_preset_names_the_entry_that_takes_it(files: Files, library: Library) -> None:
    library("contracts/bee.yaml", PRESET.replace("[hgx]", "[gb200]"))
    files.append("scenario.yaml", "  - preset: bee\n")
    assert files.problem()[:3] == ("scenario.yaml", 17, "contracts.1.rack_types.0")


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("be", "unknown contract 'be'; did you mean 'bee'?; shipped are bee"),
        ("../contracts/bee", "unknown contract '../contracts/bee'"),
        ("7", "unknown contract '7'"),
    ],
)
def test_an_unknown_preset_is_named(files: Files, library: Library, written: str, says: str) -> None:
    library("contracts/bee.yaml", PRESET)
    files.append("scenario.yaml", f"  - preset: {written}\n")
    found = [problem for problem in files.problems() if problem[2] == "contracts.1.preset"]
    assert [line for _, line, _, _ in found] == [17]
    assert says in found[0][3]


def test_presets_of_workloads_and_signed_contracts_are_resolved(files: Files, library: Library) -> None:
    library("contracts/bee.yaml", PRESET)
    text = "name: w\nrack_types: [hgx]\ndemand: [{from: 2026-05, racks: 1}]\nvalue: [{usd_per_gpu_hour: 1}]\n"
    library("workloads/w.yaml", text)
    files.change("scenario.yaml", "workloads:\n", "workloads:\n  - preset: w\n")
    files.append("scenario.yaml", "events:\n  - {type: sign, on: 2026-07, contract: {preset: bee}}\n")
    scenario = load_scenario(files.scenario)
    assert [demand.name for demand in scenario.planned()] == ["w", "train", "ant", "bee"]


def test_rack_types_and_facilities_are_found_by_name(files: Files, library: Library) -> None:
    library("rack_types/hgx.yaml", RACK_TYPE)
    library("facilities/plant/facility.yaml", "facility: plant\nrack_types: [hgx]\n")
    for name, text in (("power", POWER), ("positions", POSITIONS), ("racks", RACKS)):
        library(f"facilities/plant/{name}.csv", text)
    files.change("scenario.yaml", "facility: site", "facility: plant")
    facility = load_scenario(files.scenario).facility
    assert (facility.name, facility.rack_types[0].nameplate_kw) == ("plant", 80)


def test_an_error_in_a_shipped_rack_type_names_its_file(files: Files, library: Library) -> None:
    path = library("rack_types/hgx.yaml", RACK_TYPE.replace("gpus: 64", "gpus: 6.5"))
    files.write("site/facility.yaml", "facility: site\nrack_types: [hgx]\n")
    assert files.problem() == (path.as_posix(), 3, "gpus", "found 6.5, expected a whole number")


def test_an_unknown_rack_type_is_named(files: Files, library: Library) -> None:
    library("rack_types/hgx.yaml", RACK_TYPE)
    files.write("site/facility.yaml", "facility: site\nrack_types: [hgx, hgy]\n")
    message = "unknown rack type 'hgy'; did you mean 'hgx'?; shipped are hgx"
    assert files.problem() == ("site/facility.yaml", 2, "rack_types.1", message)


@pytest.mark.parametrize(
    ("facility", "says"),
    [
        ("nowhere", "'nowhere' is not there"),
        ("..", "leaves the folder of this file"),
        ("../other/facility.yaml", "leaves the folder of this file"),
        ("/etc/passwd", "expected a path relative to this file"),
        ("link", "leaves the folder of this file"),
        ("3", "found 3, expected the name of a model or a relative path"),
        ("[site]", "found ['site'], expected the name of a model or a relative path"),
    ],
)
def test_a_facility_outside_the_folder_or_not_there_is_named(files: Files, facility: str, says: str) -> None:
    (files.folder / "link").symlink_to(files.folder.parent)
    files.change("scenario.yaml", "facility: site", f"facility: {facility}")
    file, line, key, message = files.problem()
    assert (file, line, key) == ("scenario.yaml", 2, "facility")
    assert says in message


def test_a_table_that_links_out_of_the_folder_is_refused(files: Files) -> None:
    outside = files.folder.parent / f"{files.folder.name}-racks.csv"
    outside.write_text(RACKS, encoding="utf-8")
    (files.folder / "site/racks.csv").unlink()
    (files.folder / "site/racks.csv").symlink_to(outside)
    assert "leaves the folder of this file" in files.problem()[3]


def test_a_facility_may_be_named_by_its_file(files: Files) -> None:
    files.change("scenario.yaml", "facility: site", "facility: site/facility.yaml")
    assert load_scenario(files.scenario).facility.name == "site"


def test_models_are_listed_with_their_sources(library: Library) -> None:
    library("contracts/bee.yaml", PRESET)
    library("rack_types/hgx.yaml", RACK_TYPE)
    library("facilities/plant/facility.yaml", FACILITY + "description: {value: A plant, source: me}\n")
    library("workloads/broken.yaml", "a: [")
    found = [(entry.kind, entry.name, entry.description, entry.sources, entry.confidence) for entry in list_models()]
    assert found == [
        ("facility", "plant", "A plant", 1, ()),
        ("rack_type", "hgx", "", 1, (("derived", 1),)),
        ("contract", "bee", "A tenant.", 2, (("reported", 1), ("assumed", 2))),
        ("workload", "broken", "cannot be read", 0, ()),
    ]


def test_a_library_without_folders_lists_nothing(library: Library) -> None:
    assert list_models() == ()
