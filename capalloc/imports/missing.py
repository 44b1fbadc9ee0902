"""What a source holds and our tables cannot take: counted, with examples, never dropped in silence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_EXAMPLES = 3
_HEAD = re.compile(r"^((?:\w+ )*?\w+)s(?= (?:of|that|in|with|without|whose|for|beside|outside|where|already)\b)")
"""Of "cooling feeds that are failed" what stands before the s."""
_OF_ONE = {
    "are": "is",
    "go": "goes",
    "end": "ends",
    "repeat": "repeats",
    "feed": "feeds",
    "hold": "holds",
    "mean": "means",
}
_VERB = re.compile(rf"(?<=\bthat )(?<!\bthose that )({'|'.join(_OF_ONE)})\b")
_PRONOUNS = {"themselves": "itself", "they begin": "it begins", "them": "it", "their": "its"}
_PRONOUN = re.compile(rf"\b({'|'.join(_PRONOUNS)})\b")


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

    @property
    def counted(self) -> str:
        """How many of what: "4 racks without a feed", "1 rack without a feed"."""
        return f"{self.count:,} {self.what if self.count != 1 else _of_one(self.what)}"


def _of_one(what: str) -> str:
    """The words of several as those of one."""
    what = _VERB.sub(lambda verb: _OF_ONE[verb[1]], what, count=1)
    what = _PRONOUN.sub(lambda pronoun: _PRONOUNS[pronoun[1]], what)
    return _HEAD.sub(r"\1", what)


def missing_lines(missing: Iterable[Missing]) -> list[str]:
    """A line for each kind: how many, the first of them, and what to do."""
    return [_line(one) for one in missing if one.count]


def _line(one: Missing) -> str:
    first = ", ".join(one.where[:_EXAMPLES])
    more = one.count - _EXAMPLES
    rest = f" and {more:,} more" if more > 0 else ""
    return f"{one.counted}: {first}{rest}{'; ' + one.mend if one.mend else ''}"


def plain_missing(missing: Iterable[Missing]) -> list[dict[str, object]]:
    """Every kind with all of its objects, for JSON."""
    return [{"what": one.what, "count": one.count, "where": one.where, "mend": one.mend} for one in missing]


class Tally:
    """Counts what does not come across, kind by kind, in the order in which kinds are first met."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], dict[str, None]] = {}

    def add(self, what: str, where: str, mend: str = "") -> None:
        """One more of a kind; the same one twice counts once."""
        self._found.setdefault((what, mend), {})[where] = None

    def missing(self) -> tuple[Missing, ...]:
        """Everything that was counted."""
        return tuple(Missing(what, tuple(where), mend) for (what, mend), where in self._found.items())


def missing_page(missing: Iterable[Missing], title: str) -> str:
    """A page (Markdown) with every one of them, to be worked through."""
    parts = [f"# {title}\n"]
    for one in missing:
        mend = f"{one.mend[0].upper()}{one.mend[1:]}.\n\n" if one.mend else ""
        parts.append(f"## {one.counted}\n\n{mend}" + "".join(f"- {_plain(each)}\n" for each in one.where))
    return "\n".join(parts if len(parts) > 1 else [*parts, "Everything came across.\n"])


def _plain(text: str) -> str:
    """Text that Markdown shows as it stands, on one line."""
    return re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", " ".join(text.split()))
