"""Why a rack does not serve a demand: the rule that keeps it, and where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from capalloc.instance.beside import GroupingCauses
from capalloc.instance.loads import RowLoads
from capalloc.instance.model import NOBODY, Floats, Instance, Ints, PackingRow
from capalloc.instance.pins import NO_PIN, pin_at
from capalloc.instance.roster import Roster
from capalloc.schema.plan import Reason
from capalloc.schema.rules import Rule

_NOISE = 1e-6


def reasons(instance: Instance, roster: Roster, d: int, t: int) -> tuple[Reason, ...]:
    """Counted reasons why racks that demand ``d`` accepts do not serve it in period ``t``, the most frequent first."""
    return Reasons(instance, roster).of(d, t)


class Reasons:
    """Reasons for one roster; what they share of a period is computed once."""

    def __init__(self, instance: Instance, roster: Roster) -> None:
        self.instance = instance
        self.roster = roster
        self.loads = RowLoads(instance, roster.position)
        self.drawn: dict[int, Ints] = {}
        self.left: dict[int, Floats] = {}

    def of(self, d: int, t: int) -> tuple[Reason, ...]:
        """As :func:`reasons`."""
        racks, roster = self.instance.racks, self.roster
        candidates = np.flatnonzero(racks.eligible[:, d] & (roster.serving[:, t] != d))
        state = _states(self.instance, roster, candidates, t)
        counts: Counter[tuple[Rule, str]] = Counter()
        waiting = []
        for r, busy in zip(candidates.tolist(), state.tolist(), strict=True):
            if busy >= 0:
                counts[Rule.EXCLUSIVITY, self.instance.demand_names[busy]] += 1
            elif (known := _state_reason(self.instance, roster, r, d, t) if busy == _ASK else None) is not None:
                counts[known] += 1
            else:
                waiting.append(r)
        counts.update(self._row_reasons(np.array(waiting, dtype=np.int64), d, t))
        order = {rule: i for i, rule in enumerate(Rule)}
        ranked = sorted(counts.items(), key=lambda item: (-item[1], order[item[0][0]], item[0][1]))
        return tuple(Reason(rule=rule, where=where, racks=count) for (rule, where), count in ranked)

    def _period(self, t: int) -> tuple[Ints, Floats]:
        """(R,) W drawn in a period, and (rows,) W left."""
        if t not in self.drawn:
            self.drawn[t] = drawn_w(self.instance, self.roster, t)
            self.left[t] = self.loads.left_w(self.drawn[t], t)
        return self.drawn[t], self.left[t]

    def _row_reasons(self, waiting: Ints, d: int, t: int) -> Iterator[tuple[Rule, str]]:
        """For each idle rack the row that has least room for it, or the demand's own rules where every row has room."""
        if not len(waiting):
            return
        instance, roster = self.instance, self.roster
        drawn, left = self._period(t)
        room = np.full(len(waiting), np.inf)
        blamed = np.full(len(waiting), -1)
        kinds, places = instance.racks.type[waiting], roster.position[waiting]
        added = instance.demands[d].draw_w[kinds] - drawn[waiting]
        for i in np.flatnonzero(left + _NOISE < self.loads.heaviest * max(added.max(), 0)):
            row = instance.rows[i]
            weight = _weights(instance, row)[places] * row.share[kinds]
            short = (weight > 0) & (weight * added > left[i] + _NOISE) & (left[i] / np.maximum(weight, _NOISE) < room)
            room[short], blamed[short] = left[i] / weight[short], i
        name = instance.demands[d].name
        unblamed = Rule.RAMP, f"{name}, where one more rack costs more than it brings or was not tried"
        causes = GroupingCauses(instance, roster, d, t)
        for r, i in zip(waiting.tolist(), blamed.tolist(), strict=True):
            yield (instance.rows[i].rule, instance.rows[i].where) if i >= 0 else causes.of(r) or unblamed


_ASK = -2
"""In :func:`_states`: something else than another demand keeps the rack."""


def _states(instance: Instance, roster: Roster, candidates: Ints, t: int) -> Ints:
    """(n,) the other demand that each rack serves with nothing else against it, NOBODY when it waits, or _ASK."""
    racks, positions = instance.racks, instance.positions
    places = roster.position[candidates]
    plain = (places >= 0) & (positions.cause[places, t] < 0) & racks.usable[candidates, t]
    plain &= racks.pin[candidates, t] == NO_PIN
    if instance.place_pins:
        plain &= racks.position[candidates] >= 0
    return np.where(plain, roster.serving[candidates, t], _ASK)


def _state_reason(instance: Instance, roster: Roster, r: int, d: int, t: int) -> tuple[Rule, str] | None:
    racks, p = instance.racks, int(roster.position[r])
    if p < 0:
        return Rule.POSITION, "not placed"
    if (cause := instance.positions.cause[p, t]) >= 0:
        return instance.positions.causes[cause]
    if not racks.usable[r, t]:
        return Rule.AVAILABILITY, instance.positions.hall_names[instance.positions.hall[p]]
    if pin_at(racks.pin[r], instance.place_pins, p, racks.eligible[r])[t] not in (NO_PIN, d):
        return Rule.PINS, racks.names[r]
    if roster.serving[r, t] != NOBODY:
        return Rule.EXCLUSIVITY, instance.demand_names[roster.serving[r, t]]
    return None


def drawn_w(instance: Instance, roster: Roster, t: int) -> Ints:
    """(R,) W that each rack draws in a period."""
    racks = instance.racks
    serving = roster.serving[:, t]
    on = racks.usable[:, t] & (roster.position >= 0) & ~roster.off[:, t]
    on &= instance.positions.ok[roster.position, t] & (instance.scenario.policy.idle == "powered")
    drawn = np.where(on, instance.idle_w[racks.type], 0)
    for d, data in enumerate(instance.demands):
        drawn = np.where(serving == d, data.draw_w[racks.type], drawn)
    return drawn


def _weights(instance: Instance, row: PackingRow) -> Floats:
    """(P,) weights of a row, dense."""
    dense = np.zeros(len(instance.positions.names))
    dense[row.positions] = row.weights
    return dense
