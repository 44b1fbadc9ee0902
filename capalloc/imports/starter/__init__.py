"""A small site to begin with: commented, complete, and planable as it stands."""

from __future__ import annotations

from capalloc.imports.starter.files import copied_files, starter_files
from capalloc.imports.starter.wish import SCHEMES, Wish

__all__ = ["SCHEMES", "Wish", "copied_files", "starter_files"]
