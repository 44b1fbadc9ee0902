"""Many names in one list, as Slurm writes them: ``h1-r[1-8]-[01-16]`` for 128 names."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LAST_NUMBER = re.compile(r"(.*?)(\d{1,9})(\D*)", re.DOTALL)
_BRACKETS = 3
"""In one name; Slurm takes more, people read no more."""
_RANGE = 50_000
"""Most names in one range; Slurm takes 65,536."""


def hostlist(names: Iterable[str]) -> str:
    """The names, each once, as a list in which neighbouring numbers are ranges."""
    terms = sorted(set(names))
    for _ in range(_BRACKETS):
        terms = _folded(terms)
    return ",".join(terms)


def _folded(terms: list[str]) -> list[str]:
    """Terms that differ only in their last number outside of brackets, as one each."""
    alike: dict[tuple[str, str], list[str]] = {}
    plain: list[str] = []
    for term in terms:
        parts = _around_last_number(term)
        if parts is None:
            plain.append(term)
        else:
            head, number, tail = parts
            alike.setdefault((head, tail), []).append(number)
    return [*plain, *(head + _ranges(numbers) + tail for (head, tail), numbers in alike.items())]


def _around_last_number(term: str) -> tuple[str, str, str] | None:
    """What is before the last number outside of brackets, the number, and what is behind it; None without one.

    None as well where the name ends in text: Slurm wants its last bracket at the end.
    """
    name, bracket, rest = term.partition("[")
    found = _LAST_NUMBER.fullmatch(name)
    if found is None or (found[3] and not bracket):
        return None
    return found[1], found[2], found[3] + bracket + rest


def _ranges(numbers: list[str]) -> str:
    runs: list[list[str]] = []
    for number in sorted(numbers, key=lambda text: (int(text), len(text))):
        if runs and len(runs[-1]) < _RANGE and _after(runs[-1][-1]) == number:
            runs[-1].append(number)
        else:
            runs.append([number])
    texts = [run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs]
    return numbers[0] if len(numbers) == 1 else f"[{','.join(texts)}]"


def _after(number: str) -> str:
    return str(int(number) + 1).zfill(len(number))


_MOST = 65_536
"""Names that one list may give."""
_TERM = re.compile(r"(?:[^,\[\]]|\[[^\[\]]*\])+")
_PIECE = re.compile(r"\[([^\[\]]*)\]|([^\[\]]+)")
_RUN = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?")
_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


def expanded(text: str) -> list[str]:
    """The names of a list such as ``gpu[001-008],login1``, in its order.

    Raises ValueError with a sentence for what is no such list.
    """
    terms = _TERM.findall(text)
    if not terms or ",".join(terms) != text:
        raise ValueError(f"found {text!r}, expected a list of nodes such as gpu[001-008]")
    names = [name for term in terms for name in _product(term, text)]
    wrong = next((name for name in names if not _HOST.fullmatch(name)), None)
    if wrong is not None:
        raise ValueError(f"found the node {wrong!r}, expected letters, digits, '-', '_' and '.'")
    return names


def _product(term: str, text: str) -> list[str]:
    names = [""]
    for bracket, plain in _PIECE.findall(term):
        parts = [plain] if plain else _numbers(bracket, text)
        if len(names) * len(parts) > _MOST:
            raise ValueError(f"found {text!r}, expected at most {_MOST:,} nodes")
        names = [name + part for name in names for part in parts]
    return names


def _numbers(bracket: str, text: str) -> list[str]:
    found: list[str] = []
    for part in bracket.split(","):
        run = _RUN.fullmatch(part)
        if run is None:
            raise ValueError(f"found [{bracket}] in {text!r}, expected numbers and ranges such as [1-8,12]")
        first, last = run[1], run[2] or run[1]
        if not 0 <= int(last) - int(first) < _MOST:
            raise ValueError(f"found the range {part} in {text!r}, expected it to rise, by at most {_MOST:,}")
        found += [str(number).zfill(len(first)) for number in range(int(first), int(last) + 1)]
    return found
