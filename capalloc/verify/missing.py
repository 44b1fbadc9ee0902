"""What a plan says it misses, against what its assignments leave short. Reported under the ramp rule."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from capalloc.schema.plan import Unplaced
from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found
from capalloc.verify.delivery import Delivery

_SLACK = Fraction(1, 10**6)
"""Of a rack: the planner counts in whole watts."""


def missing(case: Case) -> Iterator[Violation]:
    """Gaps that ``unplaced`` does not name, names twice or with other racks, and entries without a gap."""
    said: dict[tuple[str, str], Unplaced] = {}
    for entry in case.plan.unplaced:
        if (entry.demand, entry.period) in said:
            yield _bad(entry.demand, 2, 1, f"unplaced names {entry.demand} twice for {entry.period}")
        said.setdefault((entry.demand, entry.period), entry)
    gaps = {(one.demand.name, one.period.label): one for one in case.deliveries if one.short > 0}
    for (name, label), entry in said.items():
        if (name, label) not in gaps:
            yield _bad(name, entry.racks, 0, f"unplaced names {name} for {label}, where it misses nothing")
    for (name, label), delivery in gaps.items():
        if (name, label) not in said:
            yield _bad(name, 0, 1, f"{name} misses some of its commitment in {label}; unplaced does not say so")
        else:
            yield from _racks(said[name, label], delivery)


def _racks(entry: Unplaced, delivery: Delivery) -> Iterator[Violation]:
    """The racks of the most preferred type that would fill the gap."""
    racks = missing_racks(delivery)
    if not racks - _SLACK <= entry.racks < racks + 1 + _SLACK:
        message = (
            f"unplaced says that {entry.demand} misses {entry.racks} racks in {entry.period}, "
            f"its assignments leave {float(racks):,.3f} missing"
        )
        yield _bad(entry.demand, entry.racks, racks, message)


def missing_racks(delivery: Delivery) -> Fraction:
    """Racks of the demand's most preferred type that would fill its gap in the period."""
    return delivery.short / (delivery.measure.per_rack[delivery.demand.rack_types[0]] or 1)


def _bad(name: str, amount: float, limit: Fraction | float, message: str) -> Violation:
    return found(Rule.RAMP, name, None, amount, limit, "racks", message)
