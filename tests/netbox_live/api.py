"""The API of a running NetBox, asked without anything of ours."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from tests.netbox_live.server import NetBox


def objects(server: NetBox, endpoint: str, branch: str | None = None) -> list[dict[str, Any]]:
    """All objects of an endpoint, as they are in a branch (its schema) or in main."""
    return get(server.url, server.token, endpoint, branch)


def get(url: str, token: str, endpoint: str, branch: str | None = None) -> list[dict[str, Any]]:
    """The same of a NetBox that runs elsewhere on this machine."""
    found: list[dict[str, Any]] = []
    while True:
        page = _call(url, token, "GET", f"{endpoint}/?limit=1000&offset={len(found)}", None, branch)
        found += page["results"]
        if page["next"] is None:
            return found


def call(server: NetBox, method: str, path: str, sent: object = None) -> Any:
    """What the API answers below ``/api/``. Raises AssertionError with its complaint."""
    return _call(server.url, server.token, method, path, sent, None)


def _call(url: str, token: str, method: str, path: str, sent: object, branch: str | None) -> Any:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    if branch is not None:
        headers["X-NetBox-Branch"] = branch
    data = None if sent is None else json.dumps(sent).encode()
    asked = urllib.request.Request(f"{url}/api/{path}", method=method, data=data, headers=headers)
    try:
        with urllib.request.urlopen(asked, timeout=300) as answer:
            body = answer.read()
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{method} {path}: {error.code} {error.read()[:2000].decode()}") from error
    return json.loads(body) if body else None
