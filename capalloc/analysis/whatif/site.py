"""What cases can name: demands, nodes, supplies, rack types, places, and the nearest name where one is not there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from capalloc.analysis.edits import all_supplies
from capalloc.calendar import format_day
from capalloc.schema.checks.fault import KnownNames
from capalloc.schema.demand import Contract
from capalloc.schema.scenario import Scenario

_SEPARATORS = re.compile(r"[:,+*]|\.\.")


class Wrong(ValueError):  # noqa: N818  # a sentence on its way to a Problem
    """A text that is no case; its message says why, and how it is written."""


@dataclass(frozen=True)
class Site:
    """A scenario by its names."""

    scenario: Scenario

    @cached_property
    def contracts(self) -> dict[str, Contract]:
        """Contracts by name, prospects and signed ones included."""
        return {contract.name: contract for contract in self.scenario.all_contracts}

    @cached_property
    def names(self) -> dict[str, dict[str, None]]:
        """Names by what they are of, in the order of the files."""
        scenario, site = self.scenario, self.scenario.facility
        found = {
            "node": [node.name for node in site.power],
            "supply": [supply.name for supply in all_supplies(scenario)],
            "rack_type": [kind.name for kind in site.rack_types],
            "contract": list(self.contracts),
            "workload": [workload.name for workload in scenario.workloads],
            "prospect": [contract.name for contract in scenario.contracts if scenario.is_prospect(contract)],
            "hall": [position.hall for position in site.positions],
            "row": [name for position in site.positions for name in (position.row_key, position.row)],
        }
        return {kind: dict.fromkeys(names) for kind, names in found.items()}

    @cached_property
    def with_separators(self) -> tuple[str, ...]:
        """Names in which something stands that parts cases, the longest first."""
        every = dict.fromkeys(chain.from_iterable(self.names.values()))
        return tuple(sorted(filter(_SEPARATORS.search, every), key=len, reverse=True))

    def require(self, name: str, *kinds: str) -> str:
        """The name, where something of some kinds has it; else Wrong with the nearest one."""
        known = dict.fromkeys(chain.from_iterable(self.names[kind] for kind in kinds))
        for fault in KnownNames(_listed(kinds), known).missing((), name):
            raise Wrong(fault.message)
        return name

    def kind_of(self, name: str, kinds: Sequence[str], word: str) -> str:
        """The one of some kinds that a name is of; else Wrong with the nearest name, or with the ways to tell."""
        self.require(name, *kinds)
        found = [kind for kind in kinds if name in self.names[kind]]
        if len(found) > 1:
            ways = " or ".join(f"{word}:{kind}:{name}" for kind in found)
            raise Wrong(f"found {name!r}, which is several things; begin with {ways}")
        return found[0]

    def example(self, text: str) -> str:
        """A case with this scenario's first names for what it has in capitals."""
        middle = self.scenario.horizon.periods[len(self.scenario.horizon.periods) // 2]
        roots = [node.name for node in self.scenario.facility.power if node.parent is None]
        fields = {"CONTRACT": "contract", "WORKLOAD": "workload", "PLACE": "hall"}
        for field, names in {"NODE": roots, **{field: [*self.names[kind]] for field, kind in fields.items()}}.items():
            text = text.replace(field, names[0] if names else field)
        return text.replace("UNTIL", format_day(middle.end)).replace("DATE", format_day(middle.start))


def _listed(kinds: Sequence[str]) -> str:
    words = [kind.replace("_", " ") for kind in kinds]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
