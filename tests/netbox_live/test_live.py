"""A site of 400 racks goes from a real NetBox into a plan, and the plan into NetBox: it says what the plan says.

It runs where NetBox has been installed (``python -m tests.netbox_live``), and not in CI, where recorded answers of such
a run serve the rest of the suite.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from capalloc.formats import load_plan
from capalloc.schema.plan import Plan
from tests.netbox_live.api import call, objects
from tests.netbox_live.fill import filled
from tests.netbox_live.parts import find
from tests.netbox_live.server import NetBox, netbox
from tests.netbox_live.site import LiveSite

TABLES = ("cooling.csv", "facility.yaml", "positions.csv", "power.csv", "racks.csv", "scenario.yaml", "supplies.csv")
SCENARIO = Path(__file__).parent / "halden.yaml"
OWNERS = {"anthropic": "Anthropic", "initech": "Initech", "inference": None}


@dataclass(frozen=True, slots=True)
class Live:
    """A running NetBox with the site, and the site imported and planned in a folder."""

    server: NetBox
    folder: Path

    @property
    def plan(self) -> Plan:
        """The plan of the imported site."""
        return load_plan(self.folder / "plan.json")

    def capalloc(self, *arguments: str) -> str:
        """Stdout of a command, which ends well."""
        done = subprocess.run(
            [sys.executable, "-m", "capalloc", *arguments],
            env=os.environ | {"NETBOX_TOKEN": self.server.token},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert self.server.token not in done.stdout + done.stderr
        return done.stdout

    def import_site(self, name: str) -> Path:
        """The site as tables."""
        self.capalloc("import", "netbox", self.server.url, "-o", str(self.folder / name))
        return self.folder / name

    def export(self, *options: str) -> str:
        """What an export of the plan says."""
        files = (str(self.folder / "halden.yaml"), str(self.folder / "plan.json"))
        return self.capalloc("export", "netbox", *files, *options)

    def changes(self, *options: str) -> list[dict[str, Any]]:
        """What an export would change, or changes."""
        found: list[dict[str, Any]] = json.loads(self.export("--apply", self.server.url, "--json", *options))["changes"]
        return found


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    if os.environ.get("CI"):
        pytest.skip("NetBox takes minutes to install: recorded answers stand for it in CI")
    parts = find()
    if isinstance(parts, str):
        pytest.skip(f"needs {parts}")
    if not parts.is_prepared():
        pytest.skip("needs a NetBox: `python -m tests.netbox_live` installs one")
    folder = tmp_path_factory.mktemp("halden")
    with netbox(parts, filled(parts, LiveSite())) as server:
        found = Live(server, folder)
        shutil.copytree(found.import_site("first"), folder, dirs_exist_ok=True)
        shutil.copy(SCENARIO, folder)
        found.capalloc("plan", str(folder / "halden.yaml"), "-o", str(folder / "plan.json"), "-q")
        yield found


def test_the_site_comes_in_whole(live: Live) -> None:
    assert (live.folder / "first" / "import.md").read_text(encoding="utf-8").endswith("Everything came across.\n")
    # 400 racks stand but for the four free places at the end of either hall.
    assert [len(rows(live.folder / name)) for name in ("positions.csv", "racks.csv")] == [400, 392]


def test_files_are_imported_and_say_what_the_plan_says(live: Live) -> None:
    live.export("-o", str(live.folder / "csv"))
    files = {path.name: path.read_text(encoding="utf-8") for path in (live.folder / "csv").iterdir()}
    upload(live, "extras/custom-fields", files["custom_fields.csv"])
    upload(live, "tenancy/tenants", files["tenants.csv"].replace("Initech,initech\n", ""))  # it is there already
    upload(live, "dcim/rack-reservations", files["rack_reservations.csv"])
    upload(live, "dcim/racks", files["racks.csv"])
    assert reserved(live) == planned(live.plan)
    assert live.changes() == []  # the API would write the same


def test_what_differs_is_shown_and_written_once(live: Live) -> None:
    march = ("--period", "2027-03")
    shown = live.changes(*march)
    assert shown
    assert live.changes("--yes", *march) == shown
    assert live.changes("--yes", *march) == []
    assert reserved(live) == planned(live.plan)


def test_a_tenant_that_people_changed_stays_until_it_is_taken_back(live: Live) -> None:
    march = ("--yes", "--period", "2027-03")
    live.changes(*march)
    rack = next(
        one for one in objects(live.server, "dcim/racks") if one["custom_fields"]["capalloc_tenant"] == "Anthropic"
    )
    call(live.server, "PATCH", f"dcim/racks/{rack['id']}/", {"tenant": {"name": "Initech"}})
    assert live.changes(*march) == []
    given = {one["name"] for one in rows(live.import_site("given") / "racks.csv") if one["tenant"] == "Initech"}
    assert given == {"1-10-01", rack["name"]}
    assert [one["sent"] for one in live.changes("--take-back", *march)] == [
        {"id": rack["id"], "tenant": rack["tenant"]["id"]}
    ]
    assert live.changes(*march) == []


def test_racks_have_the_tenants_of_the_period_and_what_people_gave_stays(live: Live) -> None:
    live.changes("--yes", "--period", "2027-03")
    serving = {one.rack: one.demand for one in live.plan.assignments if str(one.start) <= "2027-03-01" < str(one.until)}
    for rack in objects(live.server, "dcim/racks"):
        tenant = rack["tenant"] and rack["tenant"]["name"]
        demand = serving.get(rack["name"])
        given = rack["name"] == "1-10-01"
        assert tenant == ("Initech" if given else demand and OWNERS[demand]), rack["name"]
        assert rack["custom_fields"]["capalloc_demand"] == (None if given else demand)


def test_the_site_imported_again_is_the_same(live: Live) -> None:
    live.changes("--yes")
    again = live.import_site("again")
    for name in TABLES:
        assert (again / name).read_bytes() == (live.folder / "first" / name).read_bytes(), name


def test_a_branch_takes_a_plan_and_main_stays_until_it_is_merged(live: Live) -> None:
    live.changes("--yes")
    before = tenants(live, None)
    options = ("--yes", "--period", "2027-03", "--branch", "march")
    assert live.changes(*options)
    assert live.changes(*options) == []
    branch = next(one for one in objects(live.server, "plugins/branching/branches") if one["name"] == "march")
    assert tenants(live, None) == before
    assert tenants(live, branch["schema_id"]) != before


def test_reservations_of_people_keep_their_units(live: Live) -> None:
    live.changes("--yes")
    rack = next(one for one in objects(live.server, "dcim/racks") if one["name"] == "1-05-05")
    for row in objects(live.server, "dcim/rack-reservations"):
        if row["rack"]["id"] == rack["id"]:
            call(live.server, "DELETE", f"dcim/rack-reservations/{row['id']}/")
    mine = {"rack": rack["id"], "units": [1, 2], "user": 1, "description": "by hand"}
    call(live.server, "POST", "dcim/rack-reservations/", mine)
    live.changes("--yes")
    assert reserved(live) == planned(live.plan)
    kept = [row for row in objects(live.server, "dcim/rack-reservations") if row["description"] == "by hand"]
    assert [row["units"] for row in kept] == [[1, 2]]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def planned(plan: Plan) -> set[tuple[object, ...]]:
    """Rack, demand, days and tenant of every assignment."""
    return {(one.rack, one.demand, str(one.start), str(one.until), OWNERS[one.demand]) for one in plan.assignments}


def reserved(live: Live) -> set[tuple[object, ...]]:
    """The same of every reservation that a plan wrote; it stands in the rack of that name."""
    found: set[tuple[object, ...]] = set()
    for row in objects(live.server, "dcim/rack-reservations"):
        fields = row["custom_fields"]
        if fields["capalloc_demand"]:
            assert row["rack"]["name"] == fields["capalloc_rack"]
            days = (fields["capalloc_from"], fields["capalloc_until"])
            tenant = row["tenant"] and row["tenant"]["name"]
            found.add((fields["capalloc_rack"], fields["capalloc_demand"], *days, tenant))
    return found


def tenants(live: Live, branch: str | None) -> dict[str, str | None]:
    """Tenant of each rack."""
    racks = objects(live.server, "dcim/racks", branch)
    return {rack["name"]: rack["tenant"] and rack["tenant"]["name"] for rack in racks}


_UPLOAD = """
import json
from django.test import Client
from django.test.utils import setup_test_environment
setup_test_environment()
from users.models import User
given = json.load(open({path!r}))
client = Client(SERVER_NAME="127.0.0.1")
client.force_login(User.objects.get(username="capalloc-live"))
form = {{"import_method": "direct", "data": given["data"], "format": "csv", "csv_delimiter": ","}}
answer = client.post(given["page"], form)
print("STATUS", answer.status_code)
if answer.status_code != 302:
    print(answer.context["form"].errors.as_text()[:2000])
"""


def upload(live: Live, endpoint: str, data: str) -> None:
    """Import a CSV file as a person does in NetBox's pages."""
    given = live.folder / "upload.json"
    given.write_text(json.dumps({"page": f"/{endpoint}/import/", "data": data}), encoding="utf-8")
    said = live.server.database.manage("shell", "--no-imports", "-c", _UPLOAD.format(path=str(given)))
    assert "STATUS 302" in said, said
