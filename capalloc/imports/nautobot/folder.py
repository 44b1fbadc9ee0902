"""Answers of a Nautobot that somebody saved: a folder with a JSON file for each endpoint."""

from __future__ import annotations

from pathlib import Path

from capalloc.errors import Problem, ScenarioError
from capalloc.formats.node import Rejected
from capalloc.formats.reading import MEGABYTE, read_text
from capalloc.imports.nautobot.live import ENDPOINTS
from capalloc.imports.rest.objects import Answers, Object
from capalloc.imports.rest.page import Page, page

_LIMIT = 500 * MEGABYTE
_NEEDED = ("power-panels", "power-feeds", "racks")
_MORE = "save all with ?limit=0 in the address, or the other pages as {endpoint}.2.json and so on"


def read_folder(folder: Path) -> Answers:
    """The objects in ``power-panels.json``, ``power-feeds.json``, ``racks.json`` and so on.

    A file holds an answer of the API or a list of its objects; pages are files of their own (``racks.1.json``). Raises
    ScenarioError with everything that is wrong.
    """
    if not folder.is_dir():
        raise ScenarioError(
            [Problem(str(folder), 0, "", "no such folder; expected one with answers of Nautobot's API")]
        )
    problems: list[Problem] = []
    objects = {endpoint: list(_endpoint(folder, endpoint, problems)) for endpoint in ENDPOINTS}
    problems += [_missing(folder, endpoint) for endpoint in _NEEDED if not _files(folder, endpoint)]
    if problems:
        raise ScenarioError(problems)
    return Answers(objects)


def _files(folder: Path, endpoint: str) -> list[Path]:
    """Its files in the order of their pages: ``racks.json``, ``racks.2.json``, ..., ``racks.10.json``."""
    files = [path for path in folder.glob(f"{endpoint}*.json") if path.name.split(".")[0] == endpoint]
    return sorted(files, key=lambda path: (len(path.name), path.name))


def _missing(folder: Path, endpoint: str) -> Problem:
    address = f"/api/{ENDPOINTS[endpoint]}/{endpoint}/?limit=0"
    return Problem(str(folder), 0, "", f"has no {endpoint}.json; save what {address} answers under this name")


def _endpoint(folder: Path, endpoint: str, problems: list[Problem]) -> list[Object]:
    files = _files(folder, endpoint)
    read = [_page(path, endpoint) for path in files]
    problems += [one for one in read if isinstance(one, Problem)]
    pages = [one for one in read if isinstance(one, Page)]
    objects = [one for each in pages for one in each.objects]
    most = max((each.count for each in pages if each.count is not None), default=len(objects))
    if len(objects) != most and len(pages) == len(files):
        found = f"has {len(objects):,} of {most:,} {endpoint}; {_MORE.format(endpoint=endpoint)}"
        problems.append(Problem(str(files[0]), 0, "", found))
    return objects


def _page(path: Path, endpoint: str) -> Page | Problem:
    try:
        return page(read_text(path, str(path), _LIMIT), endpoint, str(path))
    except Rejected as error:
        return error.problems[0]
