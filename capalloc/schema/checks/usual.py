"""Values that are possible and yet far from what is usual: a warning, never an error.

The ranges are wider than anything published (sources: models/README.md, How values are read).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from capalloc.schema.checks.cached_check import cached_check
from capalloc.schema.checks.fault import Fault, Loc
from capalloc.schema.checks.incumbent import incumbent_of_other_days
from capalloc.schema.checks.outside import outside_horizon, without_effect
from capalloc.schema.checks.outsized import below_a_rack, outsized_demands, outsized_site
from capalloc.schema.checks.ratings import odd_pue, odd_ratings
from capalloc.schema.checks.supplied import odd_supplies
from capalloc.schema.checks.uneven import uneven_names, uneven_site
from capalloc.schema.demand import Contract
from capalloc.schema.facility import Facility, Position, Rack
from capalloc.schema.plan import Plan
from capalloc.schema.record import Record
from capalloc.schema.scenario import Scenario
from capalloc.units import HOURS_PER_DAY, KW_PER_MW

_HOURS_PER_MONTH = 365 / 12 * HOURS_PER_DAY


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual of a value, and from where on it is warned about; 0 never is."""

    range: str
    low: float
    high: float

    def sentence(self, value: float, found: str) -> str | None:
        """The warning, where the value is far off; ``found`` tells the value."""
        if value == 0 or self.low <= value <= self.high:
            return None
        return f"found {found}; usual is {self.range}"


_GPU_HOUR = Usual("1 to 12 USD a GPU-hour (rents near 2.60 for an H100 and 5.30 for a B200)", 0.1, 30)
_KW_MONTH = Usual("100 to 5,000 USD a kW-month (a colocation hall near 200, GPUs included near 4,200)", 20, 20_000)
USUAL = {
    "fee_factor": Usual("0 to 1 (the share of the fee that is paid while the step is in force)", 0, 2),
    "usd_per_gpu_hour": _GPU_HOUR,
    "usd_per_kw_month": _KW_MONTH,
    "penalty_usd_per_kw_month": Usual("0 to 5,000 USD a kW-month (about the fee itself at most)", 0, 20_000),
    "penalty_usd_per_gpu_hour": Usual("up to ten times the value, some 120 USD a GPU-hour", 0, 500),
    "pue": Usual("1.05 to 2 (facility load per kW of IT load)", 1, 2.5),
    "nameplate_kw": Usual("5 to 230 kW a rack (an NVL72 draws 132 to 142 kW)", 1, 1_000),
    "max_utilization": Usual("0.5 to 1 (half where two feeds stand in for each other)", 0.2, 1),
    "utilization": Usual("0.5 to 1 (the share of its draw that a rack takes under load)", 0.2, 1),
    "handover_days": Usual("0 to 30 days (drain, wipe and re-cable)", 0, 180),
    "notice_days": Usual("30 to 365 days (leases of AI capacity: 90)", 7, 1_825),
    "initial_term_months": Usual("0 to 120 months", 0, 240),
    "cure_days": Usual("0 to 90 days (the time to mend a shortfall in)", 0, 730),
    "discount_rate": Usual("0 to 0.2 a year (8 % is written 0.08)", 0, 0.5),
}
"""By key. The range is what planners write; the limits leave room around it."""
_NOT_LOOKED_INTO = (Position, Rack, Plan)


@cached_check
def unusual(record: Scenario | Facility) -> tuple[Fault, ...]:
    """A fault for each value far from what is usual; paths in a facility start with ``facility``."""
    if isinstance(record, Facility):
        return (*_out_of_range(record, ("facility",)), *_odd_site(record), *odd_supplies(record))
    return tuple(
        chain(
            _out_of_range(record, ()),
            *(_month_fee(loc, one) for loc, one in record.located_demands() if isinstance(one, Contract)),
            _odd_site(record.facility),
            odd_supplies(record.facility, record.events, record.horizon),
            odd_pue(record),
            outsized_demands(record),
            below_a_rack(record),
            outside_horizon(record),
            without_effect(record),
            uneven_names(record),
            incumbent_of_other_days(record),
        )
    )


@cached_check
def _odd_site(site: Facility) -> tuple[Fault, ...]:
    """What of a site's records is odd beside each other, without dates; once for scenarios that share it."""
    return (*outsized_site(site), *odd_ratings(site), *uneven_site(site))


def _out_of_range(record: Record, loc: Loc) -> Iterator[Fault]:
    for name, field in type(record).model_fields.items():
        value, here = getattr(record, name), (*loc, field.alias or name)
        if isinstance(value, Record) and not isinstance(value, _NOT_LOOKED_INTO):
            yield from _out_of_range(value, here)
        elif isinstance(value, tuple) and value and not isinstance(value[0], _NOT_LOOKED_INTO):
            for index, one in enumerate(value):
                yield from _out_of_range(one, (*here, index)) if isinstance(one, Record) else ()
        elif name in USUAL and value is not None and (message := USUAL[name].sentence(value, f"{value:g}")):
            yield Fault(here, message)


def _month_fee(loc: Loc, contract: Contract) -> Iterator[Fault]:
    """A monthly fee beside what is committed for it."""
    fee, most = contract.fee.usd_per_month, max(step.amount for step in contract.ramp)
    if not fee or not most:
        return
    in_mw = contract.ramp[0].unit == "mw"
    unit = fee / most / (KW_PER_MW if in_mw else _HOURS_PER_MONTH)
    word, usual = ("kW-month", _KW_MONTH) if in_mw else ("GPU-hour", _GPU_HOUR)
    committed = f"{most:,g} {'MW' if in_mw else 'GPUs'}"
    message = usual.sentence(unit, f"{fee:,g}, which is {unit:,.3g} USD a {word} for {committed}")
    if message:
        yield Fault((*loc, "fee", "usd_per_month"), message)
