"""Columns and keys that read like what the format could say are refused; labels of one's own are kept."""

from __future__ import annotations

import pytest

from capalloc.formats import load_scenario, warnings_of
from capalloc.formats.rows import TABLES, column_fault, columns
from capalloc.spelling import all_near, nearest
from tests.formats.conftest import Files

SUPPLIES = """\
templates:
  supplies:
    - {name: gas, node: grid, kw: 300, until: 2026-09}
    - {name: line, node: grid, kw: 400, %s}
"""
OWN = [
    "building", "vendor", "serial", "owner", "note", "notes", "floor", "level", "wing", "cage", "room", "site",
    "unit", "source", "asset tag", "=note", "firmware", "location", "sku", "rack_u", "region", "pool", "voltage", "pod",
]  # fmt: skip

DESCRIBED = {"power": {"hall", "row"}, "cooling": {"hall", "kind"}, "supplies": {"kind"}, "racks": {"kind"}}


@pytest.mark.parametrize("table", [*TABLES, "requests"])
@pytest.mark.parametrize("name", OWN)
def test_a_label_of_ones_own_is_kept_in_every_table(table: str, name: str) -> None:
    assert column_fault(table, name) is None


@pytest.mark.parametrize(
    ("table", "names", "label"),
    [
        ("racks", "name rack_type position tenant status", "tenant_id"),
        ("racks", "name rack_type position tenant status", "position_id"),
        ("racks", "name rack_type position tenant status", "state"),
        ("racks", "name rack_type position tenant status", "u_position"),
        ("racks", "name rack_type position tenant status", "type"),
        ("positions", "name hall row feed_a cooling_zone", "hall_name"),
        ("positions", "name hall row feed_a cooling_zone", "zone"),
    ],
)
def test_what_says_more_of_a_column_is_a_label_beside_it_and_else_a_slip(table: str, names: str, label: str) -> None:
    assert column_fault(table, label, names.split()) is None
    assert column_fault(table, label) is not None


@pytest.mark.parametrize(("table", "names"), [("positions", "feed_a feed_b"), ("power", "parent"), ("supplies", "kw")])
def test_a_third_feed_and_a_second_parent_or_amount_are_no_labels_beside_the_first(table: str, names: str) -> None:
    second = {"positions": "feed_c", "power": "feed_b", "supplies": "max_kw"}[table]
    assert column_fault(table, second, names.split()) is not None


@pytest.mark.parametrize("table", DESCRIBED)
def test_words_that_mean_nothing_but_themselves_are_labels_where_no_column_has_them(table: str) -> None:
    assert [name for name in sorted(DESCRIBED[table]) if column_fault(table, name)] == []


@pytest.mark.parametrize("name", ["cost_per_kw", "kw_per_m2", "feed_length", "cord type", "feed_leg"])
def test_rates_and_what_a_feed_is_like_are_labels_of_positions(name: str) -> None:
    assert column_fault("positions", name) is None


@pytest.mark.parametrize("table", ["racks", "power", "cooling"])
def test_how_many_nodes_a_thing_has_is_a_label(table: str) -> None:
    assert column_fault(table, "nodes") is None


@pytest.mark.parametrize("name", ["install_date", "purchase_date", "warranty_end", "audit_date"])
def test_days_of_something_else_are_labels_of_supplies_too(name: str) -> None:
    assert column_fault("supplies", name) is None


@pytest.mark.parametrize("name", ["purchase_date", "warranty_until", "end_of_life", "order_date"])
def test_dates_of_something_else_are_labels_of_racks(name: str) -> None:
    assert column_fault("racks", name) is None


