"""What is odd about cases and yet no error: a supply far above what its node is rated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from capalloc.analysis.whatif.change import Case
from capalloc.schema.event import NewSupply
from capalloc.schema.scenario import Scenario
from capalloc.units import KW_PER_MW

_FAR = 10
"""So many times a node's rating are far above it."""


def doubts_of(scenario: Scenario, cases: Iterable[Case]) -> Iterator[str]:
    """A sentence for each supply of a case that its node cannot carry by far."""
    rated = {node.name: node.rated_kw for node in scenario.facility.power}
    found = {
        (change.node, change.kw): case.name
        for case in cases
        for change in case.changes
        if isinstance(change, NewSupply) and change.kw > _FAR * rated.get(change.node, change.kw)
    }
    for (node, kw), name in found.items():
        carries = f"{node} is rated {rated[node] / KW_PER_MW:,g} MW and carries no more"
        yield f"case {name!r}: found {kw / KW_PER_MW:,g} MW, but {carries}; a case says MW, not kW"
