"""From requests to a checked placement: wires the placement core together."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import get_args

import numpy as np

from capalloc.errors import InternalError, Problem, ScenarioError
from capalloc.instance.groups import Groups, lower_requests, standing_racks
from capalloc.instance.layout import Floorplan, lower_facility
from capalloc.placement.answer import positions_taken, stranded_kw
from capalloc.placement.bound import upper_bound
from capalloc.placement.chains import SearchParams
from capalloc.placement.core import Found, place_groups
from capalloc.placement.warm import warm
from capalloc.placement.why import Explainer
from capalloc.schema.facility import Facility
from capalloc.schema.groups import placing_faults
from capalloc.schema.placing import Placing, Reason, UnplacedRequest
from capalloc.schema.request import Draw, Placed, PlacementObjective, Request
from capalloc.schema.rules import Rule
from capalloc.verify.placed import verify_placed

DEFAULT_TIME_LIMIT_S = 1.0


def place(
    facility: Facility,
    requests: Sequence[Request],
    *,
    occupied: Sequence[Placed] = (),
    objective: PlacementObjective = "racks",
    seed: int = 0,
    time_limit: float = DEFAULT_TIME_LIMIT_S,
    bound: bool = True,
    on: date | None = None,
    draw: Draw = "nameplate",
    progress: Callable[[str], None] | None = None,
) -> Placing:
    """Place groups of racks on free positions of a facility, and check the answer.

    ``occupied`` stands already and stays. Racks of the facility's own table hold their positions and draw as ``draw``
    says. Dates count as of ``on``, today unless given. ``time_limit`` bounds the search in seconds; 0 asks for the
    constructive answer alone. ``bound`` proves what no placement can exceed, which also ends a search that reaches it.
    ``progress`` hears each stage.

    Raises ScenarioError when the input is wrong and InternalError when the checker rejects the placement.
    """
    say = progress or (lambda _: None)
    begun, day = time.perf_counter(), on or date.today()
    _refuse_unknown("objective", objective, get_args(PlacementObjective))
    _refuse_unknown("draw", draw, get_args(Draw))
    _refuse_faults(facility, requests, occupied, day, draw)
    say("lower")
    plan = lower_facility(facility, day, draw, standing_racks(facility, requests, occupied))
    groups = lower_requests(plan, requests, occupied, objective)
    say("compile")
    warm()
    kept = _worth_kept(groups, requests, occupied)
    most = None
    if bound:
        say("bound")
        most = upper_bound(plan, groups)
    say("place")
    params = SearchParams(time_limit=time_limit, seed=seed, target=np.inf if most is None else most)
    found = place_groups(plan, groups, params)
    say("verify")
    names = [place.name for place in facility.positions]
    lines = [Placed(request=requests[g].name, position=names[p]) for g, p in positions_taken(plan, found.memory)]
    placed = tuple(sorted((*occupied, *lines), key=lambda line: (line.request, line.position)))
    violations = verify_placed(facility, requests, placed, occupied=occupied, on=day, draw=draw)
    if violations:
        told = "; ".join(violation.message for violation in violations[:3])
        raise InternalError(f"the checker rejects the placement that was made: {told}")
    standing = Counter(line.request for line in placed)
    value = found.worth + kept
    limit = None if most is None else max(most, found.worth) + kept
    return Placing(
        maximised=objective,
        placed=placed,
        requests_placed=sum(standing[request.name] == request.racks for request in requests),
        racks_placed=len(placed),
        kw_placed=round(sum(standing[request.name] * request.power_kw for request in requests), 6),
        objective=round(value, 6),
        bound=None if limit is None else round(limit, 6),
        gap=None if limit is None else (limit - value) / limit if limit > 0 else 0.0,
        stranded_kw=round(stranded_kw(plan, found.memory), 6),
        seconds_core=found.seconds,
        seconds_total=time.perf_counter() - begun,
        unplaced=_unplaced(plan, groups, found, requests, standing),
    )


def _refuse_unknown(key: str, found: str, known: Sequence[str]) -> None:
    if found not in known:
        raise ScenarioError([Problem("", 0, key, f"found {found!r}, expected {', '.join(known)}")])


def _refuse_faults(
    facility: Facility, requests: Sequence[Request], occupied: Sequence[Placed], on: date, draw: Draw
) -> None:
    faults = placing_faults(facility, requests, occupied, on=on, draw=draw)
    if faults:
        raise ScenarioError(Problem("", 0, ".".join(map(str, fault.loc)), fault.message) for fault in faults)


def _worth_kept(groups: Groups, requests: Sequence[Request], occupied: Sequence[Placed]) -> float:
    """Worth of what stands already, but for the bonus of complete requests, which counts with what is placed."""
    standing = Counter(line.request for line in occupied)
    return float(sum(gain * standing[request.name] for gain, request in zip(groups.gain, requests, strict=True)))


def _unplaced(
    plan: Floorplan, groups: Groups, found: Found, requests: Sequence[Request], standing: Counter[str]
) -> tuple[UnplacedRequest, ...]:
    explainer = Explainer(plan, groups, found.memory)
    told = []
    for number, request in enumerate(requests):
        missing = request.racks - standing[request.name]
        if missing > 0:
            reasons = explainer.reasons(number) if groups.racks[number] > 0 else (_apart(request, missing),)
            told.append(UnplacedRequest(request=request.name, racks=missing, reasons=reasons))
    return tuple(told)


def _apart(request: Request, racks: int) -> Reason:
    where = f"the {request.together.replace('_', ' ')} of its other racks"
    return Reason(rule=Rule.LOCALITY, where=where, racks=racks)
