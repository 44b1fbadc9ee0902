"""What the plan says, on top of the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import fsum

from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.summary import Committed, committed, left, tightest
from capalloc.report.apart import apart
from capalloc.report.figures import DASH, PowerUnit, count, gap_between, percent, plural, power_unit, usd
from capalloc.report.headline import status_line, verdict_line
from capalloc.report.html.section import Section
from capalloc.report.html.sentences import kw, sentences
from capalloc.report.html.spoken import last_day, on_day, span
from capalloc.report.shortfall import by_kind, sentence
from capalloc.report.verdict import alike
from capalloc.schema.revenue import RevenueContract
from capalloc.schema.status import Status, StopReason
from capalloc.schema.verdict import Violation

_LISTED = 20
"""Violations, and shortfalls, that are listed."""
_MISSED = {
    "contracts": "Shortfalls of signed contracts",
    "minima": "Workloads below their minimum",
    "prospects": "What prospects would miss",
}
_MEANS = {
    Status.OPTIMAL: "no plan is worth more",
    Status.FEASIBLE: "a better plan may exist, and adds at most the gap",
}
_ENDED_EARLY = (StopReason.TIME_LIMIT, StopReason.INTERRUPTED)


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure on top of the page."""

    name: str
    label: str
    value: str
    note: str = ""
    mood: str = ""
    """``good`` or ``bad``."""


def summary(pictured: Pictured) -> Section:
    """The section on top."""
    verdict, plan, kinds = pictured.verdict, pictured.plan, alike(pictured.verdict.violations)
    values = {
        "sentences": list(sentences(pictured)),
        "about": list(_about(pictured)),
        "facts": list(_facts(pictured)),
        "committed": _table(pictured),
        "with_prospects": bool(plan.prospects),
        "missed": list(_missed(pictured)),
        "description": pictured.scenario.facility.description,
        "rejected": "" if verdict.verdict == "ok" else verdict_line(verdict)[0],
        "violations": list(map(_violation, kinds[:_LISTED])),
        "more": sum(map(len, kinds[_LISTED:])),
        "ended_early": status_line(plan) if plan.termination.reason in _ENDED_EARLY else "",
        "undecided": list(map(apart, plan.undecided)),
        "of_another": pictured.of_another,
    }
    return Section("summary", "Summary", values)


def _violation(group: Sequence[Violation]) -> str:
    """The first of violations that are alike, with its place and period, and how many more there are."""
    one = group[0]
    at = ", ".join(part for part in (str(one.rule), apart(one.where), one.period) if part)
    more = f" (and {count(len(group) - 1)} alike)" if len(group) > 1 else ""
    return f"{at}: {one.message}{more}"


def _about(pictured: Pictured) -> Iterator[str]:
    """Site, days and prospects, in a few words."""
    horizon, plan = pictured.scenario.horizon, pictured.plan
    yield f"{plural(len(pictured.periods), horizon.period)} {span(horizon.start, horizon.end)}"
    halls = len(pictured.site.instance.positions.hall_names)
    yield f"{plural(len(pictured.scenario.facility.racks), 'rack')} in {plural(halls, 'hall')}"
    if plan.prospects:
        yield f"with {plural(len(plan.prospects), 'prospect')} as if signed: {', '.join(map(apart, plan.prospects))}"


def _facts(pictured: Pictured) -> Iterator[Fact]:
    yield _verdict(pictured)
    yield _status(pictured)
    yield from _fees(pictured)
    yield from _prospects(pictured)
    yield from _value(pictured)
    yield _tightest(pictured)
    yield _left(pictured)
    yield _short(pictured)
    yield _moves(pictured)


def _verdict(pictured: Pictured) -> Fact:
    if pictured.verdict.verdict == "ok":
        return Fact("verdict", "Independent check", "ok", "every rule holds in every period", "good")
    found = plural(len(pictured.verdict.violations), "violation")
    return Fact("verdict", "Independent check", found, "rejected: listed on top", "bad")


def _status(pictured: Pictured) -> Fact:
    plan = pictured.plan
    value = f"{plan.status}, {gap_between(plan.objective_usd, plan.bound_usd, plan.gap)}"
    worth = f"worth {usd(plan.objective_usd)} of at most {usd(plan.bound_usd)}, discounted"
    if plan.precedence is None:
        return Fact("status", "Status", value, f"{worth}: {_MEANS.get(plan.status, '')}")
    bound = plan.precedence.bound_usd
    gap = gap_between(plan.objective_usd, bound, (bound - plan.objective_usd) / max(abs(bound), 1.0))
    among = (
        f"worth {usd(plan.objective_usd)}, discounted; at most {usd(bound)} among plans that serve as much to who "
        f"comes first, {usd(plan.bound_usd)} among all. That order costs {usd(plan.precedence.less_usd)}"
    )
    return Fact("status", "Status", f"{plan.status}, {gap} in the order of priority", among)


