"""The script of reservations: lines that scontrol takes, and what keeps them right when it runs again."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files

from capalloc.exports.slurm.tenants import Reservation

_START = "set -uf\n"
"""The first line of the script's own work; above it stands how to use it."""


def reservations_sh(head: Iterable[str], reservations: Iterable[Reservation], mark: str, period: str | None) -> str:
    """The script, with ``head`` as its first comment. Of one ``period`` alone it takes nobody else's place.

    ``mark``: how the names of all reservations begin that it made or an earlier one may have made.
    """
    written = (files("capalloc.exports.slurm") / "reservations.sh").read_text(encoding="utf-8")
    usage, _, work = written.partition(_START)
    planned = [
        "planned() {",
        "  cat <<'END'",
        *map(_create, reservations),
        "END",
        "}",
        f"mark='{mark}'",
        f"only='{period or ''}'",
        "",
    ]
    return text_of(["#!/bin/sh", *commented(head)]) + usage + text_of(planned) + _START + work


def _create(one: Reservation) -> str:
    days = f"StartTime={one.start}T00:00:00 EndTime={one.until}T00:00:00"
    return f"create reservation ReservationName={one.name} {days} Accounts={one.account} Nodes={one.nodes}"


def commented(sentences: Iterable[str]) -> list[str]:
    """Each sentence as a comment of a shell, of slurm.conf or of YAML."""
    return [f"# {sentence}" for sentence in sentences]


def text_of(lines: Iterable[str]) -> str:
    """Lines as the text of a file."""
    return "".join(f"{line}\n" for line in lines)
