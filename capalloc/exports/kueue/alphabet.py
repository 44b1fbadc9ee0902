"""Names in the alphabets of other systems: one to one, the same for the same names, as near to ours as can be."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

Key = tuple[str, ...]
"""What is named: one name, or several that make one together."""
_FIRST_DIGITS = 6
"""Of the fingerprint that tells names apart."""


@dataclass(frozen=True, slots=True)
class Alphabet:
    """What a system takes for a name; names begin and end with a letter or digit."""

    inside: str
    """Characters beside letters and digits, the one that replaces all others first."""
    limit: int
    """Most characters."""
    lower: bool = False
    """Only lower-case letters."""

    def nearest(self, text: str) -> str:
        """The nearest name, which others may share; empty where nothing of the text can stand."""
        plain = unicodedata.normalize("NFKD", text)
        plain = "".join(one for one in plain if not unicodedata.combining(one))
        kept = re.sub(rf"[^A-Za-z0-9{re.escape(self.inside)}]+", self.inside[0], plain).strip(self.inside)
        return kept.lower() if self.lower else kept

    def names(self, keys: Iterable[Key]) -> dict[Key, str]:
        """A name for each key, no two alike; one that is in the alphabet already keeps its own.

        Keys with the same nearest name, with none, or with one that is too long are told apart by a fingerprint.
        """
        nearest = {key: self.nearest(self.inside[0].join(key)) for key in sorted(set(keys))}
        often = Counter(nearest.values())
        found = {key: name for key, name in nearest.items() if self._fits(name) and self._own(key, name, often)}
        taken = set(found.values())
        for key, name in nearest.items():
            if key not in found:
                found[key] = self._told_apart(key, name, taken)
                taken.add(found[key])
        return found

    def _fits(self, name: str) -> bool:
        return 0 < len(name) <= self.limit

    @staticmethod
    def _own(key: Key, name: str, often: Counter[str]) -> bool:
        return often[name] == 1 or key == (name,)

    def _told_apart(self, key: Key, name: str, taken: set[str]) -> str:
        mark = hashlib.sha256("\0".join(key).encode()).hexdigest()
        for digits in range(_FIRST_DIGITS, len(mark)):
            room = self.limit - digits - 1
            found = self.inside[0].join(part for part in (name[:room].strip(self.inside), mark[:digits]) if part)
            if found not in taken:
                return found
        raise AssertionError("fingerprints differ")


DNS_LABEL = Alphabet("-", 63, lower=True)
"""Names of Kubernetes objects, short enough for a label's value (RFC 1123)."""
LABEL_VALUE = Alphabet("-_.", 63)
"""Values of Kubernetes labels."""
