"""What a plan says, in three sentences made from its figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from math import fsum

from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.summary import Given, Tightest, given, left, tightest, together_kw
from capalloc.calendar import PeriodUnit
from capalloc.report.apart import apart
from capalloc.report.figures import PowerUnit, count, percent, plural, power_unit, usd
from capalloc.report.html.spoken import at, in_month, in_period, span
from capalloc.schema.plan import Shortfall
from capalloc.schema.revenue import RevenueContract

_NAMED = 3
"""Demands that are named; of more, how many there are."""

_ALIKE = 0.01
"""kW that differ by no more than this share of the most are told as the same."""
_NOTHING_KW = 0.05
"""kW that are shown as none."""


def sentences(pictured: Pictured) -> Iterator[str]:
    """Who gets what; what it earns; what is short, what is tightest and what is left."""
    yield _who(pictured)
    yield _money(pictured)
    yield _limits(pictured)


def kw(amount: float) -> str:
    """A power in kW, in MW from 10 MW on."""
    return power_unit([amount]).named(amount)


def _who(pictured: Pictured) -> str:
    horizon, got = pictured.scenario.horizon, given(pictured)
    days = span(horizon.start, horizon.end)
    if not got:
        return _sentence(f"{days} nobody is served: the scenario has no demand to plan")
    parts = [_gets(one, horizon.start, horizon.end) for one in got[:_NAMED]]
    rest = [one.demand for one in got[_NAMED:]]
    if rest:
        most = together_kw(pictured, rest)
        share = "gets" if len(rest) == 1 else "share"
        unsigned = sum(one.is_prospect for one in got[_NAMED:])
        note = f" ({plural(unsigned, 'prospect')} among them)" if unsigned else ""
        parts.append(f"{plural(len(rest), 'more demand')}{note} {share} {f'up to {kw(most)}' if most else 'nothing'}")
    return _sentence(f"{days}, {joined(parts)}")


def who(one: Given) -> str:
    """A demand by name, with its tenant where that has another name, and whether it has signed."""
    tenant = apart(one.tenant) if one.tenant.casefold() != one.demand.casefold() else ""
    prospect = f"a prospect, {percent(one.probability, 0)} likely" if one.is_prospect else ""
    notes = ", ".join(note for note in (tenant, prospect) if note)
    return f"{apart(one.demand)} ({notes})" if notes else apart(one.demand)


def _gets(one: Given, start: date, end: date) -> str:
    unit = power_unit([one.most.kw])
    if one.most.kw == 0:
        return f"{who(one)} gets nothing"
    if one.steady:
        days = span(one.first.day, one.until) if (one.first.day, one.until) != (start, end) else "throughout"
        return f"{who(one)} has {unit.named(one.last.kw)}" + (f" {days}" if len(one.kw_by_period) > 1 else "")
    first = "at first" if one.first.day == start else at(one.first.day)
    final = f"from {in_month(one.last.day)} on" if one.until == end else span(one.last.day, one.until)
    if abs(one.last.kw - one.first.kw) <= _ALIKE * one.most.kw:
        return f"{who(one)} has {_some(one.first.kw, unit)} {first} and {final}{_between(one, unit)}"
    verb = "goes" if _between(one, unit) else "rises" if one.last.kw > one.first.kw else "falls"
    return (
        f"{who(one)} {verb} from {_some(one.first.kw, unit)} {first} to {_some(one.last.kw, unit)} {final}"
        f"{_between(one, unit)}"
    )


def _between(one: Given, unit: PowerUnit) -> str:
    """Where it has more than at both ends, and where less."""
    alike, parts = _ALIKE * one.most.kw, []
    if one.most.kw > max(one.first.kw, one.last.kw) + alike:
        parts.append(f"most: {unit.named(one.most.kw)} {at(one.most.day)}")
    if one.least.kw < min(one.first.kw, one.last.kw) - alike:
        parts.append(f"least: {_some(one.least.kw, unit)} {at(one.least.day)}")
    return f" ({'; '.join(parts)})" if parts else ""


def _some(amount: float, unit: PowerUnit) -> str:
    return unit.named(amount) if amount else "nothing"


def _money(pictured: Pictured) -> str:
    answer = pictured.revenue
    signed = [one for one in answer.contracts if one.firm_until is not None]
    value = fsum(one.value_usd for one in answer.workloads)
    parts = []
    if signed:
        parts.append(f"the contracts pay {usd(fsum(one.total_usd for one in signed))} in fees, {_firm(signed)}")
    if answer.workloads:
        parts.append(f"our own workloads are worth {usd(value)}")
    prospects = [one for one in answer.contracts if one.firm_until is None]
    if prospects:
        weighted = fsum(one.weighted_usd for one in prospects)
        fees = usd(fsum(one.total_usd for one in prospects))
        names = joined([f"{apart(one.demand)} ({percent(one.probability, 0)} likely)" for one in prospects[:_NAMED]])
        more = f" and {count(len(prospects) - _NAMED)} more" if len(prospects) > _NAMED else ""
        parts.append(f"not signed: {names}{more} would pay {fees}, {usd(weighted)} weighted, none of it firm")
    penalties = answer.to_objective.penalties_usd
    if penalties:
        parts.append(f"penalties take {usd(penalties)}")
    text = "; ".join(parts) or "the plan earns nothing, as there is nobody to serve"
    return _sentence(text)


def _sentence(text: str, named: bool = False) -> str:
    """A text as a sentence; one that begins with a name keeps its first letter."""
    return f"{text if named else text[0].upper() + text[1:]}."


def _firm(signed: Sequence[RevenueContract]) -> str:
    firm, at_risk = (fsum(getattr(one, name) for one in signed) for name in ("firm_usd", "at_risk_usd"))
    if round(at_risk) <= 0:
        return "all of it firm"
    if round(firm) <= 0:
        return "all of it at risk"
    return f"{usd(firm)} of it firm and {usd(at_risk)} at risk, should notice be given on the first day"


def _limits(pictured: Pictured) -> str:
    missed = _missed(pictured)
    parts = [joined(missed)] if missed else []
    if not missed and pictured.plan.demands:
        kept = pictured.verdict.verdict == "ok"
        parts.append("every commitment and every minimum is met" if kept else "the plan itself names no shortfall")
    found = tightest(pictured)
    if found is not None:
        parts.append(_tightest(found, pictured.scenario.horizon.period))
    parts.append(_left(pictured))
    return _sentence("; ".join(parts), bool(missed))


def _missed(pictured: Pictured) -> list[str]:
    """Who is short, of how much, when, the most costly first."""
    runs: dict[str, list[Shortfall]] = {}
    for row in pictured.plan.shortfalls:
        runs.setdefault(row.demand, []).append(row)
    costly = sorted(runs, key=lambda name: -fsum(row.penalty_usd + row.lost_fee_usd for row in runs[name]))
    parts = [_short(name, runs[name]) for name in costly[:_NAMED]]
    more = len(costly) - _NAMED
    return [*parts, f"{count(more)} more {'is' if more == 1 else 'are'} short"] if more > 0 else parts


def _short(name: str, runs: Sequence[Shortfall]) -> str:
    days = span(min(row.start for row in runs), max(row.until for row in runs))
    at_times = " at times" if len(runs) > 1 else ""
    return f"{apart(name)} is short of up to {kw(max(row.most_short_kw for row in runs))}{at_times} {days}"


def _tightest(found: Tightest, unit: PeriodUnit) -> str:
    """Where, how tight, when."""
    lost = "" if found.lost is None else f" after the loss of {apart(found.lost)}"
    share, limit = percent(found.used), kw(found.limit_kw)
    return f"power is tightest at {apart(found.node)}, {share} of {limit} used{lost} {in_period(found.day, unit)}"


def _left(pictured: Pictured) -> str:
    rows = list(left(pictured))
    racks = rows[-1].racks
    least = min(rows, key=lambda one: one.kw)
    free = "no rack is free" if racks == 0 else f"{plural(racks, 'rack')} {'is' if racks == 1 else 'are'} free"
    if least.kw < _NOTHING_KW:
        when = in_period(least.day, pictured.scenario.horizon.period)
        return f"at the end {free}, and {when} {'all supply is in use' if least.limit_kw else 'there is no supply'}"
    return f"at the end {free}, and at least {kw(least.kw)} of supply is to spare throughout"


def joined(parts: Sequence[str]) -> str:
    """Parts of a sentence behind each other."""
    if len(parts) == 1:
        return parts[0]
    comma = "," if len(parts) > 2 or any(" and " in part or "," in part for part in parts) else ""
    return f"{', '.join(parts[:-1])}{comma} and {parts[-1]}"
