"""What a source holds and our tables cannot take: counted, with examples, never dropped in silence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Missing:
    """One kind of thing that did not come across."""

    what: str
    """In words: "racks without a feed"."""
    where: tuple[str, ...]
    """Each of them, as its source names it: an address, or a file with a line."""
    mend: str = ""
    """What to do about it."""

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.where)


def missing_lines(missing: Iterable[Missing]) -> list[str]:
    """A line for each kind: how many, the first of them, and what to do."""
    return [_line(one) for one in missing if one.count]


def _line(one: Missing) -> str:
    first = ", ".join(one.where[:_EXAMPLES])
    more = one.count - _EXAMPLES
    rest = f" and {more} more" if more > 0 else ""
    return f"{one.count} {one.what}: {first}{rest}{'; ' + one.mend if one.mend else ''}"
