"""What is odd about a case and yet no error: values far from what is usual, and changes that change nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from capalloc.analysis.whatif.change import OF_CASES, Case, Change, ScaleFee, SignProspect, changed
from capalloc.calendar import format_day
from capalloc.schema.checks.fault import Fault
from capalloc.schema.checks.usual import unusual
from capalloc.schema.event import Delay, NewSupply, Notice, Sign
from capalloc.schema.scenario import Scenario

_TABLES = ("events", "contracts", "workloads", "contract")
"""Keys that say nothing to who wrote a case."""


def doubts_of(scenario: Scenario, case: Case, prospects: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Sentences on what the case makes odd; ``prospects`` are planned as if signed."""
    after = changed(scenario, case.changes)
    before = Counter(_said(fault) for fault in unusual(scenario))
    usual = (Counter(_said(fault) for fault in unusual(after)) - before).elements()
    own = (sentence for change in case.changes for sentence in _doubts(scenario, after, change, prospects))
    return tuple(dict.fromkeys((*usual, *own)))


def _said(fault: Fault) -> str:
    keys = [key for key in fault.loc if isinstance(key, str) and key not in _TABLES]
    where = f"{'.'.join(keys)}: " if len(keys) > 1 else ""
    unit = (
        "; a case says MW, not kW" if fault.loc[0] == "events" and keys == ["kw"] and OF_CASES in fault.message else ""
    )
    return f"{where}{fault.message}{unit}"


def _doubts(scenario: Scenario, after: Scenario, change: Change, prospects: frozenset[str]) -> Iterator[str]:
    end = scenario.horizon.end
    if (day := _begins(change)) is not None and day >= end:
        yield f"{format_day(day)} is not before the horizon's end, {format_day(end)}: nothing of it is planned"
    if isinstance(change, Notice | Delay | ScaleFee):
        contracts = {one.name: one for one in after.all_contracts}
        name = change.contract or ""
        if name in contracts and after.is_prospect(contracts[name]) and name not in prospects:
            yield f"{name!r} is a prospect, which is not planned: sign:{name} signs it, --prospect {name} plans it"


def _begins(change: Change) -> date | None:
    """The day from which on an event changes anything."""
    if isinstance(change, Notice | Sign | SignProspect):
        return change.on
    return change.start if isinstance(change, NewSupply) else None
