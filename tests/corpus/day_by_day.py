"""Money of a plan as a plain sum over days: the slow, clear twin of what planner and verifier compute.

Written from the text of the formats alone. It reads a scenario as a person writes it and the assignments of a plan
file, both as plain records, and shares nothing with the code that it judges.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from math import gcd, lcm
from typing import Any

Record = dict[str, Any]
NOTHING = Fraction(0)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Short:
    """What is missed on one day."""

    day: date
    kw: Fraction
    penalty: Fraction
    lost_fee: Fraction


@dataclass
class Account:
    """One demand, day by day."""

    earned: dict[date, Fraction] = field(default_factory=dict)
    penalty: dict[date, Fraction] = field(default_factory=dict)
    short: list[Short] = field(default_factory=list)


def number(value: float) -> Fraction:
    """What a person wrote: 81.6 is 816/10."""
    return Fraction(repr(value))


def day_of(text: str) -> date:
    """A date of a file; a month alone is its first day."""
    return date.fromisoformat(text if len(text) > len("2026-05") else f"{text}-01")


def days_from(start: date, end: date) -> Iterator[date]:
    """Every day of [start, end)."""
    while start < end:
        yield start
        start += DAY


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def share_of_month(day: date) -> Fraction:
    """One day of its month."""
    return Fraction(1, calendar.monthrange(day.year, day.month)[1])


class Books:
    """A scenario and a plan for it, and what each day of it comes to."""

    def __init__(self, scenario: Record, plan: Record) -> None:
        self.scenario, self.plan = scenario, plan
        self.start, self.end = (day_of(scenario["horizon"][key]) for key in ("start", "end"))
        self.kinds = {kind["name"]: kind for kind in scenario["facility"]["rack_types"]}
        self.kind_of = {rack["name"]: self.kinds[rack["rack_type"]] for rack in scenario["facility"]["racks"]}
        self.pue = number(scenario["facility"].get("pue", 1))
        self.events = scenario.get("events", [])
        self.signed = {event["contract"]["name"]: event for event in self.events if event["type"] == "sign"}
        self.workloads = {one["name"]: one for one in scenario.get("workloads", [])}
        self.contracts = {one["name"]: one for one in scenario.get("contracts", []) if self._planned(one)}
        self.contracts |= {name: event["contract"] for name, event in self.signed.items()}
        self.accounts = {name: self._account(name) for name in (*self.workloads, *self.contracts)}

    def _planned(self, contract: Record) -> bool:
        return contract.get("probability", 1) == 1 or contract["name"] in self.plan["prospects"]

    # who is served, and when

    def steps(self, name: str) -> list[tuple[date, Record]]:
        """The steps of a demand, each with its first day after delays and the signature."""
        if name in self.workloads:
            return [(day_of(step["from"]), step) for step in self.workloads[name]["demand"]]
        steps = [(day_of(step["from"]), step) for step in self.contracts[name]["ramp"]]
        for event in self.events:
            if event["type"] == "delay" and event.get("contract") == name:
                first = steps[0][0]
                late = first + timedelta(event["days"]) if "days" in event else max(first, day_of(event["until"]))
                steps = [(start + (late - first), step) for start, step in steps]
        if name in self.signed:
            on = day_of(self.signed[name]["on"])
            begun = [(on, step) for start, step in steps if start <= on][-1:]
            steps = begun + [(start, step) for start, step in steps if start > on]
        return steps

    def term(self, name: str) -> tuple[date, date]:
        """First day of the term, and the day after its last."""
        steps = self.steps(name)
        start = steps[0][0]
        if name in self.workloads:
            end = day_of(self.workloads[name].get("until") or self.scenario["horizon"]["end"])
            while steps and self.amount(name, steps[-1][1]) == 0:
                end = min(end, steps.pop()[0])
            return start, end
        contract = self.contracts[name]
        terms, end = contract.get("termination", {}), day_of(contract["until"])
        initial = months_later(start, terms.get("initial_term_months", 0))
        for event in self.events:
            if event["type"] == "notice" and event["contract"] == name:
                end = min(end, max(day_of(event["on"]), initial) + timedelta(terms.get("notice_days", 0)))
        return start, end

    def demand(self, name: str) -> Record:
        """The record of a workload or contract."""
        record: Record = {**self.workloads, **self.contracts}[name]
        return record

    # what counts how much

    def unit(self, name: str) -> str:
        """Whether a demand counts kW, GPUs or racks."""
        steps = self.demand(name)["demand" if name in self.workloads else "ramp"]
        return next(unit for unit in ("mw", "gpus", "racks") if steps[0].get(unit) is not None)

    def amount(self, name: str, step: Record) -> Fraction:
        """A step in kW, GPUs or racks."""
        return number(step[self.unit(name)]) * (1000 if self.unit(name) == "mw" else 1)

    def kw(self, name: str, kind: Record) -> Fraction:
        """kW that a rack counts for a demand."""
        demand = self.demand(name)
        if name in self.workloads:
            return number(kind["nameplate_kw" if demand.get("draw", "nameplate") == "nameplate" else "expected_kw"])
        basis = demand.get("basis", "it_nameplate")
        if basis == "it_nameplate":
            return number(kind["nameplate_kw"])
        return number(kind["expected_kw"]) * (self.pue if basis == "facility" else 1)

    def units(self, name: str, kind: Record) -> Fraction:
        """Units of a rack."""
        return {"mw": self.kw(name, kind), "gpus": Fraction(kind["gpus"]), "racks": Fraction(1)}[self.unit(name)]

    def per_unit(self, name: str) -> tuple[Fraction, Fraction]:
        """kW and GPUs in a unit, by the first accepted type."""
        first = self.kinds[self.demand(name)["rack_types"][0]]
        return self.kw(name, first) / self.units(name, first), Fraction(first["gpus"]) / self.units(name, first)

    def racks(self, name: str, day: date) -> list[Record]:
        """The kind of each rack that serves a demand on a day."""
        return [
            self.kind_of[one["rack"]]
            for one in self.plan["assignments"]
            if one["demand"] == name and day_of(one["from"]) <= day < day_of(one["until"])
        ]

    # a day of money

    def _account(self, name: str) -> Account:
        account, steps, (start, end) = Account(), self.steps(name), self.term(name)
        for day in days_from(max(start, self.start), min(end, self.end)):
            step = [step for begin, step in steps if begin <= day][-1]
            racks = self.racks(name, day)
            day_sum = self._workload_day if name in self.workloads else self._contract_day
            day_sum(account, name, day, step, sum((self.units(name, kind) for kind in racks), NOTHING), racks)
        return account

    def _workload_day(
        self, account: Account, name: str, day: date, step: Record, got: Fraction, racks: list[Record]
    ) -> None:
        workload, scale = self.workloads[name], 1000 if self.unit(name) == "mw" else 1
        kw, gpus_per_unit = self.per_unit(name)
        gpus = min(Fraction(sum(kind["gpus"] for kind in racks)), self.most_gpus(name, self.amount(name, step)))
        account.earned[day] = 24 * worth_of_an_hour(workload, gpus)
        short = max(NOTHING, number(step.get("min", 0)) * scale - got)
        price = workload.get("penalty_usd_per_gpu_hour")
        usd = number(price) if price is not None else 10 * number(workload["value"][0]["usd_per_gpu_hour"])
        account.penalty[day] = short * gpus_per_unit * 24 * usd
        if short:
            account.short.append(Short(day, short * kw, account.penalty[day], NOTHING))

    def most_gpus(self, name: str, wanted: Fraction) -> Fraction:
        """GPUs of the most that may be delivered on a day: whole racks, less than one above what is wanted."""
        accepted = [self.kinds[kind] for kind in self.demand(name)["rack_types"]]
        sizes = [self.units(name, kind) for kind in accepted]
        parts = lcm(*(size.denominator for size in sizes))
        lot = Fraction(gcd(*(int(size * parts) for size in sizes)), parts)
        most = NOTHING
        while wanted and most + lot < wanted + max(sizes):
            most += lot
        return most * max(Fraction(kind["gpus"]) / self.units(name, kind) for kind in accepted)

    def _contract_day(
        self, account: Account, name: str, day: date, step: Record, got: Fraction, racks: list[Record]
    ) -> None:
        contract, committed = self.contracts[name], self.amount(name, step)
        kw, gpus_per_unit = self.per_unit(name)
        flexible = number(contract.get("flexible_mw", 0)) * 1000 / kw
        factor, short = number(step.get("fee_factor", 1)), max(NOTHING, committed - got)
        gpus = Fraction(sum(kind["gpus"] for kind in racks))
        rate = number(contract.get("shortfall", {}).get("penalty_usd_per_kw_month", 0))
        account.penalty[day] = short * kw * rate * share_of_month(day)
        fee, lost = contract["fee"], NOTHING
        if fee.get("usd_per_gpu_hour") is not None:
            usd, most = number(fee["usd_per_gpu_hour"]) * 24 * factor, (committed + flexible) * gpus_per_unit
            account.earned[day] = usd * min(gpus, most)
            lost = usd * (min(gpus + short * gpus_per_unit, most) - min(gpus, most))
        elif fee.get("usd_per_month") is not None and not committed:
            account.earned[day] = number(fee["usd_per_month"]) * factor * share_of_month(day)
        else:
            per_month = fee.get("usd_per_month")
            usd = number(per_month) / committed if per_month is not None else number(fee["usd_per_kw_month"]) * kw
            usd *= factor * share_of_month(day)
            account.earned[day], lost = usd * min(got, committed + flexible), usd * short
        if short:
            account.short.append(Short(day, short * kw, account.penalty[day], lost))

    # sums

    def periods(self) -> list[tuple[str, date, date]]:
        """Label, first day and end of each period."""
        unit, start, found = self.scenario["horizon"].get("period", "month"), self.start, []
        while start < self.end:
            border = (
                months_later(start.replace(day=1), 1) if unit == "month" else start + (7 if unit == "week" else 1) * DAY
            )
            label = f"{start:%Y-%m}" if unit == "month" and start.day == 1 else start.isoformat()
            found.append((label, start, min(border, self.end)))
            start = border
        return found

    def rows(self) -> dict[tuple[str, str], tuple[Fraction, Fraction]]:
        """Fee or value, and penalty, of each demand and period that its term touches."""
        found = {}
        for name, account in self.accounts.items():
            for label, start, end in self.periods():
                days = [day for day in days_from(start, end) if day in account.earned]
                if days:
                    earned, penalty = (sum(map(of.__getitem__, days)) for of in (account.earned, account.penalty))
                    found[name, label] = (Fraction(earned), Fraction(penalty))
        return found

    def shortfalls(self) -> list[tuple[str, date, date, Fraction, Fraction, Fraction, date | None]]:
        """Demand, first day, end, most kW, penalty, fee lost, and day to leave from, of each run of short days."""
        found = []
        for name, account in self.accounts.items():
            for run in runs(account.short):
                start, end = run[0].day, run[-1].day + DAY
                kw, penalty = max(one.kw for one in run), sum((one.penalty for one in run), NOTHING)
                lost = sum((one.lost_fee for one in run), NOTHING)
                found.append((name, start, end, kw, penalty, lost, self._leave(name, start, end)))
        return found

    def _leave(self, name: str, start: date, end: date) -> date | None:
        terms = self.demand(name).get("shortfall", {})
        day = start + timedelta(terms.get("cure_days", 0))
        return day if terms.get("remedy") == "terminate" and day < end else None

    def sure(
        self, on: date | None = None, days: tuple[date, date] | None = None
    ) -> dict[str, tuple[Fraction, Fraction, Fraction]]:
        """Firm fee, fee at risk, and fee as a prospect, of each contract, on some days or all of them.

        Notice may be given from ``on``, else from the first day.
        """
        return {name: self._sure(name, on or self.start, days or (self.start, self.end)) for name in self.contracts}

    def _sure(self, name: str, on: date, days: tuple[date, date]) -> tuple[Fraction, Fraction, Fraction]:
        contract = self.contracts[name]
        earned = {day: usd for day, usd in self.accounts[name].earned.items() if days[0] <= day < days[1]}
        if name not in self.signed and contract.get("probability", 1) < 1:
            return NOTHING, NOTHING, sum(earned.values(), NOTHING)
        start, end = self.term(name)
        terms = contract.get("termination", {})
        if terms.get("by", "none") != "none":
            initial = months_later(start, terms.get("initial_term_months", 0))
            end = min(end, max(on, initial) + timedelta(terms.get("notice_days", 0)))
        firm = sum((usd for day, usd in earned.items() if day < end), NOTHING)
        return firm, sum(earned.values(), NOTHING) - firm, NOTHING

    def moves(self) -> dict[str, int]:
        """Racks that stop serving a demand whose term touches the period, by period."""
        before = self._serving((self.scenario.get("incumbent") or {}).get("assignments", []), self.start - DAY)
        found = {}
        for label, start, end in self.periods():
            now = self._serving(self.plan["assignments"], start)
            goes_on = [
                name for name, account in self.accounts.items() if set(days_from(start, end)) & set(account.earned)
            ]
            found[label] = sum(demand in goes_on and now.get(rack) != demand for rack, demand in before.items())
            before = now
        return found

    def _serving(self, assignments: list[Record], day: date) -> dict[str, str]:
        spans = [one for one in assignments if day_of(one["from"]) <= day < day_of(one["until"])]
        return {one["rack"]: one["demand"] for one in spans if one["demand"] in self.accounts}

    def objective(self) -> float:
        """Fees and values less penalties and moves, each period discounted from the horizon's start."""
        policy, rows, moves = self.scenario.get("policy", {}), self.rows(), self.moves()
        total = 0.0
        for label, start, _ in self.periods():
            usd = sum((earned - penalty for (_, of), (earned, penalty) in rows.items() if of == label), NOTHING)
            usd -= number(policy.get("move_cost_usd_per_rack", 0)) * moves[label]
            total += float(usd) / (1 + policy.get("discount_rate", 0)) ** ((start - self.start).days / 365)
        return total


def worth_of_an_hour(workload: Record, gpus: Fraction) -> Fraction:
    """USD of an hour of so many GPUs, in tiers from the dearest down."""
    usd, begin = NOTHING, NOTHING
    for tier in workload["value"]:
        end = max(gpus if tier.get("up_to_gpus") is None else min(gpus, Fraction(tier["up_to_gpus"])), begin)
        usd, begin = usd + (end - begin) * number(tier["usd_per_gpu_hour"]), end
    return usd


def runs(short: list[Short]) -> Iterator[list[Short]]:
    """Days that follow one another."""
    run: list[Short] = []
    for one in short:
        if run and run[-1].day + DAY != one.day:
            yield run
            run = []
        run.append(one)
    if run:
        yield run
