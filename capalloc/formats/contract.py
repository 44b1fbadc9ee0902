"""A contract in a file of its own, as one more beside a scenario's."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from pydantic import ValidationError

from capalloc.errors import Problem, ScenarioError
from capalloc.formats.document import read_mapping, refuse_kind
from capalloc.formats.facility import SCENARIO_KEYS
from capalloc.formats.flags import with_flags
from capalloc.formats.node import Node, Rejected
from capalloc.formats.presets import with_preset
from capalloc.formats.problems import first_problems
from capalloc.formats.wording import messages
from capalloc.schema.checks.contract import contract_faults
from capalloc.schema.checks.fault import Fault
from capalloc.schema.demand import Contract, Fee
from capalloc.schema.scenario import Scenario

_OWN_KEYS = frozenset({"ramp", "tenant"})
_A_SCENARIO = "is a scenario, expected a single contract (with name, tenant, rack_types, ramp and until)"
Faults = Callable[[Scenario, Contract], Iterable[Fault]]
"""What is wrong with a contract beside a scenario; paths are those inside the contract."""


def load_contract(
    path: str | Path, scenario: Scenario, *, fee: Fee | None = None, check: Faults = contract_faults
) -> Contract:
    """The contract in a file (section 3 of the formats), which may take over a preset.

    ``fee`` is that of a file that leaves it out; unless given, the file has to have one. Raises ScenarioError with all
    problems: what the file says wrongly by itself, and what does not go with the scenario.
    """
    problems: list[Problem] = []
    try:
        read = read_mapping(Path(path), str(path), problems)
        refuse_kind(read, _OWN_KEYS, SCENARIO_KEYS, _A_SCENARIO)
        root = with_flags(with_preset(read, (), "contract", read, problems))
        contract = _validated(root, fee, problems)
        if contract is not None:
            problems += [root.problem(fault.loc, fault.message, own=True) for fault in check(scenario, contract)]
    except Rejected as error:
        raise ScenarioError(first_problems([*problems, *error.problems])) from error
    if contract is None or problems:
        raise ScenarioError(first_problems(problems))
    return contract


def _validated(root: Node, fee: Fee | None, problems: list[Problem]) -> Contract | None:
    values = root.plain
    if fee is not None:
        values.setdefault("fee", fee)
    try:
        return Contract.model_validate(values, by_alias=True, by_name=False)
    except ValidationError as error:
        problems += [root.problem(loc, text) for loc, text in messages(Contract, error)]
        return None
