"""The slow clear twin of :mod:`capalloc.naming.periods`, and counts to name racks by, drawn."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from capalloc.instance.model import NOBODY
from capalloc.naming.periods import Named, State, Targets

Segments = list[list[tuple[int, int]]]
"""(block, racks) of each segment of each class."""


@dataclass
class Rack:
    """What one slot does at present."""

    rack_class: int
    segment: int
    block: int
    serves: int | None = None
    last: int | None = None
    left: int | None = None
    """None: before the horizon."""
    off: bool = False
    held_for: int | None = None
    powered: bool = True


@dataclass
class Task:
    """Racks as they are before the first period, and counts."""

    racks: list[Rack]
    ready: list[int]
    targets: Targets

    @property
    def shape(self) -> tuple[int, int, int]:
        """Classes, demands, periods."""
        classes, demands, periods = self.targets.serve.shape
        return classes, demands, periods

    def in_class(self, rack_class: int) -> list[Rack]:
        """The racks of a class in order."""
        return [rack for rack in self.racks if rack.rack_class == rack_class]

    def state(self) -> State:
        """The same as arrays."""
        pairs = [(rack.rack_class, rack.segment) for rack in self.racks]
        firsts = [slot for slot, pair in enumerate(pairs) if slot == 0 or pairs[slot - 1] != pair]
        blocks, demands = max(rack.block for rack in self.racks) + 1, self.shape[1]
        serving = np.zeros((blocks, demands), dtype=np.int64)
        for rack in self.racks:
            if rack.serves is not None:
                serving[rack.block, rack.serves] += 1
        classes = range(self.shape[0] + 1)
        return State(
            class_segment=np.array([sum(pairs[slot][0] < rack_class for slot in firsts) for rack_class in classes]),
            segment_slot=np.array([*firsts, len(pairs)]),
            segment_block=np.array([self.racks[slot].block for slot in firsts]),
            ready=np.array(self.ready),
            serves=_numbers(rack.serves for rack in self.racks),
            last=_numbers(rack.last for rack in self.racks),
            left=np.array([-1 if rack.left is None else rack.left for rack in self.racks]),
            off=np.array([rack.off for rack in self.racks]),
            held_for=_numbers(rack.held_for for rack in self.racks),
            powered=np.array([rack.powered for rack in self.racks]),
            serving=serving,
        )


def _numbers(found: Iterator[int | None]) -> np.ndarray:
    return np.array([NOBODY if one is None else one for one in found], dtype=np.int64)


def task(seed: int) -> Task:
    """Classes of racks in blocks that classes share, with counts that they can meet but for hand-over."""
    dice = random.Random(seed)
    classes, demands, periods = dice.randint(1, 3), dice.randint(1, 3), dice.randint(1, 6)
    blocks, racks = dice.randint(1, 4), list[Rack]()
    for rack_class in range(classes):
        for segment, block in enumerate(sorted(dice.sample(range(blocks), dice.randint(1, blocks)))):
            racks += [Rack(rack_class, segment, block) for _ in range(dice.randint(1, 4))]
    for rack in racks:
        rack.serves = dice.choice([None, *range(demands)])
        rack.last = dice.choice([None, *range(demands)]) if rack.serves is None else rack.serves
        rack.powered = rack.serves is not None or dice.random() < 0.5
    serve, hold = np.zeros((2, classes, demands, periods), dtype=np.int64)
    off, on, starts = np.zeros((classes, periods), dtype=np.int64), *np.zeros((2, classes, periods), dtype=bool)
    for rack_class in range(classes):
        for t in range(periods):
            if t and dice.random() < 0.3:
                serve[rack_class, :, t], hold[rack_class, :, t] = (
                    serve[rack_class, :, t - 1],
                    hold[rack_class, :, t - 1],
                )
                off[rack_class, t], on[rack_class, t] = off[rack_class, t - 1], on[rack_class, t - 1]
                continue
            starts[rack_class, t] = True
            on[rack_class, t] = dice.random() < 0.7
            for _ in range(sum(rack.rack_class == rack_class for rack in racks)):
                kind, demand = dice.choice(["serve", "serve", "hold", "off", "idle"]), dice.randrange(demands)
                serve[rack_class, demand, t] += kind == "serve"
                hold[rack_class, demand, t] += kind == "hold"
                off[rack_class, t] += kind == "off"
    cools = dice.choice([0, 0, 1, 2])
    cools_at = np.array([[left <= t < left + cools for t in range(periods)] for left in range(periods)])
    targets = Targets(serve, hold, off, on, starts, cools_at)
    return Task(racks, [dice.choice([0, 0, cools]) for _ in range(classes)], targets)


class Namer:
    """Names racks one period after the other."""

    def __init__(self, asked: Task) -> None:
        self.task, self.racks, self.targets = asked, asked.racks, asked.targets

    def named(self) -> Named | None:
        """What every rack does in every period; None where a class lacks racks that have cooled."""
        _, _, periods = self.task.shape
        told: list[list[tuple[int | None, bool, int | None]]] = []
        for t in range(periods):
            starting = [rack_class for rack_class in range(self.task.shape[0]) if self.targets.starts[rack_class, t]]
            for rack_class in starting:
                self.leave(rack_class, t)
            for rack_class in starting:
                if not self.arrive(rack_class, t):
                    return None
                self.switch_off(rack_class, t)
                self.hold(rack_class, t)
            told.append([(rack.serves, rack.off, rack.held_for) for rack in self.racks])
        columns = [np.array([_plain(one[k]) for one in period]) for k in range(3) for period in told]
        serving, off, buffer = (np.stack(columns[k * periods : (k + 1) * periods], axis=1) for k in range(3))
        return Named(serving, off.astype(bool), buffer)

    def serving(self, block: int, demand: int | None = None) -> int:
        """Racks of a block that serve a demand, or any."""
        busy = [rack.serves for rack in self.racks if rack.block == block and rack.serves is not None]
        return len(busy) if demand is None else busy.count(demand)

    def leave(self, rack_class: int, t: int) -> None:
        """One rack after the other leaves the block with fewest of its demand, of those the last."""
        for demand in range(self.task.shape[1]):
            while True:
                there = [rack for rack in self.task.in_class(rack_class) if rack.serves == demand]
                if len(there) <= self.targets.serve[rack_class, demand, t]:
                    break
                leaving = min(reversed(there), key=lambda rack: self.serving(rack.block, rack.serves))
                leaving.serves, leaving.left = None, t

    def arrive(self, rack_class: int, t: int) -> bool:
        """Racks that return to their demand come first, then those that are free; powered before dark ones."""
        demands = range(self.task.shape[1])
        for demand in demands:
            self.bring_back(rack_class, t, demand)
        for demand in demands:
            for powered in (True, False):
                self.fetch(rack_class, t, demand, powered)
        return not any(self.lacking(rack_class, t, demand) for demand in demands)

    def lacking(self, rack_class: int, t: int, demand: int) -> int:
        """Racks of a demand that are still to come."""
        have = sum(rack.serves == demand for rack in self.task.in_class(rack_class))
        return max(int(self.targets.serve[rack_class, demand, t]) - have, 0)

    def bring_back(self, rack_class: int, t: int, demand: int) -> None:
        """The last to leave return first, of those that left together the powered ones."""
        cooling = [rack for rack in self.task.in_class(rack_class) if self.suits(rack, t, demand, True)]
        cooling.sort(key=lambda rack: (1 if rack.left is None else -rack.left, not rack.powered))
        for rack in cooling[: self.lacking(rack_class, t, demand)]:
            rack.serves = rack.last = demand

    def fetch(self, rack_class: int, t: int, demand: int, powered: bool) -> None:
        """From one segment after the other, the best first."""
        while lacking := self.lacking(rack_class, t, demand):
            suiting: dict[int, list[Rack]] = {}
            for rack in self.task.in_class(rack_class):
                if rack.powered == powered and self.suits(rack, t, demand, False):
                    suiting.setdefault(rack.segment, []).append(rack)
            if not suiting:
                break
            for rack in min(suiting.values(), key=lambda racks: self.rank(racks, demand, lacking))[:lacking]:
                rack.serves = rack.last = demand

    def suits(self, rack: Rack, t: int, demand: int, returning: bool) -> bool:
        """An idle rack that cools may return to its last demand; any other is free."""
        before = (
            t < self.task.ready[rack.rack_class] if rack.left is None else bool(self.targets.cools_at[rack.left, t])
        )
        cools = before and rack.last is not None
        return rack.serves is None and cools == returning and (not cools or rack.last == demand)

    def rank(self, racks: list[Rack], demand: int, lacking: int) -> tuple[int, int]:
        """The demand's own blocks, the fullest first; free ones that it fills; shared ones; free ones."""
        own = self.serving(racks[0].block, demand)
        others = self.serving(racks[0].block) - own
        if others:
            return 2, others - own
        if own:
            return 0, -own
        return (1, -len(racks)) if len(racks) <= lacking else (3, len(racks))

    def switch_off(self, rack_class: int, t: int) -> None:
        """Dark ones stay dark, of the others the last go first."""
        idle = [rack for rack in self.task.in_class(rack_class) if rack.serves is None]
        order = sorted(range(len(idle)), key=lambda slot: (idle[slot].powered, -slot))
        chosen = [idle[slot] for slot in order[: self.targets.off[rack_class, t]]]
        for rack in self.task.in_class(rack_class):
            rack.off = any(rack is one for one in chosen)
            rack.powered = not rack.off and (rack.serves is not None or bool(self.targets.on[rack_class, t]))

    def hold(self, rack_class: int, t: int) -> None:
        """Spares stay with their demand first; then the others come, in order."""
        spare = [rack for rack in self.task.in_class(rack_class) if rack.serves is None and not rack.off]
        before = [rack.held_for for rack in spare]
        need = self.targets.hold[rack_class, :, t].tolist()
        for rack in self.task.in_class(rack_class):
            rack.held_for = None
        for stays in (True, False):
            for demand in range(len(need)):
                for rack, held_for in zip(spare, before, strict=True):
                    if need[demand] and rack.held_for is None and (held_for == demand) == stays:
                        rack.held_for = demand
                        need[demand] -= 1


def _plain(one: int | bool | None) -> int:
    return NOBODY if one is None else int(one)
