"""A NetBox in memory: as much of its behaviour as an export meets, tried against the real one in tests/netbox_live."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from capalloc.errors import Problem, ScenarioError
from capalloc.exports.netbox.remote import Row
from capalloc.schema.facility import Facility

URL = "http://netbox.test"


class Memory:
    """Objects by endpoint; ``sent`` are the requests that wrote."""

    def __init__(self, racks: Iterable[Row]) -> None:
        self.url = URL
        self.sent: list[tuple[str, str, int]] = []
        self.refuses: str | None = None
        self.interrupted: str | None = None
        """Where somebody presses Ctrl-C."""
        self.tables: dict[str, list[Row]] = {
            "dcim/sites": [{"id": 1, "name": "tiny"}],
            "dcim/racks": list(racks),
            "dcim/rack-reservations": [],
            "tenancy/tenants": [],
            "extras/custom-fields": [],
        }

    def require_answer(self) -> None:
        """It answers."""

    def rows(self, endpoint: str, **asked: str | int) -> list[Row]:
        rows = self.tables[endpoint]
        return copy.deepcopy([row for row in rows if asked.get("name") in (None, row.get("name"))])

    def one(self, endpoint: str) -> Row:
        assert endpoint == "authentication-check"
        return {"id": 7}

    def send(self, method: str, endpoint: str, sent: Any) -> Any:
        if self.refuses == endpoint:
            raise ScenarioError([Problem(f"{URL}/api/{endpoint}/", 0, "", "answers 400 Bad Request")])
        if self.interrupted == endpoint:
            raise KeyboardInterrupt
        self.sent.append((method, endpoint, len(sent)))
        for one in sent:
            {"POST": self._create, "PATCH": self._change, "DELETE": self._delete}[method](endpoint, one)

    def reservations(self) -> set[tuple[str, str, str, str]]:
        """Rack of the plan, demand and days of each that a plan wrote."""
        rows = (row["custom_fields"] for row in self.tables["dcim/rack-reservations"])
        names = ("capalloc_rack", "capalloc_demand", "capalloc_from", "capalloc_until")
        return {tuple(row[name] for name in names) for row in rows if row.get("capalloc_demand")}

    def rack(self, name: str) -> Row:
        return next(row for row in self.tables["dcim/racks"] if row["name"] == name)

    def reserve(self, name: str, *units: int) -> None:
        """A reservation by people."""
        sent = {"rack": self.rack(name)["id"], "units": list(units), "tenant": None, "description": "for us"}
        self._create("dcim/rack-reservations", sent | {"status": "active", "custom_fields": {}})

    def _create(self, endpoint: str, sent: Row) -> None:
        number = 1 + max((row["id"] for rows in self.tables.values() for row in rows), default=0)
        row = {"id": number, "url": f"{URL}/api/{endpoint}/{number}/"} | self._stored(sent)
        self._require_free_units(endpoint, row)
        self.tables[endpoint].append(row)

    def _change(self, endpoint: str, sent: Row) -> None:
        row = next(row for row in self.tables[endpoint] if row["id"] == sent["id"])
        values = {**row.get("custom_fields", {}), **sent.get("custom_fields", {})}
        row |= self._stored(sent) | ({"custom_fields": values} if values else {})
        self._require_free_units(endpoint, row)

    def _delete(self, endpoint: str, sent: Row) -> None:
        self.tables[endpoint] = [row for row in self.tables[endpoint] if row["id"] != sent["id"]]

    def _stored(self, sent: Row) -> Row:
        row = copy.deepcopy(sent)
        if "status" in row:
            row["status"] = {"value": row["status"], "label": row["status"].title()}
        if row.get("tenant") is not None:
            row["tenant"] = self._tenant(row["tenant"])
        if "rack" in row:
            row["rack"] = {"id": row["rack"]}
        defined = {one["name"] for one in self.tables["extras/custom-fields"]}
        assert set(row.get("custom_fields", {})) <= defined
        return row

    def _tenant(self, sent: Row | int) -> Row:
        key = ("id", sent) if isinstance(sent, int) else ("slug", sent["slug"])
        return next(row for row in self.tables["tenancy/tenants"] if row[key[0]] == key[1])

    def _require_free_units(self, endpoint: str, row: Row) -> None:
        """NetBox's own rule: no unit is in two reservations."""
        if endpoint == "dcim/rack-reservations":
            others = [one for one in self.tables[endpoint] if one["rack"] == row["rack"] and one["id"] != row["id"]]
            assert not {unit for one in others for unit in one["units"]} & set(row["units"])


def racks_of(facility: Facility, height: int = 48) -> list[Row]:
    """A rack for each position, as NetBox tells of it."""
    return [
        {
            "id": number,
            "url": f"{URL}/api/dcim/racks/{number}/",
            "name": position.name,
            "site": {"id": 1, "name": facility.name},
            "location": {"id": 2, "name": position.hall},
            "status": {"value": "active", "label": "Active"},
            "tenant": None,
            "u_height": height,
            "starting_unit": 1,
            "custom_fields": {},
        }
        for number, position in enumerate(facility.positions, start=1001)
    ]
