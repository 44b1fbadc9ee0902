"""What is wrong with a contract beside those of a scenario."""

from __future__ import annotations

from collections.abc import Iterator

from capalloc.schema.checks.fault import Fault
from capalloc.schema.checks.references import faults
from capalloc.schema.demand import Contract
from capalloc.schema.scenario import Scenario


def contract_faults(scenario: Scenario, contract: Contract) -> Iterator[Fault]:
    """Faults of one more contract of a scenario that has none itself; paths are those inside the contract."""
    if any(contract.name == demand.name for _, demand in scenario.located_demands()):
        yield Fault(("name",), f"found {contract.name!r}, which the scenario has already; expected another name")
        return
    prefix = ("contracts", len(scenario.contracts))
    for fault in faults(scenario.replace(contracts=(*scenario.contracts, contract))):
        yield Fault(fault.loc[2:] if fault.loc[:2] == prefix else fault.loc, fault.message)
