"""Names in the alphabet of Slurm, one to one.

Slurm's lists of hosts give brackets and commas a meaning, and its names of nodes are those of hosts (RFC 1123), which
begin with a letter here and are told apart without regard to case.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 60
"""Characters; switches and hosts may have 64."""
RESERVED = frozenset({"all", "default", "localhost", "none"})
"""What Slurm means something else by, in lower case."""

_FINE = re.compile(rf"[A-Za-z][A-Za-z0-9_-]{{0,{LONGEST - 1}}}")


def slurm_names(names: Iterable[str], *, lower: bool = False, taken: Iterable[str] = ()) -> dict[str, str]:
    """Each name as Slurm can take it, no two alike; names that it can take as they are keep their spelling.

    ``lower``: in lower case, as Slurm keeps accounts. ``taken``: names that others have already.
    """
    wanted = list(dict.fromkeys(names))
    used = RESERVED | {name.lower() for name in taken}
    found: dict[str, str] = {}
    for name in sorted(wanted, key=lambda one: _spelled(one, lower) != one):
        found[name] = _free(_spelled(name, lower), used)
        used |= {found[name].lower()}
    return {name: found[name] for name in wanted}


def _spelled(name: str, lower: bool) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = plain.lower() if lower else plain
    if _FINE.fullmatch(plain) and plain == (name.lower() if lower else name):
        return plain
    spelled = re.sub(r"[^A-Za-z0-9_]+", "-", plain).strip("-_")
    return (spelled if spelled[:1].isalpha() else f"n{spelled}")[:LONGEST]


def _free(name: str, used: frozenset[str]) -> str:
    """The name, or the first of name-2, name-3, … that nobody has."""
    tried, number = name, 1
    while tried.lower() in used:
        number += 1
        tried = f"{name[: LONGEST - 8]}-{number}"
    return tried
