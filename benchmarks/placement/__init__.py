"""``capalloc bench placement``: families of facilities with requests, ours and peers on them."""

from .measure import run

__all__ = ["run"]
