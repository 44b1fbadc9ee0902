"""A running NetBox to read from and to write to.

Source: NetBox's REST API (docs/integrations/rest-api.md), and that of its branching plugin.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from capalloc.errors import Problem, ScenarioError
from capalloc.imports.netbox.live import NETBOX
from capalloc.imports.rest import server as rest

if TYPE_CHECKING:
    import requests

BRANCH_HEADER = "X-NetBox-Branch"
_TIMEOUT_S = (10.0, 300.0)
"""Seconds to connect, and to wait for the next part of an answer."""
_PAGE = 500
_SAID = 300
"""Letters of an answer that are told."""

Row = dict[str, Any]


class Remote(Protocol):
    """What an export asks of a NetBox."""

    @property
    def url(self) -> str:
        """Its address."""

    def rows(self, endpoint: str, **asked: str | int) -> list[Row]:
        """All objects of an endpoint that fit what is asked. Raises ScenarioError."""

    def one(self, endpoint: str) -> Row:
        """What an endpoint that has no pages says. Raises ScenarioError."""

    def send(self, method: str, endpoint: str, sent: object) -> Any:
        """Write; what NetBox says to it. Raises ScenarioError where it refuses."""


@dataclass(frozen=True, slots=True)
class Server:
    """A NetBox at an address."""

    url: str
    session: requests.Session = field(repr=False)
    """It knows the token, and the branch that is read and written."""

    def rows(self, endpoint: str, **asked: str | int) -> list[Row]:
        """All objects of an endpoint that fit what is asked. Raises ScenarioError.

        The next page is asked for by its offset, not by the link in the answer: the token goes to the address that the
        user named alone.
        """
        found: list[Row] = []
        while True:
            page = self._call("GET", endpoint, params={**asked, "limit": _PAGE, "offset": len(found)})
            if not isinstance(page, dict) or not isinstance(page.get("results"), list):
                _refuse(f"{self.url}/api/{endpoint}/", 'expected an answer of NetBox, with "results"')
            found += page["results"]
            if page.get("next") is None or not page["results"]:
                return found

    def one(self, endpoint: str) -> Row:
        """What an endpoint that has no pages says. Raises ScenarioError."""
        answer = self._call("GET", endpoint)
        if not isinstance(answer, dict) or "id" not in answer:
            _refuse(f"{self.url}/api/{endpoint}/", "expected an object of NetBox 4.5 or later")
        return answer

    def send(self, method: str, endpoint: str, sent: object) -> Any:
        """Write; what NetBox says to it. Raises ScenarioError where it refuses."""
        return self._call(method, endpoint, sent=sent)

    def require_answer(self) -> None:
        """Raise ScenarioError where it cannot be reached, is no NetBox that can be written to, or refuses the token."""
        self.one("authentication-check")

    def in_branch(self, schema: str) -> Server:
        """The same NetBox, as it is in a branch."""
        self.session.headers[BRANCH_HEADER] = schema
        return self

    def _call(
        self, method: str, endpoint: str, *, params: Mapping[str, str | int] | None = None, sent: Any = None
    ) -> Any:
        import requests

        address = f"{self.url}/api/{endpoint}/"
        try:
            answer = self.session.request(method, address, params=params, json=sent, timeout=_TIMEOUT_S)
            text = answer.text
        except requests.RequestException as error:
            _refuse(address, f"cannot be reached: {rest.reason(error)}")
        if answer.status_code in (401, 403):
            told = f"refuses the token ({answer.status_code}): {_told(text)}"
            _refuse(address, f"{told}; see {NETBOX.token_variable}, and what it may do")
        if not answer.ok:
            _refuse(address, f"answers {answer.status_code} {answer.reason} to {method}: {_told(text)}")
        return _parsed(address, text) if text else None


def server_at(address: str, token: str) -> Server:
    """The NetBox at an address, which may end in ``/api``. Raises ScenarioError, MissingExtraError."""
    asked = rest.Server(NETBOX, address, token)
    return Server(rest.root_of(asked), rest.session_for(asked))


def _parsed(address: str, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        _refuse(address, "is not whole JSON: was the answer cut off, or is this no NetBox?")


def _told(text: str) -> str:
    """What NetBox complains of, in its own words: of many objects the first that has a complaint."""
    try:
        said = json.loads(text)
    except ValueError:
        return "no reason given"
    if isinstance(said, list):
        said = next((one for one in said if one), said)
    if isinstance(said, dict):
        said = "; ".join(f"{key}: {_plain(value)}" for key, value in said.items())
    return str(said)[:_SAID]


def _plain(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def _refuse(where: str, message: str) -> NoReturn:
    raise ScenarioError([Problem(where, 0, "", message)])
