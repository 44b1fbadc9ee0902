"""Names as whole words of a text, whatever else the text says."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

_WORD = re.compile(r"\w+")
_INSIDE = r"[./:+#@~\\\u2013\u2014]"
"""Between two letters or figures, these make one word of them: ``r3-b.2`` is not ``r3-b``."""
_GOES_ON = re.compile(rf"[\w-]|{_INSIDE}\w")
_COMES_FROM = re.compile(rf"[\w-]\Z|\w{_INSIDE}\Z")


class Words:
    """Names to be found in texts, in a time that does not grow with their number."""

    def __init__(self, names: Iterable[str]) -> None:
        """Longer names come before those that they begin with."""
        self._by_word: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for name in sorted(set(names), key=lambda one: (-len(one), one)):
            word = _WORD.search(name)
            if word is not None:
                self._by_word[word[0]].append((word.start(), name))

    def found(self, text: str) -> Iterator[str]:
        """Every name in a text, from left to right; of names in each other the longest."""
        end = 0
        for word in _WORD.finditer(text):
            start, name = next(self._around(text, word), (0, ""))
            if name and start >= end:
                yield name
                end = start + len(name)

    def at(self, text: str, start: int) -> str | None:
        """The longest name that begins at a place of a text."""
        word = _WORD.search(text, start)
        if word is None:
            return None
        return next((name for at, name in self._around(text, word) if at == start), None)

    def _around(self, text: str, word: re.Match[str]) -> Iterator[tuple[int, str]]:
        """Names, with their first places, whose first word is this one."""
        for before, name in self._by_word.get(word[0], ()):
            start = word.start() - before
            if start >= 0 and text.startswith(name, start) and _is_whole(text, start, start + len(name)):
                yield start, name


def _is_whole(text: str, start: int, end: int) -> bool:
    return _GOES_ON.match(text, end) is None and _COMES_FROM.search(text[max(start - 2, 0) : start]) is None