@pytest.mark.parametrize(
    ("table", "name", "says"),
    [
        *(("supplies", word, "did you mean 'from'?") for word in ("form", "start", "begin", "since", "available_from")),
        *(
            ("supplies", word, "did you mean 'until'")
            for word in ("to", "end", "till", "available_until", "contract_end")
        ),
        ("supplies", "date", "expected 'from', the first day, or 'until', the first day after it"),
        ("supplies", "rated_kw", "did you mean 'kw'?"),
        ("supplies", "capacity", "did you mean 'kw'?"),
        ("supplies", "mva", "expected 'kw', mind the unit"),
        ("supplies", "interruptible", "did you mean 'firm'?"),
        ("supplies", "status", "'status' is a column of racks.csv; a label of your own needs another name"),
        ("power", "redundant", "did you mean 'contingency'?"),
        ("power", "n-1", "did you mean 'contingency'?"),
        ("power", "fed_by", "did you mean 'parent'?"),
        ("power", "available_to", "did you mean 'available_until', the first day after it?"),
        ("power", "availableFrom", "did you mean 'available_from'?"),
        ("power", "form", "did you mean 'available_from'?"),
        ("power", "capacity_mw", "did you mean 'rated_kw'?"),
        ("positions", "feed_two", "did you mean 'feed_b'?"),
        ("positions", "feed2", "did you mean 'feed_b'?"),
        ("positions", "feed_1", "did you mean 'feed_a'?"),
        ("positions", "cooling_type", "did you mean 'cooling'?"),
        ("positions", "available_from", "a position has no dates: give them to its power node"),
        ("positions", "max_kw", "a position has no limit of its own"),
        ("positions", "tenant", "'tenant' is a column of racks.csv"),
        ("cooling", "end", "did you mean 'available_until', the first day after it?"),
        ("cooling", "capacity_kw", "expected one of liquid_kw, air_kw, total_kw"),
        ("racks", "delivery_date", "did you mean 'available_from'?"),
        ("racks", "in_service", "did you mean 'available_from'?"),
        ("racks", "state", "did you mean 'status'?"),
        ("racks", "tenant_name", "did you mean 'tenant'?"),
        ("racks", "hall", "'hall' is a column of positions.csv"),
        ("racks", "power_kw", "what a rack draws is said by its rack_type"),
        ("requests", "from", "requests have no dates"),
        ("requests", "hall", "'hall' is a column of positions.csv"),
    ],
)
def test_what_the_format_could_say_is_refused_with_the_right_name(table: str, name: str, says: str) -> None:
    found = column_fault(table, name)
    assert found is not None
    assert says in found


@pytest.mark.parametrize("table", [*TABLES, "requests"])
def test_a_column_of_another_table_of_the_site_is_no_label(table: str) -> None:
    others = {key for other in TABLES for key in columns(other)} - columns(table).keys() - DESCRIBED.get(table, set())
    assert [key for key in sorted(others) if column_fault(table, key) is None] == []


@pytest.mark.parametrize("name", ["000", "250.5", "2027-03", "1,000"])
def test_a_number_is_the_name_of_no_column(name: str) -> None:
    assert column_fault("racks", name) == f"found {name!r} where a name stands; write thousands as 1_000 or 1000"


@pytest.mark.parametrize(
    ("given", "key", "says"),
    [
        ("form: 2026-08", "form", "unknown key 'form'; did you mean 'from'?"),
        ("labels: {to: 2026-08}", "to", "unknown key 'to'; did you mean 'until', the first day after it?"),
        (
            "until:2026-08",
            "until:2026-08",
            "unknown key 'until:2026-08'; write 'until: 2026-08', with a colon and a blank",
        ),
        ("from 2026-08", "from 2026-08", "unknown key 'from 2026-08'; write 'from: 2026-08', with a colon and a blank"),
        ("firm no", "firm no", "the key 'firm no' has no value; write 'firm: no', with a colon and a blank"),
        ("end 2026-08", "end 2026-08", "unknown key 'end'; did you mean 'until', the first day after it?"),
    ],
)
def test_a_slip_in_a_template_is_refused_and_not_kept_as_a_label(files: Files, given: str, key: str, says: str) -> None:
    files.append("site/facility.yaml", SUPPLIES % given)
    assert files.problem() == ("site/facility.yaml", 8, f"templates.supplies.1.{key}", says)


@pytest.mark.parametrize("name", ["form", "to", "available_from"])
def test_a_slip_in_the_header_of_supplies_is_refused(files: Files, name: str) -> None:
    files.write("site/supplies.csv", f"name,node,kw,{name}\nline,grid,300,2026-08\n")
    assert files.problem()[:3] == ("site/supplies.csv", 1, name)


