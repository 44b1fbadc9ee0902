"""A site for NetBox: half of its racks on 2N, half on 4N/3, with all that a plan needs said in custom fields.

Racks stand in rows of twenty. In hall 1 rows hang on one of the pairs of UPS systems A and B. In hall 2 four systems
C1 to C4 carry the load of three: rack after rack hangs on another of their six pairs, so that the loss of one system
is shared by the other three. With 400 racks hall 1 draws 200 x 81.6 kW = 16,320 kW at most and hall 2
200 x 132 kW = 26,400 kW, of which a lost system leaves a third of 26,400 kW = 8,800 kW to each of the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

Payload = dict[str, Any]
ROW = 20
SITE = "Halden"
_ROWS_A_PAIR = 5
_UPS_2N_KW = 9_000.0
_SHARE_4N3_KW = 45.0
"""Rating of each of the four systems, a rack of hall 2: a third of its 132 kW after a loss, and a little."""
_PAIRS = tuple(combinations(("C1", "C2", "C3", "C4"), 2))


@dataclass(frozen=True, slots=True)
class Ref:
    """Another object of the site, by its endpoint and name; the number that NetBox gives it stands in its place."""

    endpoint: str
    name: str


@dataclass(frozen=True, slots=True)
class LiveSite:
    """A site of ``racks`` racks, an even number of full rows in each hall."""

    racks: int = 400

    def objects(self) -> Iterator[tuple[str, list[Payload]]]:
        """Endpoints below ``/api/`` and what to post to each, in an order in which nothing refers to later ones."""
        yield "extras/custom-fields", _custom_fields()
        yield "tenancy/tenants", [_named("Initech")]
        yield "dcim/sites", [_named(SITE)]
        yield "dcim/locations", [{**_named(hall), "site": Ref("dcim/sites", SITE)} for hall in ("Hall 1", "Hall 2")]
        yield "dcim/manufacturers", [_named("Halden Systems")]
        yield "dcim/rack-types", [_rack_type("hgx-h100"), _rack_type("gb200-nvl72")]
        yield "dcim/rack-groups", [_named(f"{hall}-{row:02d}") for hall, row in self._rows()]
        yield "dcim/racks", [self._rack(number) for number in range(self.racks)]
        yield "dcim/power-panels", list(self._panels())
        yield "dcim/power-feeds", [feed for number in range(self.racks) for feed in self._feeds(number)]
        yield "dcim/cooling-sources", [self._cooling_source(hall) for hall in (1, 2)]
        yield "dcim/cooling-feeds", [self._cooling_feed(number) for number in range(self.racks)]

    @property
    def _half(self) -> int:
        return self.racks // 2

    def _rows(self) -> Iterator[tuple[int, int]]:
        for hall in (1, 2):
            for row in range(1, self._half // ROW + 1):
                yield hall, row

    def _at(self, number: int) -> tuple[int, int, int]:
        """Hall, row and place in the row of a rack, from 1."""
        hall, inside = divmod(number, self._half)
        return hall + 1, inside // ROW + 1, inside % ROW + 1

    def _name(self, number: int) -> str:
        hall, row, place = self._at(number)
        return f"{hall}-{row:02d}-{place:02d}"

    def _rack(self, number: int) -> Payload:
        hall, row, place = self._at(number)
        last = row == self._half // ROW
        return {
            "name": self._name(number),
            "site": Ref("dcim/sites", SITE),
            "location": Ref("dcim/locations", f"Hall {hall}"),
            "group": Ref("dcim/rack-groups", f"{hall}-{row:02d}"),
            "rack_type": Ref("dcim/rack-types", "hgx-h100" if hall == 1 else "gb200-nvl72"),
            "status": "available" if last and place > ROW - 4 else "active",
            "tenant": Ref("tenancy/tenants", "Initech") if hall == 1 and last and place == 1 else None,
            "cooling_capability": "hybrid",
        }

    def _panels(self) -> Iterator[Payload]:
        pairs = -(-self._half // ROW // _ROWS_A_PAIR)
        yield _panel("Grid", None, "utility", rated_kw=self.racks * 150.0)
        for pair in range(1, pairs + 1):
            for side in "AB":
                yield _panel(f"UPS-{side}{pair}", "Grid", "ups", rated_kw=_UPS_2N_KW, contingency=True)
        for system in ("C1", "C2", "C3", "C4"):
            yield _panel(f"UPS-{system}", "Grid", "ups", rated_kw=self._half * _SHARE_4N3_KW, contingency=True)
        for hall, row in self._rows():
            for system in self._systems(hall, row):
                yield _panel(f"{hall}-{row:02d}-{system}", f"UPS-{system}", "busway", rated_kw=2_000.0, hall=hall)

    @staticmethod
    def _systems(hall: int, row: int) -> tuple[str, ...]:
        pair = (row - 1) // _ROWS_A_PAIR + 1
        return (f"A{pair}", f"B{pair}") if hall == 1 else ("C1", "C2", "C3", "C4")

    def _feeds(self, number: int) -> Iterator[Payload]:
        hall, row, _ = self._at(number)
        systems = self._systems(hall, row) if hall == 1 else _PAIRS[number % len(_PAIRS)]
        for side, system in zip(("primary", "redundant"), systems, strict=True):
            yield {
                "name": f"{self._name(number)}-{'A' if side == 'primary' else 'B'}",
                "power_panel": Ref("dcim/power-panels", f"{hall}-{row:02d}-{system}"),
                "rack": Ref("dcim/racks", self._name(number)),
                "status": "active",
                "type": side,
                "supply": "ac",
                "phase": "three-phase",
                "voltage": 415,
                "amperage": 160 if hall == 1 else 250,  # 415 V x 160 A x 1.732 x 80 % = 92 kW; 250 A: 143 kW
                "max_utilization": 80,
            }

    def _cooling_source(self, hall: int) -> Payload:
        return {
            "name": f"Plant {hall}",
            "site": Ref("dcim/sites", SITE),
            "location": Ref("dcim/locations", f"Hall {hall}"),
            "type": "chiller",
            "status": "active",
            "fluid_type": "water",
            "cooling_capacity": self._half * 140,
        }

    def _cooling_feed(self, number: int) -> Payload:
        hall, _, _ = self._at(number)
        return {
            "name": f"{self._name(number)}-water",
            "cooling_source": Ref("dcim/cooling-sources", f"Plant {hall}"),
            "rack": Ref("dcim/racks", self._name(number)),
            "status": "active",
            "cooling_capacity": 140,
        }


def _named(name: str) -> Payload:
    return {"name": name, "slug": name.lower().replace(" ", "-")}


def _rack_type(model: str) -> Payload:
    return {
        "manufacturer": Ref("dcim/manufacturers", "Halden Systems"),
        "model": model,
        "slug": model,
        "form_factor": "4-post-cabinet",
        "u_height": 48,
    }


def _panel(name: str, parent: str | None, kind: str, *, hall: int | None = None, **said: object) -> Payload:
    return {
        "site": Ref("dcim/sites", SITE),
        "location": None if hall is None else Ref("dcim/locations", f"Hall {hall}"),
        "name": name,
        "custom_fields": {"kind": kind, "parent": parent, **said},
    }


def _custom_fields() -> list[Payload]:
    types = {"kind": "text", "parent": "text", "rated_kw": "decimal", "contingency": "boolean"}
    return [{"name": name, "type": kind, "object_types": ["dcim.powerpanel"]} for name, kind in types.items()]
