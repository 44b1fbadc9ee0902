"""Why a rack does not serve a demand: the rule that keeps it, and where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from capalloc.instance.beside import grouping_cause
from capalloc.instance.model import NO_LIMIT_W, NOBODY, Floats, Instance, Ints, PackingRow
from capalloc.instance.pins import NO_PIN, pin_at
from capalloc.instance.roster import Roster
from capalloc.schema.plan import Reason
from capalloc.schema.rules import Rule

_NOISE = 1e-6


def reasons(instance: Instance, roster: Roster, d: int, t: int) -> Iterator[Reason]:
    """Counted reasons why racks that demand ``d`` accepts do not serve it in period ``t``, the most frequent first."""
    racks = instance.racks
    candidates = np.flatnonzero(racks.eligible[:, d] & (roster.serving[:, t] != d))
    counts: Counter[tuple[Rule, str]] = Counter()
    waiting = []
    for r in candidates:
        if (known := _state_reason(instance, roster, int(r), d, t)) is not None:
            counts[known] += 1
        else:
            waiting.append(int(r))
    counts.update(_row_reasons(instance, roster, np.array(waiting, dtype=np.int64), d, t))
    order = {rule: i for i, rule in enumerate(Rule)}
    for (rule, where), count in sorted(counts.items(), key=lambda item: (-item[1], order[item[0][0]], item[0][1])):
        yield Reason(rule=rule, where=where, racks=count)


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


def _row_reasons(instance: Instance, roster: Roster, waiting: Ints, d: int, t: int) -> Iterator[tuple[Rule, str]]:
    """For each idle rack the row that has least room for it, or the demand's own rules where every row has room."""
    if not len(waiting):
        return
    drawn = drawn_w(instance, roster, t)
    room = np.full(len(waiting), np.inf)
    blamed = np.full(len(waiting), -1)
    added = instance.demands[d].draw_w[instance.racks.type[waiting]] - drawn[waiting]
    for i, row in enumerate(instance.rows):
        if row.limit_w[t] >= NO_LIMIT_W:
            continue
        left = row.limit_w[t] - row_load_w(instance, roster, row, drawn)
        weight = _weights(instance, row)[roster.position[waiting]] * row.share[instance.racks.type[waiting]]
        short = (weight > 0) & (weight * added > left + _NOISE) & (left / np.maximum(weight, _NOISE) < room)
        room[short], blamed[short] = left / weight[short], i
    unblamed = Rule.RAMP, f"{instance.demands[d].name}, where one more rack costs more than it brings or was not tried"
    for r, i in zip(waiting.tolist(), blamed.tolist(), strict=True):
        if i >= 0:
            yield instance.rows[i].rule, instance.rows[i].where
        else:
            yield grouping_cause(instance, roster, r, d, t) or unblamed


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


def row_load_w(instance: Instance, roster: Roster, row: PackingRow, drawn: Ints) -> float:
    """W that the racks put on a row."""
    stands = roster.position >= 0
    weight = _weights(instance, row)[roster.position] * row.share[instance.racks.type]
    return float((weight * drawn)[stands].sum())


def _weights(instance: Instance, row: PackingRow) -> Floats:
    """(P,) weights of a row, dense."""
    dense = np.zeros(len(instance.positions.names))
    dense[row.positions] = row.weights
    return dense