@pytest.mark.parametrize(
    ("given", "line", "key", "says"),
    [
        ("kw: 130,000", 8, "kw", "found 130,000: a comma parts entries here; write 130000 or 130_000"),
        ("kw: 1,130,000", 8, "kw", "found 1130,000"),
        ("kw: 1,250.5", 8, "kw", "found 1,250.5: a comma parts entries here; write 1250.5 or 1_250.5"),
        ("kw: 0,8", 8, "kw", "found 0,8: a comma parts entries here; write 0.8"),
        ("kw: 12,5", 8, "kw", "found 12,5: a comma parts entries here; write 12.5"),
        ("kw: 0,667", 8, "kw", "found 0,667: a comma parts entries here; write 0.667"),
        ("labels: {seats: 2,000}", 8, "labels.seats", "found 2,000: a comma parts entries here; write 2000 or 2_000"),
        ("labels: {building: B,000}", 8, "000", "found '000' where a name stands"),
    ],
)
def test_a_comma_for_thousands_in_a_line_in_braces_is_refused(
    files: Files, given: str, line: int, key: str, says: str
) -> None:
    block = (SUPPLIES % given).replace("kw: 400, kw", "kw")
    files.append("site/facility.yaml", block)
    found = [problem for problem in files.problems() if says in problem[3]]
    assert [problem[:3] for problem in found] == [("site/facility.yaml", line, f"templates.supplies.1.{key}")]


def test_a_comma_for_thousands_is_one_problem_of_a_scenario_and_of_its_free_labels(files: Files) -> None:
    files.change("scenario.yaml", "horizon: {", "policy: {move_cost_usd_per_rack: 2,500}\nhorizon: {")
    files.change("scenario.yaml", "  - name: train\n", "  - name: train\n    labels: {seats: 1,000}\n")
    assert [(line, key, message[:11]) for _, line, key, message in files.problems()] == [
        (3, "policy.move_cost_usd_per_rack", "found 2,500"),
        (7, "workloads.0.labels.seats", "found 1,000"),
    ]


@pytest.mark.parametrize("amount", ["130,000", "130 000", "130'000"])
def test_marks_between_thousands_in_text_are_told_how_to_write(files: Files, amount: str) -> None:
    files.append(
        "site/facility.yaml", f"templates:\n  supplies:\n    - name: gas\n      node: grid\n      kw: {amount}\n"
    )
    says = "expected a number; write thousands as 1_000 or 1000"
    assert files.problem()[3].endswith(says)
    files.change("scenario.yaml", "horizon: {", f"policy:\n  reserve_mw: {amount}\nhorizon: {{")
    assert [message.endswith(says) for *_, message in files.problems()] == [True, True]


def test_names_are_near_whatever_their_case_and_marks_and_turned_letters() -> None:
    assert nearest("b", ["A", "B"]) == "B"
    assert nearest("Hall 1", ["hall-2", "hall-1"]) == "hall-1"
    assert nearest("form", ["node", "from"]) == "from"
    assert nearest("building", ["A", "B"]) is None
    assert all_near("ups-b", ["UPS-A", "UPS-B"], most=2) == ["UPS-B", "UPS-A"]


@pytest.mark.parametrize("table", ["template", "file"])
def test_a_day_under_a_label_of_a_supply_is_warned_about(files: Files, table: str) -> None:
    if table == "file":
        files.write("site/supplies.csv", "name,node,kw,bis,vendor\nline,grid,300,2026-08,Volt\n")
    else:
        files.append("site/facility.yaml", SUPPLIES % "bis: 2026-08, vendor: Volt")
    (found,) = warnings_of(load_scenario(files.scenario))
    assert found.key.rpartition(".")[2] == "bis"
    assert found.message == "found '2026-08', a day under a label, which changes nothing: is another key meant?"


def test_a_plain_label_still_loads(files: Files) -> None:
    files.append("site/facility.yaml", SUPPLIES % "vendor: Volt, labels: {contract: C-7}")
    supply = load_scenario(files.scenario).facility.supplies[1]
    assert supply.labels == {"vendor": "Volt", "contract": "C-7"}
