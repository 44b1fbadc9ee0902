"""What people write into the folder of an imported site, which another import leaves as it is."""

from __future__ import annotations

from pathlib import Path

from capalloc.formats.document import read_mapping
from capalloc.formats.node import Rejected

SCENARIO = "scenario.yaml"
_BARE = frozenset({"scenario", "facility", "horizon"})
"""Keys of the scenario that an import writes of a site without contracts."""


def kept_files(folder: Path) -> tuple[str, ...]:
    """Names of files that are kept: a plan to begin with, and the scenario where it says more than the site."""
    return ("incumbent.json", SCENARIO) if _says_more(folder / SCENARIO) else ("incumbent.json",)


def _says_more(path: Path) -> bool:
    try:
        return any(key not in _BARE for key, _ in read_mapping(path, str(path), []).items())
    except Rejected:
        return path.exists()
