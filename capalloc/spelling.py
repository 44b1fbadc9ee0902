"""The name that is most likely meant by one that is not there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

ALIKE = 0.6
"""From this share of common letters on a name may be a slip of another (difflib's ratio)."""
SMALL_SLIP = 0.8
"""From this share on it hardly is anything else."""
_LEAST_TURNED = 3
"""Letters that a word must have for two of them to be turned round."""
_HUMP = re.compile(r"(?<=[a-z]{2})(?=[A-Z])")
_APART = re.compile(r"[\W_]+")


def folded(name: str) -> str:
    """A name in small letters, its words parted by ``_``: ``Rated [kW]`` and ``ratedKw`` are ``rated_kw``."""
    return _APART.sub("_", _HUMP.sub("_", name)).strip("_").lower()


def nearest(name: str, known: Iterable[str], *, alike: float = ALIKE) -> str | None:
    """The known name that ``name`` is most likely a slip of, if any: first one that differs by case and marks alone."""
    return next(iter(all_near(name, known, most=1, alike=alike)), None)


def all_near(name: str, known: Iterable[str], *, most: int, alike: float = ALIKE) -> list[str]:
    """The known names that ``name`` may be a slip of, the most alike first."""
    plain: dict[str, str] = {}
    for one in known:
        plain.setdefault(folded(one) or one, one)
    wanted = folded(name) or name
    turned = [one for one in plain if _turned(wanted, one)]
    close = get_close_matches(wanted, plain, most, alike)
    found = dict.fromkeys([*([wanted] if wanted in plain else []), *turned, *close])
    return [plain[one] for one in found][:most]


def _turned(one: str, other: str) -> bool:
    """Whether the names have the same letters in another order, as ``form`` and ``from``."""
    letters = len(one) == len(other) >= _LEAST_TURNED and one.isalpha() and one != other
    return letters and sorted(one) == sorted(other)
