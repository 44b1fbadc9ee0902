"""expand writes a folder that loads to an equal scenario with the same fingerprint."""

from __future__ import annotations

import csv
import resource
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capalloc.errors import ScenarioError
from capalloc.formats import expand, load_scenario, save_plan, scenario_sha256
from capalloc.schema.demand import Contract, Fee, RampStep, Termination, ValueTier, Workload, WorkloadStep
from capalloc.schema.event import NewSupply, Outage
from capalloc.schema.facility import CoolingZone, Facility, Position, PowerNode, Rack, Supply
from capalloc.schema.hardware import RackType
from capalloc.schema.policy import BringUp, Policy
from capalloc.schema.scenario import Horizon, Scenario
from capalloc.schema.where import Where
from tests.formats.conftest import FACILITY, Files
from tests.formats.test_plan_files import plan

COLUMNS = {
    "power": "name,kind,parent,rated_kw,max_utilization,failover_kw,contingency,static_load_kw,load,"
    "available_from,available_until",
    "supplies": "name,node,kw,from,until,firm",
    "positions": "name,hall,row,index,feed_a,feed_b,split_a,cooling_zone,fabric_block,cooling",
    "cooling": "name,liquid_kw,air_kw,available_from,available_until",
    "racks": "name,rack_type,position,available_from,available_until,status,tenant",
}
"""models/README.md, Facility."""


def test_the_tables_have_exactly_the_columns_of_the_format(files: Files, tmp_path: Path) -> None:
    expand(load_scenario(files.scenario), tmp_path / "out")
    found = {path.stem: path.read_text(encoding="utf-8").splitlines()[0] for path in (tmp_path / "out").glob("*.csv")}
    assert found == COLUMNS


def test_labels_become_columns_and_nothing_else_is_written(files: Files, tmp_path: Path) -> None:
    files.write("site/racks.csv", "name,rack_type,position,owner,=note\nk1,hgx,p1,net,=1+1\nk2,hgx,p2,,-x\n")
    scenario = load_scenario(files.scenario)
    expand(scenario, tmp_path / "out")
    with (tmp_path / "out/racks.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["owner"], row["=note"]) for row in rows] == [("net", "=1+1"), ("", "-x")]
    assert load_scenario(tmp_path / "out/scenario.yaml") == scenario
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "scenario.yaml",
        "facility.yaml",
        *(f"{table}.csv" for table in COLUMNS),
    }


def test_an_incumbent_is_written_beside(files: Files, tmp_path: Path) -> None:
    save_plan(plan(), files.folder / "today.json")
    files.append("scenario.yaml", "incumbent: today.json\npolicy: {freeze_until: 2026-06}\n")
    scenario = load_scenario(files.scenario)
    expand(scenario, tmp_path / "out")
    again = load_scenario(tmp_path / "out/scenario.yaml")
    assert again == scenario
    assert again.incumbent == plan()


@pytest.mark.parametrize(
    ("reference", "says"),
    [("absent.json", "no such file"), ("../plan.json", "leaves the folder"), ("3", "found 3, expected the path")],
)
def test_an_incumbent_that_cannot_be_read_is_named(files: Files, reference: str, says: str) -> None:
    files.append("scenario.yaml", f"incumbent: {reference}\n")
    file, line, key, message = files.problem()
    assert (file, line, key) == ("scenario.yaml", 17, "incumbent")
    assert says in message


def test_templates_and_tables_give_the_same_fingerprint(files: Files, tmp_path: Path) -> None:
    tables = load_scenario(files.scenario)
    for name in ("power", "positions", "racks"):
        (files.folder / f"site/{name}.csv").unlink()
    files.write(
        "site/facility.yaml",
        FACILITY + "description: as templates\ntemplates:\n"
        "  power:\n"
        "    - {name: grid, kind: utility, rated_kw: 400}\n"
        "    - {each: {n: 1-2}, name: 'ups{n}', kind: ups, parent: grid, rated_kw: 200, contingency: yes, note: new}\n"
        "  positions:\n"
        "    - {each: {n: 1-2}, name: 'p{n}', hall: 'h{n}', row: r1, index: '{n}', feed_a: ups1, feed_b: ups2,"
        " cooling: liquid}\n"
        "  racks:\n"
        "    - {each: {n: 1-2}, name: 'k{n}', rack_type: hgx, position: 'p{n}'}\n",
    )
    templates = load_scenario(files.scenario)
    assert templates != tables  # labels and description differ
    assert scenario_sha256(templates) == scenario_sha256(tables)
    expand(templates, tmp_path / "out")
    assert load_scenario(tmp_path / "out/scenario.yaml") == templates


