"""Where demands may stand; repairs are more halls, or anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from capalloc.analysis.edits import demand_of, with_demand
from capalloc.analysis.explain.family import CONSENT, Family
from capalloc.analysis.explain.requirement import Kind, Requirement
from capalloc.analysis.explain.span import Span
from capalloc.instance.model import Instance
from capalloc.schema.where import KEYS, Where


def requirements(instance: Instance) -> Iterator[Requirement]:
    """The ``where`` of every planned demand that has one."""
    for data in instance.demands:
        if data.demand.where is not None:
            edit = partial(with_demand, name=data.name, where=None)
            yield Requirement(Kind.WHERE, data.name, f"only in {places(data.demand.where)}", scenario=edit)


def places(where: Where) -> str:
    """``hall h1 or h2, not row w3``."""
    said = [f"{key} {' or '.join(names)}" for key in KEYS if key != "label" and (names := getattr(where, key))]
    said += [f"{key} {' or '.join(values)}" for key, values in (where.label or {}).items()]
    if where.but_not is not None:
        said.append(f"not {places(where.but_not)}")
    return ", ".join(said)


def families(instance: Instance, one: Requirement, span: Span) -> Iterator[Family]:
    """More halls, where halls are named; or anywhere."""
    if one.kind is not Kind.WHERE:
        return
    where = demand_of(instance.scenario, one.where).where
    assert where is not None
    halls = where.hall or ()
    more = sorted({place.hall for place in instance.scenario.facility.positions} - set(halls)) if halls else []
    if more:
        yield Family.of(
            one,
            len(more),
            lambda s, n: with_demand(s, one.where, where=where.replace(hall=(*halls, *more[:n]))),
            lambda n: f"{one.where}: where hall {', '.join(more[:n])} too",
            CONSENT,
            "halls",
        )
    edit = partial(with_demand, name=one.where, where=None)
    yield Family.single(one, edit, f"{one.where}: anywhere, not {one.says}", CONSENT)
