"""A plan and a running NetBox: what differs, and writing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from capalloc.analysis.base import Base
from capalloc.exports.netbox.branches import branch_named, made_branch
from capalloc.exports.netbox.difference import Difference, difference
from capalloc.exports.netbox.found import Found, find
from capalloc.exports.netbox.remote import Server
from capalloc.exports.netbox.writing import Written, write


@dataclass(frozen=True, slots=True)
class Compared:
    """A plan beside a NetBox, or a branch of it."""

    server: Server
    found: Found
    difference: Difference
    branch: str | None = None
    """Name of the branch that is written to."""
    branch_is_new: bool = False

    @property
    def tenants(self) -> dict[int, str]:
        """Names of tenants by number."""
        return {row["id"]: row["name"] for row in self.found.tenants}

    def write(self, written: Written | None = None) -> None:
        """Make NetBox say what the plan says. Raises ScenarioError where it refuses."""
        server = self.server
        if self.branch is not None and self.branch_is_new:
            server = server.in_branch(made_branch(server, self.branch)["schema_id"])
        write(server, self.difference.changes, written)


def compared(
    base: Base, server: Server, on: date | None = None, branch: str | None = None, *, take_back: bool = False
) -> Compared:
    """What differs, seen from a day; a branch that is there already is read as it is. Raises ScenarioError."""
    there = None if branch is None else branch_named(server, branch)
    if there is not None:
        server = server.in_branch(there["schema_id"])
    found = find(server, base.scenario.facility)
    differing = difference(base, found, on, take_back=take_back)
    return Compared(server, found, differing, branch, branch is not None and there is None)
