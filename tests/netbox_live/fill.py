"""Puts a site into a running NetBox through its API."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from typing import Any

from tests.netbox_live.server import NetBox
from tests.netbox_live.site import Payload, Ref

_CHUNK = 200
"""Objects that are posted at once; NetBox writes all of them or none."""


def fill(server: NetBox, objects: Iterable[tuple[str, list[Payload]]]) -> None:
    """Post everything; what refers to an object gets the number that NetBox gave it."""
    numbers: dict[Ref, int] = {}
    for endpoint, payloads in objects:
        for chunk in _chunks(payloads):
            sent = [{key: _number(value, numbers) for key, value in one.items()} for one in chunk]
            for made in call(server, "POST", endpoint, sent):
                numbers[Ref(endpoint, made.get("name") or made["model"])] = made["id"]


def call(server: NetBox, method: str, endpoint: str, sent: object = None) -> Any:
    """What the API answers. Raises AssertionError with its complaint."""
    asked = urllib.request.Request(
        f"{server.url}/api/{endpoint}/",
        method=method,
        data=None if sent is None else json.dumps(sent).encode(),
        headers={"Authorization": f"Bearer {server.token}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(asked, timeout=300) as answer:
            body = answer.read()
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{method} {endpoint}: {error.code} {error.read()[:2000].decode()}") from error
    return json.loads(body) if body else None


def _chunks(payloads: list[Payload]) -> Iterator[list[Payload]]:
    for first in range(0, len(payloads), _CHUNK):
        yield payloads[first : first + _CHUNK]


def _number(value: object, numbers: dict[Ref, int]) -> object:
    return numbers[value] if isinstance(value, Ref) else value
