"""Answers of a running system, page by page; nothing is ever written there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import SplitResult, urlsplit, urlunsplit

from capalloc.errors import MissingExtraError, Problem, ScenarioError
from capalloc.imports.rest.objects import Answers, Object
from capalloc.imports.rest.page import Page, page

if TYPE_CHECKING:
    import requests

_TIMEOUT_S = (10.0, 120.0)
"""Seconds to connect, and to wait for the next part of an answer."""
_PASSING = (429, 500, 502, 503, 504)
_REFUSED = (401, 403)
_USER = re.compile(r"//[^/]*@")
_NEW_TOKENS = "nbt_"
"""How tokens of NetBox 4.5 and later begin, which are sent under another word."""
Progress = Callable[[str, int, int | None], None]
"""Hears the endpoint, how many objects were read, and how many there are."""
Parameters = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True)
class System:
    """A kind of inventory system, and what it is asked for."""

    title: str
    oldest: str
    """The oldest version that has what is asked for, in words."""
    token_variable: str
    """The variable of the environment that holds the token."""
    endpoints: Mapping[str, str]
    """Each with its application: ``/api/dcim/racks/``."""
    parameters: Parameters = field(default_factory=dict)
    """What every endpoint is asked with."""
    optional: frozenset[str] = frozenset()
    """Endpoints that older versions do not have."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running system, and how patiently it is asked."""

    system: System
    address: str
    """``https://netbox.example.org``, with or without ``/api``."""
    token: str = field(repr=False)
    page_size: int = 1000
    """Objects on a page; a server may give fewer."""
    tries: int = 5
    """How often an answer that does not come, or not whole, is asked for."""
    pause_s: float = 0.5
    """Seconds before the second try; each further pause is twice as long."""


def without_user(address: str) -> str:
    """An address as messages show it: without the name and password that it may hold."""
    return _USER.sub("//", address)


def read_server(server: Server, progress: Progress | None = None) -> Answers:
    """The objects of every endpoint. Raises what :class:`Client` raises."""
    with Client(server, progress) as client:
        return Answers({endpoint: client.objects(endpoint) for endpoint in server.system.endpoints})


class Client(AbstractContextManager["Client"]):
    """Asks a server for the objects of endpoints.

    Raises ScenarioError where the server cannot be reached, refuses or breaks off, MissingExtraError where the client
    is not installed.
    """

    def __init__(self, server: Server, progress: Progress | None = None) -> None:
        self._server, self._progress = server, progress
        self._root = root_of(server)
        self._session = session_for(server)

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def objects(self, endpoint: str, more: Parameters | None = None) -> list[Object]:
        """The objects on all pages of an endpoint; none where an older version does not have it.

        The next page is asked for by its offset, not by the link that a server gives, which may lead to another host:
        the token goes to the address that the user named alone.
        """
        address = f"{self._root}/api/{self._server.system.endpoints[endpoint]}/{endpoint}/"
        found: list[Object] = []
        seen: set[str] = set()
        while True:
            one = self._page(address, endpoint, {"offset": str(len(found)), **(more or {})})
            if one is None:
                return []
            found += one.objects
            seen.update(str(each["id"]) for each in one.objects)
            if self._progress is not None:
                self._progress(endpoint, len(found), one.count)
            if len(seen) < len(found):
                _refuse(address, f"gave one of the {endpoint} twice: they changed while they were read; try again")
            if one.count is None or len(found) >= one.count:
                return found
            if not one.objects:
                _refuse(address, f"gave {len(found):,} of {one.count:,} {endpoint} and then no more; try again")

    def _page(self, address: str, endpoint: str, asked: Parameters) -> Page | None:
        """A page; one that comes broken off is asked for again. None: there is no such endpoint."""
        problems: list[Problem] = []
        while len(problems) < self._server.tries:
            text = self._text(address, endpoint, asked)
            if text is None:
                return None
            found = page(text, endpoint, address)
            if isinstance(found, Page):
                return found
            problems.append(found)
        raise ScenarioError(problems[-1:])

    def _text(self, address: str, endpoint: str, asked: Parameters) -> str | None:
        import requests

        system = self._server.system
        asked = {"limit": str(self._server.page_size), **asked, **system.parameters}
        try:
            answer = self._session.get(address, params=asked, timeout=_TIMEOUT_S)
        except requests.RequestException as error:
            _refuse(address, f"cannot be read: {reason(error)}")
        if answer.status_code == 404 and endpoint in system.optional:
            return None
        if answer.status_code != 200:
            _refuse(address, _complaint(answer, system))
        return answer.text


def session_for(server: Server) -> requests.Session:
    """A session that holds the token and reads again what does not come. Raises ScenarioError, MissingExtraError."""
    try:
        import requests
        from requests.adapters import HTTPAdapter
        from urllib3.util import Retry
    except ImportError as error:
        raise MissingExtraError(f"reading a running {server.system.title}", "netbox") from error
    retry = Retry(
        server.tries - 1,
        backoff_factor=server.pause_s,
        status_forcelist=_PASSING,
        allowed_methods={"GET"},
        raise_on_status=False,
    )
    session = requests.Session()
    session.headers.update({"Authorization": _authorization(server), "Accept": "application/json"})
    session.auth = _as_it_is
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=retry))
    return session


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Leave the token where it is: without this a login of ``~/.netrc`` would be sent in its place."""
    return request


def _authorization(server: Server) -> str:
    token, variable = server.token.strip(), server.system.token_variable
    if not token:
        wanted = "one that may view racks, power panels and power feeds"
        _refuse(without_user(server.address), f"needs a token: set {variable} to {wanted}")
    if not token.isascii() or not token.isprintable() or " " in token:
        _refuse(variable, "holds what is no token; copy it again")
    return f"{'Bearer' if token.startswith(_NEW_TOKENS) else 'Token'} {token}"


def _complaint(answer: requests.Response, system: System) -> str:
    if answer.status_code in _REFUSED:
        variable = system.token_variable
        return f"refuses the token ({answer.status_code}); {variable} must hold one that may view these objects"
    if answer.status_code == 404:
        return f"is not there (404); expected the address of a {system.oldest} or later, without a path of its own"
    return f"answers {answer.status_code} {answer.reason}, expected 200"


def root_of(server: Server) -> str:
    """The address without what follows the root of the site, and without a user's name and password.

    Raises ScenarioError where it is none.
    """
    parts = _parts(server.address)
    if parts is None:
        title = server.system.title
        _refuse(
            without_user(server.address),
            f"expected the address of a {title}, such as https://{title.lower()}.example.org",
        )
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path.rstrip("/").removesuffix("/api"), "", ""))


def _parts(address: str) -> SplitResult | None:
    """The parts of a web address with a host, and a port that there is; None of anything else."""
    try:
        parts = urlsplit(address)
        valid = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return parts if valid else None


def reason(error: Exception) -> str:
    """What is at the bottom of an error of the client, in words; headers are never part of it."""
    causes: list[BaseException] = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None and cause not in causes:
        causes.append(cause)
    bottom = causes[-1]
    return getattr(bottom, "strerror", None) or type(bottom).__name__


def _refuse(where: str, message: str) -> NoReturn:
    raise ScenarioError([Problem(where, 0, "", message)])
