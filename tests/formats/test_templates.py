"""Templates stand for rows of the tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from capalloc.errors import ScenarioError
from capalloc.formats import load_scenario
from tests.formats.conftest import Files

HEAD = """\
facility: site
rack_types:
  - {name: hgx, gpu: H100, gpus: 64, nameplate_kw: 80, expected_kw: 68, idle_kw: 20,
     liquid_fraction: 0.7, cooling: liquid}
templates:
"""


def power(files: Files, block: str) -> None:
    """Lets the power table come from one further block beside a root and its two UPSs."""
    (files.folder / "site/power.csv").unlink(missing_ok=True)
    files.write(
        "site/facility.yaml",
        HEAD
        + "  power:\n"
        + "    - {name: grid, kind: utility, rated_kw: 400}\n"
        + "    - {each: {n: 1-2}, name: 'ups{n}', kind: ups, parent: grid, rated_kw: 200, contingency: yes}\n"
        + f"    - {block}\n",
    )


def test_each_is_a_product_with_the_first_variable_outermost(files: Files) -> None:
    power(files, "{each: {h: 1-2, b: [x, y]}, name: 'b{h:02}{b}', kind: busway, parent: grid, rated_kw: 10}")
    nodes = load_scenario(files.scenario).facility.power
    assert [node.name for node in nodes[3:]] == ["b01x", "b01y", "b02x", "b02y"]
    assert [node.contingency for node in nodes] == [False, True, True, False, False, False, False]


def test_cycle_follows_the_place_of_another_variable(files: Files) -> None:
    power(
        files,
        "{each: {r: 5-8}, cycle: {pair: {by: r, of: [{a: 1, kw: 10}, {a: 2, kw: 20.5}, {a: 3, kw: 30}]}},"
        " name: 'r{r}-{pair.a}', kind: busway, parent: grid, rated_kw: '{pair.kw}'}",
    )
    nodes = load_scenario(files.scenario).facility.power[3:]
    # rows 5, 6, 7, 8 are at places 0, 1, 2, 3: pairs 1, 2, 3, 1
    assert [(node.name, node.rated_kw) for node in nodes] == [("r5-1", 10), ("r6-2", 20.5), ("r7-3", 30), ("r8-1", 10)]


def test_numbers_in_text_columns_are_text_and_extra_keys_are_labels(files: Files) -> None:
    (files.folder / "site/positions.csv").unlink()
    files.write(
        "site/facility.yaml",
        HEAD + "  positions:\n"
        "    - {source: drawing, confidence: assumed, each: {p: 1-2}, name: 'p{p}', hall: 1, row: '{p}', index: '{p}',"
        " feed_a: ups1, feed_b: ups2, cooling: liquid, floor: 3, level: 'l{p}'}\n",
    )
    first, second = load_scenario(files.scenario).facility.positions
    assert (first.hall, first.row, first.index) == ("1", "1", 1)
    assert second.labels == {"floor": "3", "level": "l2"}


def test_labels_may_stand_in_a_mapping_of_their_own(files: Files) -> None:
    power(
        files, "{each: {b: [x, y]}, name: 'b{b}', kind: busway, parent: grid, rated_kw: 1, labels: {wing: '{b}', n: 2}}"
    )
    nodes = load_scenario(files.scenario).facility.power
    assert [node.labels for node in nodes[3:]] == [{"wing": "x", "n": "2"}, {"wing": "y", "n": "2"}]


@pytest.mark.parametrize(
    ("block", "key", "says"),
    [
        ("{name: b, kind: busway, rated_kw: 1, labels: wing}", "labels", "found 'wing', expected a mapping of labels"),
        ("{name: b, kind: busway, rated_kw: 1, labels: {load: it}}", "labels.load", "'load' is a column of the table"),
        ("{name: b, kind: busway, rated_kw: 1, wing: a, labels: {wing: b}}", "labels.wing", "the label is given twice"),
        ("{name: b, kind: busway, rated_kw: 1, labels: {wing: [a]}}", "wing", "expected a single value"),
        ("{name: b, kind: busway, rated_mw: 1}", "rated_mw", "unknown key 'rated_mw'; expected 'rated_kw'"),
        ("{name: b, kind: busway, rated_kw: '12'}", "rated_kw", "found '12', expected a number"),
        ("{name: b, kind: busway, rated_kw: true}", "rated_kw", "found true, expected a number"),
        ("{name: b, kind: busway, rated_kw: -1}", "rated_kw", "found -1, expected 0 or more"),
        ("{name: b, kind: busway}", "rated_kw", "is missing"),
        ("{name: 'b{x}', kind: busway, rated_kw: 1}", "name", "unknown variable 'x'; known are none"),
        ("{each: {x: 1-2}, name: 'b{x', kind: busway, rated_kw: 1}", "name", "only {var}, {var:02} and {var.key}"),
        ("{each: {x: 1-2}, name: 'b{x.__class__}', kind: busway, rated_kw: 1}", "name", "x has no '__class__' here"),
        ("{each: {x: 1-2}, name: 'b{x!r}', kind: busway, rated_kw: 1}", "name", "only {var}"),
        ("{each: {x: [a]}, name: 'b{x:02}', kind: busway, rated_kw: 1}", "name", "needs a whole number, found 'a'"),
        ("{each: {x: [{a: 1}]}, name: 'b{x}', kind: busway, rated_kw: 1}", "name", "{x} is no single value"),
        ("{each: {x: 4-1}, name: 'b{x}', kind: busway, rated_kw: 1}", "each.x", "expected a range such as 1-4"),
        ("{each: {x: []}, name: 'b{x}', kind: busway, rated_kw: 1}", "each.x", "expected a range such as 1-4"),
        ("{each: 3, name: b, kind: busway, rated_kw: 1}", "each", "found 3, expected a mapping of variables"),
        (
            "{each: {x: 1-2}, cycle: {c: {by: y, of: [1]}}, name: 'b{x}{c}', kind: busway, rated_kw: 1}",
            "cycle.c.by",
            "found 'y', expected a variable of each (x)",
        ),
        (
            "{each: {x: 1-2}, cycle: {c: {by: x}}, name: 'b{x}', kind: busway, rated_kw: 1}",
            "cycle.c",
            "expected {by: a variable of each, of: a list of values}",
        ),
        ("3", "", "found 3, expected a mapping of columns to values"),
        (
            "{each: {a: 1-9999, b: 1-9999, c: 1-9999}, name: '{a}{b}{c}', kind: ups, rated_kw: 1}",
            "each",
            "stands for 999,700,029,999 rows; a table may have 2,000,000",
        ),
    ],
)
def test_a_broken_block_is_named(files: Files, block: str, key: str, says: str) -> None:
    power(files, block)
    found = [problem for problem in files.problems() if problem[2] == f"templates.power.2{'.' if key else ''}{key}"]
    assert [(file, line) for file, line, _, _ in found] == [("site/facility.yaml", 9)]
    assert says in found[0][3]


def test_a_fault_of_many_rows_is_told_once_with_the_first_row(files: Files) -> None:
    power(files, "{each: {x: 1-50}, name: 'b{x}', kind: busway, parent: grid, rated_kw: '-{x}'}")
    found = [problem for problem in files.problems() if problem[0] == "site/facility.yaml"]
    key, message = "templates.power.2.rated_kw", "found -1, expected 0 or more (in row 'b1')"
    assert found == [("site/facility.yaml", 9, key, message)]


def test_a_reference_of_a_rendered_row_points_at_the_block(files: Files) -> None:
    power(files, "{each: {x: 1-2}, name: 'b{x}', kind: busway, parent: 'switch{x}', rated_kw: 1}")
    assert files.problems() == [
        ("site/facility.yaml", 9, "templates.power.2.parent", "unknown power node 'switch1'; such as 'grid' is known"),
        ("site/facility.yaml", 9, "templates.power.2.parent", "unknown power node 'switch2'; such as 'grid' is known"),
    ]


def test_a_table_given_as_template_and_file_is_refused(files: Files) -> None:
    files.append("site/facility.yaml", "templates:\n  racks:\n    - {name: k1, rack_type: hgx, position: p1}\n")
    file, line, key, message = files.problem()
    assert (file, line, key) == ("site/facility.yaml", 6, "templates.racks")
    assert message.startswith("the table is given twice, here and in ")


def test_unknown_tables_and_keys_of_a_facility_are_named(files: Files) -> None:
    files.append("site/facility.yaml", "templates:\n  rack: []\nPUE: 1.2\n")
    assert [(line, key, message) for _, line, key, message in files.problems()] == [
        (6, "templates.rack", "unknown key 'rack'; did you mean 'racks'?"),
        (7, "PUE", "unknown key 'PUE'; did you mean 'pue'?"),
    ]


def test_what_every_row_of_a_template_has_wrong_is_said_three_times_and_counted(tmp_path: Path) -> None:
    (tmp_path / "facility.yaml").write_text(
        """
facility: site
rack_types: [{name: t, gpu: G, gpus: 8, nameplate_kw: 10, expected_kw: 8, idle_kw: 1, liquid_fraction: 0, cooling: air}]
templates:
  power: [{name: feed, kind: utility, rated_kw: 1000}]
  positions:
    - {each: {n: "1-40"}, name: "p{n}", hall: h, row: r, index: "{n}", feed_a: feed, cooling: liquid}
  racks:
    - {each: {n: "1-40"}, name: "k{n}", rack_type: t, position: "p{n}"}
"""
    )
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text("{scenario: s, facility: ./facility.yaml, horizon: {start: 2026-05, end: 2026-06}}")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(scenario)
    said = [problem.message for problem in caught.value.problems]
    assert len(said) == 4
    assert said[-1] == "and 37 more like these"
