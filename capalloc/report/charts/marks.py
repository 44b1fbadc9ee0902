"""Dates of a plan as a calendar shows them: their line, their sign, and what happens in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from capalloc.analysis.picture.marks import Kind, Mark
from capalloc.calendar import format_day
from capalloc.report.apart import apart
from capalloc.report.figures import plural, power_unit

LANES: Mapping[str, tuple[Kind, ...]] = {
    "Steps": (Kind.STEP,),
    "Moves": (Kind.HAND_OVER, Kind.START, Kind.STOP),
    "Deliveries": (Kind.DELIVERY, Kind.LEAVES),
    "Power": (Kind.SUPPLY, Kind.SUPPLY_ENDS, Kind.ENERGISED, Kind.DARK, Kind.COOLING),
    "Contracts": (Kind.SIGNED, Kind.NOTICE, Kind.COULD_END, Kind.MAY_LEAVE, Kind.ENDS),
    "Outages": (Kind.OUTAGE, Kind.MAINTENANCE),
}
"""Lines above the halls, from the top down, with what stands in each."""
LANE_OF: Mapping[Kind, str] = {kind: lane for lane, kinds in LANES.items() for kind in kinds}
_WHO_GIVES_NOTICE = {"provider": "we give notice", "tenant": "the tenant gives notice"}


@dataclass(frozen=True, slots=True)
class Sign:
    """How a date is drawn."""

    shape: str
    """Of a symbol of Vega."""
    shade: str
    glyph: str
    """The same among letters."""
    means: str


COMES = Sign("triangle-up", "accent", "▲", "comes, or more")
GOES = Sign("triangle-down", "warn", "▼", "goes, or less")
MOVES = Sign("circle", "accent", "●", "racks start, change hands or stop")
SEVERAL = Sign("diamond", "ink-2", "◆", "several of these")
SIGNED = Sign("diamond", "good", "◆", "signed")
NOTICE = Sign("triangle-left", "bad", "◀", "notice, or the tenant may leave")
COULD_END = Sign("circle", "warn", "●", "could be over, if notice is given on the first day")
ENDS = Sign("square", "ink-2", "■", "ends")
LASTS = Sign("square", "bad", "■", "lasts")
_SIGNS: Mapping[Kind, Sign] = {
    Kind.HAND_OVER: MOVES,
    Kind.START: MOVES,
    Kind.STOP: MOVES,
    Kind.DELIVERY: COMES,
    Kind.LEAVES: GOES,
    Kind.SUPPLY: COMES,
    Kind.SUPPLY_ENDS: GOES,
    Kind.ENERGISED: COMES,
    Kind.DARK: GOES,
    Kind.COOLING: COMES,
    Kind.SIGNED: SIGNED,
    Kind.NOTICE: NOTICE,
    Kind.COULD_END: COULD_END,
    Kind.MAY_LEAVE: NOTICE,
    Kind.ENDS: ENDS,
    Kind.OUTAGE: LASTS,
    Kind.MAINTENANCE: LASTS,
}
_SHOWN = (COMES, GOES, MOVES, SIGNED, NOTICE, COULD_END, ENDS, SEVERAL)
"""In the legend's order."""
_MOST_WEIGHTY = (NOTICE, ENDS, SIGNED, COULD_END)
"""Of several on a day, the first of these stands for all."""


def sign_of(mark: Mark) -> Sign:
    """The sign of one date."""
    if mark.kind is Kind.STEP:
        return GOES if mark.amount < mark.before else COMES
    return _SIGNS[mark.kind]


def sign_of_all(marks: Sequence[Mark]) -> Sign:
    """The sign of all dates of a line on a day."""
    signs = list(dict.fromkeys(map(sign_of, marks)))
    return signs[0] if len(signs) == 1 else next((one for one in _MOST_WEIGHTY if one in signs), SEVERAL)


def what(mark: Mark) -> str:
    """What happens, without how much."""
    name, other = apart(mark.subject), apart(mark.other)
    says = {
        Kind.STEP: f"{name}: {'committed' if mark.is_contract else 'wanted'}",
        Kind.HAND_OVER: f"{other} hands over to {name}",
        Kind.START: f"brought into service for {name}",
        Kind.STOP: f"released by {name}",
        Kind.DELIVERY: f"{name} delivered",
        Kind.LEAVES: f"{name} leave the site",
        Kind.SUPPLY: f"supply {name} comes into force at {other}",
        Kind.SUPPLY_ENDS: f"supply {name} has ended at {other}",
        Kind.ENERGISED: f"energised{_named(name)}",
        Kind.DARK: f"no longer energised{_named(name)}",
        Kind.COOLING: "ready to cool",
        Kind.SIGNED: f"{name} is signed with {other}",
        Kind.NOTICE: f"{name}: {_WHO_GIVES_NOTICE.get(mark.other, '')}",
        Kind.COULD_END: f"{name} could be over, if notice is given on the first day",
        Kind.MAY_LEAVE: f"{name}: the tenant may leave for its shortfall",
        Kind.ENDS: f"{name} has ended",
        Kind.OUTAGE: f"outage of {name}",
        Kind.MAINTENANCE: "in maintenance",
    }[mark.kind]
    return says if mark.was is None else f"{says}, planned for {format_day(mark.was)}"


def _named(name: str) -> str:
    return f": {name}" if name else ""


def how_much(mark: Mark) -> str:
    """The amount with its unit; empty where there is none."""
    if not mark.unit:
        return ""
    return power_unit([mark.amount]).named(mark.amount) if mark.unit == "kw" else plural(round(mark.amount), mark.unit)


def in_a_line(mark: Mark) -> str:
    """What happens and how much, after its day."""
    amount = how_much(mark)
    days = "" if mark.until is None else f", until {format_day(mark.until)}"
    return f"{what(mark)}{f': {amount}' if amount else ''}{days}"


def label_of(marks: Sequence[Mark]) -> str:
    """What stands beside the sign of some dates, in a few letters; empty where nothing short says it."""
    units = {one.unit for one in marks}
    if units == {"rack"} and marks[0].kind is not Kind.STEP:
        return f"{sum(round(one.amount) for one in marks):,d}"
    if len(marks) == 1:
        return how_much(marks[0]) or apart(marks[0].subject)
    return f"{len(marks)}×"  # noqa: RUF001


def signs_shown(marks: Sequence[Mark]) -> list[Sign]:
    """Signs of some dates, as the legend lists them."""
    days: dict[tuple[str, date], list[Mark]] = {}
    for one in marks:
        if one.until is None:
            days.setdefault((LANE_OF[one.kind], one.day), []).append(one)
    shown = {sign_of_all(group) for group in days.values()}
    return [sign for sign in _SHOWN if sign in shown]
