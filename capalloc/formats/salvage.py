"""A scenario with faults, mended for one purpose: to look on, so that all that is wrong is said in one go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from capalloc.schema.checks.references import Fault, faults
from capalloc.schema.scenario import Scenario

_LIMITS = {"greater_than_equal": "ge", "greater_than": "gt", "less_than_equal": "le", "less_than": "lt"}
_LISTS = ("workloads", "contracts", "events", "pins")
_STAND_INS: dict[str, dict[str, Any]] = {
    "scenario": {"scenario": "-"},
    "policy": {"policy": {}},
    "horizon": {"horizon": {"start": "2000-01", "end": "2000-02"}, "incumbent": None, "policy": {}},
}
"""By the key that is at fault, what stands in for it and for what depends on it."""


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What can be looked at of a scenario."""

    scenario: Scenario
    kept: dict[str, list[int]]
    """Of lists that lost entries, the place in the file of each entry that is left."""
    lost: frozenset[str]
    """Names that the lost entries have."""

    def faults(self) -> Iterator[Fault]:
        """The faults between records, with their places in the file; nothing that is owed to a lost entry."""
        for fault in faults(self.scenario):
            if any(repr(name) in fault.message for name in self.lost):
                continue
            if self.lost:
                fault = replace(fault, message=fault.message.split("; there is no ")[0])  # noqa: PLW2901
            head = fault.loc[0]
            if head in self.kept and len(fault.loc) > 1:
                place = self.kept[str(head)][int(fault.loc[1])]
                fault = replace(fault, loc=(head, place, *fault.loc[2:]))  # noqa: PLW2901 - the same fault, placed
            yield fault


def salvage(values: dict[str, Any], error: ValidationError) -> Salvaged | None:
    """The scenario without its unknown keys, with figures inside their limits, and without entries at fault otherwise.

    None when nothing can be said of the references between records.
    """
    mended = _copy(values)
    broken: dict[str, set[int]] = {}
    for fault in error.errors(include_url=False):
        loc = fault["loc"]
        if _mend(mended, fault["type"], loc, fault.get("ctx", {})):
            continue
        if loc[0] in _STAND_INS:
            mended |= _STAND_INS[str(loc[0])]
        elif loc[0] in _LISTS and len(loc) > 1:
            broken.setdefault(str(loc[0]), set()).add(int(loc[1]))
        else:
            return None
    lost = frozenset(name for key, places in broken.items() for i in places for name in _names(values[key][i]))
    kept = {key: [i for i in range(len(values[key])) if i not in places] for key, places in broken.items()}
    mended |= {key: [mended[key][i] for i in places] for key, places in kept.items()}
    try:
        return Salvaged(Scenario.model_validate(mended, by_alias=True, by_name=False), kept, lost)
    except ValidationError:
        return None


def _names(entry: Any) -> Iterator[str]:
    """The names that an entry gives to itself, or to the contract that it signs."""
    if isinstance(entry, dict):
        if isinstance(entry.get("name"), str):
            yield entry["name"]
        yield from _names(entry.get("contract"))


def _copy(value: Any) -> Any:
    """Mappings and lists anew; records and texts as they are."""
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    return [_copy(item) for item in value] if isinstance(value, list) else value


def _mend(values: dict[str, Any], kind: str, loc: tuple[int | str, ...], limits: dict[str, Any]) -> bool:
    holder = _holder(values, loc)
    if holder is None:
        return False
    if kind == "extra_forbidden":
        del holder[loc[-1]]
    elif kind in _LIMITS:
        step = {"gt": 1, "lt": -1}.get(_LIMITS[kind], 0)
        holder[loc[-1]] = limits[_LIMITS[kind]] + step
    else:
        return False
    return True


def _holder(values: Any, loc: tuple[int | str, ...]) -> dict[Any, Any] | None:
    """The mapping that has the key at the end of a path; names of variants in the path are no keys and passed over."""
    here = values
    for step in loc[:-1]:
        if isinstance(here, list):
            if not isinstance(step, int) or step >= len(here):
                return None
            here = here[step]
        elif isinstance(here, dict):
            here = here.get(step, here)
        else:
            return None
    return here if isinstance(here, dict) and loc[-1] in here else None
