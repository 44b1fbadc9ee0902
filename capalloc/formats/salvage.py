"""A scenario with small faults, mended for one purpose: to look on, so that all that is wrong is said in one go."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from capalloc.schema.scenario import Scenario

_LIMITS = {"greater_than_equal": "ge", "greater_than": "gt", "less_than_equal": "le", "less_than": "lt"}


def salvage(values: dict[str, Any], error: ValidationError) -> Scenario | None:
    """The scenario without its unknown keys and with figures moved inside their limits.

    None when something else is wrong, so that nothing can be said of the references between records.
    """
    mended = _copy(values)
    for fault in error.errors(include_url=False):
        if not _mend(mended, fault["type"], fault["loc"], fault.get("ctx", {})):
            return None
    try:
        return Scenario.model_validate(mended, by_alias=True, by_name=False)
    except ValidationError:
        return None


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
