"""A Nautobot that somebody saved: a folder with answers of its API, or with CSV files that it exports."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from capalloc.errors import Problem, ScenarioError
from capalloc.formats.node import Rejected
from capalloc.formats.reading import MEGABYTE, read_text
from capalloc.imports.nautobot.live import ENDPOINTS
from capalloc.imports.nautobot.tables import given_in, objects_in
from capalloc.imports.rest.objects import Answers, Object
from capalloc.imports.rest.page import Page, complaint, page, repeated
from capalloc.imports.rows import Row, csv_rows

_LIMIT = 500 * MEGABYTE
_NEEDED = ("power-panels", "power-feeds", "racks")
_EXPECTED = "answers of Nautobot's API (JSON) or its exports (CSV)"
_MORE = "save all with ?limit=0 in the address, or the other pages as {endpoint}.2.json and so on"


def read_folder(folder: Path) -> Answers:
    """The objects in ``power-panels.json`` or ``nautobot_power_panels.csv``, and so on for the other endpoints.

    A JSON file holds an answer of the API or a list of its objects; pages are files of their own (``racks.2.json``).
    CSV files are what Nautobot exports; they are read where there is no JSON. Raises ScenarioError with everything that
    is wrong.
    """
    if not folder.is_dir():
        raise ScenarioError([Problem(str(folder), 0, "", f"no such folder; expected one with {_EXPECTED}")])
    problems: list[Problem] = []
    objects = _saved(folder, problems) or objects_in(_exported(folder, problems))
    problems += [_missing(folder, endpoint) for endpoint in _NEEDED if endpoint not in objects]
    if problems:
        raise ScenarioError(problems)
    return Answers(objects)


def _saved(folder: Path, problems: list[Problem]) -> dict[str, list[Object]]:
    files = {endpoint: _files(folder, endpoint) for endpoint in ENDPOINTS}
    return {endpoint: _objects(pages, endpoint, problems) for endpoint, pages in files.items() if pages}


def _exported(folder: Path, problems: list[Problem]) -> dict[str, list[Row]]:
    """The rows of CSV files, which are named for their endpoints with or without ``nautobot_`` before."""
    files = {
        path.stem.lower().removeprefix("nautobot_").replace("_", "-"): path for path in sorted(folder.glob("*.csv"))
    }
    return {endpoint: _rows(files[endpoint], endpoint, problems) for endpoint in ENDPOINTS if endpoint in files}


def _rows(path: Path, endpoint: str, problems: list[Problem]) -> list[Row]:
    try:
        rows = list(csv_rows(path))
    except Rejected as error:
        problems += error.problems
        return []
    wrong = [f"{row.where} {said}" for row in rows if (said := complaint(given_in(row), endpoint))]
    problems += [Problem(str(path), 0, "", said) for said in wrong[:1]]
    problems += [] if wrong else _twice((row.cells for row in rows), path)
    return rows


def _twice(objects: Iterable[Object], path: Path) -> list[Problem]:
    found = repeated(objects)
    return [] if found is None else [Problem(str(path), 0, "", f"has {found} twice; was a page saved two times?")]


def _files(folder: Path, endpoint: str) -> list[Path]:
    """Its files in the order of their pages: ``racks.json``, ``racks.2.json``, ..., ``racks.10.json``."""
    files = [path for path in folder.glob(f"{endpoint}*.json") if path.name.split(".")[0] == endpoint]
    return sorted(files, key=lambda path: (len(path.name), path.name))


def _missing(folder: Path, endpoint: str) -> Problem:
    address, words = f"/api/{ENDPOINTS[endpoint]}/{endpoint}/?limit=0", endpoint.replace("-", "_")
    message = f"save what {address} answers as {endpoint}.json, or export the list as {words}.csv"
    return Problem(str(folder), 0, "", f"has no {words.replace('_', ' ')}; {message}")


def _objects(files: list[Path], endpoint: str, problems: list[Problem]) -> list[Object]:
    """The objects of an endpoint on all its pages."""
    read = [_page(path, endpoint) for path in files]
    problems += [one for one in read if isinstance(one, Problem)]
    pages = [one for one in read if isinstance(one, Page)]
    objects = [one for each in pages for one in each.objects]
    most = max((each.count for each in pages if each.count is not None), default=len(objects))
    if len(objects) != most and len(pages) == len(files):
        found = f"has {len(objects):,} of {most:,} {endpoint}; {_MORE.format(endpoint=endpoint)}"
        problems.append(Problem(str(files[0]), 0, "", found))
    problems += _twice(objects, files[0])
    return objects


def _page(path: Path, endpoint: str) -> Page | Problem:
    try:
        return page(read_text(path, str(path), _LIMIT), endpoint, str(path))
    except Rejected as error:
        return error.problems[0]
