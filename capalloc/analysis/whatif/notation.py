"""Cases as they are written on a command line, and the grids that lists and ranges make of them.

A case is events joined by ``+``, each a word and its fields between colons. A field with several values, ``a,b,c`` or
``DATE..DATE``, makes a case for each of them, a range by period from its first
day, and for its last day. Several such fields, and parts joined by ``*``, make a case for every
combination, the first varying slowest. A name of the scenario that has separators itself is read whole.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, product

from capalloc.analysis.whatif.change import Case, Change, changed
from capalloc.analysis.whatif.site import Site, Wrong
from capalloc.analysis.whatif.words import FILE_ENDS, WORDS, read_event
from capalloc.calendar import PeriodUnit, add_days, add_months, format_day, parse_day
from capalloc.errors import Problem, ScenarioError
from capalloc.formats import load_events
from capalloc.formats.problems import first_problems
from capalloc.schema.checks.magnitude import EARLIEST, LATEST
from capalloc.schema.checks.references import faults
from capalloc.schema.scenario import Scenario
from capalloc.spelling import nearest

MOST_CASES = 10_000
"""More cases than anybody reads the answers of."""
FEW_CASES = 500
"""So many are planned unless more are asked for."""
_JOINED = re.compile(r"[+*]")
_RANGE = ".."
_BESIDE = r"[^:,+*\s]"
"""What does not stand beside a name."""
_FIRST_MARK = 0xF0000
"""The first of the characters that Unicode leaves to private use in its plane 15."""
_EXAMPLE = WORDS["notice"].example


def cases_of(scenario: Scenario, texts: Sequence[str], most: int = FEW_CASES) -> tuple[Case, ...]:
    """The cases that some texts write, in their order; one that is written twice comes once.

    More than ``most`` are refused.
    Raises ScenarioError with a sentence for everything that is wrong with them.
    """
    site, found, problems = Site(scenario), dict[str, Case](), list[Problem]()
    if not texts:
        problems.append(Problem("", 0, "CASE", f"found none, expected at least one, such as {site.example(_EXAMPLE)}"))
    for text in texts:
        try:
            found |= {case.name: case for case in _cases(site, text)}
        except Wrong as wrong:
            problems.append(Problem("", 0, f"case {text!r}", str(wrong)))
        except ScenarioError as error:  # of a file that the case names
            problems += error.problems
    if not problems and len(found) > most:
        message = f"found {len(found):,} cases, expected at most {most:,}; --most N plans up to N of them"
        problems.append(Problem("", 0, "CASE", message))
    problems = problems or [problem for case in found.values() for problem in _faults(scenario, case)]
    if problems:
        raise ScenarioError(first_problems(problems))
    return tuple(found.values())


def _faults(scenario: Scenario, case: Case) -> Iterator[Problem]:
    """What does not go together once the case has happened."""
    for fault in faults(changed(scenario, case.changes)):
        yield Problem("", 0, f"case {case.name!r}", fault.message)


@dataclass(frozen=True, slots=True)
class _Event:
    """An event as it is written with one value in each field, and what it changes."""

    text: str
    changes: tuple[Change, ...]


def _cases(site: Site, text: str) -> Iterator[Case]:
    """The cases of one text: every combination of its events."""
    text, names = _marked(site, text)
    parts = [part.strip() for part in _JOINED.split(text)]
    if not all(parts):
        raise Wrong(f"an event is missing beside '+' or '*'; write a case as {site.example(_EXAMPLE)}")
    choices = [_choices(site, part, names) for part in parts]
    number = math.prod(len(choice) for choice in choices)
    if number > MOST_CASES:
        raise Wrong(f"makes {number:,} cases, expected at most {MOST_CASES:,}")
    for events in product(*([_event(site, *choice) for choice in part] for part in choices)):
        changes = tuple(chain.from_iterable(event.changes for event in events))
        yield Case("+".join(event.text for event in events), changes)


def _marked(site: Site, text: str) -> tuple[str, dict[int, str]]:
    """A text with a mark in place of each name that has separators itself, and the names by their marks."""
    names: dict[int, str] = {}
    for mark, name in enumerate((name for name in site.with_separators if name in text), _FIRST_MARK):
        text, names[mark] = re.sub(f"(?<!{_BESIDE}){re.escape(name)}(?!{_BESIDE})", chr(mark), text), name
    return text, names


def _choices(site: Site, text: str, names: Mapping[int, str]) -> list[tuple[str, tuple[str, ...]]]:
    """The word of an event, with every combination of values of its fields; of a file, its path and no field."""
    word, colon, rest = text.partition(":")
    word = word.translate(names)
    if word not in WORDS and text.endswith(FILE_ENDS):
        return [(text.translate(names), ())]
    if word not in WORDS or not colon:
        near = nearest(word, tuple(WORDS))
        hint = f"did you mean {near!r}?" if near else f"expected one of {', '.join(WORDS)}."
        raise Wrong(
            f"found the event {word!r}; {hint} Write it as {site.example(WORDS[near].example if near else _EXAMPLE)}"
        )
    unit = site.scenario.horizon.period
    fields = [
        [value for part in field.split(",") for value in _values(part.strip(), unit)] for field in rest.split(":")
    ]
    number = math.prod(len(field) for field in fields)
    if number > MOST_CASES:
        raise Wrong(f"makes {number:,} cases, expected at most {MOST_CASES:,}")
    return [(word, tuple(value.translate(names) for value in values)) for values in product(*fields)]


def _values(text: str, unit: PeriodUnit) -> list[str]:
    """The values of a field: of a range the days from the first on, by period, and the last."""
    if _RANGE not in text:
        return [text]
    try:
        start, _, end = text.partition(_RANGE)
        first, last = parse_day(start.strip()), parse_day(end.strip())
    except ValueError as error:
        raise Wrong(f"found the range {text!r}, expected DATE..DATE, such as 2027-01..2027-06; {error}") from error
    if last < first:
        raise Wrong(f"found the range {text!r}, which ends before it begins")
    if not EARLIEST <= first <= last <= LATEST:
        raise Wrong(f"found the range {text!r}, expected dates from {EARLIEST.year} to {LATEST.year}")
    return [format_day(day) for day in _days(first, last, unit)]


def _days(first: date, last: date, unit: PeriodUnit) -> Iterator[date]:
    day, steps = first, 0
    while day < last:
        yield day
        steps += 1
        day = add_months(first, steps) if unit == "month" else add_days(first, steps * (7 if unit == "week" else 1))
    yield last


def _event(site: Site, word: str, fields: Sequence[str]) -> _Event:
    if word not in WORDS:
        return _Event(word, load_events(word))
    return _Event(":".join((word, *fields)), (read_event(site, word, fields),))