def test_a_changed_limit_changes_the_fingerprint(files: Files) -> None:
    before = scenario_sha256(load_scenario(files.scenario))
    files.change("site/power.csv", "ups1,ups,grid,200", "ups1,ups,grid,201")
    assert scenario_sha256(load_scenario(files.scenario)) != before


def test_labels_count_in_the_fingerprint_where_a_demand_or_an_outage_looks_at_them(files: Files) -> None:
    files.change("site/positions.csv", "cooling\n", "cooling,wing,owner\n")
    text = (files.folder / "site/positions.csv").read_text(encoding="utf-8")
    head, *rows = text.splitlines()
    files.write("site/positions.csv", "\n".join([head, *(f"{row},north,ops" for row in rows)]) + "\n")
    scenario = load_scenario(files.scenario)
    outage = Outage(type="outage", label={"wing": "north"}, start="2026-06", until="2026-07")
    looked_at = scenario.replace(events=(*scenario.events, outage))

    def with_label(base: Scenario, key: str) -> Scenario:
        first, *others = base.facility.positions
        changed = first.replace(labels=first.labels | {key: "other"})
        return base.replace(facility=base.facility.replace(positions=(changed, *others)))

    assert scenario_sha256(with_label(scenario, "wing")) == scenario_sha256(scenario)
    assert scenario_sha256(with_label(looked_at, "owner")) == scenario_sha256(looked_at)
    assert scenario_sha256(with_label(looked_at, "wing")) != scenario_sha256(looked_at)


def test_a_folder_that_cannot_be_written_gives_a_sentence(files: Files) -> None:
    with pytest.raises(ScenarioError, match="cannot be written"):
        expand(load_scenario(files.scenario), files.scenario)


