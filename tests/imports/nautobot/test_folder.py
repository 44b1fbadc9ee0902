"""Answers of a Nautobot that somebody saved."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from capalloc.errors import ScenarioError
from capalloc.imports.nautobot.folder import read_folder
from capalloc.imports.nautobot.reading import inventory_of
from capalloc.imports.rest.objects import Answers
from tests.imports.nautobot.site import Objects, small_site


def save(folder: Path, site: Objects, **changed: Any) -> Path:
    for endpoint, objects in site.items():
        answer = {"count": len(objects), "next": None, "previous": None, "results": objects}
        (folder / f"{endpoint}.json").write_text(json.dumps(answer))
    for name, text in changed.items():
        (folder / f"{name.replace('_', '-')}.json").write_text(text if isinstance(text, str) else json.dumps(text))
    return folder


def test_a_folder_holds_what_the_server_would_answer(tmp_path: Path) -> None:
    assert inventory_of(read_folder(save(tmp_path, small_site()))) == inventory_of(Answers(small_site()))


def test_lists_and_pages_are_read_too(tmp_path: Path) -> None:
    site = small_site()
    racks = site["racks"]
    save(tmp_path, site, power_panels=site["power-panels"], racks={"count": 4, "results": racks[:3]})
    (tmp_path / "racks.2.json").write_text(json.dumps({"count": 4, "next": None, "results": racks[3:]}))
    assert inventory_of(read_folder(tmp_path)) == inventory_of(Answers(small_site()))


def test_files_of_other_names_are_no_pages(tmp_path: Path) -> None:
    site = small_site()
    save(tmp_path, site)
    (tmp_path / "racks-of-last-year.json").write_text(json.dumps(site["racks"][:1]))
    assert inventory_of(read_folder(tmp_path)) == inventory_of(Answers(site))


def test_only_racks_panels_and_feeds_must_be_there(tmp_path: Path) -> None:
    needed = {name: one for name, one in small_site().items() if name in {"racks", "power-panels", "power-feeds"}}
    inventory = inventory_of(read_folder(save(tmp_path, needed)))
    assert len(inventory.racks) == 4
    assert inventory.racks[0].tenant is None  # its name is not known: tenants.json is not there


def complaint(folder: Path) -> str:
    with pytest.raises(ScenarioError) as caught:
        read_folder(folder)
    return str(caught.value)


def test_a_folder_without_the_power_says_what_to_save(tmp_path: Path) -> None:
    (tmp_path / "racks.json").write_text("[]")
    said = complaint(tmp_path)
    assert "has no power panels; save what /api/dcim/power-panels/?limit=0 answers as power-panels.json" in said
    assert "power-feeds.json" in said
    assert "has no racks" not in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"count": 9, "results": []}', "has 0 of 9 racks; save all with ?limit=0"),
        ('{"count": 9, "results": [{"id": "1", "name"', "is not whole JSON"),
        ('{"detail": "Invalid token"}', 'an answer with "results"; found: Invalid token'),
        ('"racks"', "expected a list of racks"),
        ("7", "expected a list of racks"),
        ("[7]", "results.0: expected an object of racks, found int"),
        ('[{"id": "1"}]', "results.0: has no name"),
        ('[{"name": "A01"}]', "results.0: has no id"),
        ("", "is not whole JSON"),
        ("\0", "is not text"),
        ("[" * 100_000, "is nested too deeply"),
    ],
)
def test_what_is_no_answer_is_refused_by_name(text: str, said: str, tmp_path: Path) -> None:
    found = complaint(save(tmp_path, small_site(), racks=text))
    assert said in found
    assert "racks.json" in found


def test_a_page_that_was_saved_twice_is_refused(tmp_path: Path) -> None:
    site = small_site()
    save(tmp_path, site, racks=site["racks"])
    (tmp_path / "racks.2.json").write_text(json.dumps(site["racks"]))
    assert "has racks-0001 twice; was a page saved two times?" in complaint(tmp_path)
