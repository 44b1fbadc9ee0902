"""models/README.md against the schema: each key with its unit, its default and an example; each block of it loads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter
from pydantic.fields import FieldInfo

from capalloc import (
    Diff,
    Impact,
    Placing,
    Quoted,
    Request,
    RevenueAnswer,
    ScenarioError,
    Surplus,
    Verdict,
    load_facility,
    load_placed,
    load_requests,
    load_scenario,
    solve,
)
from capalloc.analysis.explain import Explanation
from capalloc.formats.document import parse, unwrapped
from capalloc.formats.rows import RECORDS, TABLES, columns
from capalloc.schema.demand import Demand
from capalloc.schema.facility import Facility
from capalloc.schema.promised import Promised
from capalloc.schema.record import Record, Sourced, leaves
from capalloc.schema.request import Placed
from capalloc.schema.risk import Risk
from capalloc.schema.scenario import Scenario
from capalloc.schema.shown import Shown
from capalloc.schema.status import Status
from capalloc.schema.whatif import WhatIf
from tests.docs.pages import ROOT, bare, code, marked, table, unmarked_code

PAGE = "models/README.md"
SECTIONS = marked(PAGE)
FILES = {marker.removeprefix("file: "): code(text) for marker, text in SECTIONS.items() if marker.startswith("file: ")}
KEYS = {marker.removeprefix("keys: "): table(text) for marker, text in SECTIONS.items() if marker.startswith("keys: ")}

UNITS = {
    "usd_per_gpu_hour": "USD per GPU-hour",
    "usd_per_kw_month": "USD per kW-month",
    "usd_per_month": "USD a month",
    "kw_months": "kW-months",
    "usd_per_rack": "USD a rack",
    "racks_per_period": "racks a period",
    "moves_per_period": "racks a period",
    "mw_per_period": "MW a period",
    "usd": "USD",
    "mw": "MW",
    "kw": "kW",
    "days": "days",
    "months": "months",
    "gpus": "GPUs",
    "racks": "racks",
    "share": "share",
    "fraction": "share",
    "utilization": "share",
}
"""Units that names carry, the longest first."""
PACKAGES = ("capalloc.schema", "capalloc.analysis.explain")
"""Where records of files and answers live."""
ELSEWHERE = {
    (Scenario, "facility"): "names a file, not the record",
    (Scenario, "incumbent"): "names a file, not the record",
    (Facility, "rack_types"): "names that ship, or records",
}
"""Keys whose values in a file are not those of the record."""
OF_THE_FILE = {"tables", "templates"}
"""Keys of facility.yaml that stand for its tables."""


def walk(record: type[Record], seen: dict[type[Record], None]) -> dict[type[Record], None]:
    """The records that a record is made of, itself included."""
    if record not in seen:
        seen[record] = None
        for field in record.model_fields.values():
            for leaf in leaves(field.annotation):
                if issubclass(leaf, Record):
                    walk(leaf, seen)
    return seen


def every_record() -> dict[str, type[Record]]:
    """The records that files and answers are made of, by module and name, sorted."""
    found: dict[type[Record], None] = {Sourced: None, Demand: None}
    for record in (
        Scenario,
        Request,
        Placed,
        Verdict,
        Placing,
        Shown,
        Impact,
        Quoted,
        RevenueAnswer,
        Surplus,
        Diff,
        Risk,
        Promised,
        WhatIf,
        Explanation,
    ):
        walk(record, found)
    return dict(sorted((f"{record.__module__.rpartition('.')[2]}.{record.__name__}", record) for record in found))


NAMED = every_record()


def fields(name: str) -> dict[str, FieldInfo]:
    """The fields of a record by their keys in files, without what stands elsewhere: further columns, other tables."""
    record = NAMED[name]
    above = {
        key
        for base in (Sourced, Demand)
        if record is not base and issubclass(record, base)
        for key in base.model_fields
    }
    columns_of_ones_own = {"labels"} if record in RECORDS.values() else set()
    left_out = above | columns_of_ones_own
    found = {field.alias or key: field for key, field in record.model_fields.items() if key not in left_out}
    return {key: field for key, field in found.items() if record is not Facility or key not in TABLES}


def test_every_record_has_its_table_and_every_table_its_record() -> None:
    assert KEYS.keys() == NAMED.keys()


@pytest.mark.parametrize("name", NAMED)
def test_a_table_has_the_keys_of_its_record(name: str) -> None:
    more = OF_THE_FILE if NAMED[name] is Facility else set()
    assert [bare(line["key"]) for line in KEYS[name] if bare(line["key"]) not in more] == list(fields(name))


@pytest.mark.parametrize("name", NAMED)
def test_a_key_has_the_unit_that_its_name_carries(name: str) -> None:
    for key, field, line in known(name):
        kinds = leaves(field.annotation)
        unit = "date" if date in kinds else unit_of(key) if kinds & {int, float} else None
        assert line["unit"] == (unit or line["unit"]), key


def unit_of(key: str) -> str | None:
    """The unit that the last words of a key name, if any."""
    return next((unit for words, unit in UNITS.items() if key == words or key.endswith(f"_{words}")), None)


@pytest.mark.parametrize("name", [name for name in NAMED if "default" in KEYS[name][0]])
def test_a_key_has_the_default_of_its_record(name: str) -> None:
    for key, field, line in known(name):
        if field.is_required():
            assert line["default"] == "required", key
        elif field.default is None:
            assert re.fullmatch(r"none(: .+)?", line["default"]), key
        else:
            default = field.get_default(call_default_factory=True)
            assert value_of(NAMED[name], key, field, bare(line["default"])) == default, key


@pytest.mark.parametrize("name", [name for name in NAMED if "example" in KEYS[name][0]])
def test_the_example_of_a_key_is_a_value_of_it(name: str) -> None:
    assert all(bare(line["example"]) for line in KEYS[name])
    for key, field, line in known(name):
        if (NAMED[name], key) not in ELSEWHERE:
            value_of(NAMED[name], key, field, bare(line["example"]))


def known(name: str) -> Iterator[tuple[str, FieldInfo, dict[str, str]]]:
    """(key, field, row of the table) of the keys that are fields of the record."""
    of_record = fields(name)
    for line in KEYS[name]:
        if (key := bare(line["key"])) in of_record:
            yield key, of_record[key], line


def value_of(record: type[Record], key: str, field: FieldInfo, text: str) -> Any:
    """The value that a text in a file stands for, validated as the record's field."""
    kind = next((kind for kind, known in RECORDS.items() if known is record), None)
    if kind is not None and text:
        plain: Any = columns(kind)[key](text)
    else:
        problems: list[Any] = []
        plain = unwrapped(parse(text, PAGE, problems), problems).plain
        assert not problems
        plain = {"yes": True, "no": False}[plain] if bool in leaves(field.annotation) else plain
    kind_of_value: Any = Annotated[field.annotation, key, *field.metadata]
    return TypeAdapter(kind_of_value).validate_python(plain)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The files of the page in a folder."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_the_site_of_the_page_is_planned_to_the_optimum(site: Path) -> None:
    found = solve(load_scenario(site / "scenario.yaml"))
    assert found.plan is not None
    assert found.plan.status == Status.OPTIMAL
    assert not found.plan.shortfalls
    assert {placement.rack for placement in found.plan.placements} == {"new-1", "new-2"}


