"""``python -m tests.netbox_live.record URL``: answers of a NetBox with the live site, for tests that run everywhere.

Kept are the first row of either hall with its panels, feeds and reservations, as the API gives them; what differs from
run to run (addresses, days of changes) is made alike. The token is in NETBOX_TOKEN.
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

from tests.netbox_live.api import get

RECORDED = Path(__file__).parent / "recorded"
ROWS = ("1-01", "2-01")
_ENDPOINTS = (
    "sites",
    "locations",
    "rack-types",
    "racks",
    "power-panels",
    "power-feeds",
    "cooling-sources",
    "cooling-feeds",
    "rack-reservations",
    "devices",
    "power-ports",
)
_MOMENT = re.compile(r'"\d{4}-\d\d-\d\dT[0-9:.]+Z"')


def main(url: str) -> None:
    """Write a file for each endpoint, an object a line."""
    RECORDED.mkdir(exist_ok=True)
    for endpoint in _ENDPOINTS:
        kept = [one for one in get(url, os.environ["NETBOX_TOKEN"], f"dcim/{endpoint}") if _is_kept(endpoint, one)]
        lines = ",\n".join(json.dumps(one, separators=(",", ":")) for one in kept)
        text = _MOMENT.sub('"2026-01-01T00:00:00Z"', f"[\n{lines}\n]\n").replace(url, "http://netbox.test")
        (RECORDED / f"{endpoint}.json").write_text(text, encoding="utf-8")


def recorded() -> dict[str, list[dict[str, Any]]]:
    """The answers, by endpoint."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(RECORDED.glob("*.json"))}


def _is_kept(endpoint: str, one: dict[str, Any]) -> bool:
    if endpoint == "racks":
        return _is_in_rows(one)
    if endpoint == "power-panels":
        return one["location"] is None or _is_in_rows(one)
    return one.get("rack") is None or _is_in_rows(one["rack"])


def _is_in_rows(one: dict[str, Any]) -> bool:
    return str(one["name"]).startswith(ROWS)


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
