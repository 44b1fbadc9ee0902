"""examples/README.md, "Your own site in fifteen minutes": its files ship, are planned, and give what the page shows."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from capalloc import Plan, load_facility, load_scenario, solve
from tests.cli.commands import Run
from tests.cli.shown import without_time
from tests.docs.pages import ROOT, code, marked

MINE = ROOT / "examples" / "mine"
SECTIONS = {marker: code(text) for marker, text in marked("examples/README.md").items() if marker.startswith("mine")}
FILES = {
    marker.removeprefix("mine: "): text
    for marker, text in SECTIONS.items()
    if marker.startswith("mine: ") and marker.endswith((".yaml", ".csv"))
}
INSTEAD = {marker: text for marker, text in SECTIONS.items() if marker.startswith("mine: instead")}
COMMANDS = [text for marker, text in SECTIONS.items() if marker.startswith("mine $")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the folder, as the page asks for."""
    return Path(shutil.copytree(MINE, tmp_path / "mine"))


def rewrite(path: Path, changed: str) -> Path:
    """A YAML file with the top keys of a text in place of its own."""
    own = {line.partition(":")[0] for line in changed.splitlines() if re.match(r"\w", line)}
    parts = re.split(r"^(?=\w)", path.read_text(), flags=re.MULTILINE)
    path.write_text("".join(part for part in parts if part.partition(":")[0] not in own) + changed + "\n")
    return path


def leased(*steps: str) -> str:
    """The contracts of November with other steps of the ramp."""
    contract = yaml.safe_load((MINE / "november.yaml").read_text())["contracts"][0]
    return yaml.safe_dump({"contracts": [contract | {"ramp": yaml.safe_load(f"[{', '.join(steps)}]")}]})


def planned(path: Path) -> Plan:
    """The plan of a scenario file."""
    plan = solve(load_scenario(path)).plan
    assert plan is not None
    return plan


def racks(plan: Plan, demand: str) -> dict[str, int]:
    """Racks of a demand by period."""
    return {line.period: line.racks for line in plan.demands if line.demand == demand}


def test_files_are_shown_as_they_ship() -> None:
    shipped = {path.relative_to(MINE).as_posix(): path for path in MINE.rglob("*") if path.is_file()}
    assert shipped.keys() == FILES.keys() | {"december.yaml", "late.yaml"}
    assert {name: without_schema(shipped[name].read_text()) for name in FILES} == FILES


def without_schema(text: str) -> str:
    """A file without the line that names its schema to editors."""
    return re.sub(r"\A# yaml-language-server: .*\n", "", text)


@pytest.mark.parametrize(("later", "earlier"), [("december", "november"), ("late", "december")])
def test_a_later_scenario_is_the_earlier_but_for_the_lines_shown(later: str, earlier: str) -> None:
    changed = yaml.safe_load(SECTIONS[f"mine: {later}.yaml, changed"])
    before, after = (yaml.safe_load((MINE / f"{name}.yaml").read_text()) for name in (earlier, later))
    assert after == before | changed


def test_the_tables_are_the_templates() -> None:
    assert load_facility(MINE / "tables") == load_facility(MINE / "facility.yaml").replace(description="")


def test_a_scenario_is_planned_from_the_tables_as_well(folder: Path) -> None:
    from_templates = planned(folder / "november.yaml")
    assert planned(rewrite(folder / "november.yaml", "facility: tables")).assignments == from_templates.assignments


@pytest.mark.parametrize("instead", INSTEAD)
def test_other_redundancies_are_planned(folder: Path, instead: str) -> None:
    templates = yaml.safe_load((folder / "facility.yaml").read_text())["templates"]
    rewrite(folder / "facility.yaml", yaml.safe_dump({"templates": templates | yaml.safe_load(INSTEAD[instead])}))
    plan = planned(folder / "november.yaml")
    assert not plan.shortfalls
    assert racks(plan, "lease")["2027-03"] == 6
    assert len(plan.placements) == 2


def test_commands_of_the_page_print_what_it_shows(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "100")
    assert len(COMMANDS) >= 3
    for shown in COMMANDS:
        line, _, text = shown.partition("\n")
        ended = run(*line.split()[2:])
        assert ended.code == 0
        printed = without_time(ended.out)
        for part in filter(None, text.split("…\n")):
            assert part in printed, line
            printed = printed.partition(part)[2]


def test_last_months_plan_is_over_the_supplies_of_december(run: Run, folder: Path) -> None:
    run("plan", folder / "november.yaml", "-o", folder / "plan-2026-11.json")
    ended = run("check", folder / "december.yaml", folder / "plan-2026-11.json")
    assert ended.code == 1
    assert [line.split()[2] for line in ended.out.splitlines() if line.startswith("supply  campus")] == [
        "2027-03",
        "2027-04",
        "2027-05",
    ]


def test_a_missed_minimum_costs_ten_times_the_first_tier(folder: Path) -> None:
    outage = "events: [{type: outage, hall: hall, from: 2027-01, until: 2027-02}]"
    plan = planned(rewrite(folder / "november.yaml", outage))
    (line,) = [line for line in plan.demands if line.demand == "research" and line.penalty_usd]
    # one rack short in January: 72 GPUs x 744 h x 40 USD
    assert (line.period, line.penalty_usd) == ("2027-01", 72 * 744 * 40)


def test_what_a_demand_may_have_caps_what_a_pin_may_ask(folder: Path) -> None:
    one = leased("{from: 2026-11, mw: 0.132}")
    path = rewrite(folder / "november.yaml", one + "pins: [{row: r1, demand: lease}]")
    assert solve(load_scenario(path)).plan is None
    path = rewrite(folder / "november.yaml", "pins: [{rack: r1-1, demand: lease}]")
    assert set(racks(planned(path), "lease").values()) == {1}


def test_a_step_inside_a_month_needs_its_racks_all_month_and_is_paid_by_days(folder: Path) -> None:
    steps = leased("{from: 2026-11, mw: 0.396}", "{from: 2027-03-21, mw: 0.792}")
    plan = planned(rewrite(folder / "november.yaml", steps))
    (march,) = [line for line in plan.demands if (line.demand, line.period) == ("lease", "2027-03")]
    assert march.racks == 6
    # 20 days at 396 kW and 11 days at 792 kW, of 31
    assert march.revenue_usd == pytest.approx(1_900 * (396 * 20 + 792 * 11) / 31)


def test_seven_days_of_hand_over_cost_a_month(folder: Path) -> None:
    assert racks(planned(folder / "november.yaml"), "research")["2027-02"] == 4
    policy = (MINE / "november.yaml").read_text().splitlines()[-1].replace("}", ", handover_days: 7}")
    assert policy.startswith("policy: ")
    path = rewrite(folder / "november.yaml", policy)
    assert racks(planned(path), "research")["2027-02"] == 2
