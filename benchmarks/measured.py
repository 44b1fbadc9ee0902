"""What was measured of one planner on one instance, and how it stands to the others on the same."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from capalloc.report.figures import DASH, percent


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One planner on one instance; a figure is None where there is none."""

    planner: str
    process_s: float
    """Seconds of its whole process."""
    peak_mb: float
    verdict: str
    """``ok``, ``rejected: RULE``, ``bound`` where no answer was asked for, or why there is none."""
    gap: float | None = None
    """To the lowest bound that any planner of this run proved for the instance."""
    ratio: float | None = None
    """Its seconds over ours; None for ours."""

    @property
    def instance(self) -> Hashable:
        """What it was measured on."""
        raise NotImplementedError

    @property
    def reached(self) -> float | None:
        """What the objective comes to, recounted."""
        raise NotImplementedError

    @property
    def proven(self) -> float | None:
        """The bound on it that the planner proved."""
        raise NotImplementedError


_M = TypeVar("_M", bound=Measured)


def with_rivals(rows: Sequence[_M]) -> Iterator[tuple[_M, list[_M]]]:
    """Each row, and all rows of its instance, itself among them."""
    by_instance: dict[Hashable, list[_M]] = {}
    for row in rows:
        by_instance.setdefault(row.instance, []).append(row)
    return ((row, by_instance[row.instance]) for row in rows)


def gap_of(row: Measured, rivals: Sequence[Measured]) -> float | None:
    """Relative gap to the lowest bound among the rows of the instance."""
    bound = min((rival.proven for rival in rivals if rival.proven is not None), default=None)
    if bound is None or row.reached is None:
        return None
    return max(bound - row.reached, 0.0) / abs(bound) if bound else 0.0


def verdict_of(rules: Sequence[str]) -> str:
    """The word for the rules that an answer breaks."""
    return f"rejected: {rules[0]}" if rules else "ok"


def shown(value: float | None, digits: int) -> str:
    """A cell with a figure, or a dash."""
    return DASH if value is None else f"{value:,.{digits}f}"


def shown_gap(gap: float | None) -> str:
    """A cell with a gap, or a dash."""
    return DASH if gap is None else percent(gap, 2)
