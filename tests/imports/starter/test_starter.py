"""A site to begin with plans as it stands, whatever was asked for."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from capalloc import ScenarioError, load_facility, load_scenario, solve, warnings_of
from capalloc.formats.expand import write_site
from capalloc.imports.starter import SCHEMES, Wish, copied_files, starter_files
from capalloc.json_schema import dump_schema, schemas_beside
from tests.json_schema.test_schemas import as_editors_read, faults


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    "wish", [Wish(), Wish(racks=1, rack_type="hgx-h100-air"), Wish(racks=30, halls=3, rack_type="hgx-h200")], ids=repr
)
def test_every_rack_serves_and_nothing_is_short(tmp_path: Path, scheme: str, wish: Wish) -> None:
    wish = Wish(**{name: getattr(wish, name) for name in ("racks", "rack_type", "halls")}, scheme=scheme)
    write_site(tmp_path, starter_files(wish))
    scenario = load_scenario(tmp_path / "scenario.yaml")
    result = solve(scenario)
    assert not warnings_of(scenario)
    assert result.plan is not None
    assert result.verdict is not None
    assert (result.plan.status, result.verdict.verdict, result.plan.shortfalls) == ("optimal", "ok", ())
    last = [row for row in result.plan.demands if row.period == result.plan.periods[-1]]
    assert sum(row.racks for row in last) == wish.all_racks  # the site is sized for all of them at nameplate


@pytest.mark.parametrize(
    "files", [starter_files(Wish()), starter_files(Wish(leased=0)), copied_files("colo-2n", Wish())]
)
def test_its_pages_follow_the_schemas_that_come_along(files: dict[str, str]) -> None:
    for kind in ("scenario", "facility"):
        assert f"$schema=schemas/{kind}.schema.json" in files[f"{kind}.yaml"].partition("\n")[0]
        assert schemas_beside()[f"schemas/{kind}.schema.json"] == dump_schema(kind)
        assert faults(kind, as_editors_read(files[f"{kind}.yaml"])) == []


def test_the_same_wish_is_the_same_bytes() -> None:
    assert starter_files(Wish()) == starter_files(Wish())


def test_a_site_without_a_lease_says_how_one_is_written(tmp_path: Path) -> None:
    files = starter_files(Wish(leased=0))
    write_site(tmp_path, files)
    assert load_scenario(tmp_path / "scenario.yaml").contracts == ()
    assert "#   - name: lease" in files["scenario.yaml"]


@pytest.mark.parametrize("wish", [Wish(), Wish(leased=0)], ids=["leased", "nobody's"])
def test_what_stands_behind_a_mark_is_read_without_it(tmp_path: Path, wish: Wish) -> None:
    files = starter_files(wish)
    opened = re.sub(
        r"^# ?(?=(contracts|events):|  )|^  # (?=bring_up)", "  ", files["scenario.yaml"], flags=re.MULTILINE
    )
    opened = re.sub(r"^  (?=contracts|events)", "", opened, flags=re.MULTILINE)
    write_site(tmp_path, files | {"scenario.yaml": opened})
    scenario = load_scenario(tmp_path / "scenario.yaml")
    assert {event.type for event in scenario.events} == {"delay", "notice"}
    assert (scenario.contracts[0].name, scenario.policy.bring_up.racks_per_period) == ("lease", 40)


@pytest.mark.parametrize(
    "text", ['12: "a" #b', "yes, {we} are*", "1e5", "~", "- a", "it's", "off", "2027-01", "höfe 𐀀", "\\n"]
)
def test_names_of_any_text_are_read_back(tmp_path: Path, text: str) -> None:
    wish = Wish(name=text, tenant=text)
    write_site(tmp_path, starter_files(wish))
    scenario = load_scenario(tmp_path / "scenario.yaml")
    assert (scenario.name, scenario.facility.name, scenario.contracts[0].tenant) == (wish.name, wish.name, wish.tenant)


@pytest.mark.parametrize("model", ["abilene", "colo-2n", "colossus1"])
def test_a_facility_that_ships_is_copied_whole(tmp_path: Path, model: str) -> None:
    write_site(tmp_path, copied_files(model, Wish(start=date(2027, 3, 1))))
    copied = load_scenario(tmp_path / "scenario.yaml")
    assert copied.facility == load_facility(model)
    assert not warnings_of(copied)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"racks": 0}, "--racks: found 0"),
        ({"racks": 100_001}, "--racks: found 125,001"),
        ({"rack_type": "gb20"}, "--rack-type: unknown rack type 'gb20'"),
        ({"halls": 17}, "--halls: found 17, expected 1 to the number of racks, 16"),
        ({"scheme": "5n4"}, "--redundancy: found '5n4', expected one of n, 2n"),
        ({"leased": 17}, "--lease: found 17 racks"),
        ({"tenant": "a\nb"}, "--tenant: found 'a.*', expected a name that can be printed"),
        ({"start": date(9999, 12, 1)}, "--start: found 9999-12, expected a date from 1900 to 2480"),
        ({"name": " "}, "--name: found ' ', expected a name"),
    ],
    ids=str,
)
def test_a_wish_that_cannot_be_says_why(wrong: dict[str, object], says: str) -> None:
    with pytest.raises(ScenarioError, match=says):
        Wish(**wrong)  # type: ignore[arg-type]
