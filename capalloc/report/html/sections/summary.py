"""What the plan says, on top of the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import fsum

from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.summary import committed, tightest
from capalloc.report.apart import apart
from capalloc.report.figures import DASH, count, gap_between, percent, plural, usd
from capalloc.report.html.section import Section
from capalloc.report.html.sentences import kw, sentences
from capalloc.schema.status import Status

_VIOLATIONS = 20
"""Violations that are listed."""


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
    verdict = pictured.verdict
    values = {
        "sentences": list(sentences(pictured)),
        "facts": list(_facts(pictured)),
        "description": pictured.scenario.facility.description,
        "violations": [one.message for one in verdict.violations[:_VIOLATIONS]],
        "more": max(0, len(verdict.violations) - _VIOLATIONS),
        "undecided": [apart(name) for name in pictured.plan.undecided],
    }
    return Section("summary", "Summary", values)


def _facts(pictured: Pictured) -> Iterator[Fact]:
    yield _verdict(pictured)
    yield _status(pictured)
    yield _committed(pictured)
    yield from _fees(pictured)
    yield _tightest(pictured)
    yield _short(pictured)
    yield _moves(pictured)


def _verdict(pictured: Pictured) -> Fact:
    found = len(pictured.verdict.violations)
    if pictured.verdict.verdict == "ok":
        return Fact("verdict", "Independent check", "ok", "every rule holds in every period", "good")
    return Fact("verdict", "Independent check", plural(found, "violation"), "listed above", "bad")


def _status(pictured: Pictured) -> Fact:
    plan = pictured.plan
    means = {
        Status.OPTIMAL: "no plan is worth more",
        Status.FEASIBLE: "a better plan may exist, within the gap",
    }.get(plan.status, "")
    value = f"{plan.status}, {gap_between(plan.objective_usd, plan.bound_usd, plan.gap)}"
    return Fact("status", "Status", value, f"worth {usd(plan.objective_usd)}, discounted; {means}")


def _committed(pictured: Pictured) -> Fact:
    rows = committed(pictured)
    worst = max(rows, key=lambda one: (one.short_kw, one.committed_kw), default=None)
    if worst is None or worst.committed_kw == 0:
        return Fact("committed", "Committed and delivered", DASH, "no contract is planned")
    value = f"{kw(worst.delivered_kw)} of {kw(worst.committed_kw)}"
    return Fact(
        "committed", "Delivered of what is committed", value, f"to contracts, where most is missing: {worst.period}"
    )


def _fees(pictured: Pictured) -> Iterator[Fact]:
    signed = [one for one in pictured.revenue.contracts if one.firm_until is not None]
    if not signed:
        return
    firm, at_risk = fsum(one.firm_usd for one in signed), fsum(one.at_risk_usd for one in signed)
    until = max(one.firm_until for one in signed if one.firm_until is not None)
    yield Fact(
        "firm", "Firm fees", usd(firm), f"if notice is given on the first day; the last until {until.isoformat()}"
    )
    yield Fact("at-risk", "Fees at risk", usd(at_risk), "after that")


def _tightest(pictured: Pictured) -> Fact:
    found = tightest(pictured)
    if found is None:
        return Fact("tightest", "Tightest power node", DASH)
    when = "in normal operation" if found.lost is None else f"after the loss of {apart(found.lost)}"
    note = f"{kw(found.load_kw)} of {kw(found.limit_kw)} {when}, {found.period}"
    return Fact("tightest", "Tightest power node", f"{apart(found.node)}: {percent(found.used)}", note)


def _short(pictured: Pictured) -> Fact:
    rows = pictured.plan.shortfalls
    if not rows:
        return Fact("shortfalls", "Shortfalls", "none", "every commitment and minimum is met", "good")
    penalty = fsum(row.penalty_usd for row in rows)
    names = dict.fromkeys(row.demand for row in rows)
    return Fact(
        "shortfalls", "Shortfalls", plural(len(names), "demand"), f"penalties of {usd(penalty)}; listed below", "bad"
    )


def _moves(pictured: Pictured) -> Fact:
    stats = pictured.plan.stats
    return Fact(
        "moves", "Racks moved", count(stats.moves), f"of {count(stats.racks)}: they leave a demand whose term goes on"
    )
