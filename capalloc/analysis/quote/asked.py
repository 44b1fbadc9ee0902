"""A request that is asked for in a few words: so many MW or GPUs, from a day, of some rack types."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from capalloc.analysis.quote.request import NO_FEE, beginning_faults, prospect_named, request_doubts, request_faults
from capalloc.calendar import parse_day
from capalloc.errors import Problem, ScenarioError
from capalloc.formats import load_contract
from capalloc.formats.wording import messages
from capalloc.schema.checks.fault import Loc, named, refuse
from capalloc.schema.demand import Contract
from capalloc.schema.scenario import Scenario

NAME = "request"
_OPTIONS = {
    "mw": "--mw",
    "gpus": "--gpus",
    "from": "--from",
    "until": "--until",
    "rack_types": "--type",
    "where": "--hall",
    "fee": "--fee",
    "ramp": "--from",
}
"""The option that a key of the contract comes from."""


def asked_for(
    scenario: Scenario,
    *,
    start: str,
    until: str | None = None,
    mw: float | None = None,
    gpus: int | None = None,
    rack_types: Sequence[str] = (),
    halls: Sequence[str] = (),
    usd_per_kw_month: float | None = None,
) -> Contract:
    """The contract that asks for so much; without ``rack_types`` every type that the site has will do.

    Raises ScenarioError, with the options of the command as keys, for what does not go with the scenario.
    """
    problems = list(_outside(scenario, start, until))
    if problems:
        raise ScenarioError(problems)
    amount = {"mw": mw} if gpus is None else {"gpus": gpus}
    values: dict[str, Any] = {
        "name": _free_name(scenario),
        "tenant": NAME,
        "rack_types": tuple(rack_types) or _types(scenario, gpus is not None),
        "ramp": [{"from": start, **amount}],
        "until": until if until is not None else scenario.horizon.end,
        "fee": NO_FEE if usd_per_kw_month is None else {"usd_per_kw_month": usd_per_kw_month},
        "where": {"hall": list(halls)} if halls else None,
    }
    try:
        contract = Contract.model_validate(values, by_alias=True, by_name=False)
    except ValidationError as error:
        raise ScenarioError(_problem(loc, text) for loc, text in messages(Contract, error)) from error
    problems = [_problem(fault.loc, fault.message) for fault in request_faults(scenario, contract)]
    if problems:
        raise ScenarioError(problems)
    return contract


def _outside(scenario: Scenario, start: str, until: str | None) -> Iterator[Problem]:
    """Days that go neither with the horizon nor with each other; what is no day is for the contract to say."""
    try:
        first, end = parse_day(start), None if until is None else parse_day(until)
    except ValueError:
        return
    for fault in beginning_faults(scenario, first):
        yield _problem(fault.loc, fault.message)
    if end is not None and end <= first:
        yield Problem("", 0, "--until", f"found {until}, expected a day after {start}, which is --from")


def doubts_of(scenario: Scenario, request: Contract, path: Path | None = None) -> Iterator[str]:
    """What is odd about a request, in sentences that name the option, or in a file the key."""
    for fault in request_doubts(scenario, request):
        own = _problem(fault.loc, fault.message)
        yield str(own if path is None else replace(fault.problem(), file=str(path)))


def load_request(path: str | Path, scenario: Scenario) -> Contract:
    """The request in a file, a contract whose fee may be left out, or the scenario's prospect of that name.

    Raises ScenarioError.
    """
    found = None if Path(path).exists() else prospect_named(scenario, str(path))
    if found is not None:
        refuse(request_faults(scenario, found))
        return found
    prospects = [one.name for one in scenario.contracts if scenario.is_prospect(one)]
    if prospects and not Path(path).exists():
        message = f"no such file, nor a prospect of the scenario, which has {named(prospects)}"
        raise ScenarioError([Problem(str(path), 0, "", message)])
    return load_contract(path, scenario, fee=NO_FEE, check=request_faults)


def _problem(loc: Loc, message: str) -> Problem:
    keys = [_OPTIONS[step] for step in loc if step in _OPTIONS]
    return Problem("", 0, keys[-1] if keys else ".".join(map(str, loc)), message)


def _types(scenario: Scenario, with_gpus: bool) -> tuple[str, ...]:
    """Types of the site's racks, in the order of the facility."""
    there = {rack.rack_type for rack in scenario.facility.racks}
    kinds = scenario.facility.rack_types
    return tuple(kind.name for kind in kinds if kind.name in there and (kind.gpus or not with_gpus))


def _free_name(scenario: Scenario) -> str:
    taken = {demand.name for _, demand in scenario.located_demands()}
    return next(name for name in (NAME, *(f"{NAME}-{n}" for n in range(2, len(taken) + 3))) if name not in taken)