def _fees(pictured: Pictured) -> Iterator[Fact]:
    signed = [one for one in pictured.revenue.contracts if one.firm_until is not None]
    if not signed:
        yield Fact("firm", "Firm fees", DASH, "no signed contract is planned")
        return
    firm, at_risk = fsum(one.firm_usd for one in signed), fsum(one.at_risk_usd for one in signed)
    first = pictured.revenue.as_of
    ends = min(one.firm_until for one in signed if one.firm_until is not None)
    note = f"earned though notice be given on {on_day(first)}; the first could then end with {last_day(ends)}"
    yield Fact("firm", "Firm fees", usd(firm), note + _leavers(signed))
    yield Fact("at-risk", "Fees at risk", usd(at_risk), "would go if every contract were ended by notice on that day")


def _leavers(signed: Sequence[RevenueContract]) -> str:
    """Who may leave without notice, for a shortfall: firm fees ignore that."""
    named = [
        f"{apart(one.demand)} may leave from {on_day(one.may_leave_from)}"
        for one in signed
        if one.may_leave_from is not None
    ]
    more = f" and {count(len(named) - 3)} more" if len(named) > 3 else ""
    return f". Not counted: for a shortfall {', '.join(named[:3])}{more}, notice or not" if named else ""


def _prospects(pictured: Pictured) -> Iterator[Fact]:
    found = [one for one in pictured.revenue.contracts if one.firm_until is None]
    if found:
        fees, weighted = fsum(one.total_usd for one in found), fsum(one.weighted_usd for one in found)
        note = f"not signed: {usd(weighted)} by probability; in no figure of fees, but in what the plan is worth"
        yield Fact("prospects", "Fees of prospects", usd(fees), note)


def _value(pictured: Pictured) -> Iterator[Fact]:
    found = pictured.revenue.workloads
    if found:
        note = f"{plural(len(found), 'workload')}, by the GPU-hour; not discounted"
        yield Fact("value", "Value of own workloads", usd(fsum(one.value_usd for one in found)), note)


def _tightest(pictured: Pictured) -> Fact:
    found = tightest(pictured)
    if found is None:
        return Fact("tightest", "Tightest power node", DASH)
    when = "in normal operation" if found.lost is None else f"after the loss of {apart(found.lost)}"
    note = f"{kw(found.load_kw)} of {kw(found.limit_kw)} {when}, {found.period}"
    return Fact("tightest", "Tightest power node", f"{apart(found.node)}: {percent(found.used)}", note)


def _left(pictured: Pictured) -> Fact:
    rows = list(left(pictured))
    least, fewest = min(rows, key=lambda one: one.kw), min(rows, key=lambda one: one.racks)
    note = (
        f"serve nobody at the end; fewest in {fewest.period}: {count(fewest.racks)}. Supply to spare is least in "
        f"{least.period}: {kw(least.kw)}. capalloc surplus says what can be sold"
    )
    return Fact("left", "Free racks", count(rows[-1].racks), note)


def _short(pictured: Pictured) -> Fact:
    rows = pictured.plan.shortfalls
    if not rows and pictured.verdict.verdict != "ok":
        return Fact("shortfalls", "Shortfalls", "none", "by the plan itself, which the check rejects")
    if not rows:
        return Fact("shortfalls", "Shortfalls", "none", "every commitment and minimum is met", "good")
    penalty, lost = fsum(row.penalty_usd for row in rows), fsum(row.lost_fee_usd for row in rows)
    names = dict.fromkeys(row.demand for row in rows)
    note = f"penalties {usd(penalty)}, fees lost {usd(lost)}; listed below"
    return Fact("shortfalls", "Shortfalls", plural(len(names), "demand"), note, "bad")


def _moves(pictured: Pictured) -> Fact:
    stats = pictured.plan.stats
    note = f"among {plural(stats.racks, 'rack')}: each time one leaves a demand whose term goes on"
    return Fact("moves", "Racks moved", plural(stats.moves, "time"), note)


def _table(pictured: Pictured) -> list[tuple[str, ...]]:
    """When, committed, delivered and short: at first, at the end, and where most is short."""
    rows = committed(pictured)
    if not any(one.committed_kw for one in rows):
        return []
    unit = power_unit(max(one.committed_kw, one.delivered_kw) for one in rows)
    worst = max(rows, key=lambda one: one.short_kw)
    named = [("At first", rows[0])] if len(rows) == 1 else [("At first", rows[0]), ("At the end", rows[-1])]
    if worst.short_kw > 0 and worst not in (rows[0], rows[-1]):
        named.append(("Most is short", worst))
    return [_cells(name, one, unit) for name, one in named]


def _cells(name: str, one: Committed, unit: PowerUnit) -> tuple[str, ...]:
    short = unit.named(one.short_kw) if one.short_kw > 0 else "none"
    return (name, one.period, unit.named(one.committed_kw), unit.named(one.delivered_kw), short)


def _missed(pictured: Pictured) -> Iterator[tuple[str, list[str], int]]:
    """By kind: a heading, a sentence for each shortfall, and how many more there are."""
    scenario, plan = pictured.scenario, pictured.plan
    workloads = {workload.name: workload for workload in scenario.workloads}
    for kind, rows in by_kind(scenario, plan).items():
        shown = sorted(rows, key=lambda row: -(row.penalty_usd + row.lost_fee_usd))[:_LISTED]
        said = [sentence(row, workloads.get(row.demand), plan, power_unit([row.most_short_kw])) for row in shown]
        yield _MISSED[kind], said, len(rows) - len(shown)
