"""What is not sure in a scenario: dates that slip, notices, demand, prospects, racks that fail."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from capalloc.schema.record import (
    MOST_SEED,
    Count,
    Day,
    Flag,
    Name,
    Number,
    PositiveCount,
    PositiveShare,
    Record,
    Share,
    exactly_one,
    require_one,
)

MOST_SAMPLES = 100_000
_LATE = ("supply", "node", "rack_type")
"""What may slip."""
_ENDS = {"min": 0.0, "max": 1.0}
_QUANTILE = re.compile(r"p(?!00)\d\d")
_MODE = frozenset({"min", "mode", "max"})
_KEYS = "any of p01 to p99, with min and max or without, or min, mode and max"


def level_of(key: str) -> float:
    """The share of outcomes that are not above a quantile: 0.9 for ``p90``, 0 for ``min``, 1 for ``max``."""
    return _ENDS[key] if key in _ENDS else int(key[1:]) / 100


def _distribution(least: float, most: float) -> Callable[[dict[str, float]], dict[str, float]]:
    """A check that keys are quantiles, that they do not fall and lie in [least, most]."""

    def check(values: dict[str, float]) -> dict[str, float]:
        for key, value in values.items():
            if key not in _MODE and not _QUANTILE.fullmatch(key):
                raise ValueError(f"{key!r} is no quantile; expected {_KEYS}")
            if not least <= value <= most:
                raise ValueError(f"{key} is {value:g}, expected a number from {least:g} to {most:g}")
        for low, high in pairwise(_ordered(values)):
            if values[high] < values[low]:
                raise ValueError(
                    f"{high} is {values[high]:g}, below {low} with {values[low]:g}; quantiles rise from low to high"
                )
        return values

    return check


def _ordered(values: dict[str, float]) -> list[str]:
    """The keys from the lowest quantile to the highest."""
    if "mode" in values:
        if set(values) != _MODE:
            raise ValueError(f"mode stands between min and max alone; found {', '.join(values)}, expected {_KEYS}")
        return ["min", "mode", "max"]
    if len(values) < 2:
        raise ValueError(f"found {', '.join(values) or 'nothing'}, expected two or more of p01 to p99, min and max")
    return sorted(values, key=level_of)


_SCHEMA: dict[str, Any] = {
    "minProperties": 2,
    "propertyNames": {"pattern": "^(p(0[1-9]|[1-9][0-9])|min|mode|max)$"},
}
DelayDays = Annotated[dict[Name, Number], AfterValidator(_distribution(0, 36_525)), Field(json_schema_extra=_SCHEMA)]
Factors = Annotated[dict[Name, Number], AfterValidator(_distribution(0, 1_000)), Field(json_schema_extra=_SCHEMA)]
Drifts = Annotated[dict[Name, Number], AfterValidator(_distribution(-1, 10)), Field(json_schema_extra=_SCHEMA)]


class Slip(Record):
    """A supply, a power node or the racks of a type may come later than their dates and events say, or never."""

    model_config = exactly_one(_LATE)

    supply: Name | None = None
    """A supply with from."""
    node: Name | None = None
    """A power node with available_from."""
    rack_type: Name | None = None
    """A rack type of which racks are planned."""
    delay_days: DelayDays
    """Days later: quantiles p01 to p99 with min and max or without, or min, mode and max."""
    never: Share = 0.0
    """Chance that it does not come within the horizon."""
    cause: Name | None = None
    """What makes it slip: those of one cause are as late as each other, each by its own quantiles."""
    announced_days: Count = 0
    """Days before its date on which it is known whether, and how late, it comes; 0: on the date itself."""

    @model_validator(mode="after")
    def _one_subject(self) -> Self:
        require_one(self, _LATE)
        return self

    @property
    def subject(self) -> tuple[str, str]:
        """What may come late: its kind, ``supply``, ``node`` or ``rack_type``, and its name."""
        return next((kind, name) for kind in _LATE if (name := getattr(self, kind)) is not None)


class NoticeChance(Record):
    """A party may give notice on a contract, in each month with the same chance."""

    contract: Name
    """Name of a contract."""
    monthly: PositiveShare
    """Chance of notice on the first day of a month, if none was given before."""
    by: Literal["provider", "tenant"]
    """Who may give it; termination.by must allow it."""
    start: Day | None = Field(default=None, alias="from")
    """First day on which notice may come, and again each month from it; None or an earlier day: the horizon's first."""


class DemandDoubt(Record):
    """A workload may want, and must have, more or less than its steps say."""

    workload: Name
    """Name of a workload."""
    factor: Factors | None = None
    """Factor on its steps."""
    yearly_drift: Drifts | None = None
    """By how much it grows in a year from the horizon's first day, month by month; -0.1: it loses a tenth."""

    @model_validator(mode="after")
    def _some_doubt(self) -> Self:
        if self.factor is None and self.yearly_drift is None:
            raise ValueError("expected factor, yearly_drift or both; found neither")
        return self


class Failures(Record):
    """Racks of a type fail and are repaired; spares of the demands that accept the type stand in for them."""

    rack_type: Name
    """Name of a rack type."""
    yearly: PositiveShare
    """Share of its racks that fail in a year."""
    repair_days: PositiveCount
    """Days until a rack serves again."""


class RiskMeasure(Record):
    """How bad outcomes count."""

    alpha: Annotated[float, Field(strict=True, gt=0, lt=1)] = 0.95
    """Share of outcomes that are not counted as the bad ones."""
    weight: Share = 0.0
    """Weight of the mean of the bad outcomes (CVaR) against the mean of all."""


class Uncertainty(Record):
    """What is not sure, and how it is sampled. Without ``--hedge``, plans are made as if nothing of it happened."""

    supplies: tuple[Slip, ...] = ()
    """Supplies, power nodes and rack types that may come later."""
    notices: tuple[NoticeChance, ...] = ()
    """Contracts on which notice may be given."""
    demand: tuple[DemandDoubt, ...] = ()
    """Workloads that may want more or less."""
    prospects: Flag = False
    """Contracts with a probability below 1 are signed with that chance, each on its own, from their first step on."""
    failures: tuple[Failures, ...] = ()
    """Rack types of which racks fail."""
    samples: Annotated[int, Field(strict=True, ge=1, le=MOST_SAMPLES)] = 200
    """Samples of the Latin hypercube."""
    seed: Annotated[int, Field(strict=True, ge=0, le=MOST_SEED)] = 1
    """Where its random numbers begin."""
    decide_until: Day | None = None
    """Until this day a plan stands, whatever comes out, and ``plan --hedge`` decides; None: the first period."""
    risk: RiskMeasure = RiskMeasure()
    """How bad outcomes count, against all."""
