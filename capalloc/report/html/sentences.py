"""What a plan says, in three sentences made from its figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import fsum

from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.summary import Given, Tightest, given, tightest
from capalloc.calendar import format_day
from capalloc.report.apart import apart
from capalloc.report.figures import count, percent, plural, power_unit, usd

_NAMED = 3
"""Demands that are named; of more, how many there are."""


def sentences(pictured: Pictured) -> Iterator[str]:
    """Who gets what; what it earns; what is short and what is tightest."""
    yield _who(pictured)
    yield _money(pictured)
    yield _limits(pictured)


def kw(amount: float) -> str:
    """A power in kW, in MW from 10 MW on."""
    return power_unit([amount]).named(amount)


def _who(pictured: Pictured) -> str:
    horizon, got = pictured.scenario.horizon, given(pictured)
    days = f"From {format_day(horizon.start)} until {format_day(horizon.end)}"
    if not got:
        return f"{days} nobody asks for a rack."
    parts = [_gets(one, pictured.plan.periods) for one in got[:_NAMED]]
    if len(got) > _NAMED:
        more = len(got) - _NAMED
        parts.append(f"{plural(more, 'more demand')} {'gets less' if more == 1 else 'get less each'}")
    return f"{days}, {_joined(parts)}."


def _gets(one: Given, periods: Sequence[str]) -> str:
    name = f"{apart(one.demand)} (not signed)" if one.is_prospect else apart(one.demand)
    if one.most_kw == 0:
        return f"{name} gets nothing"
    first = "at first" if one.first == periods[0] else f"in {one.first}"
    last = "at the end" if one.last == periods[-1] else f"in {one.last}, its last"
    if one.first == one.last or one.first_kw == one.last_kw == one.most_kw:
        whole = (one.first, one.last) == (periods[0], periods[-1])
        return f"{name} gets {kw(one.most_kw)} " + ("throughout" if whole else f"from {one.first} through {one.last}")
    change = f"{name} gets {_some(one.first_kw)} {first} and {_some(one.last_kw)} {last}"
    return change if max(one.first_kw, one.last_kw) == one.most_kw else f"{change} (at most {kw(one.most_kw)})"


def _some(amount: float) -> str:
    return kw(amount) if amount else "nothing"


def _money(pictured: Pictured) -> str:
    answer = pictured.revenue
    signed = [one for one in answer.contracts if one.firm_until is not None]
    firm, at_risk = (fsum(getattr(one, name) for one in signed) for name in ("firm_usd", "at_risk_usd"))
    value = fsum(one.value_usd for one in answer.workloads)
    parts = []
    if signed:
        split = f"{usd(firm)} firm and {usd(at_risk)} at risk if notice is given on the first day"
        parts.append(f"fees of {usd(fsum(one.total_usd for one in signed))} ({split})")
    if answer.workloads:
        parts.append(f"{usd(value)} of value from our own workloads")
    prospects = [one for one in answer.contracts if one.firm_until is None]
    if prospects:
        parts.append(f"{usd(fsum(one.total_usd for one in prospects))} of fees from contracts that are not signed")
    penalties = answer.to_objective.penalties_usd
    lost = f", less {usd(penalties)} of penalties" if penalties else ""
    return f"It earns {_joined(parts)}{lost}." if parts else "It earns nothing: there is nobody to serve."


def _limits(pictured: Pictured) -> str:
    short = [one for one in given(pictured) if one.most_short_kw > 0]
    if short:
        parts = [f"{apart(one.demand)} is short of up to {kw(one.most_short_kw)}" for one in short[:_NAMED]]
        more = [f"{count(len(short) - _NAMED)} more are short"] if len(short) > _NAMED else []
        first = _joined(parts + more)
    else:
        first = "Every commitment and every minimum is met"
    found = tightest(pictured)
    return f"{first}; {_tightest(found)}." if found else f"{first}."


def _tightest(found: Tightest) -> str:
    when = "in normal operation" if found.lost is None else f"after the loss of {apart(found.lost)}"
    return f"the tightest power node is {apart(found.node)}, {percent(found.used)} used {when} in {found.period}"


def _joined(parts: Sequence[str]) -> str:
    if len(parts) == 1:
        return parts[0]
    comma = "," if len(parts) > 2 or any(" and " in part or "," in part for part in parts) else ""
    return f"{', '.join(parts[:-1])}{comma} and {parts[-1]}"
