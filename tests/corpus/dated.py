"""Random scenarios whose dates lie inside periods: steps, terms, delays, signatures, notices, and a cut calendar."""

from __future__ import annotations

import random
from datetime import timedelta

from capalloc.calendar import add_days, format_day
from tests.corpus.random_scenarios import Tiny, valid
from tests.strategies import Record

ODD_KW = [10, 10, 12.5, 7.3]


class Dated(Tiny):
    """A tiny scenario in which no date keeps to borders of periods."""

    def day(self) -> str:
        """Any day of the horizon."""
        return self.after(self.rng.randrange((self.horizon[1] - self.horizon[0]).days))

    def after(self, days: int) -> str:
        """So many days after the first."""
        return format_day(add_days(self.horizon[0], days))

    def days(self, most: int) -> list[str]:
        """Up to so many days of the horizon in order, the first of them mostly early."""
        length = (self.horizon[1] - self.horizon[0]).days
        first = self.rng.choice([0, 0, self.rng.randrange(length // 2 + 1)])
        later = self.rng.sample(range(first + 1, length), min(self.rng.randint(0, most - 1), length - first - 1))
        return [self.after(days) for days in sorted({first, *later})]

    def record(self) -> Record:
        """With a calendar that may be cut at both ends, a contract that an event signs, and one that may be signed."""
        record = super().record()
        begin, end = (timedelta(self.rng.choice([0, 0, self.rng.randint(1, most)])) for most in (12, 5))
        if self.unit == "month":
            cut = {"start": format_day(self.horizon[0] + begin), "end": format_day(self.horizon[1] - end)}
            record["horizon"] |= cut
        record["policy"] |= (
            {"priority": self.rng.choice(["money", "money", "contracts"])}
            | self.maybe(0.4, discount_rate=0.1)
            | self.maybe(0.4, move_cost_usd_per_rack=700.0)
        )
        for kind in record["facility"]["rack_types"]:
            kind["nameplate_kw"] = self.rng.choice(ODD_KW) if kind["name"] == "a" else kind["nameplate_kw"]
        contracts = record["contracts"]
        if contracts and self.chance(0.25):
            contract = contracts.pop() | {"probability": 0.5}
            record["events"] = [event for event in record["events"] if event.get("contract") != contract["name"]]
            record["events"].append({"type": "sign", "contract": contract, "on": self.day()})
        if contracts and self.chance(0.25):
            contracts[0]["probability"] = 0.4
        return record

    def events(self) -> list[Record]:
        """More notices and delays than elsewhere."""
        found = [event for event in super().events() if event["type"] not in ("notice", "delay")]
        if "lease" in self.demands:
            notice = {"type": "notice", "contract": "lease", "by": "tenant", "on": self.day()}
            later: list[Record] = [{"days": 6}, {"until": self.day()}]
            delay = {"type": "delay", "contract": "lease"} | self.rng.choice(later)
            found += [notice] * self.chance(0.3) + [delay] * self.chance(0.3)
        return found

    def workload(self, name: str) -> Record:
        """Steps, and minima, on any days."""
        record = super().workload(name)
        unit = next(unit for unit in ("gpus", "racks", "mw") if unit in record["demand"][0])
        size = {"gpus": 8, "racks": 1, "mw": 0.01}[unit]
        steps: list[Record] = []
        for day in self.days(5):
            most = self.rng.randint(0, self.places) * size
            odd = self.rng.choice([0, 0, 3]) if unit == "gpus" else 0
            least = self.maybe(0.5, min=round(self.rng.choice([0.5, 1]) * most, 6))
            steps.append({"from": day, unit: round(most + odd, 6)} | least)
        record["demand"] = steps
        record |= self.maybe(0.4, penalty_usd_per_gpu_hour=self.rng.choice([0.0, 3.5]))
        return record | self.maybe(0.2, until=format_day(self.horizon[1]))

    def contract(self, name: str) -> Record:
        """Steps and factors on any days, an end on any day after them."""
        record = super().contract(name)
        unit = "mw" if "mw" in record["ramp"][0] else "gpus"
        size = self.rng.choice([0.01, 0.008, 0.0125]) if unit == "mw" else 8
        days = self.days(5)
        record["ramp"] = [
            {"from": day, unit: round(self.rng.randint(0, self.places) * size, 6)}
            | self.maybe(0.4, fee_factor=self.rng.choice([0.5, 1.5]))
            for day in days
        ]
        length = (self.horizon[1] - self.horizon[0]).days
        last = next(days_after for days_after in range(length) if self.after(days_after) == days[-1])
        record["until"] = self.after(self.rng.randint(last + 1, length + 20))
        record |= self.maybe(0.3, flexible_mw=self.rng.choice([0.01, 0.013]))
        terms = {"penalty_usd_per_kw_month": 800.0, "cure_days": self.rng.choice([0, 5, 12])}
        record["shortfall"] = terms | {"remedy": self.rng.choice(["pro_rata", "terminate"])}
        notice = {"notice_days": self.rng.choice([0, 7, 20]), "initial_term_months": self.rng.choice([0, 1])}
        return record | self.maybe(0.6, termination=notice | {"by": self.rng.choice(["either", "tenant", "none"])})


def dated_record(seed: int) -> Record:
    """The scenario of a seed as a person would write it: without faults, the same for the same seed."""
    rng = random.Random(f"dated {seed}")
    while True:
        record = Dated(rng).record()
        if valid(record) is not None:
            return record
