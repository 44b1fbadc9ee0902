"""How often random cases cover each feature: ``python -m tests.placement.coverage FIRST END`` prints it.

A case covers a feature where the optimum of the case without it is another.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from capalloc.schema.facility import Facility
from capalloc.schema.record import Record
from tests.placement.case import Case
from tests.placement.optimum import best_of
from tests.placement.random_cases import LOOSE_KW, random_case

Table = tuple[Record, ...]


def _changed(case: Case, table: str, **changes: Any) -> Case:
    """The case with the same changes to every record of a table of its facility."""
    records = tuple(record.model_copy(update=changes) for record in getattr(case.facility, table))
    return _with(case, **{table: records})


def _with(case: Case, **changes: Any) -> Case:
    whole: Facility = case.facility.model_copy(update=changes)
    return replace(case, facility=whole)


def _asked(case: Case, **changes: Any) -> Case:
    return replace(case, requests=tuple(request.model_copy(update=changes) for request in case.requests))


def _roomy(case: Case) -> Case:
    """Ratings that never bind, with the failover limits as they were."""
    nodes = tuple(
        node.model_copy(update={"rated_kw": LOOSE_KW, "max_utilization": 1.0, "failover_kw": node.failover_limit_kw})
        for node in case.facility.power
    )
    return _with(case, power=nodes)


def _never_lower(case: Case) -> Case:
    """Failover limits at least as high as the ratings."""
    nodes = tuple(
        node.model_copy(update={"failover_kw": max(node.failover_limit_kw, node.rated_kw)})
        for node in case.facility.power
    )
    return _with(case, power=nodes)


def _safe(kind: str | None, case: Case) -> Case:
    """No loss of nodes of a kind to survive; of no kind where that is None."""
    nodes = tuple(
        node.model_copy(update={"contingency": node.contingency and kind not in (None, node.kind)})
        for node in case.facility.power
    )
    return _with(case, power=nodes)


def _liquid(case: Case) -> Case:
    """Liquid limits that never bind."""
    zones = tuple(
        zone if zone.liquid_kw is None else zone.model_copy(update={"liquid_kw": LOOSE_KW})
        for zone in case.facility.cooling
    )
    return _with(case, cooling=zones)


def _supplied(case: Case) -> Case:
    """Every supply in force."""
    return _changed(case, "supplies", start=None, until=None)


def _as_good(case: Case) -> Case:
    """Nothing stands before, but the same racks may still be placed."""
    return replace(case, occupied=())


ALWAYS = {"available_from": None, "available_until": None}
WITHOUT: dict[str, Callable[[Case], Case]] = {
    "rating": _roomy,
    "max_utilization": lambda case: _changed(case, "power", max_utilization=1.0),
    "failover": lambda case: _safe(None, case),
    "loss of a utility": lambda case: _safe("utility", case),
    "loss of a switchboard": lambda case: _safe("switchboard", case),
    "loss of a ups": lambda case: _safe("ups", case),
    "loss of a pdu": lambda case: _safe("pdu", case),
    "failover limit below the rating": _never_lower,
    "supply": lambda case: _with(case, supplies=()),
    "dates of supplies": _supplied,
    "dates of nodes": lambda case: _changed(case, "power", **ALWAYS),
    "cooling": lambda case: _changed(case, "positions", cooling_zone=None),
    "dates of zones": lambda case: _changed(case, "cooling", **ALWAYS),
    "cooling_kw": lambda case: _asked(case, cooling_kw=None),
    "liquid limits": _liquid,
    "liquid_fraction": lambda case: _asked(case, liquid_fraction=None),
    "cooling of positions": lambda case: _changed(case, "positions", cooling="hybrid"),
    "static_load_kw": lambda case: _changed(case, "power", static_load_kw=0.0),
    "pue": lambda case: _with(case, pue=1.0),
    "split_a": lambda case: _changed(case, "positions", split_a=None),
    "feed_b": lambda case: _changed(case, "positions", feed_b=None),
    "together": lambda case: _asked(case, together="none"),
    "all_or_nothing": lambda case: _asked(case, all_or_nothing=False),
    "racks of the facility": lambda case: _with(case, racks=()),
    "occupied": _as_good,
}
"""What a case is without a feature."""


def covered(case: Case) -> frozenset[str]:
    """The features that a case covers: those without which the optimum is another."""
    best = best_of(case).worth
    changed = {name: without(case) for name, without in WITHOUT.items()}
    return frozenset(name for name, other in changed.items() if other != case and best_of(other).worth != best)


def main(seeds: Iterable[int]) -> None:
    """Print the share of cases that cover each feature."""
    cases = [random_case(seed) for seed in seeds]
    found = Counter(name for case in cases for name in covered(case))
    for name in WITHOUT:
        print(f"{100 * found[name] / len(cases):5.1f} %  {name}")


if __name__ == "__main__":
    main(range(int(sys.argv[1]), int(sys.argv[2])))
