"""Events in a file of their own: in their place among the others, and their faults where they are written."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
import yaml

from capalloc.errors import ScenarioError
from capalloc.formats import expand, load_scenario
from capalloc.json_schema.kinds import schema_of

EXAMPLES = Path(__file__).parents[2] / "examples"
ROW = "{type: outage, row: r2, from: 2026-07-01, until: 2026-07-03}"
NODE = "{type: outage, node: ups1, from: 2026-08-01, until: 2026-08-02}"
NOTICE = "{type: notice, contract: lease, by: tenant, on: 2026-08-15}"


def scenario(folder: Path, events: str, **files: str) -> Path:
    """The tiny scenario with these events, beside files of events."""
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    text = (EXAMPLES / "tiny.yaml").read_text().replace("facility: tiny ", "facility: site ")
    site = folder / "site"
    expand(load_scenario(EXAMPLES / "tiny.yaml"), site, force=True)
    path = folder / "tiny.yaml"
    path.write_text(f"{text}events: {events}\n")
    return path


@pytest.mark.parametrize(
    ("events", "places"),
    [
        ("outages.yaml", ["row r2", "node ups1"]),
        ("[outages.yaml]", ["row r2", "node ups1"]),
        (f"[{NOTICE}, outages.yaml, {NODE.replace('ups1', 'ups2')}]", ["row r2", "node ups1", "node ups2"]),
        ("[empty.yaml]", []),
        ("{value: [outages.yaml], source: the calendar}", ["row r2", "node ups1"]),
    ],
)
def test_events_of_files_stand_in_their_place(tmp_path: Path, events: str, places: list[str]) -> None:
    path = scenario(tmp_path, events, outages=f"events:\n  - {ROW}\n  - {NODE}\n", empty="events: []\n")
    loaded = load_scenario(path)
    assert [event.place for event in loaded.events if event.type == "outage"] == places
    assert len(loaded.events) == len(places) + ("notice" in events)
    schema = schema_of("scenario")
    written = yaml.load(path.read_text(), Loader=yaml.BaseLoader)["events"]
    assert jsonschema.Draft202012Validator({**schema["properties"]["events"], "$defs": schema["$defs"]}).is_valid(
        written
    )
    expand(loaded, tmp_path / "whole")
    assert load_scenario(tmp_path / "whole" / "scenario.yaml").events == loaded.events


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (f"events:\n  - {ROW}\n  - {NODE.replace('ups1', 'ups9')}\n", "o.yaml:3: events.1.node", "'ups9'"),
        (f"events:\n  - {ROW.replace('r2', 'r9')}\n", "o.yaml:2: events.0.row", "'r9'"),
        (f"events:\n  - {ROW.replace('until', 'till')}\n", "o.yaml:2: events.0.till", "unknown key"),
        ("events: 3\n", "o.yaml: events", "found 3, expected a list of events"),
        ("things: []\n", "o.yaml: events", "found nothing, expected a list of events"),
        ("events: [\n", "o.yaml:2", "is not YAML"),
    ],
)
def test_a_fault_is_told_where_it_is_written(tmp_path: Path, text: str, place: str, message: str) -> None:
    path = scenario(tmp_path, f"[{NOTICE}, o.yaml]", o=text)
    with pytest.raises(ScenarioError) as raised:
        load_scenario(path)
    assert any(
        str(problem).startswith(f"{tmp_path}/{place}") and message in problem.message
        for problem in raised.value.problems
    )


@pytest.mark.parametrize(
    ("events", "message"),
    [
        ("none.yaml", "none.yaml: no such file"),
        ("[../none.yaml]", "events.0: '../none.yaml' leaves the folder"),
        ("/etc/a.yaml", "events: found '/etc/a.yaml', expected a path relative to this file"),
    ],
)
def test_a_path_that_names_no_file_of_the_folder_is_refused(tmp_path: Path, events: str, message: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        load_scenario(scenario(tmp_path, events))
    assert message in str(raised.value)
