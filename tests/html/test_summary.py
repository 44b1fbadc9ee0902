"""The summary, read out of the page: its figures are those of check, revenue and the plan file."""

from __future__ import annotations

import json
from collections.abc import Callable
from math import fsum
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from capalloc import revenue, show, verify
from capalloc.analysis.picture import Pictured
from capalloc.report.figures import count, percent, plural, power_unit, usd
from capalloc.report.html import report_html
from capalloc.schema.plan import Plan
from capalloc.schema.status import Status, StopReason
from tests.html.browser import Shown

Open = Callable[..., Shown]
PageOf = Callable[[str], Path]
PicturedExample = Callable[[str], Pictured]
_FACTS = """() => Object.fromEntries([...document.querySelectorAll("[data-fact]")].map((one) => [
  one.dataset.fact, [one.querySelector("dd bdi").textContent, one.querySelector("small")?.textContent ?? ""]]))"""
_ROWS = """() => [...document.querySelectorAll(".committed tbody tr")].map(
  (row) => [row.dataset.period, ...[...row.children].map((cell) => cell.textContent)])"""


def as_json(record: BaseModel) -> Any:
    """A record as its command prints it with ``--json``."""
    return json.loads(record.model_dump_json(by_alias=True))


@pytest.mark.parametrize("name", ["tiny", "colo-hall"])
def test_figures_on_top_are_those_of_check_revenue_and_the_plan(
    name: str, page_of: PageOf, pictured_example: PicturedExample, shown: Open
) -> None:
    known = pictured_example(name)
    plan, checked = as_json(known.plan), as_json(verify(known.scenario, known.plan))
    money = as_json(revenue(known.scenario, known.plan))
    page = shown(page_of(name))
    facts = page.ask(_FACTS)
    assert facts["verdict"][0] == checked["verdict"] == "ok"
    assert f"worth {usd(checked['objective_usd'])}" in facts["status"][1]
    assert facts["status"][0].startswith(plan["status"])
    assert facts["firm"][0] == usd(fsum(one["firm_usd"] for one in money["contracts"]))
    assert facts["at-risk"][0] == usd(fsum(one["at_risk_usd"] for one in money["contracts"]))
    assert facts["value"][0] == usd(fsum(one["value_usd"] for one in money["workloads"]))
    assert facts["moves"][0].split(" ")[0] == count(plan["stats"]["moves"])
    said = page.ask("document.querySelector('.says').textContent")
    assert f"pay {usd(fsum(one['total_usd'] for one in money['contracts']))} in fees" in said
    contracts = {one["demand"] for one in money["contracts"]}
    rows = {row[0]: row[2:4] for row in page.ask(_ROWS)}
    assert set(rows) == {plan["periods"][0], plan["periods"][-1]}
    unit = power_unit(fsum(one["committed_kw"] for one in plan["demands"] if one["period"] == t) for t in rows)
    for period, cells in rows.items():
        of = [one for one in plan["demands"] if one["period"] == period and one["demand"] in contracts]
        assert cells == [unit.named(fsum(one[key] for one in of)) for key in ("committed_kw", "delivered_kw")]


def test_the_tightest_node_is_that_of_show(page_of: PageOf, pictured_example: PicturedExample, shown: Open) -> None:
    known = pictured_example("colo-hall")
    value, note = shown(page_of("colo-hall")).ask(_FACTS)["tightest"]
    node, share = value.rsplit(": ", 1)
    (seen,) = as_json(show(known.scenario, known.plan, [node]))["things"]
    loads = [load for one in seen["periods"] for load in (one, one["worst"]) if load is not None]
    pairs = [(load["load_kw"], load["limit_kw"]) for load in loads]
    load, limit = max((pair for pair in pairs if pair[1]), key=lambda pair: pair[0] / pair[1])
    assert share == percent(load / limit)
    assert note.startswith(f"{power_unit([load]).named(load)} of {power_unit([limit]).named(limit)}")


def test_shortfalls_are_named_with_dates_kw_dollars_and_reasons(
    page_of: PageOf, pictured_example: PicturedExample, shown: Open
) -> None:
    plan = as_json(pictured_example("unpowered").plan)
    assert plan["shortfalls"]
    page = shown(page_of("unpowered"))
    listed = page.ask("[...document.querySelectorAll('.missed li')].map((one) => one.textContent)")
    assert len(listed) == len(plan["shortfalls"])
    for one in plan["shortfalls"]:
        unit = power_unit([one["most_short_kw"]])
        (line,) = [text for text in listed if text.startswith(one["demand"]) and f"from {one['from']}" in text]
        assert f"up to {unit.named(one['most_short_kw'])}" in line
        assert f"penalty {usd(one['penalty_usd'])}" in line
        assert "Kept away: " in line
    names = {one["demand"] for one in plan["shortfalls"]}
    assert page.ask(_FACTS)["shortfalls"][0] == plural(len(names), "demand")
    assert page.ask(_ROWS)[2][1].startswith("Most is short")


def broken(shown: Pictured) -> Plan:
    """The plan with the last rack of its contract taken away, and figures as they were."""
    last = max(number for number, one in enumerate(shown.plan.assignments) if one.demand == "lease")
    kept = tuple(one for number, one in enumerate(shown.plan.assignments) if number != last)
    return shown.plan.replace(assignments=kept)


def page_of_plan(tmp_path: Path, shown: Pictured, plan: Plan, of_another: bool = False) -> Path:
    path = tmp_path / "page.html"
    path.write_text(report_html(Pictured(shown.scenario, plan, of_another=of_another)), encoding="utf-8")
    return path


def test_a_rejected_plan_has_a_banner_on_screen_and_on_paper(
    tmp_path: Path, pictured_example: PicturedExample, shown: Open
) -> None:
    tiny = pictured_example("tiny")
    violations = as_json(verify(tiny.scenario, broken(tiny)))["violations"]
    page = shown(page_of_plan(tmp_path, tiny, broken(tiny)))
    assert page.complaints == []
    assert page.ask(_FACTS)["verdict"][0] == plural(len(violations), "violation")
    for media in ("screen", "print"):
        page.page.emulate_media(media=media)
        box = page.page.locator("[data-banner=rejected]").bounding_box()
        assert box is not None
        main = page.page.locator("main").bounding_box()
        assert main is not None
        assert box["width"] > 0.9 * main["width"]
        assert box["y"] < 400
    banner = page.ask("document.querySelector('[data-banner=rejected]').textContent")
    assert "rejects this plan" in banner
    assert violations[0]["message"] in banner
    assert "Every commitment" not in page.ask("document.querySelector('.says').textContent")
    assert page.serious() == []


def test_an_early_end_and_undecided_priorities_are_said(
    tmp_path: Path, pictured_example: PicturedExample, shown: Open
) -> None:
    tiny = pictured_example("tiny")
    ended = tiny.plan.termination.replace(reason=StopReason.TIME_LIMIT, detail="ended by its time limit")
    plan = tiny.plan.replace(status=Status.FEASIBLE, termination=ended, undecided=("lease",))
    page = shown(page_of_plan(tmp_path, tiny, plan, of_another=True))
    early = page.ask("document.querySelector('[data-banner=early]').textContent")
    assert "before priorities were decided" in early
    assert "Undecided: lease." in early
    assert "ended by its time limit" in early
    assert "another" in page.ask("document.querySelector('[data-banner=another]').textContent")


def test_a_good_plan_has_no_banner(page_of: PageOf, shown: Open) -> None:
    assert shown(page_of("tiny")).ask("document.querySelectorAll('.banner').length") == 0
