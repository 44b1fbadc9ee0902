"""Lots that can be sold together: how many, each whole in one fabric block and of one rack type.

A block whose racks of a type load every limit alike is one column of whole lots, and blocks that do so alike are one
column together. Elsewhere racks of each kind in a block are columns of their own, and its lots take from their sum.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

import numpy as np

from capalloc.analysis.surplus.block import Search
from capalloc.analysis.surplus.most import Entries, Packing
from capalloc.analysis.surplus.span import Span
from capalloc.instance.model import Ints
from capalloc.schema.surplus import HallLots, Lots


def lots_of(span: Span, gpus: int, search: Search) -> Lots:
    """The most lots of at least so many GPUs, with what is proven of their number."""
    blocks = _Blocks(span, gpus)
    found = blocks.packing().solve(search)
    return Lots(
        gpus=gpus,
        count=found.worth,
        proven=found.worth == found.bound,
        at_most=found.bound,
        by_hall=tuple(blocks.by_hall(found.counts)),
    )


class _Blocks:
    """A column of lots for each block and rack type with racks for one, and columns of racks where these differ."""

    def __init__(self, span: Span, gpus: int) -> None:
        classes = span.by_unit
        self._instance = span.site.instance
        self._racks = span.packing(classes)
        self._signature, self._entries = self._racks.signatures(), self._racks.binding_entries()
        self._kind = self._instance.racks.type[classes.first]
        at = span.site.roster.position[classes.first]
        self._hall = self._instance.positions.hall[at]
        self._size = np.array([-(-gpus // int(each)) if each else 0 for each in self._instance.gpus], dtype=np.int64)
        """(K,) racks in a lot; 0 for a type without GPUs."""
        members: dict[tuple[int, int], list[int]] = defaultdict(list)
        for c, key in enumerate(zip(self._instance.positions.unit[at].tolist(), self._kind.tolist(), strict=True)):
            members[key].append(c)
        self._members = [block for block in members.values() if self._most(block)]
        """Classes of each."""

    def _most(self, block: list[int]) -> int:
        """Lots that there are racks for."""
        size = int(self._size[self._kind[block[0]]])
        return int(self._racks.upper[block].sum()) // size if size else 0

    def packing(self) -> Packing:
        """Columns of lots, one for each block, and after them the racks of blocks in which these differ."""
        upper, worth = [self._most(block) for block in self._members], [1] * len(self._members)
        left: list[int] = []
        parts: list[Entries] = []
        for b, block in enumerate(self._members):
            size = int(self._size[self._kind[block[0]]])
            if len({self._signature[c] for c in block}) == 1:
                parts.append(self._loads(block[0], b, size))
                continue
            tie = len(self._racks.left) + len(left)
            parts.append(_tie(tie, [b], size))
            parts.append(_tie(tie, list(range(len(upper), len(upper) + len(block))), -1))
            parts += [self._loads(c, len(upper) + i, 1) for i, c in enumerate(block)]
            upper += self._racks.upper[block].tolist()
            worth += [0] * len(block)
            left.append(0)
        limits = np.concatenate((self._racks.left, np.array(left, dtype=np.int64)))
        return Packing(np.array(upper, dtype=np.int64), np.array(worth, dtype=np.int64), _joined(parts), limits)

    def _loads(self, c: int, column: int, racks: int) -> Entries:
        """What a column of so many racks of a class each puts on the limits."""
        mine = self._entries.where(self._entries.column == c)
        return Entries(mine.limit, np.full(len(mine.limit), column), mine.amount * racks)

    def by_hall(self, counts: Ints) -> Iterator[HallLots]:
        """Lots by hall and rack type, in the order of both."""
        found: Counter[tuple[int, int]] = Counter()
        for block, lots in zip(self._members, counts.tolist(), strict=False):
            found[int(self._hall[block[0]]), int(self._kind[block[0]])] += lots
        for (hall, kind), lots in sorted(found.items()):
            if lots:
                names = self._instance.positions.hall_names[hall], self._instance.type_names[kind]
                racks = lots * int(self._size[kind])
                yield HallLots(hall=names[0], rack_type=names[1], count=lots, racks=racks)


def _tie(limit: int, columns: list[int], amount: int) -> Entries:
    """The same amount of some columns on one limit."""
    here = np.full(len(columns), 1, dtype=np.int64)
    return Entries(here * limit, np.array(columns, dtype=np.int64), here * amount)


def _joined(parts: list[Entries]) -> Entries:
    none = np.zeros(0, dtype=np.int64)
    kept = [Entries(none, none, none), *parts]
    return Entries(*(np.concatenate([getattr(part, key) for part in kept]) for key in ("limit", "column", "amount")))
