"""What the schemas let through is what the program reads, and the other way round."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from capalloc import load_scenario, solve
from capalloc.formats import dump_plan, expand
from capalloc.formats.document import parse
from capalloc.json_schema import FILES, KINDS, dump_schema, schema_file, schema_of
from capalloc.json_schema.written import ORIGIN
from tests.strategies import random_scenario

ROOT = Path(__file__).parents[2]
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_FOLDERS = {"rack_type": "rack_types", "contract": "contracts", "workload": "workloads"}


def shipped() -> list[tuple[str, Path]]:
    """(kind, path) of every file that ships and has a schema."""
    scenarios = [*ROOT.glob("examples/*.yaml"), *ROOT.glob("examples/mine/[!f]*.yaml")]
    facilities = [*ROOT.glob("models/facilities/*/facility.yaml"), *ROOT.glob("examples/**/facility.yaml")]
    others = [("contract", ROOT / "examples/whatif/offer.yaml"), ("mapping", ROOT / "examples/netbox/netbox.yaml")]
    models = [(kind, path) for kind, folder in _FOLDERS.items() for path in ROOT.glob(f"models/{folder}/*.yaml")]
    return [("scenario", path) for path in scenarios] + [("facility", path) for path in facilities] + models + others


def faults(kind: str, value: Any) -> list[str]:
    """What a validator says of a value."""
    return [error.message for error in _validator(kind).iter_errors(value)]


@cache
def _validator(kind: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schema_of(kind))


def as_editors_read(text: str) -> Any:
    """The values of YAML 1.2's core schema, as the YAML language server has them: ``1_000`` and ``yes`` are text."""
    return _core(yaml.compose(text, Loader=yaml.SafeLoader))


def _core(node: Any) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _core(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_core(child) for child in node.value]
    if node.style is None and _NUMBER.fullmatch(node.value):
        return float(node.value) if not node.value.lstrip("+-").isdigit() else int(node.value)
    words = {"true": True, "false": False, "null": None, "": None}
    return words.get(node.value, node.value) if node.style is None else node.value


@pytest.mark.parametrize(("kind", "path"), shipped(), ids=lambda value: str(value).rsplit("capalloc/", maxsplit=1)[-1])
def test_shipped_files_follow_their_schema(kind: str, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert faults(kind, as_editors_read(text)) == []
    assert faults(kind, parse(text, str(path), []).plain) == []


@pytest.mark.parametrize(("kind", "path"), shipped(), ids=lambda value: str(value).rsplit("capalloc/", maxsplit=1)[-1])
def test_shipped_files_name_their_schema_to_editors(kind: str, path: Path) -> None:
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert (path.parent / first.partition("=")[2]).resolve() == ROOT / "models/schemas" / schema_file(kind)


def test_every_yaml_file_that_ships_has_a_kind() -> None:
    files = {path for folder in ("examples", "models") for path in (ROOT / folder).rglob("*.yaml")}
    assert files == {path for _, path in shipped()}


@pytest.mark.parametrize("kind", FILES)
def test_the_schemas_that_ship_are_those_of_the_records(kind: str) -> None:
    """Made anew by ``capalloc schema KIND > models/schemas/KIND.schema.json``."""
    assert (ROOT / "models/schemas" / schema_file(kind)).read_text(encoding="utf-8") == dump_schema(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_one(kind: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema_of(kind))


@pytest.mark.parametrize("seed", range(20))
def test_drawn_scenarios_follow_the_schemas(tmp_path: Path, seed: int) -> None:
    expand(random_scenario(seed), tmp_path)
    for kind in ("scenario", "facility"):
        assert faults(kind, as_editors_read((tmp_path / f"{kind}.yaml").read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_is_described(kind: str) -> None:
    schema = schema_of(kind)
    records = {kind: schema} | schema["$defs"]
    bare = [
        f"{name}.{key}"
        for name, record in records.items()
        for key, one in record.get("properties", {}).items()
        if "description" not in one and one not in ORIGIN.values()
    ]
    assert bare == []


SMALL = """
scenario: small
facility: colossus1
horizon: {start: 2027-01, end: 2028-01}
contracts:
  - name: lease
    tenant: Example AI
    rack_types: [hgx-h100]
    ramp: [{from: 2027-01, mw: 1_000}]
    until: 2028-01
    fee: {usd_per_month: {value: 1.25e9, source: a filing, confidence: reported}}
pins: [{row: r1, demand: idle}]
policy: {idle: off}
"""


def test_the_small_scenario_is_one() -> None:
    assert faults("scenario", as_editors_read(SMALL)) == []


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("tenant: Example AI", "tennant: Example AI"),  # an unknown key, and a missing one
        ("{from: 2027-01, mw: 1_000}", "{from: 2027-01, kw: 1_000}"),  # a wrong unit
        ("mw: 1_000", "mw: -1"),
        ("mw: 1_000", 'mw: "1000"'),
        ("mw: 1_000", "mw: 1_000, gpus: 5"),  # exactly one of them
        ("from: 2027-01", "from: January"),
        ("start: 2027-01", "start: 2027"),
        ("idle: off", "idle: dark"),
        ("confidence: reported", "confidence: sure"),
        ("source: a filing", "src: a filing"),
        ("rack_types: [hgx-h100]", "rack_types: []"),
        ("row: r1", "row: r1, hall: h1"),
        ("{usd_per_month: {value", "{usd_per_year: {value"),
        ("horizon: {start: 2027-01, end: 2028-01}", "horizon: 2027"),
        ("facility: colossus1\n", ""),
    ],
)
def test_what_is_wrong_is_underlined(written: str, instead: str) -> None:
    assert written in SMALL
    assert faults("scenario", as_editors_read(SMALL.replace(written, instead, 1)))


def test_a_preset_may_leave_out_what_it_gives() -> None:
    assert faults("contract", {"preset": "google"}) == []
    assert faults("contract", {"name": "google"})
    contract = {"name": "c", "tenant": "T", "rack_types": ["hgx-h100"], "ramp": [{"from": "2027-01", "mw": 1}]}
    assert faults("request", contract | {"until": "2028-01"}) == []  # a quote asks for the fee
    assert faults("contract", contract | {"until": "2028-01"})


def test_events_stand_alone_or_under_their_key() -> None:
    notice = {"type": "notice", "contract": "c", "by": "tenant", "on": "2027-01"}
    assert faults("events", [notice]) == faults("events", {"events": [notice]}) == []
    assert faults("events", []) != []
    assert faults("events", [notice | {"type": "notices"}]) != []
    assert faults("events", [{"type": "delay", "node": "n", "days": 3, "until": "2027-01"}]) != []


def test_templates_take_variables_and_labels() -> None:
    block = {"each": {"row": "1-4"}, "name": "r{row}", "hall": "h", "row": "r{row}", "feed_a": "f", "cage": "c{row}"}
    assert faults("facility", {"facility": "f", "rack_types": ["hgx-h100"], "templates": {"positions": [block]}}) == []
    assert faults("facility", {"facility": "f", "templates": {"positions": [block | {"index": -1}]}})
    assert faults("facility", {"facility": "f", "templates": {"position": [block]}})
    assert faults("facility", {"facility": "f", "rack_types": ["hgx-h10"]})


def test_a_plan_follows_its_schema() -> None:
    result = solve(load_scenario(ROOT / "examples/tiny.yaml"))
    assert result.plan is not None
    assert result.verdict is not None
    assert faults("plan", json.loads(dump_plan(result.plan))) == []
    assert faults("verdict", result.verdict.model_dump(mode="json")) == []
