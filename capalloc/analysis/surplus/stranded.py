"""Where the kW go that the roots could carry and that neither load nor surplus takes.

What is left after the sale is taken up in steps, each with fewer limits than the one before; what a step adds at the
roots is stranded by what it has let go of. First idle racks that were not sold rise towards what a sold rack draws:
those that whole racks left no room for (by the limit that had least), those next to a demand that wants to be alone
(isolation), those that are held otherwise. Then every position that has power rises, as if racks could be had (space),
then without limits on cooling, after a loss (failover), on power nodes below the roots, and on the site's reserve
(supply). In a step all places rise alike until a limit holds each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

import numpy as np

from capalloc.analysis.surplus.offer import AWAY
from capalloc.analysis.surplus.rising import Rising
from capalloc.analysis.surplus.sold import Sold
from capalloc.analysis.surplus.span import Span
from capalloc.instance.model import NOBODY, Bools, Floats, Ints
from capalloc.roster.adjacency import Cause
from capalloc.schema.rules import Rule
from capalloc.schema.surplus import Stranded, StrandedCause
from capalloc.units import W_PER_KW

_CAUSE: dict[Rule, StrandedCause] = {
    Rule.POWER: "power",
    Rule.FAILOVER: "failover",
    Rule.COOLING: "cooling",
    Rule.SUPPLY: "supply",
    Rule.BRING_UP: "supply",
    Rule.ISOLATION: "isolation",
}
_ORDER = get_args(StrandedCause)
_NO_CAUSE = -1
Part = tuple[StrandedCause, str]


def part_of(cause: Cause) -> Part:
    """The cause of stranded kW that a rule is; ``held`` for those that speak of single racks."""
    return _CAUSE.get(cause[0], "held"), cause[1]


@dataclass(frozen=True, slots=True)
class AtRoots:
    """What the roots could carry beside a plan, what the surplus takes of it, and where the rest is. In W."""

    left_w: int
    taken_w: int
    """Below 0 where more is switched off than sold."""
    stranded: tuple[Stranded, ...]


def at_roots(span: Span, sold: Sold, counts: Ints, causes: list[Cause]) -> AtRoots:
    """The kW of the roots when so many racks of each class by hall are sold."""
    before = span.root_left_w
    after = np.maximum(before - sold.added_w[span.site.root_row], 0.0)
    bare = float(span.bare_left_w.sum())
    left_w, over_w = round(float(before.sum()) + bare), round(float(after.sum()) + bare)
    parts = _Steps(span, sold, counts, causes).parts(after)
    parts |= {
        ("space", name): watts for (name, _), watts in zip(span.site.bare_roots, span.bare_left_w.tolist(), strict=True)
    }
    return AtRoots(left_w, left_w - over_w, tuple(_in_whole_w(parts, over_w)))


@dataclass(frozen=True, slots=True)
class _Standing:
    """What stands at each position in the periods of a span; (P,) each."""

    cause: Ints
    """Number of what keeps an idle rack from being sold; _NO_CAUSE where none stands, or it serves or is sold."""
    kind: Ints
    """Its type; the most frequent of the site where none stands."""
    cap_w: Ints
    """What it would draw more if it were sold."""


def _standing(span: Span, sold: Sold, blamed: dict[int, int]) -> _Standing:
    """``blamed`` has the number of the cause that keeps racks of a class by hall that are not sold."""
    site, racks = span.site, span.site.instance.racks
    cause = np.where(site.roster.serving[:, span.first] == NOBODY, span.kept, _NO_CAUSE)
    of = np.full(len(span.by_hall.size), _NO_CAUSE)
    of[list(blamed)] = list(blamed.values())
    cause[span.by_hall.racks] = np.repeat(of, span.by_hall.size)
    cause[sold.racks] = _NO_CAUSE
    stands = np.flatnonzero((site.roster.position >= 0) & (span.kept != AWAY))
    at = site.roster.position[stands]
    usual = int(np.argmax(np.bincount(racks.type, minlength=1)))
    found = _Standing(*(np.full(len(site.cell), value) for value in (_NO_CAUSE, usual, 0)))
    found.cause[at], found.kind[at] = cause[stands], racks.type[stands]
    more = np.maximum(site.draw_w[racks.type[stands]] - sold.drawn_w[stands], 0)
    found.cap_w[at] = np.where(cause[stands] >= 0, more, 0)
    return found


class _Steps:
    """Positions that have power, as columns: those that load every limit alike and are in the same state."""

    def __init__(self, span: Span, sold: Sold, counts: Ints, causes: list[Cause]) -> None:
        self._site, self._left = span.site, sold.left_w.copy()
        blamed, self._causes = span.tightest(counts), list(causes)
        numbers = {c: len(causes) + i for i, c in enumerate(blamed)}
        self._causes += blamed.values()
        stands, places = _standing(span, sold, numbers), span.site.instance.positions
        lit = np.flatnonzero(span.lit)
        table = np.column_stack((places.hall, span.site.cell, stands.kind, stands.cause, stands.cap_w))[lit]
        columns, first, size = np.unique(table, axis=0, return_index=True, return_counts=True)
        self._hall, cells, kinds, self._cause, cap_w = columns.T
        self._cap_w = (cap_w * size).astype(float)
        self._at_roots = places.site_weight[lit[first]]
        self._rising = Rising(size, *span.site.entries(cells, kinds))

    def parts(self, root_left_w: Floats) -> dict[Part, float]:
        """W at the roots by cause and place; ``root_left_w`` (roots,) is what the sale leaves them."""
        for (_, rows), watts in zip(self._site.roots, root_left_w.tolist(), strict=True):
            self._left[rows] = watts
        found: dict[Part, float] = {}
        for part, watts in (*self._by_rack(), *self._by_limit(), *self._by_root()):
            found[part] = found.get(part, 0.0) + watts
        return found

    def _by_rack(self) -> Iterator[tuple[Part, float]]:
        """Idle racks that are not sold: those that found no room, then those that are kept."""
        part = [part_of(cause) for cause in self._causes]
        rank = np.array([{"isolation": 1, "held": 2}.get(cause, 0) for cause, _ in part] + [3])[self._cause]
        every = np.ones(len(self._left), dtype=bool)
        for step in range(3):
            risen = self._rise(every, np.where(rank == step, self._cap_w, 0.0))
            yield from ((part[self._cause[c]], float(risen[c])) for c in np.flatnonzero(risen).tolist())

    def _by_limit(self) -> Iterator[tuple[Part, float]]:
        """All positions, with fewer limits step by step."""
        rows = self._site.instance.rows
        halls, open_ended = self._site.instance.positions.hall_names, np.full(len(self._cap_w), np.inf)
        holds = np.ones(len(rows), dtype=bool)
        risen = self._rise(holds, open_ended)
        yield from ((("space", halls[self._hall[c]]), float(risen[c])) for c in np.flatnonzero(risen).tolist())
        for dropped in self._steps():
            tight = self._rising.tightest(self._left, dropped)
            holds &= ~dropped
            risen = self._rise(holds, open_ended)
            for c in np.flatnonzero(risen).tolist():
                yield part_of((rows[tight[c]].rule, rows[tight[c]].where)), float(risen[c])

    def _steps(self) -> Iterator[Bools]:
        """(M,) rows that are let go of, one after the other: cooling, failover, nodes below the roots, the reserve."""
        rows = self._site.instance.rows
        roots = {int(m) for _, numbers in self._site.roots for m in numbers}
        for kept in ((Rule.COOLING,), (Rule.FAILOVER,), (Rule.POWER,), (Rule.SUPPLY,)):
            yield np.array([row.rule in kept and m not in roots for m, row in enumerate(rows)], dtype=bool)

    def _by_root(self) -> Iterator[tuple[Part, float]]:
        """What no position can take: none has power there, or its other feed has none left."""
        for name, rows in self._site.roots:
            fed = np.isin(self._rising.row, rows).any()
            yield ("power" if fed else "space", name), float(self._left[rows[0]])

    def _rise(self, rows: Bools, cap_w: Floats) -> Floats:
        """(C,) W at the roots by which columns rise; what the limits have left is less by it."""
        risen, self._left = self._rising.rise(self._left, rows, cap_w)
        return np.asarray(risen * self._at_roots)


def _in_whole_w(parts: dict[Part, float], total_w: int) -> Iterator[Stranded]:
    """Parts in whole W that add up to the total, by cause and then by size."""
    named = [(part, watts) for part, watts in parts.items() if watts > 0]
    ranked = sorted(named, key=lambda one: (_ORDER.index(one[0][0]), -one[1], one[0][1]))
    ends = np.rint(np.cumsum([watts for _, watts in ranked])).astype(np.int64)
    ends[-1:] = total_w
    for ((cause, where), _), watts in zip(ranked, np.diff(ends, prepend=0).tolist(), strict=True):
        if watts > 0:
            yield Stranded(cause=cause, where=where, kw=watts / W_PER_KW)
