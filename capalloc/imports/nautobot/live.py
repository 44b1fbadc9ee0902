"""Answers of a running Nautobot, page by page; nothing is ever written there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit, urlunsplit

from capalloc.errors import MissingExtraError, Problem, ScenarioError
from capalloc.imports.nautobot.answers import ENDPOINTS, Answers, Object
from capalloc.imports.nautobot.page import Page, page

if TYPE_CHECKING:
    import requests

TOKEN = "NAUTOBOT_TOKEN"
"""The variable of the environment that holds the token."""
_TIMEOUT_S = (10.0, 120.0)
"""Seconds to connect, and to wait for the next part of an answer."""
_PASSING = (429, 500, 502, 503, 504)
_REFUSED = (401, 403)
Progress = Callable[[str, int, int | None], None]
"""Hears the endpoint, how many objects were read, and how many there are."""


@dataclass(frozen=True, slots=True)
class Server:
    """A Nautobot, and how patiently it is asked."""

    address: str
    """``https://nautobot.example.org``, with or without ``/api``."""
    token: str = field(repr=False)
    page_size: int = 1000
    """Objects on a page; a server may give fewer."""
    tries: int = 5
    """How often an answer that does not come, or not whole, is asked for."""
    pause_s: float = 0.5
    """Seconds before the second try; each further pause is twice as long."""


def read_server(server: Server, progress: Progress | None = None) -> Answers:
    """The objects of every endpoint.

    Raises ScenarioError where the server cannot be reached, refuses or breaks off, MissingExtraError where the client
    is not installed.
    """
    with _session(server) as session:
        return Answers({endpoint: _all(session, server, endpoint, progress) for endpoint in ENDPOINTS})


def _session(server: Server) -> requests.Session:
    try:
        import requests
        from requests.adapters import HTTPAdapter
        from urllib3.util import Retry
    except ImportError as error:
        raise MissingExtraError("reading a running Nautobot", "netbox") from error
    retry = Retry(server.tries - 1, backoff_factor=server.pause_s, status_forcelist=_PASSING, raise_on_status=False)
    session = requests.Session()
    session.headers.update({"Authorization": f"Token {server.token}", "Accept": "application/json"})
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=retry))
    return session


def _all(session: requests.Session, server: Server, endpoint: str, progress: Progress | None) -> list[Object]:
    """The objects on all pages.

    The next page is asked for by its offset, not by the link that a server gives, which may lead to another host: the
    token goes to the address that the user named alone.
    """
    address = f"{_root(server.address)}/api/{ENDPOINTS[endpoint]}/{endpoint}/"
    objects: list[Object] = []
    while True:
        one = _page(session, server, address, endpoint, len(objects))
        objects += one.objects
        if progress is not None:
            progress(endpoint, len(objects), one.count)
        if one.count is None or len(objects) >= one.count:
            return objects
        if not one.objects:
            _refuse(address, f"gave {len(objects):,} of {one.count:,} {endpoint} and then no more; try again")


def _page(session: requests.Session, server: Server, address: str, endpoint: str, offset: int) -> Page:
    """A page; one that comes broken off is asked for again."""
    problems: list[Problem] = []
    while len(problems) < server.tries:
        found = page(_text(session, server, address, offset), endpoint, address)
        if isinstance(found, Page):
            return found
        problems.append(found)
    raise ScenarioError(problems[-1:])


def _text(session: requests.Session, server: Server, address: str, offset: int) -> str:
    import requests

    asked = {"limit": server.page_size, "offset": offset, "depth": 0}
    try:
        answer = session.get(address, params=asked, timeout=_TIMEOUT_S)
    except requests.RequestException as error:
        _refuse(address, f"cannot be read: {_reason(error)}")
    if answer.status_code in _REFUSED:
        _refuse(address, f"refuses the token ({answer.status_code}); {TOKEN} must hold one that may view these objects")
    if answer.status_code == 404:
        _refuse(
            address, "is not there (404); expected the address of a Nautobot 2.4 or later, without a path of its own"
        )
    if answer.status_code != 200:
        _refuse(address, f"answers {answer.status_code} {answer.reason}, expected 200")
    return answer.text


def _root(address: str) -> str:
    """The address without what follows the root of the site, and without a user's name and password."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    if parts.scheme not in {"http", "https"} or not host:
        _refuse(address, "expected the address of a Nautobot, such as https://nautobot.example.org")
    return urlunsplit((parts.scheme, host, parts.path.rstrip("/").removesuffix("/api"), "", ""))


def _reason(error: Exception) -> str:
    """What is at the bottom of an error of the client, in words; headers are never part of it."""
    causes: list[BaseException] = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None and cause not in causes:
        causes.append(cause)
    bottom = causes[-1]
    return getattr(bottom, "strerror", None) or type(bottom).__name__


def _refuse(where: str, message: str) -> NoReturn:
    raise ScenarioError([Problem(where, 0, "", message)])