# Names that spreadsheets, YAML 1.1 or CSV would read as something else.
WORDS = st.sampled_from(
    ("=1+1", "-x", "+3", "@a", "12", "1e5", "1_0", "yes", "no", "null", "~", "true", "2026-05", "a,b", 'q"q', "é", "#x")
) | st.sampled_from(
    (
        "{h}",
        "*a",
        "&a",
        "!t",
        "'",
        "😀",
        "%",
        "0x1",
        "a\nb",
        " pad ",
        "a: b",
        "- a",
        "\r",
        "\r\n",
        "\t",
        "\x85",
        "\u2028",
    )
)
NAMES = WORDS | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=8)
KW = st.floats(min_value=0, max_value=1e6) | st.integers(min_value=0, max_value=10**6).map(float)
DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2500, 1, 1))
LABELS = st.dictionaries(st.sampled_from(["owner", "=note", "asset tag"]), NAMES, max_size=2)


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Sound scenarios of one UPS pair, with names and numbers of every sort."""
    grid, ups1, ups2, zone, kind, demand, tenant = draw(st.lists(NAMES, min_size=7, max_size=7, unique=True))
    count = draw(st.integers(1, 3))
    places = draw(st.lists(NAMES, min_size=count, max_size=count, unique=True))
    start = draw(st.none() | DAYS)
    power = (
        PowerNode(name=grid, kind="utility", rated_kw=draw(KW), labels=draw(LABELS), available_from=start),
        PowerNode(
            name=ups1, kind="ups", parent=grid, rated_kw=draw(KW), contingency=draw(st.booleans()), load="facility"
        ),
        PowerNode(
            name=ups2, kind="ups", parent=grid, rated_kw=1, failover_kw=draw(st.none() | KW), max_utilization=0.8
        ),
    )
    positions = [
        Position(name=name, hall=draw(NAMES), row=draw(NAMES), feed_a=ups1, feed_b=draw(st.sampled_from([None, ups2])),
                 split_a=draw(st.none() | st.floats(0, 1)), cooling_zone=zone, labels=draw(LABELS))
        for name in places
    ]  # fmt: skip
    racks = [Rack(name=f"r{name}", rack_type=kind, position=name, tenant=draw(st.none() | NAMES)) for name in places]
    hgx = RackType(
        name=kind, gpu=draw(NAMES), gpus=64, nameplate_kw=80, expected_kw=68, idle_kw=draw(st.floats(0, 68)),
        liquid_fraction=draw(st.floats(0, 1)), cooling="liquid", source=draw(st.none() | NAMES), confidence="assumed",
    )  # fmt: skip
    cooling = CoolingZone(name=zone, **draw(st.sampled_from([{"total_kw": 5.5}, {"liquid_kw": 1.25, "air_kw": 0.0}])))
    supply = Supply(name=grid, node=grid, kw=draw(KW), start=start, firm=draw(st.booleans()))
    workload = Workload(
        name=demand, rack_types=(kind,), demand=(WorkloadStep(start="2026-05", racks=count, min=0.5),),
        value=(ValueTier(usd_per_gpu_hour=draw(KW)),), homogeneous=draw(st.booleans()), labels=draw(LABELS),
        where=draw(st.none() | st.just(_where(positions[0]))),
    )  # fmt: skip
    contract = Contract(
        name=f"c{demand}", tenant=tenant, rack_types=(kind,), ramp=(RampStep(start="2026-05-18", mw=draw(KW)),),
        until="2026-10", fee=Fee(usd_per_month=draw(KW)), termination=Termination(by="either"),
    )  # fmt: skip
    return Scenario(
        name=draw(NAMES),
        horizon=Horizon(start="2026-05", end="2026-11", period=draw(st.sampled_from(["month", "week"]))),
        facility=Facility(
            name=draw(NAMES), description=draw(st.just("") | NAMES), pue=1.2, rack_types=(hgx,), power=power,
            positions=tuple(positions), racks=tuple(racks), cooling=(cooling,), supplies=(supply,),
        ),
        workloads=(workload,), contracts=(contract,),
        events=(NewSupply(type="supply", name=f"s{grid}", node=grid, kw=draw(KW), firm=False),
                Outage(type="outage", node=ups2, start="2026-06-03", until="2026-06-04")),
        policy=Policy(bring_up=BringUp(racks_per_period=2), discount_rate=draw(st.floats(0, 1)), idle="off"),
    )  # fmt: skip


def _where(place: Position) -> Where:
    """Its hall and its labels, but for a UPS."""
    label = {key: (value,) for key, value in place.labels.items()} or None
    return Where(hall=(place.hall,), label=label, but_not=Where(node=(place.feed_a,)))


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(scenarios())
def test_whatever_the_names_and_numbers_expanding_and_loading_gives_the_same(scenario: Scenario) -> None:
    with tempfile.TemporaryDirectory() as folder:
        expand(scenario, folder)
        again = load_scenario(Path(folder) / "scenario.yaml")
    assert again == scenario
    assert scenario_sha256(again) == scenario_sha256(scenario)


def test_what_somebody_wrote_by_hand_is_not_written_over(files: Files) -> None:
    scenario = load_scenario(files.scenario)
    with pytest.raises(ScenarioError, match="has a site already"):
        expand(scenario, files.folder / "site")
    expand(scenario, files.folder / "tables")
    expand(scenario, files.folder / "tables")


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """No file grows over a size inside, as where a disk is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_where_the_disk_is_full_a_folder_stays_as_it_was(files: Files, tmp_path: Path) -> None:
    scenario, target = load_scenario(files.scenario), tmp_path / "out"
    expand(scenario, target)
    before = {path.name: path.read_bytes() for path in target.iterdir()}
    files.append("site/racks.csv", "".join(f"spare{number},hgx,\n" for number in range(2000)))
    grown = load_scenario(files.scenario)
    with files_of_at_most(10_000), pytest.raises(ScenarioError, match="cannot be written: File too large"):
        expand(grown, target, force=True)
    assert {path.name: path.read_bytes() for path in target.iterdir()} == before
    with files_of_at_most(10_000), pytest.raises(ScenarioError, match="cannot be written: File too large"):
        expand(grown, tmp_path / "new")
    assert list((tmp_path / "new").iterdir()) == []