def test_the_templates_of_the_page_stand_for_its_tables(site: Path) -> None:
    assert load_facility(site / "templates") == load_facility(site)


def test_the_placed_racks_of_the_page_are_those_of_its_requests(site: Path) -> None:
    requests = load_requests(site / "requests.csv")
    assert load_placed(site / "placed.csv", load_facility(site), requests, on=date(2027, 1, 1), standing="nameplate")


@pytest.mark.parametrize("block", list(unmarked_code(PAGE, "yaml")))
def test_a_block_of_the_page_fits_into_its_scenario(site: Path, block: str) -> None:
    own = {line.partition(":")[0]: None for line in block.splitlines() if re.match(r"\w", line)}
    assert own
    kept = [
        part
        for part in re.split(r"^(?=\w)", FILES["scenario.yaml"], flags=re.MULTILINE)
        if part.partition(":")[0] not in own
    ]
    (site / "scenario.yaml").write_text("".join(kept) + block, encoding="utf-8")
    load_scenario(site / "scenario.yaml")


def test_every_block_of_the_page_is_yaml_or_csv() -> None:
    assert {suffix for name in FILES if (suffix := Path(name).suffix)} == {".yaml", ".csv"}
    others = ("", "csv", "json", "console", "sh", "python")
    assert not [block for language in others for block in unmarked_code(PAGE, language)]


def test_the_keys_of_a_facility_file_are_those_of_the_page(site: Path) -> None:
    (site / "facility.yaml").write_text(FILES["facility.yaml"] + "\nzzzzzzzz: 1\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        load_facility(site)
    known = refused.value.problems[0].message.partition("known keys are ")[2].split(", ")
    shown = {bare(line["key"]) for name in ("facility.Facility", "record.Sourced") for line in KEYS[name]}
    assert set(known) == shown


def test_every_model_that_ships_is_of_a_folder_of_the_page() -> None:
    folders = {path.relative_to(ROOT / "models").parts[0] for path in (ROOT / "models").rglob("*.yaml")}
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    assert all(f"`models/{folder}/" in text for folder in folders)


def test_modules_of_the_tables_are_modules_of_the_schema_or_of_an_answer() -> None:
    for name in KEYS:
        module, _, record = name.partition(".")
        package = next(package for package in PACKAGES if NAMED[name].__module__.startswith(package))
        assert getattr(import_module(f"{package}.{module}"), record) is NAMED[name]
