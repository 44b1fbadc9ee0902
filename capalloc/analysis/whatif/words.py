"""The words of the notation of cases: the change that each writes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import TypeAdapter, ValidationError

from capalloc.analysis.whatif.change import OF_CASES, Change, ScaleDemand, ScaleFee, SignProspect
from capalloc.analysis.whatif.site import Site, Wrong
from capalloc.calendar import parse_day
from capalloc.formats.contract import load_contract
from capalloc.formats.scalar import number
from capalloc.schema.event import Event, Sign
from capalloc.units import KW_PER_MW

_DAYS = re.compile(r"([1-9]\d*)d")
_LATE = ("node", "supply", "rack_type", "contract")
_PLACES = ("node", "hall", "row")
_EVENT: TypeAdapter[Event] = TypeAdapter(Event)
FILE_ENDS = (".yaml", ".yml")
"""How the names of files of events and contracts end."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the notation."""

    usage: str
    example: str
    """For :meth:`Site.example`."""
    fields: tuple[int, int]
    """Fewest and most fields."""
    read: Callable[..., Change]
    """The change that a site and some fields write; raises Wrong."""


def read_event(site: Site, word: str, fields: Sequence[str]) -> Change:
    """The change that a word and its fields write; raises Wrong."""
    least, most = WORDS[word].fields
    if not least <= len(fields) <= most or not all(fields):
        raise Wrong(_written(site, word))
    try:
        return WORDS[word].read(site, *fields)
    except Wrong as wrong:
        raise Wrong(f"{wrong}; {_written(site, word)}") from wrong


def _written(site: Site, word: str) -> str:
    return f"it is written {WORDS[word].usage}, such as {site.example(WORDS[word].example)}"


def _record(**values: Any) -> Event:
    try:
        return _EVENT.validate_python(
            {key.removesuffix("_"): value for key, value in values.items() if value is not None}
        )
    except ValidationError as error:
        context = error.errors()[0].get("ctx", {})
        raise Wrong(str(context.get("error", error.errors()[0]["msg"]))) from error


def _notice(site: Site, contract: str, on: str, by: str = "") -> Change:
    ends = site.contracts[site.require(contract, "contract")].termination.by
    if by not in ("", "provider", "tenant"):
        raise Wrong(f"found {by!r}, expected provider or tenant after the day of the notice")
    return _record(
        type="notice", contract=contract, on=_day(on), by=by or ("tenant" if ends == "tenant" else "provider")
    )


def _delay(site: Site, *fields: str) -> Change:
    *what, length = fields
    subject, days = _told(site, "delay", _LATE, what), _DAYS.fullmatch(length)
    if days:
        return _record(type="delay", days=int(days[1]), **subject)
    return _record(type="delay", until=_day(length, "days such as 90d, or the first day such as 2027-03"), **subject)


def _outage(site: Site, *fields: str) -> Change:
    *what, start, until = fields
    label, equals, value = what[-1].partition("=")
    place = {"label": {label: value}} if equals else _told(site, "outage", _PLACES, what)
    return _record(type="outage", from_=_day(start), until=_day(until), **place)


def _told(site: Site, word: str, kinds: Sequence[str], what: Sequence[str]) -> dict[str, Any]:
    """The thing that a name means, by the kind that may stand before it."""
    if len(what) == 1:
        return {site.kind_of(what[0], kinds, word): what[0]}
    kind, name = what
    if kind not in kinds:
        raise Wrong(f"found {kind!r}, expected one of {', '.join(kinds)} before a name")
    return {kind: site.require(name, kind)}


def _supply(site: Site, node: str, mw: str, start: str, until: str = "") -> Change:
    amount = number(mw)
    if amount is None or amount <= 0:
        raise Wrong(f"found {mw!r}, expected MW above 0")
    site.require(node, "node")
    name = f"{OF_CASES}{node}:{mw}:{start}"
    end = _day(until) if until else None
    return _record(type="supply", name=name, node=node, kw=amount * KW_PER_MW, from_=_day(start), until=end)


def _sign(site: Site, what: str, on: str = "") -> Change:
    day = _day(on) if on else None
    if what.endswith(FILE_ENDS):
        contract = load_contract(what, site.scenario)
        return Sign(type="sign", contract=contract, on=day or contract.ramp[0].start)
    if what in site.contracts and what not in site.names["prospect"]:
        raise Wrong(f"the contract {what!r} is signed already; expected a prospect, or a file with a contract")
    return SignProspect(site.require(what, "prospect"), day)


def _demand(site: Site, workload: str, factor: str) -> Change:
    return ScaleDemand(site.require(workload, "workload"), _factor(factor))


def _fee(site: Site, contract: str, factor: str) -> Change:
    return ScaleFee(site.require(contract, "contract"), _factor(factor))


def _factor(text: str) -> float:
    value = number(text[1:]) if text[:1] in "x×" else None  # noqa: RUF001
    if value is None or value < 0:
        raise Wrong(f"found {text!r}, expected a factor such as x0.8")
    return float(value)


def _day(text: str, expected: str = "a day such as 2027-03-01, or a month such as 2027-03") -> date:
    try:
        return parse_day(text)
    except ValueError as error:
        raise Wrong(f"found {text!r}, expected {expected}") from error


WORDS = {
    "notice": Word("notice:CONTRACT:DATE[:provider|tenant]", "notice:CONTRACT:DATE", (2, 3), _notice),
    "delay": Word("delay:NODE|SUPPLY|RACK_TYPE|CONTRACT:90d|DATE", "delay:NODE:DATE", (2, 3), _delay),
    "outage": Word("outage:PLACE:FROM:UNTIL", "outage:PLACE:DATE:UNTIL", (3, 4), _outage),
    "supply": Word("supply:NODE:MW:FROM[:UNTIL]", "supply:NODE:20:DATE", (3, 4), _supply),
    "sign": Word("sign:FILE|PROSPECT[:DATE]", "sign:offer.yaml:DATE", (1, 2), _sign),
    "demand": Word("demand:WORKLOAD:xFACTOR", "demand:WORKLOAD:x0.8", (2, 2), _demand),
    "fee": Word("fee:CONTRACT:xFACTOR", "fee:CONTRACT:x0.9", (2, 2), _fee),
}
