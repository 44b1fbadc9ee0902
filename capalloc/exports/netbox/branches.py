"""A branch of NetBox's branching plugin, into which a plan is written for people to review and merge."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NoReturn

from capalloc.errors import Problem, ScenarioError
from capalloc.exports.netbox.remote import Remote, Row

_BRANCHES = "plugins/branching/branches"
_PATIENCE_S = 600.0
_WORKING = ("new", "provisioning")


def branch_named(server: Remote, name: str) -> Row | None:
    """The branch of that name; None where there is none yet.

    Raises ScenarioError where NetBox has no branches, and where this one takes no changes.
    """
    try:
        found = server.rows(_BRANCHES, name=name)
    except ScenarioError as error:
        message = f"this NetBox has no branches: its branching plugin is not there ({error.problems[0].message})"
        raise ScenarioError([Problem(server.url, 0, "--branch", message)]) from error
    if found and _status(found[0]) != "ready":
        _refuse(server, f"the branch {name} is {_status(found[0])}, expected ready; give another name")
    return found[0] if found else None


def made_branch(server: Remote, name: str, pause: Callable[[float], None] = time.sleep) -> Row:
    """A new branch, when NetBox has made it, which takes it seconds to minutes. Raises ScenarioError."""
    branch: Row = server.send("POST", _BRANCHES, {"name": name, "description": "A plan of capalloc"})
    last = time.monotonic() + _PATIENCE_S
    while _status(branch) in _WORKING and time.monotonic() < last:
        pause(1.0)
        branch = server.one(f"{_BRANCHES}/{branch['id']}")
    if _status(branch) != "ready":
        sentence = "are its background workers running (netbox rqworker)?"
        _refuse(server, f"the branch {name} is {_status(branch)} and not ready; {sentence}")
    return branch


def _status(branch: Row) -> str:
    status: str = branch["status"]["value"]
    return status


def _refuse(server: Remote, message: str) -> NoReturn:
    raise ScenarioError([Problem(server.url, 0, "--branch", message)])
