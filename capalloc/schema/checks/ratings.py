"""Ratings of power nodes that do not go with each other, and a pue that no node counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from capalloc.schema.checks.fault import Fault, named
from capalloc.schema.facility import Facility, PowerNode
from capalloc.schema.scenario import Scenario

_FAR = 20
"""So many times its parent's rating no node has, though the busways of an almost empty hall may come near."""
_OVERLOAD = 1.5
"""UPS are overloaded to 1.1 to 1.25 times their rating for minutes; beyond this is another number."""
_BELOW = 0.95
"""A limit after a loss that is rounded down is no slip."""


def odd_ratings(site: Facility) -> Iterator[Fault]:
    """One fault for each way in which ratings are odd, at the first node with the first few names."""
    rated = {node.name: node.rated_kw for node in site.power}
    parents = {node.name: node.parent for node in site.power}

    def above(node: PowerNode) -> float:
        return rated[parents[node.name] or node.name]

    yield from _grouped(
        site,
        "rated_kw",
        lambda node: node.rated_kw > _FAR * above(node) > 0,
        lambda node: (
            f"found {node.rated_kw:,.10g} kW below {node.parent!r}, which is rated {above(node):,.10g} kW; usual is "
            "less than the parent's rating: mind the unit of"
        ),
    )
    yield from _grouped(
        site,
        "failover_kw",
        lambda node: node.failover_limit_kw > _OVERLOAD * node.rated_kw,
        lambda node: (
            f"found {node.failover_kw:,.10g} kW on a rating of {node.rated_kw:,.10g} kW, so that losses hardly "
            "bind; usual is up to the rating, 1.25 times it where a UPS may be overloaded: mind"
        ),
    )
    yield from _grouped(
        site,
        "failover_kw",
        lambda node: node.failover_limit_kw < node.rated_kw * node.max_utilization * _BELOW,
        lambda node: (
            f"found {node.failover_kw:,.10g} kW after a loss, less than {node.rated_kw * node.max_utilization:,.10g} "
            "kW of normal operation (rated_kw x max_utilization), so that no more than that can be used; usual is that "
            "or more: mind"
        ),
    )


def odd_pue(scenario: Scenario) -> Iterator[Fault]:
    """A fault where a pue is given and nothing counts it, or counted and not given."""
    site = scenario.facility
    counted = any(node.load == "facility" for node in site.power)
    sold = any(contract.basis == "facility" for contract in scenario.all_contracts)
    if site.pue != 1 and not counted and not sold:
        message = f"found {site.pue:g}, but no power node has load: facility, so that it changes nothing"
        yield Fault(("facility", "pue"), f"{message}; usual is `load: facility` at the nodes that feed cooling too")
    if counted and "pue" not in site.model_fields_set:
        nodes = named(node.name for node in site.power if node.load == "facility")
        message = f"is not given, so that {nodes} with load: facility carry the IT load alone; usual is 1.05 to 2"
        yield Fault(("facility", "pue"), message)


def _grouped(
    site: Facility, key: str, odd: Callable[[PowerNode], bool], says: Callable[[PowerNode], str]
) -> Iterator[Fault]:
    found = [(index, node) for index, node in enumerate(site.power) if odd(node)]
    if found:
        index, first = found[0]
        yield Fault(("facility", "power", index, key), f"{says(first)} {named(node.name for _, node in found)}")
