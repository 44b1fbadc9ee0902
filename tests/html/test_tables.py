"""Tables as a reader uses them: the plan's own numbers, sorted, filtered, chosen, copied, saved."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.money import prices_by_node
from capalloc.report.figures import usd, usd_cents
from tests.html.browser import Shown
from tests.html.sites import LARGE_RACKS, NAMES
from tests.html.tables import rows_of

Open = Callable[..., Shown]
PageOf = Callable[[str], Path]
PicturedOf = Callable[[str], Pictured]

SORT_S = 0.2
"""Ten times what a machine takes that does nothing else."""
_SHEET = """(name) => {
  navigator.clipboard.writeText = async (text) => { document.body.dataset.copied = text; };
  document.querySelector(`#table-${name} .tools button[aria-label^=Copy]`).click();
}"""


def opened(page: Shown, name: str) -> None:
    page.ask("(name) => { document.getElementById(`table-${name}`).open = true; }", name)
    page.until(f"document.querySelector('#table-{name} tbody tr') !== null")


def head(page: Shown, name: str, label: str) -> Any:
    return page.page.locator(f"#table-{name} th", has=page.page.get_by_role("button", name=label, exact=True))


def copied(page: Shown, name: str) -> list[list[str]]:
    """What Copy gives, as a spreadsheet reads it."""
    page.ask(_SHEET, name)
    page.until("document.body.dataset.copied !== undefined")
    return list(csv.reader(StringIO(page.ask("document.body.dataset.copied")), delimiter="\t"))


def says(page: Shown, name: str) -> str:
    return page.page.inner_text(f"#table-{name} .table-says")


def filtered(page: Shown, name: str, text: str) -> list[dict[str, str]]:
    page.page.fill(f"#table-{name} input[type=search]", text)
    return rows_of(page, f"#table-{name}")


@pytest.fixture
def tiny(page_of: PageOf, shown: Open) -> Shown:
    page = shown(page_of("tiny"))
    opened(page, "demands")
    return page


@pytest.fixture
def large(page_of: PageOf, shown: Open) -> Shown:
    page = shown(page_of("large"))
    opened(page, "racks")
    return page


def test_demands_are_those_of_the_plan(tiny: Shown, pictured_example: PicturedOf) -> None:
    plan, revenue = pictured_example("tiny").plan, pictured_example("tiny").revenue
    fees = {(one.period, one.demand): one.fee_usd for one in revenue.periods}
    assert [
        (row["Period"], row["Demand"], row["Committed, kW"], row["Delivered, kW"], row["Racks"], row["Fee, USD"])
        for row in rows_of(tiny, "#table-demands")
    ] == [
        (
            one.period, one.demand, f"{one.committed_kw:,.1f}", f"{one.delivered_kw:,.1f}", str(one.racks),
            usd(fees[one.period, one.demand]),
        )
        for one in plan.demands
    ]  # fmt: skip


def test_money_is_that_of_revenue_to_the_cent(tiny: Shown, pictured_example: PicturedOf) -> None:
    revenue = pictured_example("tiny").revenue
    opened(tiny, "money")
    sheet = copied(tiny, "money")
    assert sheet[0] == [
        "Period", "From", "Until", "Fees, USD", "Value, USD", "Penalty, USD", "Firm fees, USD", "Fees at risk, USD",
    ]  # fmt: skip
    assert [[one[0], *map(float, one[3:])] for one in sheet[1:]] == [
        [one.span, *(round(amount, 2) for amount in _amounts(one))] for one in revenue.sums
    ]
    opened(tiny, "contracts")
    contract = dict(zip(*copied(tiny, "contracts"), strict=True))
    assert float(contract["Fee, USD"]) == round(revenue.contracts[0].total_usd, 2)
    assert contract["Firm until"] == str(revenue.contracts[0].firm_until)
    assert float(contract["USD per kW-month"]) == pytest.approx(revenue.contracts[0].usd_per_kw_month, abs=1e-6)


def _amounts(one: Any) -> tuple[float, ...]:
    return (one.fee_usd, one.value_usd, one.penalty_usd, one.firm_usd, one.at_risk_usd)


def test_nodes_are_those_of_the_power_tables(tiny: Shown, pictured_example: PicturedOf) -> None:
    pictured = pictured_example("tiny")
    loads, nodes = pictured.site.loads, pictured.site.loads.forest.nodes
    opened(tiny, "nodes")
    rows = rows_of(tiny, "#table-nodes")
    assert [row["Node"] for row in rows] == [node.name for node in nodes]
    assert [row["Load, kW"] for row in rows] == [f"{watts / 1000:,.1f}" for watts in loads.normal_w[:, 0]]
    tiny.ask("() => { const s = document.getElementById('period'); s.value = 3; s.dispatchEvent(new Event('input')); }")
    rows = rows_of(tiny, "#table-nodes")
    assert [row["Load, kW"] for row in rows] == [f"{watts / 1000:,.1f}" for watts in loads.normal_w[:, 3]]


def test_moves_say_who_leaves_which_racks_when(tiny: Shown) -> None:
    opened(tiny, "moves")
    moves = [(row["Date"], row["Work"], row["From"], row["To"]) for row in rows_of(tiny, "#table-moves")]
    assert ("2026-06-01", "hand over", "inference", "lease") in moves
    assert ("2026-08-01", "bring into service", "–", "inference") in moves  # noqa: RUF001


def test_a_head_sorts_by_value_up_down_and_back(tiny: Shown) -> None:
    def delivered() -> list[float]:
        return [float(row["Delivered, kW"].replace(",", "")) for row in rows_of(tiny, "#table-demands")]

    plain = delivered()
    button = head(tiny, "demands", "Delivered, kW")
    for order, expected in (("ascending", sorted(plain)), ("descending", sorted(plain, reverse=True)), (None, plain)):
        button.get_by_role("button").focus()
        tiny.page.keyboard.press("Enter")
        assert button.get_attribute("aria-sort") == order
        assert delivered() == expected


def test_equals_keep_the_order_they_had(tiny: Shown) -> None:
    head(tiny, "demands", "Demand").get_by_role("button").click()
    periods = [row["Period"] for row in rows_of(tiny, "#table-demands") if row["Demand"] == "lease"]
    assert periods == sorted(periods)


def test_words_in_the_filter_choose_rows(tiny: Shown) -> None:
    assert len(filtered(tiny, "demands", "2026-06 LEASE")) == 1
    assert says(tiny, "demands").startswith("1 of 12 rows")
    assert filtered(tiny, "demands", "nobody") == []
    assert len(filtered(tiny, "demands", "")) == 12


def test_a_value_of_a_column_can_be_chosen(tiny: Shown) -> None:
    field = tiny.page.locator("#table-demands select[aria-label^='Demand']")
    field.select_option(label="lease")
    assert {row["Demand"] for row in rows_of(tiny, "#table-demands")} == {"lease"}
    field.select_option(index=0)
    assert says(tiny, "demands").startswith("12 rows")


def test_copy_takes_the_rows_shown_in_their_order_with_plain_numbers(tiny: Shown) -> None:
    filtered(tiny, "demands", "lease")
    for _ in range(2):
        head(tiny, "demands", "Delivered, kW").get_by_role("button").click()
    heads, *rows = copied(tiny, "demands")
    assert says(tiny, "demands") == "6 rows copied"
    amounts = [float(row[heads.index("Delivered, kW")]) for row in rows]
    assert amounts == [900.0, 900.0, 900.0, 900.0, 600.0, 300.0]
    assert {row[heads.index("Demand")] for row in rows} == {"lease"}


def test_copy_works_where_there_is_no_clipboard(tiny: Shown) -> None:
    tiny.ask("() => Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    tiny.page.click("#table-demands button[aria-label^=Copy]")
    tiny.until("document.querySelector('#table-demands .table-says').textContent === '12 rows copied'")
    tiny.ask("() => { document.execCommand = () => false; }")
    tiny.page.click("#table-demands button[aria-label^=Copy]")
    tiny.until("document.activeElement.className === 'offered'")
    assert len(tiny.ask("document.activeElement.value").split("\n")) == 13
    tiny.page.keyboard.press("Escape")
    tiny.until("document.querySelector('.offered') === null")


def test_save_gives_a_file_that_a_spreadsheet_opens(tiny: Shown, tmp_path: Path) -> None:
    with tiny.page.expect_download() as download:
        tiny.page.click("#table-demands button[aria-label^=Save]")
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.name == "demands-by-period.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 12
    assert rows[0]["Delivered, kW"] == "560"


def test_texts_that_a_spreadsheet_takes_for_formulas_are_quoted(page_of: PageOf, shown: Open) -> None:
    page = shown(page_of("hostile"))
    opened(page, "racks")
    heads, *rows = copied(page, "racks")
    racks = {row[heads.index("Rack")] for row in rows}
    assert "'-1e999" in racks
    assert NAMES[1] in racks
    assert NAMES[-1] in racks  # its line break and its tab are those of a cell


def test_a_name_lights_its_rows_and_those_of_other_tables(tiny: Shown) -> None:
    opened(tiny, "racks")
    tiny.page.locator("#table-demands tbody button", has_text="lease").first.click()
    assert "6 of what is chosen" in says(tiny, "demands")
    lit = tiny.page.locator("#table-racks tr.lit td:nth-child(3)").all_inner_texts()
    assert lit == ["lease"] * 3
    tiny.page.click("#table-racks button:text('Chosen only')")
    assert len(rows_of(tiny, "#table-racks")) == 3
    tiny.page.locator("#table-demands tbody button", has_text="lease").first.click()
    assert tiny.ask("document.querySelectorAll('tr.lit').length") == 0


def test_a_node_lights_the_racks_below_it(tiny: Shown, pictured_example: PicturedOf) -> None:
    opened(tiny, "racks")
    opened(tiny, "nodes")
    tiny.page.locator("#table-nodes tbody th button").first.click()
    positions = len(pictured_example("tiny").scenario.facility.positions)
    assert f"{positions} of what is chosen" in says(tiny, "racks")


def test_racks_are_those_of_the_chosen_period(tiny: Shown, pictured_example: PicturedOf) -> None:
    opened(tiny, "racks")
    for period, start in ((0, "2026-05-01"), (3, "2026-08-01")):
        tiny.ask(
            "(t) => { const s = document.getElementById('period'); s.value = t; s.dispatchEvent(new Event('input')); }",
            period,
        )
        serves = {row["Rack"]: row["Serves"] for row in rows_of(tiny, "#table-racks")}
        for one in pictured_example("tiny").plan.assignments:
            if one.start.isoformat() <= start < one.until.isoformat():
                assert serves[one.rack] == one.demand


def test_a_table_of_20_000_racks_holds_only_what_is_in_sight(large: Shown) -> None:
    assert says(large, "racks").startswith(f"{LARGE_RACKS:,} rows")
    assert large.ask("document.querySelector('#table-racks table').getAttribute('aria-rowcount')") == "20001"
    assert large.ask("document.querySelectorAll('#table-racks tbody tr').length") < 60
    large.ask("() => { const f = document.querySelector('#table-racks .table-frame'); f.scrollTop = f.scrollHeight; }")
    large.until("document.querySelector('#table-racks [aria-rowindex=\"20001\"]') !== null")
    top = large.ask("document.querySelector('#table-racks thead th').getBoundingClientRect().top")
    frame = large.ask("document.querySelector('#table-racks .table-frame').getBoundingClientRect().top")
    assert abs(top - frame) <= 2


def test_20_000_rows_are_sorted_and_filtered_in_a_blink(large: Shown) -> None:
    took = """(label) => {
      const heads = [...document.querySelectorAll("#table-racks .head")].find((one) => one.textContent === label);
      const began = performance.now();
      heads.click();
      return (performance.now() - began) / 1000;
    }"""
    assert median(large.ask(took, "Position") for _ in range(5)) < SORT_S
    assert len(filtered(large, "racks", "a")) > 0


def test_arrow_keys_go_through_the_rows_and_enter_chooses(large: Shown) -> None:
    large.page.locator("#table-racks tbody button[tabindex='0']").focus()
    assert large.page.locator("#table-racks tbody button[tabindex='0']").count() == 1
    at = "document.activeElement.closest('tr').getAttribute('aria-rowindex')"
    large.page.keyboard.press("ArrowDown")
    assert large.ask(at) == "3"
    large.page.keyboard.press("End")
    assert large.ask(at) == "20001"
    large.page.keyboard.press("Home")
    assert large.ask(at) == "2"
    large.page.keyboard.press("PageDown")
    assert int(large.ask(at)) > 5
    name = large.ask("document.activeElement.textContent")
    large.page.keyboard.press("Enter")
    assert large.ask("document.activeElement.textContent") == name
    assert large.ask("document.activeElement.closest('tr').className") == "lit"


def test_what_is_chosen_elsewhere_comes_into_sight(large: Shown) -> None:
    large.ask("() => { document.querySelector('#table-racks .table-frame').scrollTop = 300000; }")
    large.page.wait_for_timeout(50)
    opened(large, "nodes")
    first = large.ask(
        "(() => { const { power, floor } = JSON.parse(document.getElementById('data').textContent).sections;"
        " return power.names[floor.feedA[0]]; })()"
    )
    filtered(large, "nodes", first)
    large.page.locator("#table-nodes tbody th button", has_text=first).first.click()
    large.until("document.querySelector('#table-racks tr.lit') !== null")


def test_on_paper_the_first_rows_stand_and_how_many_more_there_are(large: Shown) -> None:
    large.ask("() => dispatchEvent(new Event('beforeprint'))")
    rows = large.page.locator("#table-racks tbody tr")
    assert rows.count() == 101
    assert rows.last.inner_text() == "and 19,900 more rows, in the page itself"
    large.ask("() => dispatchEvent(new Event('afterprint'))")
    assert rows.count() < 60


def test_20_000_racks_are_printed_with_every_table_opened(page_of: PageOf, shown: Open, tmp_path: Path) -> None:
    page = shown(page_of("large"))
    page.ask("() => document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.page.wait_for_timeout(500)
    page.page.set_default_timeout(60_000)
    page.page.pdf(path=tmp_path / "page.pdf", format="A4")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")
    assert page.complaints == []


def numbers(page: Shown, chart: str) -> list[dict[str, str]]:
    return rows_of(page, f"[data-chart={chart}] .numbers")


def test_the_numbers_of_a_chart_are_its_tables_in_the_measure_shown(tiny: Shown, pictured_example: PicturedOf) -> None:
    tiny.page.click("[data-chart=ramp] .numbers summary")
    tiny.until("document.querySelector('[data-chart=ramp] .numbers tbody tr') !== null")
    # Three racks for the lease and seven for inference, 80 kW each, at a PUE of 1.25.
    first = numbers(tiny, "ramp")[0]
    assert (first["From"], first["lease, MW"], first["inference, MW"]) == ("2026-05-01", "0.30", "0.70")
    tiny.page.click("[data-chart=ramp] [data-variant=Racks]")
    plan = pictured_example("tiny").plan
    rows = numbers(tiny, "ramp")
    for one in plan.demands:
        shown = [row for row in rows if row["From"][:7] <= one.period < row["Until"][:7]]
        assert [row[f"{one.demand}, racks"] for row in shown] == [str(one.racks)]


def test_the_last_price_of_a_chart_is_that_of_the_plan(
    page_of: PageOf, shown: Open, pictured_example: PicturedOf
) -> None:
    page = shown(page_of("no contracts"))
    page.page.click("[data-chart=prices] .numbers summary")
    page.until("document.querySelector('[data-chart=prices] .numbers tbody tr') !== null")
    last = numbers(page, "prices")[-1]
    node = next(label for label in last if label.endswith("USD a kW-month")).removesuffix(", USD a kW-month")
    prices = prices_by_node(pictured_example("no contracts"))
    assert last[f"{node}, USD a kW-month"] == usd_cents(float(prices[node][-1]))
