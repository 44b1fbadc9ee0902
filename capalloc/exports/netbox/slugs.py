"""Names of tenants as slugs, one to one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_LONGEST = 90
"""Characters, with room for a number after them; NetBox takes 100."""


def slugs_of(names: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """A slug for each name, in letters of a to z, digits and hyphens; none is in ``taken``, no two are alike."""
    used = set(taken)
    found: dict[str, str] = {}
    for name in dict.fromkeys(names):
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST] or "tenant"
        tried, number = slug, 1
        while tried in used:
            number += 1
            tried = f"{slug}-{number}"
        used.add(tried)
        found[name] = tried
    return found
