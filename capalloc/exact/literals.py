"""Creates the literals of the exact model. One that some rule fixes to 0 does not exist."""

from __future__ import annotations

from ortools.sat.python import cp_model

from capalloc.errors import TooLargeError
from capalloc.exact.model import ExactModel, Literal, Serve
from capalloc.exact.rules import MAY_SERVE
from capalloc.exact.rules.exclusivity import add as add_exclusivity
from capalloc.instance.model import NOBODY, Instance

MOST_LITERALS = 200_000
"""Above this the exact model refuses: it is the reference for tiny scenarios."""


def literals_of(instance: Instance) -> ExactModel:
    """Create the literals. Raises TooLargeError when there are more than MOST_LITERALS."""
    exact = ExactModel(instance, cp_model.CpModel())
    _refuse_large(instance)
    _add_stands(exact)
    for r, p, t in exact.states():
        _add_states(exact, r, p, t)
    _add_holds(exact)
    _add_leaves(exact)
    return exact


def _refuse_large(instance: Instance) -> None:
    standing = int((instance.racks.position >= 0).sum()) + int(instance.vacant.sum())
    count = standing * len(instance.periods) * (len(instance.demands) + 2)
    if count > MOST_LITERALS:
        raise TooLargeError(
            f"the exact model would need up to {count:,} yes/no decisions ({standing:,} racks by position, "
            f"{len(instance.periods)} periods, {len(instance.demands)} demands); it takes {MOST_LITERALS:,} at most; "
            f"plan without it"
        )


def _add_stands(exact: ExactModel) -> None:
    instance = exact.instance
    for r, p in enumerate(instance.racks.position.tolist()):
        if p >= 0:
            exact.stand[r, p] = 1
    for i, r in enumerate(instance.deliveries.tolist()):
        for p in instance.vacant[i].nonzero()[0].tolist():
            exact.stand[r, p] = _literal(exact, "stand", instance.racks.names[r], instance.positions.names[p])


def _literal(exact: ExactModel, kind: str, *names: str) -> Literal:
    return exact.model.new_bool_var(" ".join((kind, *names)))


def _add_states(exact: ExactModel, r: int, p: int, t: int) -> None:
    """Literals of one rack at one position in one period, and that they exclude each other."""
    instance = exact.instance
    names = (instance.racks.names[r], instance.positions.names[p], instance.periods[t].label)
    for d, name in enumerate(instance.demand_names):
        if all(allows(instance, r, p, d, t) for allows in MAY_SERVE):
            served = Serve(r, p, d, t, _literal(exact, "serve", *names, name))
            exact.serve.append(served)
            for index, key in ((exact.by_rack, (r, t)), (exact.by_demand, (d, t)), (exact.by_position, (p, t))):
                index[key].append(served)
    states = [s.literal for s in exact.by_rack.get((r, t), ()) if s.position == p]
    if instance.policy.idle_powered:
        exact.idle[r, p, t] = _literal(exact, "idle", *names)
        exact.off[r, p, t] = _literal(exact, "off", *names)
    add_exclusivity(exact, r, p, t, states)


def _add_holds(exact: ExactModel) -> None:
    instance = exact.instance
    for d, data in enumerate(instance.demands):
        if data.demand.buffer_share == 0:
            continue
        for r, t in sorted({(r, t) for r, _, t in exact.states()}):
            if data.in_term[t] and instance.racks.eligible[r, d] and instance.racks.inside[r, d]:
                names = (instance.racks.names[r], instance.periods[t].label, data.name)
                exact.hold[r, d, t] = _literal(exact, "hold", *names)


def _add_leaves(exact: ExactModel) -> None:
    instance = exact.instance
    before = {(s.rack, s.demand, s.period + 1) for s in exact.serve}
    before |= {(r, d, 0) for r, d in enumerate(instance.racks.held.tolist()) if d != NOBODY}
    for r, d, t in sorted(before):
        if t < len(instance.periods) and instance.demands[d].in_term[t]:
            names = (instance.racks.names[r], instance.periods[t].label, instance.demand_names[d])
            exact.leave[r, d, t] = _literal(exact, "leave", *names)
